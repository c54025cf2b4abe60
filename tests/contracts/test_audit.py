"""Every verb is in the audit: what it changes writes itself down, what it only looks at is written down by the right
that it asks for. A verb that did neither would be a way to read somebody's record unseen.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import livingwell_desktop.ui
from livingwell_desktop.domain.changes import Content
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.outages import Outage
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import LOOKS_AT, TABLE, Act
from livingwell_desktop.domain.plans import Action
from livingwell_desktop.domain.protection import ProtectionReason
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking, BookingState, Session, Visit
from livingwell_desktop.services import assessments, drafts, outages, people, protecting, reception, story
from livingwell_desktop.services.findings import RefusedChange
from livingwell_desktop.services.openings import Openings
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Store, create, edit
from tests.contracts import test_permissions as permissions
from tests.contracts.newer_program import disagree
from tests.contracts.test_permissions import KEEPING, NEEDS_NO_RIGHT, VERBS, arguments
from tests.ui.care_plan.ngozi import ASK_LANDLORD
from tests.ui.people import centre
from tests.ui.people.centre import NGOZI

maya, values = permissions.maya, permissions.values

OWN_UNFINISHED_WORDS = "their own unfinished words on their own desk: the audit has them when they are saved"
NO_EVENT = (
    {
        "assessments.discard": OWN_UNFINISHED_WORDS,
        "assessments.keep": OWN_UNFINISHED_WORDS,
        "attention.count_questions": "how many wait for somebody: a number; nobody’s record is opened",
        "doubles.count_doubles": "how many wait for somebody: a number; nobody’s record is opened",
        "attention.on_this_desk": "how many changes wait on this desk; nothing about people",
        "copies.is_to_tell": "whether somebody read that the desk is a copy: nothing about people",
        "copies.told": "somebody read that the desk is a copy: nothing about people",
        "people.keep_typing": OWN_UNFINISHED_WORDS,
        "people.typing_of": OWN_UNFINISHED_WORDS,
        "plan_writing.go_on": OWN_UNFINISHED_WORDS,
        "plan_writing.kept_form": OWN_UNFINISHED_WORDS,
        "plan_writing.forget_typing": OWN_UNFINISHED_WORDS,
        "plan_writing.keep_typing": OWN_UNFINISHED_WORDS,
        "registration.drop_registration": OWN_UNFINISHED_WORDS,
        "registration.go_on": OWN_UNFINISHED_WORDS,
        "registration.keep_registration": OWN_UNFINISHED_WORDS,
        "registration.unfinished_registration": OWN_UNFINISHED_WORDS,
        "unfinished.forget_words": OWN_UNFINISHED_WORDS,
        "unfinished.go_on_with_words": OWN_UNFINISHED_WORDS,
        "unfinished.keep_words": OWN_UNFINISHED_WORDS,
        "unfinished.words_kept": OWN_UNFINISHED_WORDS,
    }
    | dict.fromkeys(
        (name for name in VERBS if name.startswith(KEEPING)),
        "they need a desk with slots and keys: tests/services/test_staff_keys.py looks for the event of each",
    )
    | {name: NEEDS_NO_RIGHT[name] for name in NEEDS_NO_RIGHT}
)
"""Verbs that neither change a record nor show one, each with its reason."""


def events(store: Store) -> list[str]:
    """The names of everything in the audit."""
    with store._engine.connect() as connection:
        return [name for (name,) in connection.exec_driver_sql("SELECT event FROM audit ORDER BY n")]


def _refused(_maya: Practice, values: Mapping[Any, Any]) -> dict[str, Any]:
    """A phone number that the server did not take."""
    held: Held[Person] = values[Held[Person]]
    content = Content(
        record=held.id,
        kind="person",
        subject=held.id,
        sensitivity=0,
        parents=held.heads,
        set={"phone": "07700 900 341"},
        act="a1",
        at=0,
        staff=None,
        centre=None,
        program="",
        judged_at=(0, 0),
    )
    return {"refused": replace(values[RefusedChange], content=content)}


def _owner_asked(maya: Practice) -> Held[Action]:
    action = maya.whole.get(Action, ASK_LANDLORD)
    assert action is not None
    disagree(maya.whole, action, "owner_name", "Her sister", "Her neighbour")
    return _again(maya, action)


def _again(maya: Practice, held: Held[Any]) -> Held[Any]:
    found = maya.whole.get(type(held.value), held.id)
    assert found is not None
    return found


def _waits_for_a_place(maya: Practice, values: Mapping[Any, Any]) -> dict[str, Any]:
    held = values[Held[Booking]]
    maya.write(Act.BOOK, [edit(held, state=BookingState.WAITING_LIST)])
    return {"booking": _again(maya, held)}


def _left_by_a_colleague(maya: Practice, values: Mapping[Any, Any]) -> dict[str, Any]:
    colleague = centre.practice(maya.whole, centre.TUNDE)
    assessments.keep(colleague, assessments.start(colleague, NGOZI, "dialog"), {"friendships": 4})
    drafts.share(colleague)
    return {}


def _called(maya: Practice, values: Mapping[Any, Any]) -> dict[str, Any]:
    reception.call(maya, values[Held[Visit]])
    return {"visit": _again(maya, values[Held[Visit]])}


def _two_phones(maya: Practice, values: Mapping[Any, Any]) -> dict[str, Any]:
    disagree(maya.whole, values[Held[Person]], "phone", "07700 900 111", "07700 900 112")
    return {"held": _again(maya, values[Held[Person]]), "name": "phone", "value": "07700 900 112"}


def _assessed(maya: Practice, _values: Mapping[Any, Any]) -> dict[str, Any]:
    started = assessments.start(maya, NGOZI, "dialog")
    return {"record": assessments.complete(maya, started, centre.LAST, ())}


def _owner(maya: Practice, _values: Mapping[Any, Any]) -> dict[str, Any]:
    held = _owner_asked(maya)
    return {"held": held, "change": held.conflicts["owner_name"][0].change}


def _owner_by(maya: Practice, _values: Mapping[Any, Any]) -> dict[str, Any]:
    return {"held": _owner_asked(maya), "name": "owner_name", "value": "Her sister"}


def _other_session(maya: Practice, values: Mapping[Any, Any]) -> dict[str, Any]:
    session = maya.new_id()
    maya.write(Act.BOOK, [create(session, replace(values[Held[Session]].value, title="Quiet hour"))])
    return {"session": session}


def somebody_elses(maya: Practice) -> UUID:
    """Somebody who comes to a centre where Maya is not, and whom she has nothing to do with."""
    person, visit, there = maya.new_id(), maya.new_id(), maya.new_id()
    values = (Person(given_name="Ana"), Visit(person=person, centre=there, on=maya.today(), ticket="Z01"))
    maya.write(Act.REGISTER, [create(record, value) for record, value in zip((person, visit), values, strict=True)])
    return person


def _protected(maya: Practice, _values: Mapping[Any, Any]) -> dict[str, Any]:
    protecting.protect(as_role(maya, Role.TEAM_MANAGER), NGOZI, ProtectionReason.STALKED, "Dana")
    return {"person": NGOZI}


def an_outage(maya: Practice) -> UUID:
    """An outage of this desk that is over."""
    return outages.note(maya, maya.now(), maya.now(), 0, 0)


def _outage_held(maya: Practice, _values: Mapping[Any, Any]) -> dict[str, Any]:
    held = maya.whole.get(Outage, an_outage(maya))
    assert held is not None
    return {"outage": held}


def as_role(practice: Practice, role: Role) -> Practice:
    """The same desk with somebody of another role at it."""
    return replace(practice, staff=replace(practice.staff, value=replace(practice.staff.value, role=role)))


DONE_BY = {
    **dict.fromkeys((name for name in VERBS if name.startswith("findings.")), Role.TEAM_MANAGER),
    "outage_file.export": Role.TEAM_MANAGER,
    "outages.sign_off": Role.TEAM_MANAGER,
    "emergency.review": Role.PRIVACY_OFFICER,
    "emergency.to_review": Role.PRIVACY_OFFICER,
    "own_record.everything_about": Role.PRIVACY_OFFICER,
    "own_record.who_opened": Role.PRIVACY_OFFICER,
    "protecting.end_protection": Role.TEAM_MANAGER,
    "protecting.protect": Role.TEAM_MANAGER,
    "protecting.protections_due": Role.TEAM_MANAGER,
    "watching.answer": Role.PRIVACY_OFFICER,
    "watching.check_audit": Role.PRIVACY_OFFICER,
    "watching.unusual_views": Role.PRIVACY_OFFICER,
}
"""Verbs that are not for key workers."""

REALLY: Mapping[str, Callable[[Practice, Mapping[Any, Any]], dict[str, Any]]] = {
    "elsewhere.ask_for_record": lambda maya, _values: {"person": maya.new_id()},
    "findings.accept": _refused,
    "outage_file.export": lambda maya, _values: {"outage": an_outage(maya)},
    "outages.reconciliation": lambda maya, _values: {"outage": an_outage(maya)},
    "outages.sign_off": _outage_held,
    "assessments.take_over": _left_by_a_colleague,
    "bookings.book": _other_session,
    "emergency.open_record": lambda maya, _values: {"person": somebody_elses(maya), "words": "Fell down at the door"},
    "protecting.end_protection": _protected,
    "bookings.give_place": _waits_for_a_place,
    "document_values.change_picture": _assessed,
    "people.change_details": lambda _maya, _values: {"safe_time": "After 6pm"},
    "people.settle_field": _two_phones,
    "plan_writing.settle_owner": _owner,
    "plan_writing.settle_owner_by": _owner_by,
    "plans.change_action": lambda _maya, _values: {"what": "Ring the landlord again"},
    "plans.change_goal": lambda _maya, _values: {"words": "Keep my flat, and my cat"},
    "plans.change_plan": lambda _maya, _values: {"in_own_words": "I want to stay"},
    "plans.start": lambda maya, _values: {"person": people.register(maya, Person(given_name="Ana"))},
    "reception.back_to_waiting": _called,
    "reception.check_in": lambda maya, _values: {"person": people.register(maya, Person(given_name="Ana"))},
    "reception.done": _called,
    "wrong_person.move": lambda maya, _values: {"right": people.register(maya, Person(given_name="Ana"))},
}
"""What makes a verb do its work, where a value of the right type is not enough."""


@pytest.mark.parametrize("name", sorted(set(VERBS) - set(NO_EVENT)))
def test_a_verb_is_in_the_audit(name: str, maya: Practice, values: Mapping[Any, Any]) -> None:
    given = arguments(VERBS[name], values) | REALLY.get(name, lambda *_: {})(maya, values)
    fresh = as_role(replace(maya, openings=Openings()), DONE_BY.get(name, Role.KEY_WORKER))
    before = len(events(maya.whole))
    VERBS[name](fresh, **given)
    assert events(maya.whole)[before:], f"{name} read or changed records, and nobody will know"


def test_the_lists_name_verbs_that_are_there() -> None:
    assert set(NO_EVENT) | set(REALLY) <= set(VERBS)
    assert set(TABLE) >= LOOKS_AT


def test_looking_again_is_no_event_and_another_opening_is(maya: Practice) -> None:
    people.banner(maya, NGOZI)
    before = len(events(maya.whole))
    people.banner(maya, NGOZI)
    assert len(events(maya.whole)) == before
    with maya.opening("PersonPlace", NGOZI):
        people.banner(maya, NGOZI)
        story.needs(maya, NGOZI)
        people.banner(maya, NGOZI)
    assert events(maya.whole)[before:] == [f"view: {Act.SEE_DETAILS.value}", f"view: {Act.SEE_CLINICAL.value}"]
    with maya.opening("PersonPlace", NGOZI):
        people.banner(maya, NGOZI)
    assert len(events(maya.whole)) == before + 2, "another tab of the same person is the same opening"


def test_what_was_looked_at_before_a_refusal_is_written_down(maya: Practice) -> None:
    reception_desk = permissions.without_rights(maya)
    before = len(events(maya.whole))
    with pytest.raises(Problem), maya.opening("PlanPlace", NGOZI):
        people.banner(maya, NGOZI)
        story.needs(reception_desk, NGOZI)
    assert sorted(events(maya.whole)[before:]) == ["refused", f"view: {Act.SEE_DETAILS.value}"]


UI = Path(livingwell_desktop.ui.__path__[0])


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: path.relative_to(UI).as_posix())
def test_no_page_writes_the_audit_itself(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)]
    assert not [node.lineno for node in calls if node.attr in ("viewed", "record_events")]
