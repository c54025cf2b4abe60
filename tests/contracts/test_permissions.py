"""The right is asked for where records are read: in every service verb, and nowhere round it."""

import ast
import importlib
import inspect
import pkgutil
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Union, get_args, get_origin
from uuid import UUID

import pytest

import livingwell_desktop.services
import livingwell_desktop.ui
from livingwell_desktop.domain.assessments import Answer, Need, NeedGroup
from livingwell_desktop.domain.doubles import PossibleDouble, SamePerson, double_id
from livingwell_desktop.domain.emergency_opening import EmergencyOpening, OpeningReason, ReviewOutcome
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.lost_desks import ShutOutReason
from livingwell_desktop.domain.notes import GivenBy, Note
from livingwell_desktop.domain.organisations import Device, Role, Staff
from livingwell_desktop.domain.outages import Outage
from livingwell_desktop.domain.people import AboutMe, Decision, Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plans import Action, ActionState, AgreementAnswer, Goal, Plan, PlanVersion
from livingwell_desktop.domain.protection import ProtectionReason
from livingwell_desktop.domain.record_requests import RequestReason
from livingwell_desktop.domain.records import Held, Sensitivity
from livingwell_desktop.domain.sessions import Booking, Session, Visit
from livingwell_desktop.domain.unusual_views import UnusualViews
from livingwell_desktop.services import assessments, bookings, documents, plans, reception
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.assessments import Assessment
from livingwell_desktop.services.counts import Counts, counts
from livingwell_desktop.services.documents import Prepared
from livingwell_desktop.services.doubles import Double, OneOfTwo
from livingwell_desktop.services.findings import Answered, RefusedChange
from livingwell_desktop.services.outages import NotTaken
from livingwell_desktop.services.people import TypedDetail
from livingwell_desktop.services.plans import PartyOnPlan, PlanOnScreen
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.wrong_person import Movable
from livingwell_desktop.storage import Author, ChangeLine, Draft, Store, create
from livingwell_desktop.ui.pages import (
    AssessmentPlace,
    AttentionPlace,
    KeysPlace,
    PeoplePlace,
    PersonPlace,
    Place,
    PlanPlace,
    PlansDuePlace,
    PreviewPlace,
    StaffPlace,
    TodayPlace,
)
from livingwell_desktop.ui.shell.window import MainWindow
from tests.contracts.newer_program import disagree
from tests.contracts.test_pages import places
from tests.desk import DeskWindow
from tests.office import Day, Office
from tests.ui.care_plan.ngozi import ASK_LANDLORD, KEEP_FLAT, fill, with_plan
from tests.ui.people import centre
from tests.ui.people.centre import CENTRE_A, NGOZI
from tests.window import Window

NEEDS_NO_RIGHT = {
    "alliance.alliance": "names of colleagues, organisations, centres and rooms; nothing about people who come",
    **dict.fromkeys(
        (
            "keys_travel.vault_of",
            "keys_travel.statements",
            "keys_travel.newest_keys",
            "keys_travel.grant_of",
            "keys_travel.lease_from",
            "keys_travel.start_of_lease",
            "keys_travel.publish",
            "keys_travel.change_key",
            "keys_travel.follow",
            "keys_travel.resume_change",
        ),
        "the program’s own housekeeping of slots and keys: nothing about people, nobody is given more than certified",
    ),
    **dict.fromkeys(
        ("copies.is_to_tell", "copies.told"), "whether somebody read that the desk is a copy: nothing about people"
    ),
    "waiting_room.public_board": "tickets and rooms for the public screen, whoever is signed in: nobody’s name",
    "drafts.share": "what whoever is signed in has typed at this desk, each with the right that writing it takes",
    "outages.note": "the desk notes by itself that it was without the server, whoever is signed in: numbers only",
    "staff.change_own_passphrase": "everybody’s own, and only with the passphrase before",
    "counts.counts": "asks may() for each number and answers 0 unread; a refusal at every change would drown the audit",
}
"""Verbs that everybody who signed in may call, each with its reason."""

REFUSED = ChangeLine(b"c" * 16, centre.ROOM_2_DESK, 0, None)
NOT_TAKEN = NotTaken(REFUSED.change, None, "Person", (), "", "", datetime(2026, 11, 23, tzinfo=UTC))

KEEPING = ("staff.", "recovery_codes.", "desks.", "desk_keeping.", "server_way.", "watching.check_audit")
"""Modules whose verbs an administrator may call: there, reception is the role without rights."""

MAY_TOUCH_THE_STORE = {
    "shell/remembered.py": "where this member of staff was when the desk locked: their own place, kept as a draft",
    "shell/window.py": "listens to the store's one signal and reads nothing",
}
"""Modules of the window that may name `practice.store`, each with its reason."""


def verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of the services whose first parameter is the practice."""
    for found in pkgutil.iter_modules(livingwell_desktop.services.__path__):
        module = importlib.import_module(f"livingwell_desktop.services.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and next(iter(inspect.signature(function).parameters), "") == "practice":
                yield f"{found.name}.{name}", function


VERBS = dict(verbs())


def refusals(store: Store) -> list[tuple[str, str]]:
    """(event, detail) of every refusal in the audit."""
    with store._engine.connect() as connection:  # the audit has no reader yet
        rows = connection.exec_driver_sql("SELECT event, detail FROM audit WHERE event = 'refused' ORDER BY n")
        return [(event, detail) for event, detail in rows]


def without_rights(practice: Practice, verb: str = "") -> Practice:
    """The same desk with an administrator at it, who looks after desks and opens no records; or with reception."""
    role = Role.RECEPTION if verb.startswith(KEEPING) else Role.ADMINISTRATOR
    staff = replace(practice.staff, value=replace(practice.staff.value, role=role))
    return replace(practice, staff=staff)


@pytest.fixture
def maya(furnished: Callable[..., Store]) -> Practice:
    """A key worker, with something of everything in the store."""
    return centre.practice(furnished(something_of_everything))


def something_of_everything(store: Store) -> None:
    fill(store)
    with_plan(store)


_ready: list[Prepared] = []


def a_paper(maya: Practice) -> Prepared:
    """Drawn once: every store of these tests has the same plan."""
    if not _ready:
        _ready.append(documents.prepare(maya, "plan", NGOZI))
    return _ready[0]


@pytest.fixture
def values(maya: Practice) -> Mapping[Any, Any]:
    """A real value for every type of parameter that a verb has."""
    store, today = maya.whole, maya.today()
    session, plan = maya.new_id(), plans.plan_of(maya, NGOZI)
    store.write(
        [create(session, Session(centre=CENTRE_A, title="Open drop-in", on=today, places=5))],
        [],
        Author(None, None, "t"),
    )
    assert plan is not None
    came = reception.check_in(maya, NGOZI)
    booked = bookings.book(maya, NGOZI, session)
    version = PlanVersion(person=NGOZI, plan=plan.plan.id, number=1, agreed_on=today)

    def held(kind: type[Any], record: UUID) -> Any:
        found = store.get(kind, record)
        assert found is not None
        return found

    person = held(Person, NGOZI)
    return {
        UUID: NGOZI,
        str: "plan",
        int: 4,
        bool: True,
        date: date(2026, 12, 1),
        bytes: b"c" * 16,
        datetime: maya.now(),
        Held[Outage]: Held(maya.new_id(), Outage(), (), {}, {}, maya.now(), None),
        Any: "07700 900 118",
        Mapping[str, Any]: {"phone": "07700"},
        Mapping[str, str]: {"words": "I want"},
        Mapping[str, TypedDetail]: {},
        Act: Act.END_VISIT,
        Decision: Decision.REFUSED,
        Draft: Draft(maya.new_id(), maya.staff.id, "plan_form", NGOZI, {}, (), maya.now()),
        RequestReason: RequestReason.HERE_NOW,
        OpeningReason: OpeningReason.COVERING,
        ReviewOutcome: ReviewOutcome.RIGHT,
        ProtectionReason: ProtectionReason.STALKED,
        Held[EmergencyOpening]: Held(maya.new_id(), EmergencyOpening(person=NGOZI), (), {}, {}, maya.now(), None),
        Mapping[str, Answer]: {},
        tuple[str, ...]: (),
        Person: Person(given_name="Ana"),
        Action: Action(what="Ring", due=today),
        NeedGroup: NeedGroup.SOCIAL,
        ActionState: ActionState.DOING,
        AgreementAnswer: AgreementAnswer.AGREED,
        GivenBy: GivenBy.POST,
        Alliance: alliance(maya),
        Assessment: assessments.start(maya, NGOZI, "dialog"),
        Prepared: a_paper(maya),
        PlanOnScreen: plan,
        PartyOnPlan: plan.parties[0],
        SamePerson: SamePerson.SAME,
        Double: _double(maya),
        Answered: None,
        ChangeLine: REFUSED,
        RefusedChange: RefusedChange(NOT_TAKEN, "Room 2 desk", None, ""),
        Held[UnusualViews]: Held(maya.new_id(), UnusualViews(person=NGOZI), (), {}, {}, maya.now(), None),
        Staff: maya.staff.value,
        Held[Device]: maya.device,
        ShutOutReason: ShutOutReason.STOLEN,
        Sensitivity: Sensitivity.CLINICAL,
        Held[Staff]: maya.staff,
        tuple[str, str]: ("Sunita Marsh", "Rosa Mensah"),
        Held[Any]: person,
        Held[object]: person,
        Held[Person]: person,
        Held[Visit]: held(Visit, came.visit),
        Held[Movable]: held(Visit, came.visit),
        Held[Booking]: held(Booking, booked.booking),
        Held[Session]: held(Session, session),
        Held[Plan]: held(Plan, plan.plan.id),
        Held[Goal]: held(Goal, KEEP_FLAT),
        Held[Action]: held(Action, ASK_LANDLORD),
        Held[PlanVersion]: Held(maya.new_id(), version, (), {}, {}, maya.now(), None),
    }


def _double(maya: Practice) -> Double:
    """A question about Ngozi and somebody of another centre."""
    question, other = double_id(NGOZI, CENTRE_A), OneOfTwo(CENTRE_A, "Ngozi O.", (), here=False)
    maya.whole.write([create(question, PossibleDouble(one=NGOZI, other=CENTRE_A))], [], Author(None, None, "t"))
    found = maya.whole.get(PossibleDouble, question)
    assert found is not None
    return Double(found, (OneOfTwo(NGOZI, "Ngozi Okafor", (), here=True), other), "")


def arguments(function: Callable[..., Any], values: Mapping[Any, Any]) -> dict[str, Any]:
    """What every parameter without a default is given, by its type."""
    wanted = list(inspect.signature(function).parameters.values())[1:]
    needed = [each for each in wanted if each.default is each.empty and each.kind is not each.VAR_KEYWORD]
    given = {each.name: values[_type_of(each, function)] for each in needed}
    if "name" in given and function.__module__.endswith("assessments"):
        given["name"] = "dialog"
    return given


def _type_of(parameter: inspect.Parameter, function: Callable[..., Any]) -> Any:
    """The declared type without "or nothing", whether the module keeps its annotations as text or not."""
    written = parameter.annotation
    if isinstance(written, str):
        # Only parameters: what a verb answers with may be a type that is imported for the type checker alone.
        written = eval(written, function.__globals__)
    if get_origin(written) in (Union, types.UnionType) and len(get_args(written)) == 2:
        written = next((each for each in get_args(written) if each is not type(None)), written)
    return written


def test_the_list_of_verbs_is_whole() -> None:
    assert len(VERBS) > 60
    assert set(NEEDS_NO_RIGHT) <= set(VERBS)


@pytest.mark.parametrize("name", sorted(set(VERBS) - set(NEEDS_NO_RIGHT)))
def test_a_verb_refuses_a_role_without_rights(name: str, maya: Practice, values: Mapping[Any, Any]) -> None:
    given, before = arguments(VERBS[name], values), refusals(maya.whole)
    with pytest.raises(Problem) as refused:
        VERBS[name](without_rights(maya, name), **given)
    assert refused.value.title == "You cannot do this"
    assert refused.value.what_happened.startswith("Your role cannot ")
    written = refusals(maya.whole)[len(before) :]
    assert len(written) == 1, "one attempt is one refusal in the audit"
    event, detail = written[0]
    assert event == "refused"
    assert any(act.value in detail for act in Act)


def test_what_needs_no_right_gives_nothing_about_people(maya: Practice, values: Mapping[Any, Any]) -> None:
    assert values
    assert counts(maya).here == 1
    assert counts(without_rights(maya)) == Counts(0, 0, 0)
    everybody = alliance(without_rights(maya))
    assert NGOZI not in {*everybody.staff, *everybody.organisations, *everybody.centres}


UI = Path(livingwell_desktop.ui.__path__[0])


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: path.relative_to(UI).as_posix())
def test_no_page_reads_round_the_services(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    touched = [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in ("store", "whole")
    ]
    imported = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("livingwell_desktop.storage")
        and {each.name for each in node.names} & {"Store", "Write", "create", "edit", "settle"}
    ]
    assert not imported, f"lines {imported}"
    if path.relative_to(UI).as_posix() not in MAY_TOUCH_THE_STORE:
        assert not touched, f"lines {touched}"


def test_the_modules_that_may_are_there() -> None:
    assert all((UI / path).exists() for path in MAY_TOUCH_THE_STORE)


# Opening a place that shows somebody's clinical records is written down


def clinical(place: Place) -> bool:
    """Whether the place shows needs, assessments or plans to those who may see them."""
    return isinstance(place, PersonPlace | AssessmentPlace | PlanPlace | PlansDuePlace | AttentionPlace | PreviewPlace)


CLINICAL_LOOKS = {f"view: {act.value}" for act in (Act.SEE_CLINICAL, Act.SEE_CLINICAL_QUESTIONS, Act.PRINT_PLAN)}


def seen(desk: DeskWindow, person: UUID) -> list[str]:
    """What the audit says was looked at of that person."""
    with desk.desk.store._engine.connect() as connection:  # the audit has no reader yet
        sql = "SELECT event FROM audit WHERE event LIKE 'view: %' AND subject = ? ORDER BY n"
        return [event for (event,) in connection.exec_driver_sql(sql, (person.bytes,))]


def disagreed(desk: DeskWindow, person: UUID) -> None:
    """Two desks have written different things about one of the person's needs, and the plan is due."""
    store = desk.desk.store
    disagree(store, store.find(Need, person=person)[0], "detail", "Three bad nights", "Sleeps better")


def clinical_words(store: Store, person: UUID) -> set[str]:
    """What nobody at reception may read of a person: whole sentences, that stand nowhere else."""
    said = [held.value.detail for held in store.find(Need, person=person)]
    said += [held.value.words for held in store.find(Goal, person=person)]
    said += [held.value.what for held in store.find(Action, person=person)]
    said += [held.value.words for held in store.find(Note, person=person)]
    said += [held.value.most_important for held in store.find(AboutMe, person=person)]
    return {words for words in said if len(words) > 12}


@pytest.mark.slow
def test_opening_a_clinical_place_is_written_down_once(day: Day, office: Office) -> None:
    maya, ngozi = day.room_2(), office.alliance.people["Ngozi Okafor"]
    disagreed(maya, ngozi)
    for place in places(office):
        maya.go(KeysPlace())
        before = seen(maya, ngozi)
        maya.go(place)
        assert maya.desk.window.place() == place
        looked = seen(maya, ngozi)[len(before) :]
        assert any(each in CLINICAL_LOOKS for each in looked) == clinical(place), f"{place}: {looked}"
        assert len(looked) == len(set(looked)), f"{place}: {looked}"
        maya.desk.window.page().refresh()
        assert seen(maya, ngozi)[len(before) :] == looked, f"{place}: looking again is no new opening"


@pytest.mark.slow
def test_reception_is_refused_or_sees_nothing_clinical(day: Day, office: Office) -> None:
    rosa, ngozi = day.reception(), office.alliance.people["Ngozi Okafor"]
    disagreed(rosa, ngozi)
    secret = clinical_words(rosa.desk.store, ngozi)
    assert len(secret) > 10
    for place in places(office):
        rosa.go(KeysPlace())
        before = len(refusals(rosa.desk.store))
        rosa.go(place)
        said = rosa.words()
        assert not [words for words in secret if words in said], place
        refused = len(refusals(rosa.desk.store)) - before
        whole = isinstance(place, AssessmentPlace | PlanPlace | PlansDuePlace | PreviewPlace)
        assert refused == whole, f"{place} was refused {refused} times"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Sunita Marsh", TodayPlace()),
        ("Callum Adair", StaffPlace()),
        ("Ruth Ellery", PeoplePlace()),
        ("Maya Lindqvist", TodayPlace()),
    ],
)
def test_every_role_starts_where_it_may_be(day: Day, name: str, first: Place) -> None:
    maya = day.room_2()
    held = maya.desk.store.get(Staff, day.alliance.staff[name])
    assert held is not None
    window = MainWindow(replace(maya.desk.window.parts, practice=replace(maya.desk.practice, staff=held)))
    before = len(refusals(maya.desk.store))
    window.resize(1440, 900)
    window.show()
    window.go(window.first_place())
    shown = Window(window)
    shown.settle()
    assert window.place() == first
    for item in window.rail.items:
        assert item.width() >= item.needed_width(), item.place.label
        assert item.mapTo(window.rail, item.rect().topRight()).x() < window.rail.width() - 4, item.place.label
    window.back()
    assert window.place() == first
    assert len(refusals(maya.desk.store)) == before
    # A place that was open when the role was another, as after a lock.
    other = MainWindow(window.parts)
    other.go(PlansDuePlace())
    allowed = window.parts.practice.may(Act.SEE_CLINICAL).allowed
    assert other.place() == (PlansDuePlace() if allowed else first)
    for each in (window, other):
        each.end()
