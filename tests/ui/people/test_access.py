"""Who may see a record, on the person's page and in Attention: what it says, and every sheet by key and click."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.emergency_opening import EmergencyOpening, OpeningReview, ReviewOutcome
from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.people import Decision, Person, Section, SharingAgreement
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.records import kind_of
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services import emergency
from livingwell_desktop.storage import Author, Store, create, edit
from livingwell_desktop.ui.pages import AttentionPlace, PersonPlace
from livingwell_desktop.ui.people import AttentionPage, PersonPage
from livingwell_desktop.ui.widgets import ask
from livingwell_desktop.ui.widgets.choices import RadioCards, TickBox
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, DateFields, TextArea, TextField
from tests.ui.people import centre
from tests.ui.people.centre import COUNCIL, NGOZI, PRIYA, TUNDE
from tests.ui.people.keys import can_be_seen, press, visible_words
from tests.ui.widgets.answers import Answers

Opened = Callable[..., PersonPage]
FAR = centre.uid(901)
"""Somebody who comes to another centre, and whom nobody here knows."""


@pytest.fixture
def answers() -> Answers:
    made = Answers()
    ask.use(made)
    yield made
    ask.use(None)
    made.check()


@pytest.fixture
def filled(filled: Store) -> Store:
    far = [
        (FAR, Person(given_name="Bola", family_name="Ade", address="9 Far Road")),
        (centre.uid(902), Visit(person=FAR, centre=centre.uid(903), on=date(2026, 11, 20), ticket="Z1")),
    ]
    centre.fill(filled, far)
    return filled


def with_role(store: Store, staff: UUID, role: Role) -> None:
    held = store.get(Staff, staff)
    assert held is not None
    store.write([edit(held, role=role)], [], Author(None, None, "made up"))


def field(body: QWidget, kind: type, name: str) -> object:
    found = body.findChild(kind, name)
    assert found is not None, name
    return found


def run(page: PersonPage | AttentionPage, name: str) -> None:
    """An action of the palette."""
    action = next(each for each in page.actions_here() if each.name == name)
    assert not action.reason, action.reason
    action.run()


def reason(page: PersonPage, name: str) -> str:
    return next(each.reason for each in page.actions_here() if each.name == name)


def errors(body: QWidget) -> list[str]:
    return [each.error_text() for each in body.findChildren(FieldFrame) if each.error_text()]


def test_the_page_always_says_what_is_shared_with_whom(opened: Opened) -> None:
    page = opened(PersonPage, PersonPlace(NGOZI))
    said = (
        "Shares everything with SLaM, Lambeth Council and Certitude. "
        "Shares in part with Thames Reach (goals and actions)."
    )
    for key in ("Ctrl+1", "Ctrl+2", "Ctrl+5", "Ctrl+7"):
        press(key)
        assert said in visible_words(page)
    press("Ctrl+6")
    assert can_be_seen(page.sharing.now, page), "the details are one key away"


def test_what_the_person_says_is_written_down_in_a_sheet(opened: Opened, filled: Store, answers: Answers) -> None:
    page = opened(PersonPage, PersonPlace(NGOZI, "sharing"))

    def fill(body: QWidget) -> None:
        field(body, ChoiceField, "organisation").set_code(str(COUNCIL))
        field(body, TickBox, "part about_me").setChecked(True)
        field(body, RadioCards, "how it was said").set_code("written")
        field(body, DateFields, "ask again on").set_value("1", "3", "2027")

    answers.expect("What may be shared", True, fill)
    page.sharing.add_button.click()
    assert "in part with Lambeth Council (about me)" in visible_words(page)
    said = [held.value for held in filled.find(SharingAgreement, person=NGOZI)]
    (newest,) = [each for each in said if each.review_on]
    assert (newest.sections, newest.how, newest.review_on) == ((Section.ABOUT_ME,), "written", date(2027, 3, 1))


def test_a_sheet_says_what_is_missing_and_stays(opened: Opened, filled: Store, answers: Answers) -> None:
    page = opened(PersonPage, PersonPlace(NGOZI, "sharing"))
    before = filled.count(SharingAgreement)
    answers.expect("What may be shared", True)
    run(page, "Write down what they share")
    assert errors(answers.bodies[-1]) == ["Choose an organisation."]

    def parts(body: QWidget) -> None:
        field(body, ChoiceField, "organisation").set_code(str(COUNCIL))

    answers.expect("What may be shared", True, parts)
    run(page, "Write down what they share")
    assert errors(answers.bodies[-1]) == ["No part is chosen. Choose the parts that the person shares."]
    assert filled.count(SharingAgreement) == before


def test_an_answer_is_taken_back(opened: Opened, filled: Store, answers: Answers) -> None:
    page = opened(PersonPage, PersonPlace(NGOZI))

    def fill(body: QWidget) -> None:
        field(body, ChoiceField, "organisation").set_code(str(COUNCIL))
        field(body, RadioCards, "answer").cards[2].setChecked(True)

    answers.expect("What may be shared", True, fill)
    run(page, "Write down what they share")
    said = [held.value.decision for held in filled.find(SharingAgreement, person=NGOZI, organisation=COUNCIL)]
    assert said == [Decision.GIVEN, Decision.WITHDRAWN]
    assert "Does not share with Lambeth Council." in visible_words(page)


def test_reception_reads_it_and_cannot_change_it(opened: Opened) -> None:
    page = opened(PersonPage, PersonPlace(NGOZI, "sharing"), centre.ROSA)
    assert "Shares everything with SLaM" in visible_words(page)
    assert page.sharing.add_button.accessibleDescription().startswith("Your role cannot")
    assert reason(page, "Write down what they share").startswith("Your role cannot")
    assert reason(page, "Protect this person").startswith("Your role cannot")


def test_a_manager_protects_somebody_and_ends_it(opened: Opened, filled: Store, answers: Answers) -> None:
    with_role(filled, centre.MAYA, Role.TEAM_MANAGER)
    page = opened(PersonPage, PersonPlace(NGOZI))

    def fill(body: QWidget) -> None:
        field(body, ChoiceField, "why").set_code("stalked")
        field(body, TextField, "reference").set_text("Dana")

    answers.expect("Protect Ngozi", True)
    run(page, "Protect this person")
    assert errors(answers.bodies[-1]) == ["There is no reference. Agree on a name with the person, like Dana."]
    answers.expect("Protect Ngozi", True, fill)
    run(page, "Protect this person")
    assert "Nobody may learn where they are. Reception knows them as “Dana”." in visible_words(page)
    answers.expect("End Ngozi’s protection?", True)
    run(page, "End the protection")
    held = filled.get(Protection, kind_of(Protection).id_for(NGOZI))
    assert held is not None
    assert not held.value.on
    assert "Protected." not in visible_words(page)


def test_a_record_of_another_centre_says_why_it_is_closed_and_is_opened_in_an_emergency(
    opened: Opened, filled: Store, answers: Answers
) -> None:
    page = opened(PersonPage, PersonPlace(FAR), TUNDE)
    assert "You are not in this person’s care team, and they do not come to your centre." in visible_words(page)
    assert "This record is not open to you." in visible_words(page)

    def fill(body: QWidget) -> None:
        field(body, ChoiceField, "why").set_code("life_in_danger")
        field(body, TextArea, "what happened").set_text("He rang and said goodbye.")

    answers.expect("Open Bola’s record in an emergency", True)
    page.access.closed.link.click()
    assert errors(answers.bodies[-1]) == ["Choose a reason."]
    answers.expect("Open Bola’s record in an emergency", True, fill)
    page.access.closed.link.click()
    (held,) = filled.find(EmergencyOpening, person=FAR)
    assert (held.value.staff, held.value.words) == (TUNDE, "He rang and said goodbye.")
    assert not can_be_seen(page.access.closed, page)
    assert can_be_seen(page.overview.needs, page)


def test_the_privacy_officer_reviews_in_attention(
    opened: Callable[..., AttentionPage], filled: Store, answers: Answers
) -> None:
    tunde = centre.practice(filled, TUNDE)
    emergency.open_record(tunde, FAR, emergency.OpeningReason.COVERING, "Stood in for a colleague on leave.")
    with_role(filled, PRIYA, Role.PRIVACY_OFFICER)
    page = opened(AttentionPage, AttentionPlace(), PRIYA)
    assert can_be_seen(page.access.openings_card, page)
    assert not can_be_seen(page.desk_card, page)

    def fill(body: QWidget) -> None:
        field(body, RadioCards, "outcome").set_code(ReviewOutcome.TALKED_ABOUT.value)
        field(body, TextField, "in words").set_text("Fine, and told why.")

    answers.expect("Review this opening", True, fill)
    press("Enter")
    assert "Stood in for a colleague" in visible_words(answers.bodies[-1])
    (held,) = filled.find(OpeningReview)
    assert (held.value.reviewed_by, held.value.outcome) == (PRIYA, ReviewOutcome.TALKED_ABOUT)
    assert not can_be_seen(page.access.openings_card, page)


def test_asking_again_is_a_task_and_opens_the_person(
    opened: Callable[..., AttentionPage], filled: Store, around: centre.Around
) -> None:
    due = SharingAgreement(
        person=NGOZI, organisation=COUNCIL, sections=(Section.ABOUT_ME,), decided_on=date(2026, 11, 1),
        review_on=date(2026, 11, 22),
    )  # fmt: skip
    filled.write([create(centre.uid(904), due)], [], Author(None, None, "made up"))
    page = opened(AttentionPage, AttentionPlace())
    assert can_be_seen(page.access.due_card, page)
    page.access.due.setFocus()
    press("Enter")
    assert around.went == [PersonPlace(NGOZI, "sharing")]


def test_names_can_be_hidden_in_the_tasks(opened: Callable[..., AttentionPage], filled: Store) -> None:
    tunde = centre.practice(filled, TUNDE)
    emergency.open_record(tunde, FAR, emergency.OpeningReason.COVERING, "Bola was in the street.")
    with_role(filled, PRIYA, Role.PRIVACY_OFFICER)
    page = opened(AttentionPage, AttentionPlace(), PRIYA)
    page.desk.masking.turn(True)
    row = page.access.openings.model.index(0)
    said = str(page.access.openings.model.data(row))
    assert "Bola" not in said
