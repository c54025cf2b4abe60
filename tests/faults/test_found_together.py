"""What the schedules found when a copy, Rescue, a restore and a lost server meet, each as a plain test."""

from tests.faults.ground import Trouble
from tests.faults.machine import Faults
from tests.faults.records import CENTRES, PEOPLE, PROTECTIONS, RECORDS, named
from tests.faults.short_steps import ORGANISATION, PERSON, created, exchanged


def test_a_rescued_copy_does_not_go_on_under_its_originals_name(schedule: Faults) -> None:
    schedule.begin(number=3)
    for _ in range(2):
        schedule.a_desk_is_copied(number=0)
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[4], coming=[])
    copy = schedule.desks[4]
    name = copy.device
    assert name not in (schedule.desks[0].device, schedule.desks[3].device)
    schedule.a_store_is_damaged(number=4, seed=35)
    assert copy.device == name
    schedule.judge()


def test_a_desk_is_rescued_after_the_server_was_lost_and_gives_back_what_only_its_damaged_store_holds(
    schedule: Faults,
) -> None:
    schedule.begin(number=2)
    created(schedule, 0, about=ORGANISATION)
    created(schedule, 1, about=RECORDS[1])
    for number in (0, 1, 0):
        exchanged(schedule, number)
    schedule.the_server_is_lost()
    schedule.a_store_is_damaged(number=0, seed=35)
    schedule.judge()
    with schedule.ground.owner() as connection:
        assert connection.execute("SELECT count(*) FROM change WHERE standing = 1").fetchone() == (2,)


def test_a_copy_that_comes_back_after_its_original_lets_go_of_what_was_erased(schedule: Faults) -> None:
    schedule.begin(number=3)
    schedule.a_desk_is_copied(number=0)
    schedule.the_server_is_backed_up()
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[5], coming=[Trouble.LOST])
    schedule.somebody_is_erased(about=PEOPLE[1])
    schedule.the_server_is_restored()
    schedule.judge()


def test_what_was_erased_goes_from_a_desk_that_comes_back_to_a_server_that_was_restored_twice(
    schedule: Faults,
) -> None:
    schedule.begin(number=3)
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[])
    schedule.the_server_is_backed_up()
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[])
    schedule.somebody_is_erased(about=PEOPLE[0])
    schedule.the_server_is_restored()
    exchanged(schedule, 0)
    schedule.the_server_is_restored()
    exchanged(schedule, 1)
    schedule.judge()


def test_a_lost_server_takes_nothing_back_that_is_based_on_another_records_change(schedule: Faults) -> None:
    schedule.begin(number=4)
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[4], coming=[Trouble.NONE, Trouble.LATE])
    schedule.a_name_is_used_twice(number=0, about=RECORDS[5], value="a")
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[5], coming=[Trouble.TWICE])
    schedule.the_server_is_lost()
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[5], coming=[Trouble.SIGN_IN_PAGE])
    schedule.judge()


def test_a_copy_lets_go_of_what_its_original_sent_and_what_left_since(schedule: Faults) -> None:
    schedule.begin(number=2)
    created(schedule, 0)
    schedule.a_desk_is_copied(number=0)
    exchanged(schedule, 0)
    schedule.a_person_leaves_a_centre(person=PEOPLE[0], centre=CENTRES[0])
    schedule.judge()
    assert schedule.desks[2].row(PERSON.id) is None


def test_what_a_rescued_desk_downloaded_goes_back_to_a_server_that_is_lost_right_after(schedule: Faults) -> None:
    schedule.begin(number=2)
    schedule.types_while_changes_arrive(number=0, about=RECORDS[2], value="b")
    schedule.types_while_changes_arrive(number=0, about=RECORDS[4], value="c")
    schedule.a_store_is_damaged(number=0, seed=26)
    schedule.the_server_is_lost()
    schedule.judge()


def test_what_waited_for_its_parent_takes_the_place_that_was_held_for_it(schedule: Faults) -> None:
    schedule.begin(number=3)
    protection, visit = RECORDS[5], RECORDS[7]
    schedule.somebody_is_protected(number=1, person=PEOPLE[1], on=True)
    schedule.one_verb_saves_several(number=1, about=[protection, RECORDS[4], visit], value="a")
    schedule.one_verb_saves_several(number=2, about=[visit, RECORDS[1]], value="c")
    schedule.a_value_does_not_fit(number=1, about=protection)
    for statement in (52, 42):
        schedule.a_desk_is_killed_in_an_exchange(number=2, statement=statement)
    schedule.a_commit_is_slow(number=1, other=0)
    schedule.the_server_is_lost()
    schedule.judge()


def test_a_desk_that_is_found_to_be_older_while_it_is_rescued_sends_what_waits_under_its_new_name(
    schedule: Faults,
) -> None:
    schedule.begin(number=2)
    schedule.an_image_of_a_disk_is_kept(number=0)
    created(schedule, 0, "a")
    exchanged(schedule, 0)
    schedule.an_image_of_a_disk_is_put_back(number=0)
    created(schedule, 0, "b", ORGANISATION)
    schedule.a_store_is_damaged(number=0, seed=92)
    schedule.judge()
    assert schedule.desks[0].store.waiting().refused == 0


def test_a_copy_that_loses_the_end_of_its_log_keeps_its_own_name(schedule: Faults) -> None:
    schedule.begin(number=4)
    schedule.a_desk_is_copied(number=0)
    schedule.somebody_is_protected(number=4, person=PEOPLE[1], on=False)
    schedule.a_commit_is_slow(number=2, other=4)
    schedule.a_commit_is_slow(number=4, other=0)
    schedule.a_log_is_damaged(number=0, part=0, flipped=True)
    schedule.judge()


def test_a_copy_that_comes_back_to_a_lost_server_and_loses_a_link_meanwhile_needs_nobodys_help(
    schedule: Faults,
) -> None:
    """What it had not sent its original sent, and was refused: the server's word on it leaves a gap in the chain."""
    schedule.begin(number=3)
    schedule.saves(number=2, about=RECORDS[1], place=1, value="c", stale=False)
    schedule.a_value_does_not_fit(number=1, about=RECORDS[2])
    schedule.a_commit_is_slow(number=0, other=2)
    schedule.everybody_writes_the_same_field_and_exchanges(
        about=RECORDS[4], coming=[Trouble.SIGN_IN_PAGE, Trouble.ANSWER_LOST, Trouble.KILLED, Trouble.SIGN_IN_PAGE]
    )
    schedule.a_signature_is_wrong(number=0, about=RECORDS[1], value="c")
    exchanged(schedule, 1)
    schedule.a_person_leaves_a_centre(person=PEOPLE[0], centre=CENTRES[0])
    schedule.a_desk_is_copied(number=0)
    for about in (RECORDS[1], RECORDS[4]):
        schedule.a_value_does_not_fit(number=0, about=about)
    schedule.time_passes(hours=4000)
    schedule.goes_online_or_offline(number=1)
    schedule.a_desk_is_killed_in_an_exchange(number=3, statement=51)
    schedule.a_desk_is_killed_in_an_exchange(number=0, statement=32)
    schedule.a_desk_starts_again(number=1)
    schedule.the_server_is_lost()
    schedule.judge()


def test_what_a_copy_wrote_is_given_back_to_a_lost_server_before_its_original_comes(schedule: Faults) -> None:
    schedule.begin(number=2)
    for number in range(2):
        exchanged(schedule, number)
    schedule.a_desk_is_copied(number=0)
    for number, about in ((2, PERSON), (0, RECORDS[2])):
        created(schedule, number, about=about)
        exchanged(schedule, number)
    exchanged(schedule, 1)  # hears of the copy, and holds nothing that its original wrote
    schedule.the_server_is_lost()
    schedule.desks[1].exchange()
    with schedule.ground.owner() as connection:
        assert connection.execute("SELECT kind FROM change WHERE standing = 1").fetchall() == [("device",)]
    schedule.judge()


def test_who_uses_a_name_twice_keeps_what_it_wrote_itself_of_the_record_that_has_it(schedule: Faults) -> None:
    schedule.begin(number=4)
    coming = [Trouble.SIGN_IN_PAGE, Trouble.ANSWER_LOST, Trouble.KILLED, Trouble.NONE]
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[2], coming=coming)
    schedule.a_name_is_used_twice(number=2, about=RECORDS[1], value="c")
    schedule.judge()


def test_what_waits_under_new_links_is_put_back_once(schedule: Faults) -> None:
    """A desk that comes back to a lost server gives all that waits a new link: the second file has both."""
    schedule.begin(number=3)
    created(schedule, 0)
    schedule.an_exchange_is_called_off(number=0, words=1)
    schedule.a_desk_is_killed_in_an_exchange(number=0, statement=46)
    schedule.somebody_is_protected(number=0, person=PEOPLE[0], on=False)
    schedule.the_server_is_lost()
    schedule.types_while_changes_arrive(number=0, about=PERSON, value="a")
    schedule.a_log_is_damaged(number=0, part=0, flipped=False)
    schedule.judge()


def test_an_older_desk_that_came_back_to_a_restored_server_loses_the_end_of_its_log(schedule: Faults) -> None:
    schedule.begin(number=2)
    schedule.the_server_is_backed_up()
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[])
    schedule.an_image_of_a_disk_is_kept(number=0)
    schedule.the_server_is_restored()
    schedule.an_image_of_a_disk_is_put_back(number=0)
    schedule.everybody_writes_the_same_field_and_exchanges(about=ORGANISATION, coming=[])
    schedule.a_log_is_damaged(number=0, part=0, flipped=False)
    schedule.judge()


def test_what_a_copy_still_has_under_its_originals_name_goes_on_under_its_own_when_its_log_lost_the_rest(
    schedule: Faults,
) -> None:
    schedule.begin(number=4)
    schedule.a_desk_is_copied(number=3)
    schedule.everybody_writes_the_same_field_and_exchanges(about=ORGANISATION, coming=4 * [Trouble.NONE])
    schedule.a_log_is_damaged(number=4, part=0.37, flipped=False)
    schedule.judge()
    assert schedule.desks[4].store.waiting().refused == 0


def test_a_desk_that_goes_on_with_an_erased_record_hears_of_it_from_a_lost_server(schedule: Faults) -> None:
    """Another desk brought word of what was erased, without knowing what it was about."""
    schedule.begin(number=4)
    visit, other = RECORDS[7], RECORDS[6]
    schedule.a_desk_is_copied(number=3)
    schedule.saves(number=4, about=visit, place=0, value="a", stale=False)
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[1], coming=[])
    schedule.somebody_is_erased(about=visit.id)
    exchanged(schedule, 3)
    schedule.one_verb_saves_several(number=4, about=[visit, other], value="c")
    schedule.the_server_is_lost()
    schedule.judge()
    assert schedule.desks[4].ask("SELECT 1 FROM change WHERE record = ?", (visit.id.bytes,)) == []


def test_what_waits_for_its_parent_is_asked_for_although_the_clock_was_put_back(schedule: Faults) -> None:
    schedule.begin(number=2)
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[Trouble.LATE])
    schedule.saves(number=1, about=PERSON, place=0, value="b", stale=False)
    schedule.a_name_is_used_twice(number=0, about=RECORDS[4], value="a")
    schedule.a_commit_is_slow(number=1, other=0)
    exchanged(schedule, 0)
    schedule.a_clock_is_wrong(number=0, days=-4000)
    schedule.judge()


def test_what_is_based_on_a_name_that_a_lost_server_gives_to_other_words_waits_for_ever(schedule: Faults) -> None:
    schedule.begin(number=2)
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[Trouble.LATE])
    schedule.saves(number=1, about=PERSON, place=0, value="b", stale=False)
    schedule.a_name_is_used_twice(number=0, about=RECORDS[4], value="a")
    schedule.a_commit_is_slow(number=1, other=0)
    schedule.a_commit_is_slow(number=0, other=1)
    schedule.the_server_is_lost()
    schedule.judge()
    assert len(schedule.desks[0].ask("SELECT 1 FROM parked")) == 1


def test_words_come_although_another_desk_gave_their_place_back_to_a_lost_server(schedule: Faults) -> None:
    """Who downloaded the record's state has a place with a hash of what was written over: no words."""
    schedule.begin(number=2)
    exchanged(schedule, 0)
    for value in ("a", "b"):
        created(schedule, 0, value)
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[2], coming=[])
    schedule.the_server_is_lost()
    exchanged(schedule, 1)
    schedule.judge()
    with schedule.ground.owner() as connection:
        assert connection.execute("SELECT count(*) FROM change WHERE standing = 1").fetchone() == (4,)


def test_who_used_a_name_twice_comes_first_to_a_server_that_lost_everything(schedule: Faults) -> None:
    """The name stands for those words now: that record has no other."""
    schedule.begin(number=5)
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[1], coming=[])
    schedule.a_name_is_used_twice(number=2, about=PERSON, value="a")
    schedule.the_server_is_lost()
    schedule.judge()


def test_a_copy_whose_original_was_only_ever_refused_is_found_when_one_of_them_writes_to_a_lost_server(
    schedule: Faults,
) -> None:
    schedule.begin(number=2)
    schedule.a_desk_is_copied(number=0)
    schedule.a_value_does_not_fit(number=0, about=PERSON)
    exchanged(schedule, 0)
    schedule.the_server_is_lost()
    schedule.judge()
    original, _, copy = schedule.desks
    assert copy.device == original.device  # neither has anything to send
    created(schedule, 2, about=ORGANISATION)
    schedule.judge()
    assert copy.device != original.device


def test_the_second_file_gives_back_what_was_sent_to_a_server_that_was_lost_since(schedule: Faults) -> None:
    """It is emptied when it is long enough to be worth it: until then it holds more than it must."""
    schedule.begin(number=5)
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[])
    schedule.the_server_is_lost()
    schedule.a_log_is_damaged(number=4, part=0, flipped=False)
    schedule.judge()
    with schedule.ground.owner() as connection:
        assert connection.execute("SELECT count(*) FROM change WHERE standing = 1").fetchone() == (5,)


def test_who_wrote_what_it_may_not_see_lets_go_of_it_when_the_person_leaves(schedule: Faults) -> None:
    """Reception wrote about somebody whom a colleague had just protected."""
    schedule.begin(number=4)
    schedule.types_while_changes_arrive(about=PROTECTIONS[PEOPLE[1]], number=3, value="c")
    schedule.exchanges(coming=[], number=3)
    schedule.one_verb_saves_several(
        about=[named("visit b71c"), named("person 0002"), PROTECTIONS[PEOPLE[1]]], number=2, value="b"
    )
    schedule.exchanges(coming=[], number=2)
    schedule.a_person_leaves_a_centre(centre=CENTRES[0], person=PEOPLE[1])
    schedule.judge()


def test_whether_somebody_is_protected_under_a_name_used_twice_is_decided_anew_after_a_restore(
    schedule: Faults,
) -> None:
    schedule.begin(number=3)
    created(schedule, 0, about=named("visit b71c"))
    schedule.the_server_is_backed_up()
    schedule.everybody_writes_the_same_field_and_exchanges(about=PROTECTIONS[PEOPLE[0]], coming=[])
    schedule.a_name_is_used_twice(about=PROTECTIONS[PEOPLE[1]], number=0, value="a")
    schedule.the_server_is_restored()
    schedule.judge()
