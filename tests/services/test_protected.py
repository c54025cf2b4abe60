"""Protected people: who sees what, by which reference, and that nobody can tell that there is somebody."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader

from livingwell_desktop.domain.changes import read_content
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Organisation, Role, Staff
from livingwell_desktop.domain.people import Contact, Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.protection import Protection, ProtectionReason
from livingwell_desktop.domain.records import Sensitivity, kind_of
from livingwell_desktop.domain.sessions import Booking, Visit
from livingwell_desktop.services import (
    bookings,
    documents,
    finding,
    outage_file,
    outages,
    people,
    plans,
    protecting,
    reception,
    story,
)
from livingwell_desktop.services.arriving import visit_today
from livingwell_desktop.services.practice import Practice, RefusedError
from livingwell_desktop.storage import Receipt, Store, edit
from tests.conftest import StillClock
from tests.contracts.newer_program import disagree
from tests.services.small_centre import TODAY, TOMORROW, SmallCentre

As = Callable[[Role], Practice]


def with_role(practice: Practice, role: Role) -> Practice:
    held: Staff = replace(practice.staff.value, role=role)
    return replace(practice, staff=replace(practice.staff, value=held))


def elsewhere(centre: SmallCentre, practice: Practice) -> Practice:
    """The same member of staff when they work at Centre B only."""
    from livingwell_desktop.domain.organisations import Centre

    other = centre.store.get(Centre, centre.ids["Centre B"])
    assert other is not None
    staff = replace(practice.staff.value, centre=other.id)
    return replace(practice, centre=other, staff=replace(practice.staff, value=staff))


@pytest.fixture
def manager(maya: Practice) -> Practice:
    return with_role(maya, Role.TEAM_MANAGER)


@pytest.fixture
def danuta(centre: SmallCentre, manager: Practice) -> UUID:
    """Danuta, who is protected, with a place tomorrow and somebody to ring."""
    person = centre.person(
        "Danuta Sikora", born=date(1991, 5, 8), address="27 Sentinel Walk", postcode="SE11 4QX", phone="07700 900 699",
        phone_e164="+447700900699", email="danuta@example.org", key_worker=centre.ids["Maya Lindqvist"],
    )  # fmt: skip
    centre.add("her sister", Contact(person=person, name="Ola", phone="07700 900 698"))
    protecting.protect(manager, person, ProtectionReason.VIOLENCE_AT_HOME, " Dana  B ")
    value = Booking(
        person=person, session=centre.ids["Open drop-in, tomorrow"], centre=centre.ids["Centre A"], on=TOMORROW,
        at=time(10, 30), made_at=manager.now(),
    )  # fmt: skip
    centre.add("her place", value)
    return person


def sensitivities(store: Store, subject: UUID) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for each in store.unsent(10_000):
        content = read_content(each.change.content)
        if content.subject == subject:
            found.setdefault(content.kind, set()).add(content.sensitivity)
    return found


def test_every_change_about_a_protected_person_is_clinical(
    centre: SmallCentre, danuta: UUID, manager: Practice
) -> None:
    person = manager.store.get(Person, danuta)
    assert person is not None
    people.change_details(manager, person, phone="07700 900 697")
    written = sensitivities(centre.store, danuta)
    assert written["protection"] == {Sensitivity.DESK}, "reception needs the reference"
    assert written["booking"] == {Sensitivity.CLINICAL}
    assert written["person"] == {Sensitivity.DESK, Sensitivity.CLINICAL}, "before and since"
    protecting.end_protection(manager, danuta)
    came = reception.check_in(manager, danuta)
    assert came.ticket
    assert sensitivities(centre.store, danuta)["visit"] == {Sensitivity.DESK}


def test_while_two_desks_differ_about_it_the_person_is_protected(
    centre: SmallCentre, danuta: UUID, rosa: Practice
) -> None:
    held = centre.store.get(Protection, kind_of(Protection).id_for(danuta))
    assert held is not None
    disagree(centre.store, held, "on", False, True)
    assert people.details_of(rosa, danuta).value == Person(given_name="Dana B")


def test_words_that_were_not_taken_about_them_are_for_the_page_of_who_may_see_them(
    centre: SmallCentre, danuta: UUID, manager: Practice, rosa: Practice
) -> None:
    began = manager.now() - timedelta(hours=2)
    centre.store.acknowledge([Receipt(each.change.id, each.change.content_hash) for each in centre.store.unsent()])
    person = manager.store.get(Person, danuta)
    assert person is not None
    people.change_details(manager, person, phone="07700 900 696")
    (change,) = (each.change.id for each in centre.store.unsent())
    centre.store.refused([(change, "the signature is not this desk's")])
    outage = outages.note(manager, began, manager.now(), 0, 0)
    (read,) = outages.not_taken(manager)
    assert ("Phone", "07700 900 696") in read.words
    (hidden,) = outages.not_taken(rosa)
    assert (hidden.words, hidden.change) == ((), change)
    written = outage_file.export(manager, outage).decode("utf-8-sig")
    assert "Not taken," in written
    assert "900 69" not in written


def test_reception_of_their_own_centre_knows_the_reference_alone(
    centre: SmallCentre, danuta: UUID, rosa: Practice
) -> None:
    shown = people.banner(rosa, danuta)
    assert shown.person.value == Person(given_name="Dana B")
    assert people.contacts(rosa, danuta) == ()
    assert bookings.next_booking(rosa, danuta) is None
    assert story.visits(rosa, danuta, 10) == ((), 0)
    assert story.papers_given(rosa, danuta) == ()
    for typed in ("danuta", "sikora", "8 May 1991", "07700 900 699"):
        found = finding.search(rosa, typed)
        assert (found.matches, found.total) == ((), 0), typed
    (match,) = finding.search(rosa, "dana").matches
    assert (match.person.id, match.person.value.name, match.booked_today) == (danuta, "Dana B", None)


def test_reception_can_check_them_in_by_the_reference_and_call_them(danuta: UUID, rosa: Practice) -> None:
    came = reception.check_in(rosa, danuta, reason="To see Maya")
    (row,) = reception.board(rosa).waiting
    assert (row.name, row.visit.value.ticket, row.visit.value.reason) == ("Dana B", came.ticket, "")
    reception.call(rosa, row.visit, where="Room 2")
    held = visit_today(rosa, danuta)
    assert held is not None
    reception.done(rosa, held)
    assert rosa.whole.get(Visit, came.visit).value.reason == "To see Maya"


@pytest.mark.parametrize("act", [Act.CHANGE_DETAILS, Act.BOOK, Act.SETTLE])
def test_reception_does_nothing_else_for_them(danuta: UUID, rosa: Practice, act: Act) -> None:
    with pytest.raises(RefusedError) as refused:
        rosa.require(act, danuta)
    assert refused.value.ruling.reason.startswith("Reception knows this person by a reference alone.")
    assert not refused.value.ruling.in_emergency


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.TEAM_MANAGER])
def test_elsewhere_they_are_as_somebody_who_does_not_exist(
    centre: SmallCentre, danuta: UUID, rosa: Practice, role: Role
) -> None:
    there, nobody = with_role(elsewhere(centre, rosa), role), uuid4()
    for ask in (people.banner, lambda at, person: bookings.book(at, person, centre.ids["Open drop-in, Centre B"])):
        said = []
        for person in (danuta, nobody):
            with pytest.raises(Problem) as problem:
                ask(there, person)
            said.append(problem.value.words)
        assert said[0] == said[1]
    for typed in ("danuta", "dana", "8 May 1991", "900 699"):
        assert finding.search(there, typed).total == 0
    assert (
        finding.search(there, "a").people_here == finding.search(centre.at_desk("Maya Lindqvist"), "a").people_here - 1
    )
    assert finding.like(there, Person(given_name="Danuta", family_name="Sikora", born=date(1991, 5, 8))) == ((), None)
    for act in Act:
        assert there.may(act, danuta) == there.may(act, nobody)
    # Also to a partner who sees by agreement alone, and is refused for either.
    partner = centre.add("Partner", Organisation(name="Partner", by_agreement=True))
    staff = replace(there.staff.value, organisation=partner)
    theirs = replace(there, staff=replace(there.staff, value=staff))
    for act in Act:
        assert theirs.may(act, danuta) == theirs.may(act, nobody)


def test_the_same_work_is_done_whether_the_person_exists_or_not(
    centre: SmallCentre, danuta: UUID, rosa: Practice
) -> None:
    """Counted in questions to the database, since a clock would be right only most of the time."""
    from sqlalchemy import event

    there = elsewhere(centre, rosa)
    asked: list[str] = []
    event.listen(centre.store._engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def work(typed: str) -> list[str]:
        finding.search(there, typed)
        asked.clear()
        finding.search(there, typed)
        return list(asked)

    assert work("danuta sikora") == work("nobody atall")

    def opening(person: UUID) -> list[str]:
        asked.clear()
        with pytest.raises(Problem):
            people.banner(replace(there, openings=type(there.openings)()), person)
        return list(asked)

    opening(uuid4())  # reads once what is not about anybody
    assert opening(danuta) == opening(uuid4())


def test_their_place_is_taken_though_nobody_is_shown_in_it(centre: SmallCentre, danuta: UUID, rosa: Practice) -> None:
    (shown,) = [
        each for each in bookings.sessions_on(rosa, TOMORROW) if each.session.id == centre.ids["Open drop-in, tomorrow"]
    ]
    assert (shown.capacity.free, shown.capacity.detail) == (4, "1 booked")
    assert shown.booked == ()


def test_a_key_worker_sees_the_record_but_no_list_says_where_they_are(danuta: UUID, maya: Practice) -> None:
    shown = people.banner(maya, danuta).person.value
    assert (shown.address, shown.phone) == ("27 Sentinel Walk", "07700 900 699")
    assert bookings.next_booking(maya, danuta) is not None
    (match,) = finding.search(maya, "danuta").matches
    listed = match.person.value
    assert (listed.name, listed.address, listed.postcode, listed.phone, listed.email) == (
        "Danuta Sikora",
        "",
        "",
        "",
        "",
    )
    reception.check_in(maya, danuta)
    (match,) = finding.search(maya, "danuta").matches
    assert (match.last_seen, match.on_board, match.booked_today) == (None, None, None)


@pytest.mark.parametrize("name", ["booking_slip", "ticket"])
def test_no_slip_says_when_they_come(centre: SmallCentre, danuta: UUID, maya: Practice, name: str) -> None:
    record = centre.ids["her place"] if name == "booking_slip" else reception.check_in(maya, danuta).visit
    with pytest.raises(Problem) as problem:
        documents.prepare(maya, name, danuta, record)
    assert problem.value.title == "This is not printed for this person"


def test_a_reference_gives_nobody_away(centre: SmallCentre, danuta: UUID, manager: Practice) -> None:
    ngozi = centre.ids["Ngozi Okafor"]
    for reference, said in (
        ("", "There is no reference."),
        ("Ngozi", "This is part of their own name."),
        ("dana b", "Somebody else has this reference."),
        ("x" * 41, "This reference is too long."),
    ):
        with pytest.raises(Problem) as problem:
            protecting.protect(manager, ngozi, ProtectionReason.OTHER, reference)
        assert problem.value.what_happened == said
    with pytest.raises(Problem):
        protecting.protect(manager, ngozi, ProtectionReason.OTHER, "Nora", review_on=TODAY)


def test_protection_ends_and_begins_again_with_its_history(
    centre: SmallCentre, danuta: UUID, manager: Practice, rosa: Practice, clock: StillClock
) -> None:
    protecting.end_protection(manager, danuta)
    assert people.banner(rosa, danuta).person.value.name == "Danuta Sikora"
    assert protecting.protection_of(rosa, danuta) is None
    with pytest.raises(Problem):
        protecting.end_protection(manager, danuta)
    protecting.protect(manager, danuta, ProtectionReason.STALKED, "Nora", review_on=TODAY + timedelta(days=2))
    shown = protecting.protection_of(rosa, danuta)
    assert shown is not None
    assert (shown.value.reference, shown.value.reason) == ("Nora", ProtectionReason.OTHER), (
        "the reason is not for reception"
    )
    assert protecting.protections_due(manager) == ()
    clock.pass_(minutes=2 * 24 * 60)
    assert [each.person.id for each in protecting.protections_due(manager)] == [danuta]


def test_an_edit_of_what_is_shown_in_part_loses_nothing(danuta: UUID, rosa: Practice) -> None:
    came = reception.check_in(rosa, danuta, reason="To see Maya")
    shown = rosa.store.get(Visit, came.visit)
    assert shown is not None
    assert edit(shown, where="Room 1").set == {"where": "Room 1"}


def test_the_plan_is_printed_without_their_next_place(centre: SmallCentre, danuta: UUID, maya: Practice) -> None:
    plans.start(maya, danuta, "I want to be safe.", TOMORROW)
    paper = documents.prepare(maya, "plan", danuta)
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.pdf)).pages)
    assert "Danuta" in said
    assert "10:30" not in said
    assert "Sentinel" not in said
