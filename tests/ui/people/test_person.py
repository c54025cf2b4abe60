"""One person's record, as a key worker and as reception see it."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget

from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.people import Contact, Person
from livingwell_desktop.domain.sessions import VisitState
from livingwell_desktop.services import assessments, people, reception
from livingwell_desktop.storage import Author, Store, create, edit, prepare
from livingwell_desktop.ui.pages import (
    AssessmentPlace,
    BookingsPlace,
    PersonPlace,
    PlanPlace,
    PreviewPlace,
    TodayPlace,
)
from livingwell_desktop.ui.people import PersonPage
from livingwell_desktop.ui.people.visits import PAGE
from tests.ui.people import centre
from tests.ui.people.keys import can_be_seen, focused, press, type_in, visible_words, words_on

Opened = Callable[..., PersonPage]
NGOZI = PersonPlace(centre.NGOZI)
DETAILS = PersonPlace(centre.NGOZI, "details")


@pytest.fixture
def page(opened: Opened) -> PersonPage:
    return opened(PersonPage, NGOZI)


def button(page: QWidget, name: str) -> QAbstractButton:
    found = [each for each in page.findChildren(QAbstractButton, name) if can_be_seen(each, page)]
    assert found, f"{name} cannot be seen"
    return found[-1]


def ngozi(store: Store) -> Person:
    held = store.get(Person, centre.NGOZI)
    assert held is not None
    return held.value


def change_at_once(store: Store, **fields: object) -> None:
    """Somebody else changes Ngozi's details, having seen what stands there now."""
    held = store.get(Person, centre.NGOZI)
    assert held is not None
    store.write([edit(held, **fields)], [], Author(centre.TUNDE, centre.CENTRE_A, "change"))


def two_phones(store: Store) -> None:
    """Two desks write another phone number without knowing of each other."""
    held = store.get(Person, centre.NGOZI)
    assert held is not None
    for who, phone, e164 in (
        (centre.ROSA, "07700 900 341", "+447700900341"),
        (centre.TUNDE, "07700 900 314", "+447700900314"),
    ):
        store.write([edit(held, phone=phone, phone_e164=e164)], [], Author(who, centre.CENTRE_A, "change"))
        store.clock.pass_(minutes=25)  # type: ignore[attr-defined]  # the still clock of the tests


def views(store: Store) -> int:
    with store._engine.connect() as connection:  # the audit has no reader yet
        return int(connection.exec_driver_sql("SELECT count(*) FROM audit WHERE event LIKE 'view: %'").scalar() or 0)


def test_the_overview_says_what_everybody_should_know(page: PersonPage) -> None:
    shown = visible_words(page)
    for words in (
        "Ngozi Okafor", "14 March 1986", "999 004 0109", "In Ngozi’s words", "Told to Maya Lindqvist, 12 August 2026",
        "8 needs, 2 not met yet", "Wednesday 2 December, 2:30pm",
        "Maya Lindqvist, Centre A, Quiet room. 50 minutes.", "Slip in large print given 23 November.",
        "Sleep through most nights", "Next: blackout curtain, Ngozi, by 30 Nov", "Chidi Okafor",
        "Do not share the plan", "Show all 5",
    ):  # fmt: skip
        assert words in shown
    read = words_on(page)
    for words in (
        "Sleep, In the plan, 3 bad nights a week", "Asthma, Not met yet, review asked for", "Review 11 days late",
        "2 of 3 done", "Large print", "Quiet room", "Text, do not phone",
        "Ticket A11, waiting 27 minutes", "Council will ask the landlord to wait",
    ):  # fmt: skip
        assert words in read


def test_opening_is_written_down_once_and_looking_again_is_not(page: PersonPage, filled: Store) -> None:
    once = views(filled)
    assert once == 2, "the details and the clinical record"
    page.refresh()
    page.open_tab("details")
    change_at_once(filled, email="n@example.org")
    assert views(filled) == once
    page.leave()
    with page.desk.practice.opening("KeysPlace"):
        pass
    with page.desk.practice.opening("PersonPlace", NGOZI.person):
        page.show_place(NGOZI)
    assert views(filled) == 2 * once


def test_the_papers_a_person_may_ask_for_are_offered_to_those_who_may_print_them(
    opened: Callable[..., PersonPage], filled: Store, around: centre.Around
) -> None:
    page = opened(PersonPage, PersonPlace(centre.NGOZI, "documents"))
    own = page.documents.own
    assert not own.who_opened.isEnabled()
    assert own.everything.accessibleDescription() == (
        "Your role cannot give a person a copy of their record. Ask: team manager or privacy officer."
    )
    sunita = UUID(int=0x51)
    manager = Staff(given_name="Sunita", family_name="Marsh", role=Role.TEAM_MANAGER, centre=centre.CENTRE_A)
    filled.write([create(sunita, manager)], [], Author(None, None, "t"))
    page = opened(PersonPage, PersonPlace(centre.NGOZI, "documents"), sunita)
    page.documents.own.who_opened.click()
    page.documents.own.everything.click()
    assert around.went[-2:] == [PreviewPlace("who_opened", centre.NGOZI), PreviewPlace("everything", centre.NGOZI)]


def test_start_appointment_calls_the_person_and_asks(page: PersonPage, filled: Store, around: centre.Around) -> None:
    press("Ctrl+Enter")
    assert around.went == [AssessmentPlace(centre.NGOZI, "dialog", centre.VISIT)]
    visit = reception.visit_today(centre.practice(filled), centre.NGOZI)
    assert visit is not None
    assert visit.value.state is VisitState.WITH_SOMEONE


def test_print_and_the_plan_have_their_own_places(page: PersonPage, around: centre.Around) -> None:
    press("Ctrl+p")
    page.open_tab("plan")
    assert around.went == [PreviewPlace("plan", centre.NGOZI), PlanPlace(centre.NGOZI)]
    assert page.tabs.current() == "overview"


def test_a_need_can_be_added(filled: Store, page: PersonPage) -> None:
    from livingwell_desktop.domain.assessments import NeedGroup

    assessments.add_need(centre.practice(filled), centre.NGOZI, NeedGroup.SOCIAL, "Bus pass", "runs out in May")
    assert "9 needs, 3 not met yet" in visible_words(page)
    assert "Bus pass, Not met yet, runs out in May" in words_on(page)


def test_the_whole_story_can_be_shown(page: PersonPage) -> None:
    assert "DIALOG completed" not in words_on(page.overview.story)
    button(page, "show all").click()
    assert "DIALOG completed. Two areas chosen to work on" in words_on(page.overview.story)


def test_visits_come_a_page_at_a_time(opened: Opened, filled: Store) -> None:
    from datetime import date, timedelta

    from livingwell_desktop.domain.sessions import Visit

    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(PAGE + 20)]
    visits = [create(uuid4(), Visit(person=centre.NGOZI, on=day, state=VisitState.DONE)) for day in days]
    for start in range(0, len(visits), 100):
        filled.write(visits[start : start + 100], [], Author(centre.MAYA, centre.CENTRE_A, "demo"))
    page = opened(PersonPage, PersonPlace(centre.NGOZI, "visits"))
    assert page.visits.count.text() == "The newest 100 of 122"
    button(page, "show more visits").click()
    assert page.visits.count.text() == "122 in all"
    assert page.visits.rows.model.rowCount() == 122


def test_an_assessment_can_be_opened_and_read(opened: Opened, around: centre.Around) -> None:
    page = opened(PersonPage, PersonPlace(centre.NGOZI, "assessments"))
    assert "My life 3.4. My treatment 4.7" in words_on(page.assessments.rows)
    page.assessments.rows.setFocus()
    press("Enter")
    assert "How satisfied are you with your accommodation? 3, Fairly dissatisfied" in words_on(page.assessments.answers)
    button(page, "print picture").click()
    assert around.went == [PreviewPlace("change_picture", centre.NGOZI, centre.RESPONSE)]
    press("Escape")
    assert page.assessments.stack.currentIndex() == 0
    button(page, "ask phq9").click()
    assert around.went[-1] == AssessmentPlace(centre.NGOZI, "phq9", centre.VISIT)


def test_sharing_and_papers_are_said_in_words(opened: Opened) -> None:
    page = opened(PersonPage, PersonPlace(centre.NGOZI, "sharing"))
    assert "Thames Reach. Shared In part. What Goals and actions" in words_on(page.sharing.now)
    page.open_tab("documents")
    assert "Appointment slip, Large print. Given Today, 9:05am, Printed" in words_on(page.documents.rows)
    assert "K7QX-22" in words_on(page.documents.rows)


CLINICAL = (
    "sleep", "3 bad nights", "medication", "asthma", "benefit stopped", "i want to keep my flat", "in ngozi’s words",
    "housing options", "council will ask", "dialog", "v3", "sew", "blackout", "review 11", "damp", "satisfied",
)  # fmt: skip


def test_reception_sees_nothing_clinical_anywhere_on_the_page(opened: Opened, filled: Store) -> None:
    page = opened(PersonPage, NGOZI, centre.ROSA)
    for tab in ("overview", "visits", "assessments", "plan", "details", "sharing", "documents", "overview"):
        page.open_tab(tab)
        said = words_on(page).casefold().replace("sewing group, first time", "")
        said = said.replace("came for a review of her plan", "").replace("sharing", "")
        assert [word for word in CLINICAL if word in said] == [], tab
    assert "Needs, assessments and plans are for key workers." in visible_words(page)
    page.open_tab("plan")
    assert "Needs, assessments and plans are for key workers." in visible_words(page)
    with filled._engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit WHERE event = 'refused'").scalar() == 0


def test_reception_books_or_checks_in_with_the_blue_button(
    opened: Opened, filled: Store, around: centre.Around
) -> None:
    page = opened(PersonPage, NGOZI, centre.ROSA)
    assert page.start_button.words() == "Book a place"
    press("Ctrl+Enter")
    assert around.went == [BookingsPlace(centre.NGOZI)]
    page = opened(PersonPage, PersonPlace(centre.AMARA), centre.ROSA)
    assert page.start_button.words() == "Check in"
    press("Ctrl+Enter")
    visit = reception.visit_today(centre.practice(filled), centre.AMARA)
    assert visit is not None
    assert around.went[-1] == TodayPlace(visit.id)
    assert not page.print_button.isEnabled()
    assert "Your role cannot print a care plan" in page.print_button.accessibleDescription()


def test_a_detail_is_changed_in_its_place(opened: Opened, filled: Store) -> None:
    page = opened(PersonPage, DETAILS)
    button(page, "change safe_time").click()
    focused().selectAll()  # type: ignore[attr-defined]  # a line edit
    type_in("After 6pm")
    press("Enter")
    assert ngozi(filled).safe_time == "After 6pm"
    assert "After 6pm" in visible_words(page)
    assert page.details.rows["safe_time"].editor is None


def test_a_detail_that_needs_mending_says_how_and_keeps_what_was_typed(opened: Opened, filled: Store) -> None:
    page = opened(PersonPage, DETAILS)
    for name, typed, said in (
        ("phone", "0770", "Enter"), ("postcode", "NOWHERE", "postcode"), ("nhs_number", "999 004 0100", "NHS number"),
    ):  # fmt: skip
        button(page, f"change {name}").click()
        focused().selectAll()  # type: ignore[attr-defined]  # a line edit
        type_in(typed)
        press("Enter")
        row = page.details.rows[name]
        assert row.frame is not None
        assert said in row.frame.error_text()
        assert row.raw() == typed
        press("Escape")
        assert row.editor is None
    button(page, "change born").click()
    page.details.rows["born"].editor.set_value("31", "2", "1986")  # type: ignore[union-attr]  # it is open
    button(page, "save born").click()
    assert page.details.rows["born"].frame.error_text()  # type: ignore[union-attr]  # it is open
    assert ngozi(filled) == centre.NGOZI_OKAFOR


def test_a_change_that_arrives_while_typing_never_overwrites_it(opened: Opened, filled: Store) -> None:
    page = opened(PersonPage, DETAILS)
    button(page, "change phone").click()
    focused().selectAll()  # type: ignore[attr-defined]  # a line edit
    type_in("07700 900 341")
    change_at_once(filled, email="new@example.org")
    row = page.details.rows["phone"]
    assert row.raw() == "07700 900 341"
    assert "new@example.org" in visible_words(page)
    assert not row.changed_meanwhile.isVisibleTo(page)
    change_at_once(filled, phone="07700 900 314", phone_e164="+447700900314")
    assert row.raw() == "07700 900 341"
    assert "Tunde Bakare changed this to “07700 900 314” while you were typing." in visible_words(page)
    button(page, "save phone").click()
    assert "Two people changed Ngozi’s phone" in visible_words(page)
    held = filled.get(Person, centre.NGOZI)
    assert held is not None
    assert {each.value for each in held.conflicts["phone"]} == {"07700 900 341", "07700 900 314"}


def test_typing_survives_the_page(opened: Opened, filled: Store) -> None:
    page = opened(PersonPage, DETAILS)
    button(page, "change address").click()
    focused().selectAll()  # type: ignore[attr-defined]  # a line edit
    type_in("9 Acre Lane")
    page.leave()
    again = opened(PersonPage, DETAILS)
    assert again.details.rows["address"].raw() == "9 Acre Lane"
    button(again, "save address").click()
    assert ngozi(filled).address == "9 Acre Lane"
    assert people.typing_of(centre.practice(filled), centre.NGOZI) is None


@pytest.mark.parametrize(("key", "phone", "e164"), [("1", "341", "341"), ("2", "314", "314"), ("3", "355", "355")])
def test_a_question_between_desks_is_settled_by_each_key(
    opened: Opened, filled: Store, key: str, phone: str, e164: str
) -> None:
    two_phones(filled)
    page = opened(PersonPage, DETAILS)
    shown = visible_words(page)
    assert "Two people changed Ngozi’s phone" in shown
    assert "It was 07700 900 118. No desk knew of the other’s change. Which is right?" in shown
    read = words_on(page.details)
    assert "07700 900 341, written by Rosa Mensah, Certitude" in read
    assert "07700 900 314, written by Tunde Bakare, Lambeth Council" in read
    press(key)
    if key == "3":
        type_in("07700 900 355")
    press("Enter")
    held = filled.get(Person, centre.NGOZI)
    assert held is not None
    assert not held.conflicts
    assert (held.value.phone, held.value.phone_e164) == (f"07700 900 {phone}", f"+447700900{e164}")
    assert "Two people changed" not in visible_words(page)


def test_a_third_value_that_is_no_phone_number_is_not_taken(opened: Opened, filled: Store) -> None:
    two_phones(filled)
    page = opened(PersonPage, DETAILS)
    press("3")
    type_in("12")
    press("Enter")
    row = page.details.rows["phone"]
    assert row.strip is not None
    assert row.strip.errors.isVisibleTo(page)
    assert row.strip.strip.another.text() == "12"
    held = filled.get(Person, centre.NGOZI)
    assert held is not None
    assert "phone" in held.conflicts


def test_a_question_can_be_decided_later_and_taken_up_again(opened: Opened, filled: Store) -> None:
    two_phones(filled)
    page = opened(PersonPage, DETAILS)
    row = page.details.rows["phone"]
    assert row.strip is not None
    row.strip.strip.later_button.click()
    assert "Two desks wrote different things" in visible_words(page)
    assert "Two people changed" not in visible_words(page)
    button(page, "change phone").click()
    assert "Two people changed Ngozi’s phone" in visible_words(page)


def test_changes_of_another_desk_that_needed_nobody_are_told(
    opened: Opened, filled: Store, new_store: Callable[..., Store]
) -> None:
    other = new_store("other")
    other.receive([prepare(n, each.change) for n, each in enumerate(filled.unsent(1000), 1)], "from here")
    page = opened(PersonPage, DETAILS)
    change_at_once(other, email="new@example.org", safe_time="Before noon")
    filled.receive([prepare(1, each.change) for each in other.unsent(10)], "from there")
    assert "Two changes joined by themselves: email and safe time, from Tunde Bakare on another desk." in visible_words(
        page
    )


def test_names_dates_and_numbers_are_hidden_on_demand(page: PersonPage) -> None:
    page.desk.masking.turn(True)
    for tab in ("overview", "visits", "assessments", "details", "sharing", "documents"):
        page.open_tab(tab)
        shown = visible_words(page)
        for private in ("Ngozi", "Okafor", "1986", "900 118", "999 004", "Chidi", "Ferndale"):
            assert private not in shown, (tab, private)
    assert "N O" in visible_words(page)


def test_a_person_with_very_many_contacts_shows_the_first_few(opened: Opened, filled: Store) -> None:
    many = [create(uuid4(), Contact(person=centre.NGOZI, name=f"Friend {n}", position=9)) for n in range(150)]
    filled.write(many, [], Author(centre.MAYA, centre.CENTRE_A, "demo"))
    page = opened(PersonPage, NGOZI)
    shown = visible_words(page)
    assert "152 people" in shown
    assert shown.count("Friend") == 2


def test_a_record_that_is_not_on_this_desk_says_so(opened: Opened) -> None:
    page = opened(PersonPage, PersonPlace(UUID(int=5)))
    assert "This record is not on this desk" in visible_words(page)


def test_a_person_of_whom_almost_nothing_is_known_can_be_opened(opened: Opened, filled: Store) -> None:
    nobody = UUID(int=77)
    filled.write([create(nobody, replace(Person(), given_name="Kit"))], [], Author(None, None, "demo"))
    page = opened(PersonPage, PersonPlace(nobody))
    shown = visible_words(page)
    assert "No plan yet." in shown
    assert "Nothing is booked." in shown
    assert not page.print_button.isEnabled()
    for tab in ("visits", "assessments", "details", "sharing", "documents"):
        page.open_tab(tab)
