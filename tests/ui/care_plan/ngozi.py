"""Ngozi, her needs from an assessment and what she shares; no plan yet."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.assessments import Need, NeedGroup, QuestionnaireResponse
from livingwell_desktop.domain.notes import Note
from livingwell_desktop.domain.people import Person, PrintFormat, Section, SharingAgreement
from livingwell_desktop.domain.plans import Action, ActionState, Goal, OwnerKind, Plan
from livingwell_desktop.domain.records import kind_of
from livingwell_desktop.storage import Store
from tests.ui.people import centre
from tests.ui.people.centre import COUNCIL, JO, MAYA, NGOZI, SLAM, THAMES_REACH, TUNDE, uid

HOUSING, SLEEP, MONEY = uid(70), uid(71), uid(72)
PLAN, KEEP_FLAT, SLEEP_GOAL = kind_of(Plan).id_for(NGOZI), uid(80), uid(81)
ASK_LANDLORD, LAW_CENTRE, DAMP, TABLET = uid(90), uid(91), uid(92), uid(93)
NGOZI_OKAFOR: Person = replace(centre.NGOZI_OKAFOR, print_format=PrintFormat.STANDARD)


def _need(area: str, group: NeedGroup, title: str, detail: str, position: int) -> Need:
    return Need(person=NGOZI, area=area, group=group, title=title, detail=detail, position=position)


def fill(store: Store) -> None:
    """The alliance and Ngozi. Money came first; housing and sleep were chosen in the assessment."""
    centre.fill(store, centre.everybody(), without_plan())


def without_plan() -> list[tuple[UUID, Any]]:
    clinical, social, housing = NeedGroup.CLINICAL, NeedGroup.SOCIAL, NeedGroup.HOUSING_AND_LEGAL
    return [
        (NGOZI, NGOZI_OKAFOR),
        (MONEY, _need("practical_help", social, "Money", "benefit stopped", 1)),
        (SLEEP, _need("mental_health", clinical, "Sleep", "3 bad nights a week", 2)),
        (HOUSING, _need("accommodation", housing, "Keeping the flat", "notice to 5 January", 3)),
        (
            uid(73),
            QuestionnaireResponse(
                person=NGOZI,
                questionnaire="dialog",
                chosen=("accommodation", "mental_health"),
                author=MAYA,
                authored_at=datetime(2026, 11, 23, 10, 30, tzinfo=UTC),
            ),
        ),
        (
            uid(74),
            SharingAgreement(
                person=NGOZI, organisation=SLAM, sections=tuple(Section), decided_on=date(2026, 8, 12), recorded_by=MAYA
            ),
        ),
        (uid(75), Note(person=NGOZI, at=datetime(2026, 11, 19, tzinfo=UTC), title="Talk", words="About the flat")),
    ]


def _action(goal: UUID, what: str, staff: UUID | None, due: date, position: int, **more: Any) -> Action:
    organisation = {TUNDE: COUNCIL, JO: THAMES_REACH, MAYA: SLAM}.get(staff) if staff else None
    kind = OwnerKind.WORKER if staff else OwnerKind.PERSON
    return Action(
        person=NGOZI, plan=PLAN, goal=goal, what=what, owner_kind=kind, owner_staff=staff,
        owner_organisation=organisation, due=due, position=position, **more,
    )  # fmt: skip


def the_plan() -> list[tuple[UUID, Any]]:
    """A draft with two goals and four actions."""
    return [
        (PLAN, Plan(person=NGOZI, in_own_words="I want to stay.", review_on=date(2027, 2, 23), reviewer=MAYA)),
        (
            KEEP_FLAT,
            Goal(
                person=NGOZI, plan=PLAN, need=HOUSING, words="I want to keep my flat.", matters=10, how_sure=5,
                about="Housing: notice to leave by 5 January", group="housing_and_legal", position=10,
            ),
        ),
        (
            SLEEP_GOAL,
            Goal(
                person=NGOZI, plan=PLAN, need=SLEEP, words="Sleep through most nights.", matters=9,
                about="Clinical: broken sleep", group="clinical", position=20,
            ),
        ),
        (ASK_LANDLORD, _action(KEEP_FLAT, "Ask the landlord to wait", TUNDE, date(2026, 11, 25), 10)),
        (LAW_CENTRE, _action(KEEP_FLAT, "Go to the law centre", JO, date(2026, 11, 27), 20)),
        (DAMP, _action(KEEP_FLAT, "Send the damp report", None, date(2026, 11, 16), 30, state=ActionState.DOING)),
        (TABLET, _action(SLEEP_GOAL, "Review the evening tablet", MAYA, date(2026, 12, 2), 10)),
    ]  # fmt: skip


def with_plan(store: Store) -> None:
    """Add the draft."""
    centre.fill(store, the_plan())
