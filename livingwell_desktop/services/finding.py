"""Finding people by any facts typed in one box, and those who may be taken for each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from livingwell_desktop.domain.look_alikes import Identity, Strip, new_person_strip, results_strip
from livingwell_desktop.domain.names import search_words
from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.domain.people import (
    Person,
)
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.searching import Query, parse_query
from livingwell_desktop.domain.sessions import Booking, BookingState, Visit
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Between
from livingwell_desktop.storage.search import MOST_COUNTED


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

    @property
    def total_words(self) -> str:
        """How many were found: "3", or "over 1,000" from where they are no longer counted."""
        return f"{self.total:,}" if self.total <= MOST_COUNTED else f"over {MOST_COUNTED:,}"


@dataclass(frozen=True, slots=True)
class Around:
    """What every search result is shown with: read once, when a search begins, not at every key."""

    on_board: Mapping[UUID, Held[Visit]]
    booked: Mapping[UUID, Held[Booking]]
    staff: Mapping[UUID, Held[Staff]]
    people_here: int


def around(practice: Practice) -> Around:
    """Who is on this centre's board, who is booked here today, who works here, and how many people this desk holds."""
    practice.require(Act.FIND_PEOPLE)
    practice = practice.for_lists()
    store, today, centre = practice.store, practice.today(), practice.centre.id
    visits = (held for held in store.find(Visit, on=today) if held.value.centre == centre)
    bookings = (held for held in store.find(Booking, on=today) if held.value.centre in (None, centre))
    return Around(
        on_board={held.value.person: held for held in visits if held.value.person and held.value.ended_at is None},
        booked={
            held.value.person: held
            for held in bookings
            if held.value.person and held.value.state is BookingState.BOOKED
        },
        staff={held.id: held for held in store.find(Staff)},
        people_here=store.count(Person),
    )


def search(practice: Practice, typed: str, limit: int = 20, known_around: Around | None = None) -> SearchResult:
    """Find people by any facts typed in one box. A page that asks at every key gives what it read when it began."""
    practice.require(Act.FIND_PEOPLE)
    practice = practice.for_lists()
    query = parse_query(typed, practice.today())
    found = practice.store.search_people(query, limit)
    beside = known_around or around(practice)
    return SearchResult(
        query,
        _matches(practice, found.people, beside),
        found.total,
        beside.people_here,
        results_strip([identity(person) for person in found.people[:8]]),
    )


RECENT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a member of staff most likely looks for: whom they are key worker of, and who came here lately."""

    mine: tuple[Match, ...]
    recent: tuple[Match, ...]


def known(practice: Practice, limit: int = 50) -> Known:
    """The People page before anything is typed. Nobody is in both lists."""
    practice.require(Act.FIND_PEOPLE)
    practice = practice.for_lists()
    store, today = practice.store, practice.today()
    mine = sorted(
        store.find(Person, key_worker=practice.staff.id),
        key=lambda held: (held.value.family_name.casefold(), held.value.given_name.casefold(), held.id),
    )
    came = store.find(Visit, on=Between(today - timedelta(days=RECENT_DAYS), today), newest_first=True, order="on")
    here = dict.fromkeys(held.value.person for held in came if held.value.centre == practice.centre.id)
    ids = [each for each in here if each and each not in {held.id for held in mine}][:limit]
    people = store.get_many(Person, ids)
    beside = around(practice)
    lately = [people[each] for each in ids if each in people]
    return Known(_matches(practice, mine[:limit], beside), _matches(practice, lately, beside))


def _matches(practice: Practice, people: Sequence[Held[Person]], beside: Around) -> tuple[Match, ...]:
    matches = []
    for person in people:
        seen = practice.store.find(Visit, person=person.id, newest_first=True, limit=1, order="on")
        worker = beside.staff.get(person.value.key_worker) if person.value.key_worker else None
        matches.append(
            Match(
                person,
                worker.value.name if worker else "",
                seen[0].value.on if seen else None,
                beside.on_board.get(person.id),
                beside.booked.get(person.id),
            )
        )
    return tuple(matches)


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
    practice = practice.for_lists()
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
