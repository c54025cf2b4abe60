"""What the machine found, each as the shortest schedule that shows it. The machine's judge looks at the end of each."""

from livingwell_desktop.domain.changes import read_content
from livingwell_desktop.storage import prepare
from tests.faults.ground import Trouble
from tests.faults.machine import Faults
from tests.faults.records import CENTRES, PEOPLE, RECORDS
from tests.faults.short_steps import ORGANISATION, PERSON, created, exchanged


def test_two_centres_that_both_registered_somebody_see_each_others_words(schedule: Faults) -> None:
    schedule.begin(number=2)
    exchanged(schedule, 1)
    created(schedule, 0, "a")
    exchanged(schedule, 0)
    created(schedule, 1, "b")
    schedule.judge()
    for desk in schedule.desks:
        row = desk.row(PERSON.id)
        assert row is not None
        assert set(row.conflicts) == {"given_name"}


def test_a_change_with_a_wrong_signature_has_its_place_in_the_graph_of_every_desk(schedule: Faults) -> None:
    schedule.begin(number=2)
    created(schedule, 0, "a", ORGANISATION)
    schedule.a_signature_is_wrong(number=0, about=ORGANISATION, value="b")
    exchanged(schedule, 0)
    created(schedule, 0, "c", ORGANISATION)
    schedule.judge()


def test_a_desk_sends_nothing_before_it_follows_the_streams_that_would_tell_it_to_let_go(schedule: Faults) -> None:
    schedule.begin(number=2)
    created(schedule, 0)
    exchanged(schedule, 0, Trouble.NONE, Trouble.NONE, Trouble.NONE, Trouble.LOST)
    schedule.a_person_leaves_a_centre(person=PEOPLE[0], centre=CENTRES[0])
    schedule.judge()


def test_a_desk_whose_disk_was_full_when_it_began_to_follow_a_stream_listens_again_before_it_sends(
    schedule: Faults,
) -> None:
    schedule.begin(number=2)
    created(schedule, 0)
    exchanged(schedule, 0, *5 * [Trouble.LOST])
    schedule.a_disk_is_full(number=0, statement=14)
    assert schedule.desks[0].store.waiting().count == 1
    schedule.an_exchange_is_called_off(number=0, words=2)
    schedule.a_person_leaves_a_centre(person=PEOPLE[0], centre=CENTRES[0])
    schedule.judge()


def test_words_that_were_refused_are_kept_when_the_refusal_itself_was_lost(schedule: Faults) -> None:
    schedule.begin(number=2)
    exchanged(schedule, 0)
    schedule.a_value_does_not_fit(number=0, about=PERSON)
    exchanged(schedule, 0, Trouble.ANSWER_LOST)
    exchanged(schedule, 0)
    (words,) = schedule.desks[0].ask("SELECT reason FROM refused")
    assert words[0]
    assert schedule.desks[0].store.waiting().count == 0
    assert schedule.desks[0].store.waiting().refused == 1
    schedule.judge()


def test_a_record_that_begins_anew_after_a_refusal_has_the_same_heads_everywhere(schedule: Faults) -> None:
    schedule.begin(number=2)
    schedule.a_signature_is_wrong(number=0, about=ORGANISATION, value="c")
    exchanged(schedule, 0)
    created(schedule, 1, "b", ORGANISATION)
    schedule.judge()


def test_a_change_that_is_based_on_another_records_change_harms_nobody_else(schedule: Faults) -> None:
    schedule.begin(number=3)
    for number in range(3):
        exchanged(schedule, number)
    created(schedule, 0, "a", ORGANISATION)
    exchanged(schedule, 0)
    schedule.a_name_is_used_twice(number=1, about=PERSON, value="b")
    schedule.saves_field(number=1, about=PERSON, name="phone", value="c")
    schedule.saves_field(number=1, about=PERSON, name="email", value="c")
    exchanged(schedule, 1)
    assert schedule.desks[1].store.waiting().refused == 2  # the used name, and what was based on it
    schedule.join()
    schedule.judge()


def test_what_waits_for_its_parent_and_comes_again_with_its_records_state_is_applied_once(schedule: Faults) -> None:
    schedule.begin(number=2)
    exchanged(schedule, 1)
    created(schedule, 0)
    schedule.saves_field(number=0, about=PERSON, name="phone", value="b")
    _, child = schedule.desks[0].store.unsent()
    schedule.desks[1].store.receive([prepare(0, child.change)], "alliance")
    created(schedule, 1, "c", ORGANISATION)
    created(schedule, 1, "c", RECORDS[2])
    schedule.judge()


def test_what_goes_on_after_a_refused_beginning_is_still_about_the_person_and_goes_to_nobody_else(
    schedule: Faults,
) -> None:
    schedule.begin(number=2)
    for number in range(2):
        exchanged(schedule, number)
    protection = next(each for each in RECORDS if each.kind == "protection")
    schedule.a_value_does_not_fit(number=0, about=protection)
    created(schedule, 0, "c", protection)
    exchanged(schedule, 0)
    created(schedule, 0, "b", protection)
    exchanged(schedule, 0)
    schedule.judge()
    assert schedule.desks[1].ask("SELECT 1 FROM change WHERE record = ?", (protection.id.bytes,)) == []


def test_words_refused_under_a_used_name_stay_when_the_record_that_had_the_name_leaves(schedule: Faults) -> None:
    schedule.begin(number=2)
    exchanged(schedule, 1)
    created(schedule, 1, "a", RECORDS[2])
    exchanged(schedule, 1)
    created(schedule, 0)
    exchanged(schedule, 0)
    schedule.a_name_is_used_twice(number=1, about=ORGANISATION, value="b")
    exchanged(schedule, 1)
    created(schedule, 1, "c")
    exchanged(schedule, 1)
    schedule.a_person_leaves_a_centre(person=PEOPLE[0], centre=CENTRES[1])
    schedule.judge()


def test_words_refused_under_a_used_name_leave_with_their_own_record_and_wait_for_the_privacy_officer(
    schedule: Faults,
) -> None:
    schedule.begin(number=3)
    about_me, protection, visit = RECORDS[2], RECORDS[4], RECORDS[6]
    for number in range(3):
        exchanged(schedule, number)
    created(schedule, 0, about=about_me)
    created(schedule, 0, about=visit)
    exchanged(schedule, 0)
    exchanged(schedule, 2)
    schedule.a_name_is_used_twice(number=2, about=visit, value="b")
    exchanged(schedule, 2)
    assert schedule.desks[2].store.waiting().refused == 1
    created(schedule, 0, about=protection)
    exchanged(schedule, 0)
    schedule.judge()
    reception, (used,) = schedule.desks[2], schedule.model.gone
    assert reception.row(visit.id) is None
    assert reception.ask("SELECT 1 FROM refused") == []
    with schedule.ground.owner() as connection:
        assert connection.execute("SELECT content FROM quarantine").fetchall() == [(used.content,)]


def test_what_leaves_one_centre_stays_at_a_desk_that_serves_another_where_it_is_known(schedule: Faults) -> None:
    schedule.begin(number=2)
    for _ in range(2):
        schedule.another_desk_joins()
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[])
    schedule.a_person_leaves_a_centre(person=PEOPLE[0], centre=CENTRES[0])
    schedule.judge()
    assert schedule.desks[3].centres == CENTRES
    assert schedule.desks[3].row(PERSON.id) is not None
    assert schedule.desks[0].row(PERSON.id) is None


def test_what_was_written_about_somebody_erased_is_refused_and_comes_back_nowhere(schedule: Faults) -> None:
    schedule.begin(number=4)
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[])
    schedule.saves(number=1, about=PERSON, place=1, value="b", stale=False)
    created(schedule, 0, about=RECORDS[2])  # about the same person, of whom nobody here has heard
    schedule.somebody_is_erased(about=PEOPLE[0])
    schedule.judge()
    assert schedule.desks[1].store.waiting().refused == 1
    with schedule.ground.owner() as connection:
        assert connection.execute("SELECT count(*) FROM quarantine").fetchone() == (2,)


def test_a_copy_hears_that_what_both_hold_was_refused(schedule: Faults) -> None:
    schedule.begin(number=2)
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[])
    schedule.saves(number=1, about=PERSON, place=1, value="b", stale=False)
    schedule.a_desk_is_copied(number=1)
    schedule.ground.erase(PEOPLE[0])
    schedule.judge()


def test_who_wrote_above_what_its_desk_may_hold_hears_that_it_was_erased(schedule: Faults) -> None:
    schedule.begin(number=3)
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[2], coming=[])
    assert schedule.desks[2].sensitivity == 0
    schedule.somebody_is_erased(about=PEOPLE[0])
    schedule.judge()


def test_what_a_desk_still_holds_of_somebody_erased_goes_although_the_server_was_lost(schedule: Faults) -> None:
    schedule.begin(number=4)
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[])
    schedule.quiet()
    schedule.somebody_is_erased(about=PEOPLE[0])
    exchanged(schedule, 1)
    schedule.ground.lose()
    schedule.model.server_forgot()
    schedule.judge()


def test_a_stream_that_a_lost_server_begins_anew_is_downloaded(schedule: Faults) -> None:
    schedule.begin(number=4)
    protection = next(each for each in RECORDS if each.kind == "protection")
    schedule.everybody_writes_the_same_field_and_exchanges(about=protection, coming=[Trouble.SIGN_IN_PAGE])
    schedule.time_passes(hours=0.3)
    schedule.the_server_is_lost()
    schedule.judge()


def test_a_desk_that_was_never_connected_again_comes_back_to_a_lost_server(schedule: Faults) -> None:
    schedule.begin(number=2)
    created(schedule, 1, "b")
    schedule.the_server_is_lost()
    schedule.judge()


def test_what_does_not_fit_is_put_back_and_still_is_the_servers_to_refuse(schedule: Faults) -> None:
    schedule.begin(number=2)
    schedule.a_value_does_not_fit(number=0, about=PERSON)
    schedule.a_log_is_damaged(number=0, part=0.47, flipped=False)
    schedule.judge()
    assert schedule.desks[0].store.waiting().refused == 1


def test_what_is_put_back_need_not_wait_for_what_was_withdrawn_meanwhile(schedule: Faults) -> None:
    schedule.begin(number=4)
    for number in (0, 2):
        exchanged(schedule, number)
    created(schedule, 0, "a", RECORDS[1])
    exchanged(schedule, 0)
    protection = next(each for each in RECORDS if each.kind == "protection" and each.first["person"] == str(PEOPLE[1]))
    exchanged(schedule, 2)
    schedule.saves(number=2, about=RECORDS[1], place=1, value="b", stale=False)
    created(schedule, 0, "a", protection)
    exchanged(schedule, 0)
    schedule.a_log_is_damaged(number=2, part=0.3, flipped=True)
    schedule.judge()
    with schedule.ground.owner() as connection:
        assert connection.execute("SELECT count(*) FROM change WHERE record = %s", (PEOPLE[1],)).fetchone() == (2,)


def test_a_desk_that_comes_back_to_a_lost_server_hears_who_was_protected_meanwhile(schedule: Faults) -> None:
    schedule.begin(number=4)
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[1], coming=[])
    schedule.the_server_is_lost()
    schedule.types_while_changes_arrive(number=0, about=RECORDS[5], value="c")
    schedule.judge()
    assert schedule.desks[2].sensitivity == 0
    assert schedule.desks[2].row(PEOPLE[1]) is None


def test_words_above_their_record_stay_so_when_a_lost_server_first_hears_of_their_place(schedule: Faults) -> None:
    schedule.begin(number=4)
    schedule.everybody_writes_the_same_field_and_exchanges(
        about=RECORDS[3], coming=[Trouble.LOST, Trouble.LATE, Trouble.KILLED, Trouble.LATE]
    )
    schedule.another_desk_joins()
    schedule.the_server_is_lost()
    schedule.a_signature_is_wrong(number=1, about=RECORDS[4], value="c")
    schedule.everybody_writes_the_same_field_and_exchanges(about=PERSON, coming=[])
    schedule.the_server_is_lost()
    schedule.types_while_changes_arrive(number=4, about=RECORDS[2], value="b")
    schedule.judge()
    with schedule.ground.owner() as connection:
        rows = connection.execute("SELECT content, sensitivity FROM change WHERE standing = 1").fetchall()
    assert all(read_content(bytes(content)).sensitivity == sensitivity for content, sensitivity in rows)
    assert {sensitivity for content, sensitivity in rows if read_content(bytes(content)).kind == "person"} == {0, 1}


def test_who_was_protected_before_their_name_came_is_found_again_when_that_ends(schedule: Faults) -> None:
    schedule.begin(number=3)
    for number in range(3):
        exchanged(schedule, number)
    for on in (True, False):
        schedule.somebody_is_protected(number=1, person=PEOPLE[1], on=on)
        exchanged(schedule, 1)
    schedule.everybody_writes_the_same_field_and_exchanges(about=RECORDS[1], coming=[])
    schedule.judge()
    row = schedule.desks[2].row(PEOPLE[1])
    assert row is not None
    assert set(row.conflicts) == {"given_name"}


def test_who_was_entered_in_error_has_no_card_any_more_until_that_is_taken_back(schedule: Faults) -> None:
    schedule.begin(number=2)
    created(schedule, 0, "b")
    for number in (0, 1):
        exchanged(schedule, number)
    assert schedule.desks[1].store.card(PERSON.id) is not None
    schedule.removes(number=0, about=PERSON, removed=True)
    schedule.judge()
    assert schedule.desks[1].store.card(PERSON.id) is None
    schedule.removes(number=0, about=PERSON, removed=False)
    schedule.judge()
    assert schedule.desks[1].store.card(PERSON.id) is not None
