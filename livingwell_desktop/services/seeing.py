"""The records of this desk as one viewer may see them: the only way services read, so that no page can forget it.

Two things are left out here, whatever is asked. What is about a protected person, as `domain/protection.py` says. And
the parts of a record that the person does not share with the viewer’s organisation (`domain/permissions`). A record
that is left out reads as one that does not exist, with the same words and the same work.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

from livingwell_desktop.domain.drafts import SharedDraft
from livingwell_desktop.domain.names import search_words
from livingwell_desktop.domain.people import Person, Section
from livingwell_desktop.domain.permissions import Sight, section_of
from livingwell_desktop.domain.protection import Protection, Purpose, as_seen
from livingwell_desktop.domain.records import AnyHeld, Held, Json, kind_of
from livingwell_desktop.domain.searching import Query
from livingwell_desktop.services.standing import Viewer, opened, protected, shared_with, sight_of
from livingwell_desktop.storage import Changes, Draft, Event, Store, Waiting
from livingwell_desktop.storage.search import Found

T = TypeVar("T")

SAYS_NOBODY = frozenset({"state", "ticket", "session", "on", "at", "until", "centre", "places"})
"""Fields that may be read of all records at once, for counting: they name nobody."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The store of this desk through one viewer’s eyes."""

    whole: Store
    viewer: Viewer

    # Asking

    def get(self, record_type: type[T], record: UUID | None) -> Held[T] | None:
        """A record by its id, or None when this desk does not hold it or the viewer may not see it."""
        if record is not None and record_type is Person and record in protected(self.whole):
            return cast("Held[T] | None", self._person(record))
        held = self.whole.get(record_type, record)
        return held if held is None or not self._leaves_out(record_type) else self._seen(held)

    def find(
        self,
        record_type: type[T],
        *,
        order: str = "",
        newest_first: bool = False,
        limit: int | None = None,
        **criteria: Any,
    ) -> tuple[Held[T], ...]:
        """Records whose indexed fields match, as `Store.find`, without those the viewer may not see."""
        found = self.whole.find(record_type, order=order, newest_first=newest_first, limit=limit, **criteria)
        if not self._leaves_out(record_type):
            return found
        look = self._looking_at(record_type)
        return tuple(seen for seen in map(look, found) if seen is not None)

    def get_many(self, record_type: type[T], records: Iterable[UUID | None]) -> Mapping[UUID, Held[T]]:
        """The records among those ids that the viewer may see."""
        wanted = [record for record in records if record is not None]
        found = dict(self.whole.get_many(record_type, wanted))
        if record_type is Person:
            hidden = protected(self.whole)
            people = {each: self._person(each) for each in wanted if each in hidden}
            rest: dict[UUID, Any] = {each: held for each, held in found.items() if each not in hidden}
            return rest | {each: held for each, held in people.items() if held is not None}
        if not self._leaves_out(record_type):
            return found
        look = self._looking_at(record_type)
        seen = {each: look(held) for each, held in found.items()}
        return {each: held for each, held in seen.items() if held is not None}

    def values(self, record_type: type[Any], *fields: str, **criteria: Any) -> list[tuple[Json, ...]]:
        """Only those fields of the records that match, for counting. Raises ValueError for one that names somebody."""
        if not set(fields) <= SAYS_NOBODY:
            raise ValueError(f"{', '.join(sorted(set(fields) - SAYS_NOBODY))}: read whole records with find")
        return self.whole.values(record_type, *fields, **criteria)

    def count(self, record_type: type[Any], **criteria: Any) -> int:
        """How many records match that the viewer may see."""
        if record_type is Person and not criteria:
            return self.whole.count(Person) - len(self._not_whole())
        if self._leaves_out(record_type):
            return len(self.find(record_type, **criteria))
        return self.whole.count(record_type, **criteria)

    def search_people(self, query: Query, limit: int = 50) -> Found:
        """People who match, and how many in all. A protected one is found by whoever may see them, or by reference."""
        found = self.whole.search_people(query, limit, self._not_whole())
        by_reference = [held for held in self._references() if _matches(query, held.value.given_name)]
        people = [*by_reference, *(seen for seen in map(self._seen, found.people) if seen is not None)]
        return Found(tuple(people[:limit]), found.total + len(by_reference))

    def in_conflict(self) -> tuple[AnyHeld, ...]:
        """Every record with a field that needs a person to settle it, as far as the viewer may see it."""
        return tuple(held for held in map(self._seen, self.whole.in_conflict()) if held is not None and held.conflicts)

    def waiting(self) -> Waiting:
        """What has no receipt yet."""
        return self.whole.waiting()

    def drafts_about(self, subject: UUID, kind: str | None = None) -> tuple[Draft, ...]:
        """Drafts about a person whom the viewer sees, newest first."""
        return self.whole.drafts_about(subject, kind) if self._sees_whole(subject) else ()

    def drafts_of(self, staff: UUID) -> tuple[Draft, ...]:
        """What a member of staff has not finished, newest first."""
        return tuple(each for each in self.whole.drafts_of(staff) if self._sees_whole(each.subject))

    # Writing what is no record

    def save_draft(self, draft: Draft) -> None:
        """Keep typing that is not a change yet."""
        self.whole.save_draft(draft)

    def drop_draft(self, draft: UUID) -> None:
        """Forget a draft."""
        self.whole.drop_draft(draft)

    def record_events(self, events: Sequence[Event], staff: UUID | None) -> None:
        """Events that change no record."""
        self.whole.record_events(events, staff)

    def listen(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        """Be told of every change. Returns the function that ends it."""
        return self.whole.listen(listener)

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.whole.path

    # What is left out

    def _leaves_out(self, record_type: type[Any]) -> bool:
        """Whether anything of that kind may be left out for this viewer; most kinds are about nobody."""
        kind = kind_of(record_type)
        if record_type is not Person and "person" not in kind.fields:
            return False
        if record_type is SharedDraft:
            return True
        return bool(protected(self.whole)) or (section_of(kind.name) is not None and not self.viewer.oversees)

    def _seen(self, held: Held[T]) -> Held[T] | None:
        """A record as the viewer may see it."""
        return self._looking_at(type(held.value))(held)

    def _looking_at(self, record_type: type[T]) -> Callable[[Held[T]], Held[T] | None]:
        """What makes of each record of a kind what the viewer may see of it. What is the same for all is asked once."""
        section, hidden = section_of(kind_of(record_type).name), protected(self.whole)
        shares: dict[tuple[UUID, Section], bool] = {}

        def look(held: Held[T]) -> Held[T] | None:
            person = held.id if record_type is Person else getattr(held.value, "person", None)
            if not isinstance(person, UUID):
                return held
            part = section_of(held.value.of) if isinstance(held.value, SharedDraft) else section
            if part is not None:
                if (person, part) not in shares:
                    shares[person, part] = self._is_shared(person, part)
                if not shares[person, part]:
                    return None
            protection = hidden.get(person)
            if protection is None:
                return held
            if record_type is Person:
                # The Person that the kind says.
                return cast("Held[T] | None", self._person(person))
            return self._as_seen(held, protection)

        return look

    def _is_shared(self, person: UUID, section: Section) -> bool:
        viewer = self.viewer
        if viewer.oversees or section in shared_with(self.whole, viewer, person):
            return True
        return opened(self.whole, viewer, person)

    def _as_seen(self, held: Held[T], protection: Held[Protection]) -> Held[T] | None:
        viewer = self.viewer
        about = protection.value.person
        seen = sight_of(self.whole, viewer, about) if about else Sight.WHOLE
        value = as_seen(held.value, protection.value, seen, viewer.purpose, viewer.today, viewer.centre)
        if value is None or value is held.value:
            return None if value is None else held
        return replace(held, value=value, conflicts={}, unknown={})

    def _person(self, person: UUID) -> Held[Person] | None:
        """A protected person. Reception is shown the reference, whether or not this desk holds the record."""
        protection, held = protected(self.whole)[person], self.whole.get(Person, person)
        if sight_of(self.whole, self.viewer, person) is Sight.REFERENCE:
            made = Held(person, Person(), (), {}, {}, protection.changed_at, None)
            return self._as_seen(made, protection)
        return None if held is None else self._as_seen(held, protection)

    def _not_whole(self) -> list[UUID]:
        return [each for each in protected(self.whole) if not self._sees_whole(each)]

    def _references(self) -> Iterable[Held[Person]]:
        for each in protected(self.whole):
            if sight_of(self.whole, self.viewer, each) is Sight.REFERENCE:
                held = self._person(each)
                if held is not None:
                    yield held

    def shows_as_written(self, person: UUID) -> bool:
        """Whether words may be shown as somebody wrote them about that person, whatever they say of their whereabouts.

        Never in lists and on papers while the person is protected.
        """
        return person not in protected(self.whole) or (
            self.viewer.purpose is Purpose.PAGE and sight_of(self.whole, self.viewer, person) is Sight.WHOLE
        )

    def _sees_whole(self, person: UUID) -> bool:
        return person not in protected(self.whole) or sight_of(self.whole, self.viewer, person) is Sight.WHOLE


def _matches(query: Query, reference: str) -> bool:
    """Whether every word typed begins a word of the reference."""
    words, typed = search_words(reference), query.name_prefixes
    only_names = len(typed) == len(query.terms)
    return bool(typed) and only_names and all(any(word.startswith(each) for word in words) for each in typed)
