"""Unfinished work that travels: what is typed becomes a change now and then, and goes on at another desk.

A row of this desk, saved within two seconds of typing, is the safety net (`storage/drafts.py`). On leaving a page, on
locking, and each minute, what was typed since becomes one change of a record of the kind `draft`, based on what its
writer had before them. Finishing it, or leaving it on purpose, says so in that record; nothing is removed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.domain.drafts import TYPED, SharedDraft, apart, together
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import ChangeId, Held, HeldValue, Json, body_of, kind_of, to_json
from livingwell_desktop.domain.sessions import Booking, Visit
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Draft, FieldInConflictError, Write

ANSWERS = f"{TYPED}answers."

_TRAVELS: tuple[tuple[str, Act, str], ...] = (
    ("assessment:", Act.ASSESS, "questionnaire_response"),
    ("plan_form", Act.PLAN, "plan"),
    ("details", Act.CHANGE_DETAILS, "person"),
    ("registration", Act.REGISTER, "person"),
    ("sheet:need", Act.ASSESS, "need"),
    ("sheet:booking", Act.BOOK, "booking"),
    ("sheet:", Act.END_VISIT, "visit"),
)
"""How what a desk keeps of typing begins; what writing it takes, and the kind that it is a draft of."""


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A draft to go on with. `undecided` are answers that two desks gave differently: the answer is asked again."""

    draft: Draft
    undecided: Mapping[str, tuple[HeldValue, ...]]


@dataclass(frozen=True, slots=True)
class Drafts:
    """Everybody's drafts at this desk, for the verbs that write what they are drafts of: those ask for the right."""

    practice: Practice

    def kept_here(self, about: UUID, kind: str) -> Draft | None:
        """What this member of staff types at this desk and has not finished."""
        found = self.practice.store.drafts_about(about, kind)
        return next((each for each in found if each.staff == self.practice.staff.id), None)

    def mine(self, about: UUID, kind: str) -> Draft | None:
        """The newest of what this member of staff has not finished, at this desk or another."""
        here = self.kept_here(about, kind)
        if here is not None and self._is_finished(here.id) and not waits(here):
            here = None
        newest = max(self._elsewhere(about=about, kind=kind), key=lambda held: held.changed_at, default=None)
        if newest is None or (here is not None and (waits(here) or here.saved_at >= newest.changed_at)):
            return here
        return self.as_kept(newest)

    def all_mine(self, begins: str) -> tuple[Draft, ...]:
        """Everything of that sort that this member of staff has not finished, the newest first."""
        here = {each.id: each for each in self.practice.store.drafts_of(self.practice.staff.id)}
        here = {draft: each for draft, each in here.items() if not self._is_finished(draft) or waits(each)}
        found = [*here.values(), *(self.as_kept(held) for held in self._elsewhere() if held.id not in here)]
        mine = [each for each in found if each.kind.startswith(begins)]
        return tuple(sorted(mine, key=lambda each: each.saved_at, reverse=True))

    def of_others(self, about: UUID, begins: str) -> tuple[Held[SharedDraft], ...]:
        """What colleagues have not finished about that record, the newest first: who may write it may take it over."""
        found = [held for held in self.practice.store.find(SharedDraft, about=about) if not held.value.finished]
        theirs = [
            held for held in found if held.value.what.startswith(begins) and held.value.staff != self.practice.staff.id
        ]
        return tuple(sorted(theirs, key=lambda held: held.changed_at, reverse=True))

    def take_up(self, draft: Draft) -> TakenUp:
        """Go on with a draft at this desk, with all that is known of it by now, in one's own name.

        What was typed here and had not travelled becomes a change first, so that nothing of it is lost beside what
        another desk wrote. Where two desks wrote a text, both stand in its place; two answers are asked again.
        """
        here, held = self.kept_here(draft.subject, draft.kind), self.practice.whole.get(SharedDraft, draft.id)
        if held is None or held.value.finished:
            return TakenUp(draft, {})
        if here is not None and here.id == draft.id and waits(here):
            if held.heads == here.heads:
                return TakenUp(here, _undecided(held, here))  # nothing is known that was not shown here
            self.share(here)
            held = self.practice.whole.get(SharedDraft, draft.id) or held
        fields = {name: value for name, value in _fields_of(held).items() if not _is_asked_again(held, name)}
        for name, values in held.conflicts.items():
            if name.startswith(TYPED) and _is_text(fields.get(name)):
                fields[name] = _both(fields[name], values)
        taken = self.as_kept(held, fields)
        self.practice.whole.save_draft(taken)
        known = {**_fields_to_share(taken), "staff": to_json(held.value.staff)}
        self.practice.whole.travelling.note(taken.id, held.heads, known)
        return TakenUp(taken, _undecided(held, taken))

    def drop(self, act: Act, draft: UUID) -> None:
        """It was left on purpose: it is finished, without anything having come of it."""
        if self.practice.whole.get(SharedDraft, draft) is not None:
            self.practice.write(act, [], forget=draft)
        else:
            self.practice.store.drop_draft(draft)

    def must_be_open(self, draft: UUID) -> None:
        """Raises Problem when a draft was finished at another desk meanwhile."""
        if self._is_finished(draft):
            raise Problem(
                "This was finished at another desk",
                "Somebody went on with the same draft there and completed it.",
                "Look at what they completed. Nothing was written twice.",
            )

    def share(self, draft: Draft) -> None:
        """Make a change of what was typed since the last one. Raises Problem.

        Nothing happens for what does not travel, and where whoever typed it may not write it any more.
        """
        held, person = self.practice.whole.get(SharedDraft, draft.id), self._person_of(draft.subject)
        found = next(((act, of) for begins, act, of in _TRAVELS if draft.kind.startswith(begins)), None)
        gone = draft.shared is not None if held is None else held.value.finished
        if found is None or gone or (person is None and found[0] is not Act.REGISTER):
            return
        act, of = found
        if not self.practice.may(act, person).allowed:
            return
        began = SharedDraft(person=person, centre=self.practice.centre.id, about=draft.subject, what=draft.kind, of=of)
        fields, shared = _fields_to_share(draft), dict(draft.shared or {})
        changed = {name: value for name, value in fields.items() if name not in shared or shared[name] != value}
        changed |= {name: _nothing(name) for name in shared if name not in fields}
        if held is None:
            changed = {**body_of(kind_of(SharedDraft), began), **changed}
        while changed:
            edit = Write(draft.id, kind_of(SharedDraft).name, changed, draft.heads, _shown(held, changed))
            try:
                self.practice.write(act, [edit])
            except FieldInConflictError as conflict:
                del changed[conflict.name]
            else:
                known = {name: value for name, value in (shared | changed).items() if name in fields}
                self.practice.whole.travelling.note_own(draft.id, known)
                return

    def _elsewhere(self, about: UUID | None = None, kind: str = "") -> list[Held[SharedDraft]]:
        """This member of staff's drafts that travelled and are not finished."""
        found = self.practice.store.find(SharedDraft, staff=self.practice.staff.id)
        return [
            held
            for held in found
            if not held.value.finished and about in (None, held.value.about) and kind in ("", held.value.what)
        ]

    def as_kept(self, held: Held[SharedDraft], fields: Mapping[str, Json] | None = None) -> Draft:
        """A draft of another desk as this one keeps typing, in the name of whoever goes on with it."""
        value = held.value
        return Draft(
            held.id,
            self.practice.staff.id,
            value.what,
            value.about or value.person or self.practice.device.id,
            together(_fields_of(held) if fields is None else fields),
            tuple(bytes.fromhex(each) for each in value.based_on),
            held.changed_at,
            held.heads,
        )

    def _is_finished(self, draft: UUID) -> bool:
        held = self.practice.whole.get(SharedDraft, draft)
        return held is not None and held.value.finished

    def _person_of(self, about: UUID) -> UUID | None:
        """Whom the record is about that a draft is kept under; None for somebody who is being registered."""
        whole = self.practice.whole
        if whole.get(Person, about) is not None:
            return about
        visit, booking = whole.get(Visit, about), whole.get(Booking, about)
        found = visit.value if visit else booking.value if booking else None
        return found.person if found else None


def share(practice: Practice) -> None:
    """Make changes of all that this member of staff typed at this desk since the last time. Raises Problem."""
    for draft in practice.whole.drafts_of(practice.staff.id):
        if waits(draft):
            Drafts(practice).share(draft)


def waits(draft: Draft) -> bool:
    """Whether something of it was typed that is no change yet."""
    if draft.shared is None:
        return any(draft.body.values())
    return _fields_to_share(draft) != draft.shared


def _is_asked_again(held: Held[SharedDraft], name: str) -> bool:
    return name.startswith(ANSWERS) and name in held.conflicts


def _undecided(held: Held[SharedDraft], draft: Draft) -> dict[str, tuple[HeldValue, ...]]:
    """Questions with two answers that nobody has answered again here."""
    answered = apart(draft.body)
    return {
        name.removeprefix(ANSWERS): values
        for name, values in held.conflicts.items()
        if _is_asked_again(held, name) and name not in answered
    }


def _shown(held: Held[SharedDraft] | None, changed: Mapping[str, Json]) -> dict[str, frozenset[ChangeId]]:
    """The heads of conflicts whose values `take_up` showed: texts and answers. Others are settled in Attention."""
    return {
        name: frozenset(each.change for each in held.conflicts[name])
        for name in changed
        if held is not None and name in held.conflicts and (name.startswith(ANSWERS) or _is_text(changed[name]))
    }


def _fields_to_share(draft: Draft) -> dict[str, Json]:
    return {
        **{name: to_json(value) for name, value in apart(draft.body).items()},
        "staff": str(draft.staff),
        "based_on": [each.hex() for each in draft.based_on],
    }


def _fields_of(held: Held[SharedDraft]) -> dict[str, Json]:
    """All fields of a draft, those that somebody typed too."""
    declared = {name: to_json(getattr(held.value, name)) for name in kind_of(SharedDraft).fields}
    return {**{name: value for name, value in declared.items() if value}, **held.unknown}


def _nothing(name: str) -> Json:
    """What is written where something typed was taken back."""
    declared = kind_of(SharedDraft).fields.get(name)
    return None if declared is None else to_json(declared.default)


def _is_text(value: Json) -> bool:
    return isinstance(value, str) or (isinstance(value, Mapping) and isinstance(value.get("raw"), str))


def _both(stands: Json, values: tuple[HeldValue, ...]) -> Json:
    """Every text that somebody wrote in one place, one after the other."""
    texts = [each.value["raw"] if isinstance(each.value, Mapping) else each.value for each in values]
    words = " / ".join(dict.fromkeys(str(text) for text in texts if text))
    return {**stands, "raw": words} if isinstance(stands, Mapping) else words
