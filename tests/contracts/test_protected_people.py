"""A protected person, signed in as reception: no screen, paper, search answer or log holds where they are or when they
come. Every registered page and paper is rendered, so that a new one is tested without anyone writing its test."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from installer.demo.protected import PROTECTED, REFERENCE
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.outages import Outage
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.sessions import Booking, Visit
from livingwell_desktop.printing.documents import documents as papers
from livingwell_desktop.services import documents, finding, plans, reception
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.pages import (
    AssessmentPlace,
    AttentionPlace,
    BookingsPlace,
    ConnectionPlace,
    KeysPlace,
    NewPersonPlace,
    OutagePlace,
    PassphrasePlace,
    PeoplePlace,
    PersonPlace,
    Place,
    PlanPlace,
    PlansDuePlace,
    PreviewPlace,
    StaffPlace,
    TodayPlace,
)
from livingwell_desktop.ui.people.person import TABS
from livingwell_desktop.ui.shell.places import PAGES
from livingwell_desktop.ui.shell.window import MainWindow
from tests.desk import DeskWindow
from tests.office import Day
from tests.window import Window, until

WHERE = ("Sentinel", "SE11 4QX", "07700 900 699", "07700900699", "7700900699", "ends 699", "sikora@example.org")
"""What says where Danuta is or how she is reached."""
WHEN = ("3:10pm", "15:10", "3.10pm", "Talk with Maya")
"""What says when she comes next; nobody else of the demo comes at ten past three."""
WHO = ("Danuta", "Sikora", "8 May 1991", "8/5/1991", "LW00501")
"""Who she is. Reception knows the reference alone."""


@pytest.fixture
def rosa(day: Day) -> DeskWindow:
    return day.reception()


@pytest.fixture
def danuta(day: Day) -> UUID:
    return day.alliance.people[PROTECTED]


def hits(words: str, *sentinels: tuple[str, ...]) -> list[str]:
    return [each for group in sentinels for each in group if each.casefold() in words.casefold()]


def places(person: UUID, at: Practice) -> list[Place]:
    """Every registered page, as far as it can be asked about her."""
    booking = next(iter(at.whole.find(Booking, person=person)))
    visit = next(iter(at.whole.find(Visit, person=person)))
    record = {"booking_slip": booking.id, "ticket": visit.id}
    return [
        TodayPlace(),
        TodayPlace(visit.id),
        BookingsPlace(),
        BookingsPlace(person),
        BookingsPlace(day=booking.value.on),
        PeoplePlace(),
        *(PeoplePlace(typed) for typed in ("danuta", "sikora 1991", "07700 900 699", "699", REFERENCE)),
        NewPersonPlace("Danuta Sikora"),
        *(PersonPlace(person, tab.key) for tab in TABS),
        AssessmentPlace(person),
        PlanPlace(person),
        PlansDuePlace(),
        AttentionPlace(),
        ConnectionPlace(),
        OutagePlace(next(iter(at.whole.find(Outage))).id),
        StaffPlace(),
        PassphrasePlace(),
        *(PreviewPlace(paper.name, person, record.get(paper.name)) for paper in papers()),
        KeysPlace(),
    ]


def everything_on(desk: DeskWindow) -> str:
    """What can be seen or heard, with every title of a window."""
    titles = [each.windowTitle() for each in QApplication.topLevelWidgets()]
    return "\n".join((desk.words(), *titles))


def shown(desk: DeskWindow, place: Place) -> str:
    desk.go(place)
    if isinstance(place, PreviewPlace) and desk.desk.window.place() == place:
        page = desk.page()
        until(lambda: page.prepared is not None or page.waiting.text() != "Preparing the paper…", f"{place}")
    return everything_on(desk)


def test_every_registered_page_is_among_them(danuta: UUID, rosa: DeskWindow) -> None:
    assert {type(place) for place in places(danuta, rosa.desk.practice)} == set(PAGES)


@pytest.mark.slow
def test_no_page_at_reception_says_where_they_are_or_who(
    danuta: UUID, rosa: DeskWindow, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reception.check_in(rosa.desk.practice, danuta)
    said = {}
    for place in places(danuta, rosa.desk.practice):
        typed = isinstance(place, NewPersonPlace | PeoplePlace)
        # What somebody has just typed themselves stands in their own box.
        found = hits(shown(rosa, place), () if typed else WHERE, WHEN, () if typed else WHO)
        if found:
            said[place] = found
    assert said == {}
    assert hits("\n".join(record.getMessage() for record in caplog.records), WHERE, WHEN, WHO) == []
    rosa.go(TodayPlace())
    assert rosa.shows(REFERENCE), "reception knows whom to call"


@pytest.mark.slow
def test_what_was_typed_finds_nobody_but_the_reference(danuta: UUID, rosa: DeskWindow) -> None:
    practice = rosa.desk.practice
    for typed in ("danuta", "sikora", "8 5 1991", "07700 900 699", "699", "LW00501"):
        assert danuta not in {match.person.id for match in finding.search(practice, typed, 1000).matches}, typed
    rosa.press("Ctrl+K").type("dan")
    assert hits(everything_on(rosa), WHERE, WHEN, WHO) == []
    assert REFERENCE in rosa.words()
    rosa.press("Esc")


@pytest.mark.slow
def test_the_audit_holds_no_sentinel(danuta: UUID, rosa: DeskWindow) -> None:
    for place in places(danuta, rosa.desk.practice):
        rosa.go(place)
    with rosa.desk.store._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT event, detail FROM audit").all()
    assert hits(json.dumps([list(row) for row in rows], ensure_ascii=False), WHERE, WHEN) == []


def text_of(pdf: bytes) -> str:
    reader = PdfReader(io.BytesIO(pdf))
    meta = reader.metadata
    pages = "".join(page.extract_text() for page in reader.pages)
    return f"{pages}\n{meta.title if meta else ''}\n{meta.author if meta else ''}"


def prepared(at: Practice, person: UUID) -> Iterator[tuple[str, str]]:
    """Every registered paper in every format that can be made of her, as text; and what a refusal says."""
    booking = next(iter(at.whole.find(Booking, person=person))).id
    visit = next(iter(at.whole.find(Visit, person=person))).id
    for document in papers():
        name = document.name
        for form in document.formats:
            record = {"booking_slip": booking, "ticket": visit}.get(name)
            try:
                paper = documents.prepare(at, name, person, record, documents.PaperChoice(form))
            except Problem as problem:
                yield name, problem.words
            else:
                yield name, f"{text_of(paper.pdf)}\n{paper.label}\n{paper.person}"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Rosa Mensah", "Maya Lindqvist", "Sunita Marsh"])
def test_no_paper_says_where_they_are_or_when_they_come_whoever_prints_it(
    day: Day, danuta: UUID, rosa: DeskWindow, name: str
) -> None:
    held = rosa.desk.store.get(Staff, day.alliance.staff[name])
    maya = rosa.desk.store.get(Staff, day.alliance.staff["Maya Lindqvist"])
    assert held is not None
    assert maya is not None
    plans.start(replace(rosa.desk.practice, staff=maya), danuta, "I want to be safe.", date(2027, 2, 1))
    made = list(prepared(replace(rosa.desk.practice, staff=held), danuta))
    assert {each for each, _ in made} == {each.name for each in papers()}
    assert [(each, hits(said, WHERE, WHEN)) for each, said in made if hits(said, WHERE, WHEN)] == []
    clinical = held.value.role in (Role.KEY_WORKER, Role.TEAM_MANAGER)
    assert any(each == "plan" and "My plan" in said for each, said in made) is clinical


@pytest.mark.slow
def test_lists_of_those_who_may_see_them_do_not_say_where_either(day: Day, danuta: UUID) -> None:
    maya = day.room_2()
    for place in (PeoplePlace(), PeoplePlace("danuta"), PlansDuePlace(), AttentionPlace()):
        assert hits(shown(maya, place), WHERE, WHEN) == [], place
    maya.press("Ctrl+K").type("danu")
    assert "Sikora" in maya.words()
    assert hits(everything_on(maya), WHERE, WHEN) == []


@pytest.mark.slow
def test_the_search_for_sentinels_finds_them_where_they_are(day: Day, danuta: UUID) -> None:
    """Without this the tests above could not fail."""
    maya = day.room_2()
    assert hits(shown(maya, PersonPlace(danuta, "details")), WHERE)
    assert hits(shown(maya, PersonPlace(danuta)), WHEN)
    assert hits(shown(maya, PersonPlace(danuta)), WHO)
    ngozi = day.alliance.people["Ngozi Okafor"]
    (slip,) = [held.id for held in maya.desk.store.find(Booking, person=ngozi) if held.value.on > date(2026, 11, 24)]
    paper = documents.prepare(maya.desk.practice, "booking_slip", ngozi, slip)
    assert "2 December" in text_of(paper.pdf)


@pytest.mark.slow
def test_at_another_centre_they_are_nobody(day: Day, danuta: UUID, rosa: DeskWindow) -> None:
    here = rosa.desk.practice
    from livingwell_desktop.domain.organisations import Centre

    other = here.whole.get(Centre, day.alliance.centres["Centre B"])
    assert other is not None
    staff = replace(here.staff, value=replace(here.staff.value, centre=other.id))
    window = MainWindow(replace(rosa.desk.window.parts, practice=replace(here, centre=other, staff=staff)))
    window.resize(1440, 900)
    window.show()
    there = Window(window)
    for place in places(danuta, here):
        typed = isinstance(place, NewPersonPlace | PeoplePlace)
        window.go(place)
        there.settle()
        assert hits(there.words(), () if typed else WHERE, WHEN, () if typed else (*WHO, REFERENCE)) == [], place
    window.go(PersonPlace(danuta))
    there.settle()
    assert there.shows("This record is not on this desk")
    window.end()


def test_the_sentinels_are_hers_alone(day: Day, danuta: UUID) -> None:
    person = day.alliance.value(danuta)
    assert isinstance(person, Person)
    assert hits(f"{person.address} {person.postcode} {person.phone} {person.phone_e164}", WHERE)
    booked = [value for _, value in day.alliance.of(Booking) if value.person == danuta]
    assert [value.on - day.alliance.today for value in booked] == [timedelta(days=7)]
    others = json.dumps(
        [str(each.value) for each in day.alliance.entries if getattr(each.value, "person", each.id) != danuta]
    )
    assert hits(others, ("Sentinel", "SE11 4QX", "7700900699", "Talk with Maya")) == []
