"""Everything about Ngozi Okafor, as pictures 03, 04 and 05 tell it. She does not exist."""

from datetime import time, timedelta
from uuid import UUID

from installer.demo.care import AREAS, DIALOG_VERSION
from installer.demo.making import Making
from installer.demo.numbers import london_phone, mobile
from installer.demo.people import Folk
from installer.demo.pictured import JO, LEO, MAYA, PRIYA, TUNDE
from installer.demo.planning import Agreed, PlannedAction, PlannedGoal, add_plan
from installer.demo.staff import CERTITUDE, COUNCIL, SLAM, THAMES_REACH, Workplace
from livingwell_desktop.domain.assessments import Answer, Need, NeedGroup, NeedState, QuestionnaireResponse
from livingwell_desktop.domain.dates import day_and_month, short_date
from livingwell_desktop.domain.notes import DocumentGiven, GivenBy, Note
from livingwell_desktop.domain.people import AboutMe, Contact, Section, SharingAgreement
from livingwell_desktop.domain.plans import ActionState, AgreementAnswer
from livingwell_desktop.domain.sessions import Booking, BookingState, Visit, VisitState

OWN_WORDS = "I want to keep my flat, sleep through the night and get back to sewing."
MOST_IMPORTANT = f"{OWN_WORDS} Please tell me before you ring my landlord."
_RATINGS = (
    ((10, 2), (2, 4, 2, 3, 1, 5, 2, 5, 3, 3, 5)),
    ((13, 5), (2, 4, 2, 4, 2, 4, 3, 5, 4, 3, 6)),
    ((12, 8), (3, 4, 2, 3, 2, 5, 3, 5, 4, 4, 6)),
)
"""Day and month of each DIALOG, and the ratings in the order of `AREAS_IN_ORDER`."""

AREAS_IN_ORDER = (
    "mental_health", "physical_health", "job_situation", "accommodation", "leisure_activities", "partner_family",
    "friendships", "personal_safety", "medication", "practical_help", "meetings",
)  # fmt: skip
_SHARED = {
    SLAM: (Section.GOALS_AND_ACTIONS, Section.ABOUT_ME, Section.HEALTH, Section.SAFETY_PLAN),
    COUNCIL: (Section.GOALS_AND_ACTIONS, Section.ABOUT_ME, Section.MONEY),
    CERTITUDE: (Section.GOALS_AND_ACTIONS, Section.ABOUT_ME, Section.MONEY, Section.SAFETY_PLAN),
    THAMES_REACH: (Section.GOALS_AND_ACTIONS,),
}
_VISITS = (
    (10, 2, 10, "First DIALOG", "Seen. She chose sleep to work on"),
    (3, 3, 11, "Help with a benefits form", "Seen. Form filled in together"),
    (24, 3, 10, "Not sleeping", "Seen. Given a page about sleep"),
    (21, 4, 14, "Damp at home", "Seen. Wrote to repairs together"),
    (13, 5, 10, "DIALOG and joint care plan, version 2", "Seen. Plan agreed"),
    (2, 6, 11, "Medication letter", "Seen. Letter given"),
    (30, 6, 10, "Wants to talk", "Seen"),
    (21, 7, 12, "Letter from the council", "Seen. Rang the council together"),
    (
        12, 8, 10, "DIALOG and joint care plan, version 3",
        "Agreed by Ngozi and three organisations. She chose sleep and housing to work on",
    ),
)  # fmt: skip
_NOTES = (
    (17, 2, 15, 0, MAYA, "Talked about sleep", "Wakes at three most nights. Worries about the rent.", "phone"),
    (10, 3, 9, 30, PRIYA, "Asked about groups", "Used to sew. Would like company, not too many people.", "phone"),
    (7, 4, 16, 0, MAYA, "Text about the blood test", "Booked for next week. She goes on her own.", "text"),
    (28, 4, 13, 15, TUNDE, "Damp report sent", "Repairs have the photos. They answer within a month.", "email"),
    (19, 5, 10, 0, MAYA, "Looked at the plan together", "Happy with it. Wants to start with sleep.", "Centre A"),
    (9, 6, 14, 45, LEO, "Evening tablet", "A smaller dose to try. Look at it again in the autumn.", "Centre A"),
    (14, 7, 11, 0, JO, "Went to the law centre", "First advice. The letter from the landlord is kept.", "outside"),
    (28, 7, 15, 30, MAYA, "Carer’s check for her mother", "Done. A neighbour comes on Mondays now.", "at home"),
    (4, 11, 11, 0, PRIYA, "Sewing group, first time", "Stayed for the whole session. Wants to come again.", "Centre A"),
)
STORY_LENGTH = 26
"""Visits, notes, assessments and plan versions together, as the picture counts them."""


def add_ngozi(making: Making, work: Workplace, folk: Folk) -> None:
    """Add her assessments, needs, plan, contacts, story and next appointment."""
    person, maya, centre = folk.pictured["Ngozi Okafor"], work.staff[MAYA], work.centres[0]
    _add_story(making, work, person)
    needs = _add_needs(making, person, maya, centre, _add_assessments(making, person, maya, centre))
    _add_plan(making, work, person, needs)
    _add_who_matters(making, work, person)
    _add_next_appointment(making, work, person)


def _add_story(making: Making, work: Workplace, person: UUID) -> None:
    reception, centre = work.receptions[0], work.centres[0]
    for day, month, hour, reason, outcome in _VISITS:
        arrived = making.at(day, month, hour)
        visit = Visit(
            person=person, centre=centre, on=making.day(day, month), ticket=f"A{day:02}", arrived_at=arrived,
            reason=reason, sees=work.staff[MAYA], where="Room 2", state=VisitState.DONE,
            called_at=arrived + timedelta(minutes=6), ended_at=arrived + timedelta(minutes=55), outcome=outcome,
        )  # fmt: skip
        making.add(visit, arrived, reception, centre)
    last_day = making.day(5, 1, 2027)
    notice = day_and_month(last_day, last_day)
    housing = (
        19, 11, 14, 5, TUNDE, "Housing options talk with Tunde Bakare",
        f"Notice runs to {notice}. Council will ask the landlord to wait.", "phone",
    )  # fmt: skip
    for day, month, hour, minute, name, title, words, place in (*_NOTES, housing):
        staff = work.staff[name]
        note = Note(
            person=person, at=making.at(day, month, hour, minute), title=title, words=words, staff=staff,
            organisation=work.organisation_of[staff], place=place,
        )  # fmt: skip
        making.add(note, making.at(day, month, hour, minute), staff, centre)


def _add_assessments(making: Making, person: UUID, maya: UUID, centre: UUID) -> UUID:
    response = None
    for (day, month), ratings in _RATINGS:
        answers: dict[str, Answer] = dict(zip(AREAS_IN_ORDER, ratings, strict=True))
        chosen: tuple[str, ...] = ("mental_health",)
        if month == 8:
            answers |= {"mental_health.help": True, "accommodation.help": True}
            answers["accommodation.note"] = "Fine if the damp gets sorted."
            answers["mental_health.note"] = "Three bad nights a week."
            chosen = ("mental_health", "accommodation")
        at = making.at(day, month, 10, 20)
        value = QuestionnaireResponse(
            person=person, questionnaire="dialog", version=DIALOG_VERSION, answers=answers, chosen=chosen,
            author=maya, authored_at=at,
        )  # fmt: skip
        response = making.add(value, at, maya, centre)
    if response is None:
        raise RuntimeError("there are no ratings")
    return response


def _add_needs(making: Making, person: UUID, maya: UUID, centre: UUID, response: UUID) -> dict[str, UUID]:
    def short(day: int, month: int, year: int = 2026) -> str:
        return short_date(making.day(day, month, year))

    clinical, social, housing = NeedGroup.CLINICAL, NeedGroup.SOCIAL, NeedGroup.HOUSING_AND_LEGAL
    in_plan, met, not_met = NeedState.IN_PLAN, NeedState.BEING_MET, NeedState.NOT_MET
    rows = (
        (clinical, "Sleep", "3 bad nights a week", in_plan, "mental_health"),
        (clinical, "Medication", f"blood test {short(9, 12)}", met, "medication"),
        (clinical, "Asthma", "review asked for", not_met, "physical_health"),
        (social, "Company", "sewing, Tuesdays", in_plan, "friendships"),
        (social, "Money", "benefit stopped", not_met, "practical_help"),
        (social, "Caring for her mother", "carer’s check done", met, "partner_family"),
        (housing, "Keeping the flat", f"notice to {short(5, 1, 2027)}", in_plan, "accommodation"),
        (housing, "Damp in the bedroom", "council visit booked", in_plan, ""),
    )
    found, at = dict[str, UUID](), making.at(12, 8, 10, 40)
    for position, (group, title, detail, state, area) in enumerate(rows):
        need = Need(
            person=person, group=group, title=title, detail=detail, state=state, area=area,
            response=response if area in AREAS else None, recorded_on=making.day(12, 8), position=position * 10,
        )  # fmt: skip
        found[title] = making.add(need, at, maya, centre)
    return found


def _add_plan(making: Making, work: Workplace, person: UUID, needs: dict[str, UUID]) -> None:
    done, doing, not_started = ActionState.DONE, ActionState.DOING, ActionState.NOT_STARTED

    def action(what: str, owner: str, day: int, month: int, state: ActionState) -> PlannedAction:
        return PlannedAction(what, owner, making.day(day, month), state)

    notice = making.day(5, 1, 2027)
    goals = (
        PlannedGoal(
            "I want to keep my flat.", f"Housing: notice to leave by {day_and_month(notice, notice)}",
            "housing_and_legal", 10, 5,
            (
                action("Ask the landlord to wait until the hearing", TUNDE, 25, 11, doing),
                action("Go with Ngozi to the law centre", JO, 27, 11, not_started),
                action("Bring the letter and the rent book", "", 25, 11, done),
                action("Send the damp report to repairs", TUNDE, 16, 11, not_started),
            ),
            needs["Keeping the flat"],
        ),
        PlannedGoal(
            "Sleep through most nights.", "Clinical: broken sleep", "clinical", 9, 6,
            (
                action("Review the evening tablet", LEO, 2, 12, doing),
                action("Put up the blackout curtain", "", 30, 11, not_started),
                action("Night-time plan, one page", MAYA, 12, 11, done),
            ),
            needs["Sleep"],
        ),
        PlannedGoal(
            "Sew with other people again.", "Social: company", "social", 7, 8,
            (action("Sewing group, first time", PRIYA, 4, 11, done),), needs["Company"],
        ),
    )  # fmt: skip
    agreed = AgreementAnswer.AGREED
    answers = (
        ("", agreed, "signed on screen", ""),
        (MAYA, agreed, "in the room", ""),
        (TUNDE, agreed, "by phone", ""),
        (PRIYA, agreed, "on her desk", ""),
        (JO, AgreementAnswer.ASKED, "by email", ""),
    )
    earlier = (making.at(17, 2, 11), making.at(13, 5, 11))
    add_plan(
        making, work, person, work.staff[MAYA], work.centres[0], OWN_WORDS, making.day(12, 11), goals,
        Agreed(making.at(12, 8, 10, 50), answers, becomes_version=3), earlier,
    )  # fmt: skip


def _add_who_matters(making: Making, work: Workplace, person: UUID) -> None:
    at, maya, centre = making.at(12, 8, 10, 30), work.staff[MAYA], work.centres[0]
    about = AboutMe(person=person, most_important=MOST_IMPORTANT, told_to=maya, told_on=making.day(12, 8))
    chidi = Contact(
        person=person, name="Chidi Okafor", relationship="Brother", roles=("emergency contact",), phone=mobile(265),
        may_contact=True, may_share=True, when="Phone any time",
    )  # fmt: skip
    ebele = Contact(
        person=person, name="Ebele Okafor", relationship="Mother", phone=london_phone(18), may_contact=True,
        may_share=False, when="", position=10,
    )  # fmt: skip
    for value in (about, chidi, ebele):
        making.add(value, at, maya, centre)
    for name, sections in _SHARED.items():
        agreement = SharingAgreement(
            person=person, organisation=work.organisations[name], sections=sections, how="written",
            decided_on=making.day(12, 8), recorded_by=maya, review_on=making.day(12, 2, 2027),
        )  # fmt: skip
        making.add(agreement, at, maya, centre)
    paper = DocumentGiven(
        person=person, document="plan", version="3", format="large_print", how=GivenBy.PRINTED,
        given_to="Ngozi Okafor", given_at=making.at(12, 8, 10, 58), given_by=maya,
    )  # fmt: skip
    making.add(paper, making.at(12, 8, 10, 58), maya, centre)


def _add_next_appointment(making: Making, work: Workplace, person: UUID) -> None:
    at, centre, reception = making.this_morning(10, 17), work.centres[0], work.receptions[0]
    booking = Booking(
        person=person, centre=centre, on=making.day(2, 12), at=time(14, 30), until=time(15, 20),
        reason="Review of plan", sees=work.staff[MAYA], where="Quiet room", state=BookingState.BOOKED, made_at=at,
    )  # fmt: skip
    making.add(booking, at, reception, centre)
    slip = DocumentGiven(
        person=person, document="booking_slip", format="large_print", how=GivenBy.PRINTED, given_to="Ngozi Okafor",
        given_at=at, given_by=reception,
    )  # fmt: skip
    making.add(slip, at, reception, centre)
