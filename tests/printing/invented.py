"""Invented people and their records for the papers. The NHS number is a published test number."""

import dataclasses
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from livingwell_desktop.domain.audit.uses import USE_WORDS, Use
from livingwell_desktop.domain.membership import RecoveryCode
from livingwell_desktop.domain.notes import DocumentGiven, GivenBy
from livingwell_desktop.domain.organisations import Centre, Organisation, Staff
from livingwell_desktop.domain.people import Decision, Person, PrintFormat, Section, SharingAgreement
from livingwell_desktop.domain.plan_rules import plan_fingerprint
from livingwell_desktop.domain.plans import (
    Action,
    ActionState,
    AgreementAnswer,
    Goal,
    OwnerKind,
    Plan,
    PlanAgreement,
    PlanVersion,
)
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking, Session, Visit
from livingwell_desktop.printing.change_picture import ChangeAverage, ChangeLine, ChangePicture
from livingwell_desktop.printing.documents import Printed
from livingwell_desktop.printing.own_record import Everything, OpeningLine, RecordPart, WhoOpened
from livingwell_desktop.printing.plan_wording import plan_wording

NOW = datetime(2026, 11, 23, 11, 4, tzinfo=UTC)
T = TypeVar("T")


def uid(number: int) -> UUID:
    return UUID(int=0x0195C000000070008000_000000000000 + number)


def held(number: int, value: T) -> Held[T]:
    return Held(uid(number), value, (), {}, {}, NOW, None)


SLAM, COUNCIL, CERTITUDE, THAMES_REACH = (uid(number) for number in (1, 2, 3, 4))
MAYA, TUNDE, JO, PRIYA, LEO = (uid(number) for number in (11, 12, 13, 14, 15))
CENTRE_A, NGOZI, PLAN, SESSION = uid(21), uid(31), uid(32), uid(33)

ORGANISATIONS = {
    SLAM: Organisation(name="South London and Maudsley", short_name="SLaM", letters="SL"),
    COUNCIL: Organisation(name="Lambeth Council", short_name="Lambeth Council", letters="LC"),
    CERTITUDE: Organisation(name="Certitude", short_name="Certitude", letters="Ce"),
    THAMES_REACH: Organisation(name="Thames Reach", short_name="Thames Reach", letters="TR"),
}


def _staff(given: str, family: str, organisation: UUID) -> Staff:
    hours = "Monday to Friday, 9am to 5pm"
    return Staff(given_name=given, family_name=family, organisation=organisation, phone="020 7946 0127", hours=hours)


STAFF = {
    MAYA: _staff("Maya", "Lindqvist", SLAM),
    TUNDE: _staff("Tunde", "Bakare", COUNCIL),
    JO: _staff("Jo", "Castell", THAMES_REACH),
    PRIYA: _staff("Priya", "Nair", CERTITUDE),
    LEO: _staff("Leo", "Hartmann", SLAM),
}
CENTRES = {CENTRE_A: Centre(name="Centre A", address="1 Example Street", phone="020 7946 0100")}
PERSON = Person(
    given_name="Ngozi", family_name="Okafor", born=date(1986, 3, 14), nhs_number="9990040109", key_worker=MAYA
)


def _goal(number: int, words: str, about: str, group: str) -> Held[Goal]:
    return held(40 + number, Goal(person=NGOZI, plan=PLAN, words=words, about=about, group=group, position=number))


GOALS = (
    _goal(1, "I want to keep my flat.", "My home: I had a notice to leave by 5 January", "housing_and_legal"),
    _goal(2, "Sleep through most nights.", "My health: I wake up most nights", "clinical"),
    _goal(3, "Sew with other people again.", "My life: I miss people", "social"),
)


def action(number: int, goal: int, what: str, staff: UUID | None, due: date | None, state: ActionState) -> Held[Action]:
    organisation = STAFF[staff].organisation if staff else None
    kind = OwnerKind.WORKER if staff else OwnerKind.PERSON
    return held(
        100 + number,
        Action(
            person=NGOZI,
            plan=PLAN,
            goal=uid(40 + goal),
            what=what,
            owner_kind=kind,
            owner_staff=staff,
            owner_organisation=organisation,
            due=due,
            state=state,
            position=number,
        ),
    )


ACTIONS = (
    action(1, 1, "Ask the landlord to wait until the hearing", TUNDE, date(2026, 11, 25), ActionState.DOING),
    action(2, 1, "Go with me to the law centre", JO, date(2026, 11, 27), ActionState.NOT_STARTED),
    action(3, 1, "Bring the letter and the rent book", None, date(2026, 11, 25), ActionState.DONE),
    action(4, 1, "Send the damp report to repairs", TUNDE, date(2026, 11, 16), ActionState.NOT_STARTED),
    action(5, 2, "Look at my evening tablet", LEO, date(2026, 12, 2), ActionState.DOING),
    action(6, 2, "Put up the dark curtain", None, date(2026, 11, 30), ActionState.NOT_STARTED),
    action(7, 2, "Write a one-page plan for the night", MAYA, date(2026, 11, 12), ActionState.DONE),
    action(8, 3, "Sewing group every Tuesday", PRIYA, date(2026, 12, 1), ActionState.DOING),
)
THE_PLAN = held(
    32,
    Plan(
        person=NGOZI,
        in_own_words="I want to keep my flat, sleep through the night and get back to sewing.",
        review_on=date(2027, 2, 23),
        reviewer=MAYA,
    ),
)
FINGERPRINT = plan_fingerprint(plan_wording(THE_PLAN.value, GOALS, ACTIONS))


def agreement(
    number: int,
    organisation: UUID | None,
    staff: UUID | None,
    answer: AgreementAnswer,
    how: str,
    reason: str = "",
    wording: str = FINGERPRINT,
) -> Held[PlanAgreement]:
    return held(
        200 + number,
        PlanAgreement(
            person=NGOZI,
            plan=PLAN,
            organisation=organisation,
            staff=staff,
            answer=answer,
            answered_at=NOW if wording == FINGERPRINT else datetime(2026, 8, 12, 9, 30, tzinfo=UTC),
            how=how,
            reason=reason,
            fingerprint=wording,
        ),
    )


AGREED, ASKED, DECLINED = AgreementAnswer.AGREED, AgreementAnswer.ASKED, AgreementAnswer.DECLINED
OTHERS_ANSWERED = (
    agreement(2, CERTITUDE, PRIYA, AGREED, "at her desk"),
    agreement(3, COUNCIL, TUNDE, ASKED, ""),
    agreement(4, THAMES_REACH, JO, DECLINED, "by phone", reason="I am on leave on 27 Nov."),
)
PERSON_AGREED = agreement(0, None, None, AGREED, "signed on screen")
KEY_WORKER_AGREED = agreement(1, SLAM, MAYA, AGREED, "in the room")
AGREED_TO_3 = (
    agreement(8, None, None, AGREED, "in the room", wording="0" * 64),
    agreement(9, SLAM, MAYA, AGREED, "in the room", wording="0" * 64),
)
VERSION_3 = held(
    303,
    PlanVersion(
        person=NGOZI,
        plan=PLAN,
        number=3,
        agreed_on=date(2026, 8, 12),
        fingerprint="0" * 64,
        content=plan_wording(Plan(in_own_words="I want to stay where I am."), GOALS[:1], ACTIONS[:2]),
    ),
)
VERSION_4 = held(
    304,
    PlanVersion(person=NGOZI, plan=PLAN, number=4, agreed_on=date(2026, 11, 23), fingerprint=FINGERPRINT, content={}),
)


def _sharing(number: int, organisation: UUID, *sections: Section) -> Held[SharingAgreement]:
    return held(
        400 + number,
        SharingAgreement(
            person=NGOZI,
            organisation=organisation,
            sections=sections,
            decision=Decision.GIVEN,
            decided_on=date(2026, 8, number),
        ),
    )


SHARING = (
    _sharing(1, SLAM, Section.GOALS_AND_ACTIONS, Section.ABOUT_ME, Section.HEALTH, Section.SAFETY_PLAN),
    _sharing(2, COUNCIL, Section.GOALS_AND_ACTIONS, Section.ABOUT_ME, Section.MONEY),
    _sharing(3, CERTITUDE, Section.GOALS_AND_ACTIONS, Section.ABOUT_ME, Section.MONEY, Section.SAFETY_PLAN),
    _sharing(4, THAMES_REACH, Section.GOALS_AND_ACTIONS),
)
BOOKING = held(
    500,
    Booking(
        person=NGOZI,
        session=SESSION,
        centre=CENTRE_A,
        on=date(2026, 12, 2),
        at=time(14, 30),
        until=time(15, 20),
        sees=MAYA,
        where="quiet room",
    ),
)
THE_SESSION = held(
    33,
    Session(centre=CENTRE_A, title="Open drop-in", on=date(2026, 12, 2), starts=time(14), ends=time(18), places=12),
)
VISIT = held(
    600,
    Visit(person=NGOZI, centre=CENTRE_A, on=date(2026, 11, 23), session=SESSION, ticket="A12", arrived_at=NOW),
)
PAPERS = (
    held(
        700,
        DocumentGiven(
            person=NGOZI,
            document="plan",
            version="4",
            how=GivenBy.PRINTED,
            given_to="Ngozi Okafor",
            given_at=NOW,
        ),
    ),
)


def printed(**changes: Any) -> Printed:
    return dataclasses.replace(Printed(NOW, "Maya Lindqvist", "Centre A"), **changes)


def plan_records(**changes: Any) -> dict[str, Any]:
    """Everything the plan asks for: a draft, as only the others have answered."""
    return {
        "person": held(31, PERSON),
        "plan": THE_PLAN,
        "goals": GOALS,
        "actions": ACTIONS,
        "agreements": OTHERS_ANSWERED,
        "versions": (VERSION_3,),
        "sharing": SHARING,
        "bookings": (BOOKING,),
        "papers": PAPERS,
        "staff": STAFF,
        "organisations": ORGANISATIONS,
        "centres": CENTRES,
    } | changes


def agreed_records(**changes: Any) -> dict[str, Any]:
    """The same plan, agreed."""
    return plan_records(
        agreements=(*AGREED_TO_3, PERSON_AGREED, KEY_WORKER_AGREED, *OTHERS_ANSWERED),
        versions=(VERSION_3, VERSION_4),
        **changes,
    )


def earlier_records() -> dict[str, Any]:
    """Version 3, when version 4 is agreed."""
    kept = ("person", "agreements", "versions", "bookings", "staff", "organisations", "centres")
    return {name: value for name, value in agreed_records().items() if name in kept} | {"version": VERSION_3}


CHANGE = ChangePicture(
    "Ngozi Okafor",
    "Ngozi",
    date(2026, 11, 23),
    date(2026, 8, 12),
    (ChangeAverage("My life", 3.6, 3.4, 5, 8), ChangeAverage("My treatment", 5.7, 4.7, 3, 3)),
    (
        ChangeLine("Mental health", 3, 4, chosen=True),
        ChangeLine("Physical health", 4, 4),
        ChangeLine("Job situation", 2, 2),
        ChangeLine("Accommodation", 3, 2, more_help=True, chosen=True),
        ChangeLine("Leisure activities", 2, 4),
        ChangeLine("Partner or family", 5, None),
        ChangeLine("Friendships", None, 4),
        ChangeLine("Personal safety", 5, 4, more_help=True),
        ChangeLine("Medication", 4, 5, opens_group=True),
        ChangeLine("Practical help", 4, 6),
        ChangeLine("Meetings", 6, 6),
    ),
)


RECOVERY_CODE = RecoveryCode(
    "Centre A",
    "7KQ2-M0XN-4TWB-9RSD-C1VY-GH8P-3Z",
    ("Sunita Marsh", "Callum Adair"),
    datetime(2026, 11, 23, 10, 43, tzinfo=UTC),
)
OPENED = WhoOpened(
    (
        OpeningLine(date(2026, 11, 23), "Maya Lindqvist", "Key worker, SLaM", (USE_WORDS[Use.READ_CLINICAL],)),
        OpeningLine(date(2026, 11, 20), "Rosa Mensah", "", (USE_WORDS[Use.WROTE], USE_WORDS[Use.READ_DETAILS])),
    ),
    "Room 2 desk",
    NOW,
)
COPY = Everything(
    (
        ("Person", (RecordPart("Person", date(2026, 11, 20), (("First name", "Ngozi"), ("Language", "Igbo"))),)),
        ("Needs", tuple(RecordPart(f"Need {n}", date(2026, 11, 2), (("In words", "Sleep " * 40),)) for n in range(30))),
    ),
    OPENED,
)


def records_for(name: str) -> dict[str, Any]:
    """Records for every declared paper; a new paper adds a row here and is then tested like the others."""
    slip = {"person": held(31, PERSON), "session": THE_SESSION, "centres": CENTRES}
    return {
        "plan": plan_records(),
        "earlier_plan": earlier_records(),
        "ticket": {"visit": VISIT, **slip},
        "booking_slip": {"booking": BOOKING, "staff": STAFF, **slip},
        "change_picture": {"picture": CHANGE},
        "recovery_code": {"code": RECOVERY_CODE},
        "who_opened": {"person": held(31, PERSON), "opened": OPENED},
        "everything": {"person": held(31, PERSON), "copy": COPY},
    }[name]


ALL_FORMATS = tuple(PrintFormat)
