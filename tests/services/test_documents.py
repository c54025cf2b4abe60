"""Papers from the registry: what they need is fetched, who may print them, who was given one."""

import io
from datetime import UTC, date, datetime, time

import pytest
from pypdf import PdfReader

from livingwell_desktop.domain.assessments import QuestionnaireResponse
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.notes import DocumentGiven, GivenBy
from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.sessions import Booking, Session, Visit
from livingwell_desktop.printing.documents import documents as papers
from livingwell_desktop.services import documents
from livingwell_desktop.services.documents import PaperChoice
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Store
from tests.ui.care_plan.ngozi import fill, with_plan
from tests.ui.people import centre
from tests.ui.people.centre import CENTRE_A, NGOZI, uid

SESSION, BOOKING, VISIT, BEFORE, NOW = uid(201), uid(202), uid(203), uid(204), uid(205)


@pytest.fixture
def maya(store: Store) -> Practice:
    """Maya, with a plan, a booking, a visit and two assessments of Ngozi."""
    fill(store)
    with_plan(store)
    answers = {"mental_health": 3, "accommodation": 2}
    centre.fill(
        store,
        [
            (SESSION, Session(centre=CENTRE_A, on=date(2026, 12, 2), starts=time(14), ends=time(18))),
            (BOOKING, Booking(person=NGOZI, session=SESSION, centre=CENTRE_A, on=date(2026, 12, 2), at=time(14, 30))),
            (VISIT, Visit(person=NGOZI, centre=CENTRE_A, on=date(2026, 11, 23), ticket="A12", session=SESSION)),
            (BEFORE, QuestionnaireResponse(
                person=NGOZI, questionnaire="dialog", answers=answers, authored_at=datetime(2026, 8, 12, 9, tzinfo=UTC)
            )),
            (NOW, QuestionnaireResponse(
                person=NGOZI, questionnaire="dialog", answers=answers | {"mental_health": 5},
                authored_at=datetime(2026, 11, 23, 10, 40, tzinfo=UTC), chosen=("accommodation",),
            )),
        ],
    )  # fmt: skip
    return centre.practice(store)


RECORD = {"plan": None, "ticket": VISIT, "booking_slip": BOOKING, "change_picture": NOW}


def words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("name", RECORD)
def test_what_a_paper_asks_for_is_fetched(maya: Practice, name: str) -> None:
    prepared = documents.prepare(maya, name, NGOZI, RECORD[name])
    assert prepared.pdf.startswith(b"%PDF")
    assert prepared.person is not None
    assert prepared.person.id == NGOZI


def test_a_slip_says_day_and_ticket_from_the_record_that_was_named(maya: Practice) -> None:
    assert "2 December" in words(documents.prepare(maya, "booking_slip", None, BOOKING).pdf)
    assert "A12" in words(documents.prepare(maya, "ticket", None, VISIT).pdf)


def test_the_plan_names_the_next_appointment_and_the_key_worker(maya: Practice) -> None:
    said = words(documents.prepare(maya, "plan", NGOZI).pdf)
    assert "Maya Lindqvist" in said
    assert "2:30pm" in said


def test_a_format_the_paper_does_not_have_falls_back_and_large_print_takes_a_size(maya: Practice) -> None:
    easy = PaperChoice(PrintFormat.EASY_READ)
    assert documents.prepare(maya, "ticket", NGOZI, VISIT, easy).format is PrintFormat.STANDARD
    large = documents.prepare(maya, "plan", NGOZI, None, PaperChoice(PrintFormat.LARGE_PRINT, 24))
    assert (large.format, large.size) == (PrintFormat.LARGE_PRINT, 24)


def test_clinical_papers_are_for_those_who_plan_care_and_slips_for_everybody_at_the_front(maya: Practice) -> None:
    found = {paper.name: documents.act_for(paper) for paper in papers()}
    slips = {name for name, act in found.items() if act is Act.PRINT_SLIP}
    assert slips == {"ticket", "booking_slip"}
    rosa = centre.practice(maya.whole, centre.ROSA)
    assert documents.prepare(rosa, "booking_slip", NGOZI, BOOKING).pdf
    with pytest.raises(Problem, match="You cannot do this"):
        documents.prepare(rosa, "plan", NGOZI)


def test_what_is_not_on_this_desk_is_said(maya: Practice) -> None:
    with pytest.raises(Problem, match="This paper cannot be made yet"):
        documents.prepare(maya, "earlier_plan", NGOZI)


def test_a_given_paper_is_recorded_with_its_wording(maya: Practice) -> None:
    prepared = documents.prepare(maya, "plan", NGOZI)
    documents.given(maya, prepared, GivenBy.EMAIL, " Chidi Okafor ", 1)
    held = documents.copies_of(maya, NGOZI, "plan")[0].value
    assert held == DocumentGiven(
        person=NGOZI,
        document="plan",
        version="1",
        format="standard",
        how=GivenBy.EMAIL,
        given_to="Chidi Okafor",
        given_at=maya.now(),
        given_by=maya.staff.id,
        check_code=prepared.check_code,
    )
    with pytest.raises(Problem, match="There is a problem"):
        documents.given(maya, prepared, GivenBy.POST, " ")
