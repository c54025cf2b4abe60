"""Registering people, their details, and what stands on top whenever one is open."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR
from livingwell_desktop.domain.contact_details import parse_email, parse_phone, parse_postcode
from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.names import check_name
from livingwell_desktop.domain.nhs_number import check_nhs_number
from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.domain.people import (
    AboutMe,
    CommunicationNeed,
    Contact,
    Person,
)
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plans import Action
from livingwell_desktop.domain.records import Held, Json, Sensitivity, kind_of, to_json
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.drafts import Drafts
from livingwell_desktop.services.plan_writing import settle_owner_by
from livingwell_desktop.services.plans import OWNER_FIELDS
from livingwell_desktop.services.practice import Practice, not_here
from livingwell_desktop.services.sharing import Sharing, sharing
from livingwell_desktop.services.value_words import typed_value
from livingwell_desktop.storage import Draft, Write, create, edit

NOT_TRACED = "02"
"""NHS Data Dictionary: number present but not traced. Offline nothing better can be said."""

NAMES = {
    "given_name": "first name",
    "family_name": "last name",
    "preferred_name": "name",
    "other_names": "name",
}
LINES = ("pronouns", "address", "safe_time", "language", "gp_practice")
LONGEST_LINE = 300
"""Characters in a line of a person's details: longer than any address, short enough for a page."""


FOLLOWS = {"phone": "phone_e164", "nhs_number": "nhs_number_status"}
"""Fields of a person that are worked out from another: they are settled with it and never asked about alone."""


def register(practice: Practice, person: Person, record: UUID | None = None, *, forget: UUID | None = None) -> UUID:
    """Register a new person. `forget` is the draft it was.

    Raises Problem naming every field that needs mending; nothing is saved then.
    """
    practice.require(Act.REGISTER)
    person = checked(person)
    record = record or practice.new_id()
    practice.write(Act.REGISTER, [create(record, person)], forget=forget)
    return record


def checked(person: Person) -> Person:
    """The person with every typed detail checked and in its stored form.

    Raises Problem with a sentence for each field that needs mending.
    """
    problems: list[FieldProblem] = []
    changed: dict[str, Any] = {}

    def attempt(name: str, value: Any) -> None:
        try:
            changed.update(value())
        except Problem as problem:
            problems.extend(problem.fields or (FieldProblem(name, problem.advice),))

    if not person.name:
        problems.append(FieldProblem("given_name", "Enter a name. One name is enough."))
    for name, what in NAMES.items():
        if getattr(person, name):
            attempt(name, lambda name=name, what=what: {name: check_name(getattr(person, name), field=name, what=what)})
    if person.phone:
        attempt("phone", lambda: {"phone": person.phone.strip(), "phone_e164": parse_phone(person.phone).e164})
    else:
        changed["phone_e164"] = ""
    if person.postcode:
        attempt("postcode", lambda: {"postcode": parse_postcode(person.postcode)})
    if person.email:
        attempt("email", lambda: {"email": parse_email(person.email)})
    if person.nhs_number:
        attempt(
            "nhs_number",
            lambda: {
                "nhs_number": check_nhs_number(person.nhs_number).digits,
                "nhs_number_status": person.nhs_number_status or NOT_TRACED,
            },
        )
    for name in LINES:
        if len(getattr(person, name)) > LONGEST_LINE:
            problems.append(
                FieldProblem(
                    name,
                    f"This has {len(getattr(person, name)):,} characters. "
                    f"Shorten it to {LONGEST_LINE} characters or fewer.",
                )
            )
    if problems:
        raise Problem("There is a problem", "Some details need mending.", "Mend them and save again.", tuple(problems))
    return replace(person, **changed)


def checked_fields(person: Person, *names: str) -> dict[str, Any]:
    """Those fields, and what follows from them, checked and in stored form. What else is in the record is left alone.

    Raises Problem naming the fields that need mending.
    """
    name = {each: getattr(person, each) for each in ("given_name", "family_name")}
    alone = Person(**(name if set(name) & set(names) else {"given_name": "Known"}))
    after = checked(replace(alone, **{each: getattr(person, each) for each in names}))
    follow = [FOLLOWS[each] for each in names if each in FOLLOWS]
    return {each: getattr(after, each) for each in (*names, *follow)}


def change_details(practice: Practice, held: Held[Person], **fields: Any) -> None:
    """Change a person's details, based on what was shown. Raises Problem naming the fields that need mending."""
    practice.require(Act.CHANGE_DETAILS, held.id)
    touched = checked_fields(replace(held.value, **fields), *fields)
    if touched.get("nhs_number") == held.value.nhs_number:
        # The same number typed again is as checked as it was: somebody may have traced it.
        touched.pop("nhs_number_status", None)
    if touched.get("key_worker") not in (None, held.value.key_worker):
        _check_key_worker(practice, held.id, touched["key_worker"])
    practice.write(Act.CHANGE_DETAILS, [edit(held, **touched)])


def _check_key_worker(practice: Practice, person: UUID, staff: UUID) -> None:
    """The key worker's organisation sees the whole record, so it is none that the person does not share with."""
    practice.require(Act.CHOOSE_KEY_WORKER, person)
    worker = practice.store.get(Staff, staff)
    organisation = worker.value.organisation if worker else None
    if organisation is None or practice.shares_with(person, organisation):
        return
    name = alliance(practice).organisations[organisation].value.name
    raise field_problem(
        "key_worker", f"They do not share their record with {name}.", "Ask them, and write down what they say first."
    )


_TYPING = "details"


@dataclass(frozen=True, slots=True)
class TypedDetail:
    """What stands in the box of one detail, and what was shown when that box was opened."""

    raw: Json
    basis: Held[Person]


def keep_typing(practice: Practice, person: UUID, typed: Mapping[str, TypedDetail]) -> None:
    """Keep what is typed into a person's details and not saved yet, by field. Nothing typed drops it."""
    practice.require(Act.CHANGE_DETAILS, person)
    kept = Drafts(practice).kept_here(person, _TYPING)
    if not typed:
        if kept is not None:
            Drafts(practice).drop(Act.CHANGE_DETAILS, kept.id)
        return
    record = kept.id if kept is not None else practice.new_id()
    body: dict[str, Json] = {
        name: {
            "raw": each.raw,
            "shown": to_json(getattr(each.basis.value, name)),
            "based_on": [head.hex() for head in each.basis.heads],
        }
        for name, each in typed.items()
    }
    practice.store.save_draft(Draft(record, practice.staff.id, _TYPING, person, body, (), practice.now()))


def typing_of(practice: Practice, person: UUID) -> Draft | None:
    """What this member of staff typed into a person's details when this desk or another was left: it goes on here."""
    practice.require(Act.CHANGE_DETAILS, person)
    drafts = Drafts(practice)
    found = drafts.mine(person, _TYPING)
    return None if found is None else drafts.take_up(found).draft


def typed_details(draft: Draft, held: Held[Person]) -> Mapping[str, TypedDetail]:
    """What a draft holds, each detail on what was shown for it: what came since is kept beside it, not written over."""
    declared, found = kind_of(Person).fields, dict[str, TypedDetail]()
    for name, kept in draft.body.items():
        if name in declared:
            shown = replace(held.value, **{name: typed_value(declared[name], kept["shown"])})
            heads = tuple(bytes.fromhex(head) for head in kept["based_on"])
            found[name] = TypedDetail(kept["raw"], replace(held, value=shown, heads=heads))
    return found


def settle_field(practice: Practice, held: Held[Any], name: str, value: Any) -> None:
    """Decide a field that two desks changed, or whether a record stays, after every value was shown. The others stay in
    the history.

    Raises Problem when a value that was typed needs mending.
    """
    kind = kind_of(type(held.value))
    about = held.id if kind.type is Person else getattr(held.value, "person", None)
    practice.require(Act.SETTLE, about)
    if kind.sensitivity_of_value(held.value) > Sensitivity.DESK:
        practice.require(Act.SEE_CLINICAL_QUESTIONS, about)
    if isinstance(held.value, Action) and name in OWNER_FIELDS:
        settle_owner_by(practice, held, name, value)
        return
    declaration = kind.field_named(name)
    decided = {name: typed_value(declaration, to_json(value)) if declaration else value}
    if isinstance(held.value, Person) and name != ENTERED_IN_ERROR:
        decided = checked_fields(replace(held.value, **decided), name)
    shown = {
        each: frozenset(known.change for known in held.conflicts[each]) for each in decided if each in held.conflicts
    }
    fields = {each: to_json(wanted) for each, wanted in decided.items()}
    practice.write(Act.SETTLE, [Write(held.id, kind.name, fields, held.heads, shown)])


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands on top whenever a person is open."""

    person: Held[Person]
    needs: tuple[Held[CommunicationNeed], ...]
    sharing: tuple[Sharing, ...]
    visit: Held[Visit] | None
    alliance: Alliance


def banner(practice: Practice, person: UUID) -> Banner:
    """Read what the banner shows. Raises Problem when this desk does not hold the person."""
    practice.require(Act.SEE_DETAILS, person)
    held = practice.store.get(Person, person)
    if held is None:
        raise not_here()
    everybody = alliance(practice)
    today = practice.today()
    visits = practice.store.find(Visit, person=person, on=today, newest_first=True)
    return Banner(
        person=held,
        needs=practice.store.find(CommunicationNeed, person=person),
        sharing=sharing(practice, person, everybody),
        visit=next((held for held in visits if held.value.ended_at is None), None),
        alliance=everybody,
    )


def details_of(practice: Practice, person: UUID) -> Held[Person] | None:
    """The person's own details; None when this desk does not hold them."""
    practice.require(Act.SEE_DETAILS, person)
    return practice.store.get(Person, person)


def contacts(practice: Practice, person: UUID) -> tuple[Held[Contact], ...]:
    """The people in the person's life, in their order."""
    practice.require(Act.SEE_DETAILS, person)
    found = practice.store.find(Contact, person=person)
    return tuple(sorted(found, key=lambda held: (held.value.position, held.id)))


def about_me(practice: Practice, person: UUID) -> Held[AboutMe] | None:
    """What the person wants everybody to know, in their words."""
    practice.require(Act.SEE_CLINICAL, person)
    return next(iter(practice.store.find(AboutMe, person=person)), None)
