"""A small invented centre in a real store, as in the design pictures, and the desk that a page is given."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.assessments import Need, NeedGroup, NeedState, QuestionnaireResponse
from livingwell_desktop.domain.notes import DocumentGiven, Note
from livingwell_desktop.domain.organisations import Centre, Device, Organisation, Role, Staff
from livingwell_desktop.domain.people import (
    AboutMe,
    CommunicationNeed,
    Contact,
    ContactBy,
    Person,
    PrintFormat,
    Section,
    SharingAgreement,
)
from livingwell_desktop.domain.plans import Action, ActionState, Goal, OwnerKind, Plan, PlanVersion
from livingwell_desktop.domain.records import kind_of
from livingwell_desktop.domain.sessions import Booking, Visit, VisitState
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.settings import Settings
from livingwell_desktop.storage import Author, Store, create
from livingwell_desktop.ui.pages import Desk, Masking, Place
from livingwell_desktop.ui.tasks import Tasks


def uid(number: int) -> UUID:
    return UUID(int=0x0195C000000070008000_000000000000 + number)


SLAM, COUNCIL, CERTITUDE, THAMES_REACH = (uid(number) for number in (1, 2, 3, 4))
MAYA, TUNDE, JO, ROSA, PRIYA = (uid(number) for number in (11, 12, 13, 14, 15))
CENTRE_A, ROOM_2_DESK, OTHER_DESK = uid(21), UUID("0195c000-0000-7000-8000-00000000000a"), uid(23)
NGOZI, AMARA, AMARA_TOO, VISIT, RESPONSE = uid(31), uid(32), uid(33), uid(34), uid(35)
DIALOG = (
    "mental_health", "physical_health", "job_situation", "accommodation", "leisure_activities", "partner_family",
    "friendships", "personal_safety", "medication", "practical_help", "meetings",
)  # fmt: skip
LAST = dict(zip(DIALOG, (3, 4, 2, 3, 2, 5, 3, 5, 4, 4, 6), strict=True)) | {
    "accommodation.note": "Fine if the damp gets sorted."
}

NGOZI_OKAFOR = Person(
    given_name="Ngozi",
    family_name="Okafor",
    pronouns="she/her",
    born=date(1986, 3, 14),
    nhs_number="9990040109",
    nhs_number_status="02",
    address="Flat 4, 12 Ferndale Road",
    postcode="SW9 8BZ",
    safe_to_write=True,
    phone="07700 900 118",
    phone_e164="+447700900118",
    email="ngozi.o@example.org",
    contact_by=ContactBy.TEXT_ONLY,
    safe_time="After 5pm",
    key_worker=MAYA,
    print_format=PrintFormat.LARGE_PRINT,
)


def everybody() -> list[tuple[UUID, Any]]:
    """The alliance: four organisations, a centre, two desks, five members of staff."""
    return [
        (SLAM, Organisation(name="South London and Maudsley", short_name="SLaM", letters="SL", colour="slam")),
        (COUNCIL, Organisation(name="Lambeth Council", short_name="Lambeth Council", letters="LC", colour="council")),
        (CERTITUDE, Organisation(name="Certitude", short_name="Certitude", letters="Ce", colour="certitude")),
        (
            THAMES_REACH,
            Organisation(name="Thames Reach", short_name="Thames Reach", letters="TR", colour="thames_reach"),
        ),
        (CENTRE_A, Centre(name="Centre A")),
        (ROOM_2_DESK, Device(name="Room 2 desk", centre=CENTRE_A, letter="B")),
        (OTHER_DESK, Device(name="Reception desk 1", centre=CENTRE_A, letter="A")),
        (
            MAYA,
            Staff(given_name="Maya", family_name="Lindqvist", role=Role.KEY_WORKER, organisation=SLAM, centre=CENTRE_A),
        ),
        (TUNDE, Staff(given_name="Tunde", family_name="Bakare", role=Role.KEY_WORKER, organisation=COUNCIL)),
        (JO, Staff(given_name="Jo", family_name="Castell", role=Role.KEY_WORKER, organisation=THAMES_REACH)),
        (ROSA, Staff(given_name="Rosa", family_name="Mensah", role=Role.RECEPTION, organisation=CERTITUDE)),
        (PRIYA, Staff(given_name="Priya", family_name="Nair", role=Role.KEY_WORKER, organisation=CERTITUDE)),
    ]


def ngozis_records() -> list[tuple[UUID, Any]]:
    """What the alliance knows of Ngozi, as in picture 03."""
    plan = kind_of(Plan).id_for(NGOZI)
    clinical, social, housing = NeedGroup.CLINICAL, NeedGroup.SOCIAL, NeedGroup.HOUSING_AND_LEGAL
    not_met, in_plan, being_met = NeedState.NOT_MET, NeedState.IN_PLAN, NeedState.BEING_MET
    needs = [
        (clinical, "Sleep", in_plan, "3 bad nights a week"),
        (clinical, "Medication", being_met, "blood test 9 Dec"),
        (clinical, "Asthma", not_met, "review asked for"),
        (social, "Company", in_plan, "sewing, Tuesdays"),
        (social, "Money", not_met, "benefit stopped"),
        (social, "Caring for her mother", being_met, "carer’s check done"),
        (housing, "Keeping the flat", in_plan, "notice to 5 Jan"),
        (housing, "Damp in the bedroom", in_plan, "council visit booked"),
    ]
    goals = [("Sleep through most nights", 3, 2), ("Keep my flat", 4, 1), ("Sew with other people again", 1, 1)]
    records: list[tuple[UUID, Any]] = [
        (NGOZI, NGOZI_OKAFOR),
        (kind_of(AboutMe).id_for(NGOZI), AboutMe(
            person=NGOZI,
            most_important="I want to keep my flat, sleep through the night and get back to sewing. "
            "Please tell me before you ring my landlord.",
            told_to=MAYA, told_on=date(2026, 8, 12),
        )),
        (uid(40), CommunicationNeed(person=NGOZI, words="Large print", icon="letter-size", position=1)),
        (uid(41), CommunicationNeed(person=NGOZI, words="Quiet room", icon="speaker-off", position=2)),
        (uid(42), Contact(
            person=NGOZI, name="Chidi Okafor", relationship="Brother", roles=("emergency contact",),
            phone="07700 900 265", may_contact=True, when="Phone any time", position=1,
        )),
        (uid(43), Contact(
            person=NGOZI, name="Ebele Okafor", relationship="Mother", phone="020 7946 0018", may_share=False, position=2
        )),
        (VISIT, Visit(
            person=NGOZI, centre=CENTRE_A, on=date(2026, 11, 23), ticket="A11", sees=MAYA,
            arrived_at=datetime(2026, 11, 23, 10, 16, tzinfo=UTC), reason="Came for a review of her plan",
        )),
        (uid(50), Visit(
            person=NGOZI, centre=CENTRE_A, on=date(2026, 11, 4), ticket="A03", sees=PRIYA, state=VisitState.DONE,
            arrived_at=datetime(2026, 11, 4, 11, tzinfo=UTC), ended_at=datetime(2026, 11, 4, 13, tzinfo=UTC),
            reason="Sewing group, first time", outcome="Stayed for the whole session", follow_up="Wants to come again",
        )),
        (uid(51), Note(
            person=NGOZI, at=datetime(2026, 11, 19, 14, 5, tzinfo=UTC), title="Housing options talk with Tunde Bakare",
            words="Notice runs to 5 January. Council will ask the landlord to wait.", staff=TUNDE,
            organisation=COUNCIL, place="phone",
        )),
        (RESPONSE, QuestionnaireResponse(
            person=NGOZI, questionnaire="dialog", version="1.0.0", answers=LAST,
            chosen=("mental_health", "accommodation"), author=MAYA,
            authored_at=datetime(2026, 8, 12, 9, tzinfo=UTC),
        )),
        (uid(52), Booking(
            person=NGOZI, centre=CENTRE_A, on=date(2026, 12, 2), at=time(14, 30), until=time(15, 20), sees=MAYA,
            where="Quiet room", reason="Plan review", made_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        )),
        (uid(53), DocumentGiven(
            person=NGOZI, document="booking_slip", format="large_print", given_to="Ngozi Okafor",
            given_at=datetime(2026, 11, 23, 9, 5, tzinfo=UTC), given_by=ROSA, check_code="K7QX-22",
        )),
        (uid(54), SharingAgreement(
            person=NGOZI, organisation=SLAM, sections=tuple(Section), decided_on=date(2026, 8, 12), recorded_by=MAYA
        )),
        (uid(55), SharingAgreement(
            person=NGOZI, organisation=COUNCIL, sections=tuple(Section), decided_on=date(2026, 8, 12), recorded_by=MAYA
        )),
        (uid(56), SharingAgreement(
            person=NGOZI, organisation=CERTITUDE, sections=tuple(Section), decided_on=date(2026, 8, 12),
            recorded_by=MAYA,
        )),
        (uid(57), SharingAgreement(
            person=NGOZI, organisation=THAMES_REACH, sections=(Section.GOALS_AND_ACTIONS,),
            decided_on=date(2026, 8, 12), recorded_by=MAYA,
        )),
        (plan, Plan(
            person=NGOZI, in_own_words="I want to keep my flat.", review_on=date(2026, 11, 12), reviewer=MAYA
        )),
        (uid(58), PlanVersion(person=NGOZI, plan=plan, number=3, agreed_on=date(2026, 8, 12), fingerprint="x")),
    ]  # fmt: skip
    for place, (group, title, state, detail) in enumerate(needs):
        records.append(
            (uid(60 + place), Need(person=NGOZI, group=group, title=title, state=state, detail=detail, position=place))
        )
    for place, (words, total, done) in enumerate(goals):
        goal = uid(80 + place)
        records.append((goal, Goal(person=NGOZI, plan=plan, words=words, position=place)))
        for number in range(total):
            state = ActionState.DONE if number < done else ActionState.NOT_STARTED
            mine = place == 0
            records.append(
                (
                    uid(100 + place * 10 + number),
                    Action(
                        person=NGOZI,
                        plan=plan,
                        goal=goal,
                        what="Blackout curtain" if mine else "Letter to landlord",
                        owner_kind=OwnerKind.PERSON if mine else OwnerKind.WORKER,
                        owner_staff=None if mine else TUNDE,
                        owner_organisation=None if mine else COUNCIL,
                        due=date(2026, 11, 30 if mine else 25),
                        state=state,
                        position=number,
                    ),
                )
            )
    return records


def others() -> list[tuple[UUID, Any]]:
    """Two people who may be taken for each other."""
    amara = Person(
        given_name="Amara", family_name="Okeke", born=date(1990, 6, 3), address="7 Coldharbour Lane",
        phone="07700 900 455", phone_e164="+447700900455", key_worker=TUNDE,
    )  # fmt: skip
    return [(AMARA, amara), (AMARA_TOO, replace(amara, born=date(1990, 6, 30), phone="", phone_e164=""))]


def fill(store: Store, *groups: list[tuple[UUID, Any]]) -> None:
    """Write the records into a store, as if they had always been there."""
    for group in groups or (everybody(), ngozis_records(), others()):
        store.write([create(record, value) for record, value in group], [], Author(MAYA, CENTRE_A, "demo"))


def practice(store: Store, staff: UUID = MAYA) -> Practice:
    """A member of staff at a desk of Centre A."""
    member, centre, device = store.get(Staff, staff), store.get(Centre, CENTRE_A), store.get(Device, ROOM_2_DESK)
    assert member is not None
    assert centre is not None
    assert device is not None
    return Practice(store, store.clock, member, centre, device)


@dataclass
class Around:
    """What a page did to its surroundings: where it went, what it said."""

    went: list[Place] = field(default_factory=list)
    backs: list[None] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)

    def desk(self, at: Practice, settings: Settings | None = None) -> Desk:
        """A desk that writes down what is asked of it."""
        return Desk(
            practice=at,
            settings=settings or Settings(),
            tasks=Tasks(),
            masking=Masking(),
            go=self.went.append,
            back=lambda: self.backs.append(None),
            say=lambda tone, words: self.said.append((tone, words)),
            open_palette=lambda _typed: None,
        )
