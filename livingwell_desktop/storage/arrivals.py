"""What comes from a stream: changes, voids, whole states, cards, and word that a record leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from livingwell_desktop.domain.changes import (
    Change,
    Content,
    ContentError,
    Standing,
    Void,
    check_fitting,
    content_hash,
    read_content,
)
from livingwell_desktop.domain.records import Json
from livingwell_desktop.domain.strict_json import JsonReader, read_json


@dataclass(frozen=True, slots=True)
class Checked:
    """A change checked outside the writer's turn: `content` is None when it may not be applied."""

    change: Change
    content: Content | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What the whole alliance may know of a person: names, date of birth, number. Without `body` it is withdrawn."""

    person: UUID
    body: Mapping[str, Json] | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """One entry of a stream. `nodes` is one change or void, or with `whole` all of a record's."""

    number: int
    nodes: tuple[Checked | Void, ...] = ()
    whole: bool = False
    leaves: UUID | None = None
    """The record that this desk is to hold no longer."""
    card: Card | None = None

    @property
    def act(self) -> tuple[str, UUID] | None:
        """The verb and desk that a single change belongs to: what is never split."""
        if self.whole or len(self.nodes) != 1:
            return None
        node = self.nodes[0]
        return (node.content.act, node.change.device) if isinstance(node, Checked) and node.content else None

    @property
    def purges(self) -> bool:
        """Whether words must leave this desk for good."""
        return any(isinstance(node, Void) and node.standing is Standing.PURGED for node in self.nodes)

    def refused(self, reason: str) -> "Arrival":
        """The same entry, of which no change may be applied: each is kept with the reason."""
        checked = (each for each in self.nodes if isinstance(each, Checked))
        return Arrival(self.number, tuple(replace(each, content=None, reason=reason) for each in checked))


def check(change: Change, read: JsonReader = read_json) -> Checked:
    """Check a change's bytes against its hash and read them. No transaction is held meanwhile."""
    if content_hash(change.salt, change.content) != change.content_hash:
        return Checked(change, None, "the content does not match its hash")
    try:
        content = read_content(change.content, read)
        check_fitting(content)
        return Checked(change, content)
    except ContentError as error:
        return Checked(change, None, str(error))


def prepare(number: int, change: Change) -> Arrival:
    """A change of a stream, checked."""
    return Arrival(number, (check(change),))
