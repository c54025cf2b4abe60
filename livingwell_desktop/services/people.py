"""Finding, registering and knowing people."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.contact_details import parse_email, parse_phone, parse_postcode
from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.look_alikes import Identity, Strip, new_person_strip, results_strip
from livingwell_desktop.domain.names import check_name, search_words
from livingwell_desktop.domain.nhs_number import check_nhs_number
from livingwell_desktop.domain.people import AboutMe, CommunicationNeed, Contact, Person, SharingAgreement
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.searching import Query, parse_query
from livingwell_desktop.domain.sessions import Booking, Visit
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import create, edit, settle

NOT_TRACED = "02"
"""NHS Data Dictionary: number present but not traced. Offline nothing better can be said."""


@dataclass(frozen=True, slots=True)
class Match:
    """A person found, with the facts that tell look-alikes apart."""

    person: Held[Person]
    key_worker: str
    last_seen: date | None
    on_board: Held[Visit] | None
    booked_today: Held[Booking] | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found, for the palette and the People page."""

    query: Query
    matches: tuple[Match, ...]
    total: int
    people_here: int
    look_alikes: Strip | None


def search(practice: Practice, typed: str, limit: int = 20) -> SearchResult:
    """Find people by any facts typed in one box."""
    practice.require(Act.FIND_PEOPLE)
    store, query = practice.store, parse_query(typed, practice.today())
    found = store.search_people(query, limit)
    today = practice.today()
    visits: dict[UUID, Held[Visit]] = {}
    for visit in store.find(Visit, on=today):
        if visit.value.person and visit.value.ended_at is None and visit.value.centre == practice.centre.id:
            visits[visit.value.person] = visit
    bookings = {held.value.person: held for held in store.find(Booking, on=today) if held.value.state.value == "booked"}
    staff = alliance(practice).staff
    matches = []
    for person in found.people:
        last = next(iter(store.find(Visit, person=person.id, newest_first=True, limit=1)), None)
        worker = staff.get(person.value.key_worker) if person.value.key_worker else None
        matches.append(
            Match(
                person,
                worker.value.name if worker else "",
                last.value.on if last else None,
                visits.get(person.id),
                bookings.get(person.id),
            )
        )
    return SearchResult(
        query,
        tuple(matches),
        found.total,
        store.count(Person),
        results_strip([identity(person) for person in found.people[:8]]),
    )


def identity(person: Held[Person]) -> Identity:
    """What is compared to find look-alikes."""
    value = person.value
    return Identity(
        key=str(person.id),
        name=value.name,
        born=value.born,
        phones=(value.phone_e164,) if value.phone_e164 else (),
        nhs_number=value.nhs_number,
        other_names=tuple(name for name in (value.preferred_name, value.other_names) if name),
    )


def like(practice: Practice, candidate: Person) -> tuple[tuple[Held[Person], ...], Strip | None]:
    """People who may be the one about to be registered, and the strip that says so. Shown before "new person"."""
    practice.require(Act.FIND_PEOPLE)
    seen: dict[UUID, Held[Person]] = {}
    typed = [f"{word}" for word in search_words(candidate.name)]
    if candidate.born:
        typed.append(candidate.born.strftime("%d/%m/%Y"))
    if candidate.phone_e164:
        typed.append(candidate.phone_e164)
    if candidate.nhs_number:
        typed.append(candidate.nhs_number)
    for each in typed:
        for person in practice.store.search_people(parse_query(each, practice.today()), 200).people:
            seen[person.id] = person
    mine = replace(identity(Held(UUID(int=0), candidate, (), {}, {}, practice.now(), None)), key="new")
    strip = new_person_strip(mine, [identity(person) for person in seen.values()])
    keys = strip.keys if strip else ()
    return tuple(seen[UUID(key)] for key in keys if key != "new"), strip


def register(practice: Practice, person: Person, record: UUID | None = None) -> UUID:
    """Register a new person. Raises Problem naming every field that needs mending; nothing is saved then."""
    practice.require(Act.REGISTER)
    person = checked(person)
    record = record or practice.new_id()
    practice.write(Act.REGISTER, [create(record, person)])
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
            problems.extend(problem.fields or (FieldProblem(name, f"{problem.what_happened} {problem.what_to_do}"),))

    if not person.name:
        problems.append(FieldProblem("given_name", "Enter a name. One name is enough."))
    for name, what in (("given_name", "first name"), ("family_name", "last name"), ("preferred_name", "name")):
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
    if problems:
        raise Problem("There is a problem", "Some details need mending.", "Mend them and save again.", tuple(problems))
    return replace(person, **changed)


def change_details(practice: Practice, held: Held[Person], **fields: Any) -> None:
    """Change a person's details, based on what was shown. Raises Problem naming the fields that need mending."""
    practice.require(Act.CHANGE_DETAILS, held.id)
    wanted = replace(held.value, **fields)
    after = checked(wanted)
    touched = {name: getattr(after, name) for name in fields}
    if "phone" in fields:
        touched["phone_e164"] = after.phone_e164
    if "nhs_number" in fields:
        touched["nhs_number_status"] = after.nhs_number_status if after.nhs_number else ""
    practice.write(Act.CHANGE_DETAILS, [edit(held, **touched)])


def settle_field(practice: Practice, held: Held[Any], name: str, value: Any) -> None:
    """Decide a field that two desks changed, after every value was shown. The others stay in the history."""
    practice.require(Act.SETTLE, held.id)
    practice.write(Act.SETTLE, [settle(held, name, value)])


@dataclass(frozen=True, slots=True)
class Sharing:
    """What the person shares with one organisation, as of now."""

    organisation: UUID
    agreement: Held[SharingAgreement] | None


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
        raise Problem(
            "This record is not on this desk", "It may not have arrived yet.", "Search for the person by name again."
        )
    everybody = alliance(practice)
    today = practice.today()
    visits = practice.store.find(Visit, person=person, newest_first=True, limit=5)
    return Banner(
        person=held,
        needs=practice.store.find(CommunicationNeed, person=person),
        sharing=sharing(practice, person, everybody),
        visit=next((v for v in visits if v.value.on == today and v.value.ended_at is None), None),
        alliance=everybody,
    )


def sharing(practice: Practice, person: UUID, everybody: Alliance) -> tuple[Sharing, ...]:
    """The newest agreement with each organisation; None where the person was never asked."""
    newest: dict[UUID, Held[SharingAgreement]] = {}
    for held in practice.store.find(SharingAgreement, person=person):
        organisation = held.value.organisation
        if organisation and (organisation not in newest or _later(held, newest[organisation])):
            newest[organisation] = held
    order = sorted(everybody.organisations.values(), key=lambda each: str(each.id))
    return tuple(Sharing(each.id, newest.get(each.id)) for each in order)


def _later(one: Held[SharingAgreement], other: Held[SharingAgreement]) -> bool:
    def when(held: Held[SharingAgreement]) -> tuple[date, Any, UUID]:
        return (held.value.decided_on or date.min, held.changed_at, held.id)

    return when(one) > when(other)


def contacts(practice: Practice, person: UUID) -> tuple[Held[Contact], ...]:
    """The people in the person's life, in their order."""
    practice.require(Act.SEE_DETAILS, person)
    found = practice.store.find(Contact, person=person)
    return tuple(sorted(found, key=lambda held: (held.value.position, held.id)))


def about_me(practice: Practice, person: UUID) -> Held[AboutMe] | None:
    """What the person wants everybody to know, in their words."""
    practice.require(Act.SEE_CLINICAL, person)
    return next(iter(practice.store.find(AboutMe, person=person)), None)
