"""Assessments over time, the needs that follow, plans, and notes, for people with a key worker."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from installer.demo.making import Making
from installer.demo.numbers import london_phone
from installer.demo.people import Folk
from installer.demo.planning import Agreed, Answer, PlannedAction, PlannedGoal, add_plan
from installer.demo.staff import SLAM, Workplace
from installer.demo.stories import ACTIONS, GOALS, IMPORTANT, NEEDS, NOTES, RELATIONSHIPS
from livingwell_desktop.domain.assessments import Answer as Given
from livingwell_desktop.domain.assessments import Need, NeedGroup, NeedState, QuestionnaireResponse
from livingwell_desktop.domain.dates import instant
from livingwell_desktop.domain.notes import Note
from livingwell_desktop.domain.people import AboutMe, Contact, Decision, Section, SharingAgreement
from livingwell_desktop.domain.plans import ActionState, AgreementAnswer

AREAS = tuple(NEEDS)
DIALOG_VERSION = "1.0.0"
REVIEWS_LATE = 5
"""How many plans of these people are past their review day. Ngozi's is one more."""

_SECTION_CHOICES = (tuple(Section), (Section.GOALS_AND_ACTIONS, Section.ABOUT_ME), (Section.GOALS_AND_ACTIONS,))
_DOING = (ActionState.NOT_STARTED, ActionState.DOING, ActionState.DONE)


def add_care(making: Making, work: Workplace, folk: Folk) -> None:
    """Add what is written about everybody with a key worker, but Ngozi."""
    names = {record: name for name, record in work.staff.items()}
    late = REVIEWS_LATE
    for person, worker in folk.key_workers.items():
        if person == folk.pictured["Ngozi Okafor"]:
            continue
        centre = work.centres[folk.centre_of[person]]
        last, chosen, needs = _add_assessments(making, person, worker, centre)
        if making.chance.random() < 0.7:
            is_late = late > 0
            late -= is_late
            _add_plan(making, work, person, worker, centre, names[worker], last, chosen, needs, is_late)
        _add_what_is_known(making, work, folk, person, worker, centre)


def _add_assessments(
    making: Making, person: UUID, worker: UUID, centre: UUID
) -> tuple[datetime, tuple[str, ...], dict[str, UUID]]:
    """Two to four times DIALOG, about a quarter of a year apart, each area going its own slow way."""
    chance, times = making.chance, making.chance.randint(2, 4)
    levels = {area: chance.uniform(2, 5) for area in AREAS}
    drift = {area: chance.uniform(-0.5, 1.0) for area in AREAS}
    weeks = chance.uniform(1, 9)
    chosen, response, at = tuple[str, ...](), None, making.now
    for turn in reversed(range(times)):
        at = instant(making.weeks_ago(weeks + turn * 12), time(10, chance.choice((0, 20, 40))))
        ratings = {area: min(7, max(1, round(levels[area] + chance.gauss(0, 0.4)))) for area in AREAS}
        chosen = tuple(sorted(AREAS, key=lambda area: (ratings[area], area))[: chance.randint(1, 3)])
        answers: dict[str, Given] = dict(ratings)
        answers |= {f"{area}.help": area in chosen for area in AREAS if ratings[area] <= 3}
        if chance.random() < 0.5:
            answers[f"{chosen[0]}.note"] = f"“{GOALS[chosen[0]]}”"
        value = QuestionnaireResponse(
            person=person, questionnaire="dialog", version=DIALOG_VERSION, answers=answers, chosen=chosen,
            author=worker, authored_at=at,
        )  # fmt: skip
        response = making.add(value, at, worker, centre)
        levels = {area: level + drift[area] for area, level in levels.items()}
    needs = dict[str, UUID]()
    for position, area in enumerate(dict.fromkeys((*chosen, chance.choice(AREAS)))):
        group, title, detail = NEEDS[area]
        state = NeedState.NOT_MET if area in chosen else NeedState.BEING_MET
        need = Need(
            person=person, group=NeedGroup(group), title=title, detail=detail, state=state, area=area,
            response=response, recorded_on=at.date(), position=position * 10,
        )  # fmt: skip
        needs[area] = making.add(need, at, worker, centre)
    return at, chosen, needs


def _add_plan(
    making: Making,
    work: Workplace,
    person: UUID,
    worker: UUID,
    centre: UUID,
    worker_name: str,
    at: datetime,
    chosen: Sequence[str],
    needs: dict[str, UUID],
    is_late: bool,
) -> None:
    chance = making.chance
    goals, owners = [], {worker_name}
    for area in chosen:
        other = chance.choice(sorted(work.staff))
        owners.add(other)
        actions = tuple(
            PlannedAction(what, owner, making.today + timedelta(days=chance.randint(-10, 40)), chance.choice(_DOING))
            for what, owner in zip(ACTIONS[area], (chance.choice((worker_name, other)), ""), strict=True)
        )
        group, title, detail = NEEDS[area]
        goals.append(
            PlannedGoal(
                words=GOALS[area],
                about=f"{title}: {detail}",
                group=group,
                matters=chance.randint(6, 10),
                how_sure=chance.randint(3, 9),
                actions=actions,
                need=needs[area],
            )
        )
    review_on = making.today + timedelta(days=-chance.randint(1, 30) if is_late else chance.randint(30, 100))
    agreed = _agreed(making, at + timedelta(days=7), worker_name, sorted(owners - {worker_name}))
    add_plan(making, work, person, worker, centre, chance.choice(IMPORTANT), review_on, goals, agreed)


def _agreed(making: Making, at: datetime, worker_name: str, others: Sequence[str]) -> Agreed:
    """Mostly everybody agreed. Some plans wait for somebody, one in twenty is a draft still."""
    at = min(at, making.now - timedelta(days=1))
    if making.chance.random() < 0.05:
        return Agreed(at, (("", AgreementAnswer.AGREED, "in the room", ""),))
    answers: list[Answer] = [
        ("", AgreementAnswer.AGREED, "signed on screen", ""),
        (worker_name, AgreementAnswer.AGREED, "in the room", ""),
    ]
    for name in others:
        answer = making.chance.choices(tuple(AgreementAnswer), (2, 7, 1))[0]
        reason = "I have no time before January." if answer is AgreementAnswer.DECLINED else ""
        answers.append((name, answer, "by phone", reason))
    return Agreed(at, tuple(answers), becomes_version=1)


def _add_what_is_known(making: Making, work: Workplace, folk: Folk, person: UUID, worker: UUID, centre: UUID) -> None:
    chance, at = making.chance, instant(making.weeks_ago(_some_weeks(making)), time(14))
    about = AboutMe(person=person, most_important=chance.choice(IMPORTANT), told_to=worker, told_on=at.date())
    making.add(about, at, worker, centre)
    family = folk.values[person].family_name
    for position in range(chance.randint(0, 2)):
        given = chance.choice(("Sam", "Alex", "Robin", "Jude", "Ash", "Charlie", "Frankie", "Noor"))
        contact = Contact(
            person=person, name=f"{given} {family}".strip(), relationship=chance.choice(RELATIONSHIPS),
            roles=("emergency contact",) if position == 0 else (), phone=london_phone(chance.randrange(600, 1000)),
            may_contact=True, may_share=chance.choice((True, False)), when="Any time", position=position * 10,
        )  # fmt: skip
        making.add(contact, at, worker, centre)
    for name, organisation in work.organisations.items():
        decision = chance.choices((Decision.GIVEN, Decision.REFUSED, None), (7, 1, 2))[0]
        if decision is None and organisation != work.organisation_of[worker]:
            continue
        sections = () if decision is Decision.REFUSED else chance.choice(_SECTION_CHOICES)
        if decision is Decision.REFUSED and name == SLAM:
            # SLaM looks after everybody's medicines: nobody of the demo keeps their plan from it.
            decision, sections = Decision.GIVEN, _SECTION_CHOICES[-1]
        agreement = SharingAgreement(
            person=person, organisation=organisation, decision=decision or Decision.GIVEN, sections=sections,
            how="spoken" if name != SLAM else "written", decided_on=at.date(), recorded_by=worker,
            review_on=making.today + timedelta(days=chance.randint(60, 300)),
        )  # fmt: skip
        making.add(agreement, at, worker, centre)
    for _ in range(chance.randint(1, 4)):
        moment = instant(making.weeks_ago(_some_weeks(making)), time(chance.randint(9, 16), chance.choice((0, 15, 40))))
        title, words, place = chance.choice(NOTES)
        note = Note(
            person=person, at=moment, title=title, words=words, staff=worker,
            organisation=work.organisation_of[worker], place=place,
        )  # fmt: skip
        making.add(note, moment, worker, centre)


def _some_weeks(making: Making) -> float:
    """Some weeks ago, within the last half year."""
    return making.chance.uniform(0.5, 26)
