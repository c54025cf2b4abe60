"""What a desk gives back to a restored server: what each change says, once its author is certain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from livingwell_desktop.domain.changes import (
    Change,
    Content,
    ContentError,
    Standing,
    check_fitting,
    content_hash,
    read_content,
    signed_bytes,
)
from livingwell_desktop.domain.records import ChangeId
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.joining import KnownDevice, lock_letters
from livingwell_desktop.sync.restored import PlacedVoid


@dataclass(frozen=True, slots=True)
class Row:
    """A change or void on its way into the database."""

    id: ChangeId
    record: UUID
    kind: str
    subject: UUID
    sensitivity: int
    standing: Standing
    content_hash: bytes
    parents: tuple[ChangeId, ...]
    fields: frozenset[str]
    centres: tuple[UUID, ...]
    """Those of its author's desk: they know its person, as when it was sent first."""
    change: Change | None = None
    act: str = ""


@dataclass
class Gift:
    """What one desk gave back, judged."""

    by: KnownDevice
    changes: Sequence[Change]
    rows: list[Row] = field(default_factory=list)
    refused: dict[ChangeId, str] = field(default_factory=dict)
    unproved: set[ChangeId] = field(default_factory=set)
    """Of what was refused: that whose author is not known."""
    taken: int = 0


def judge_gift(
    connection: Connection, device: KnownDevice, changes: Sequence[Change], voids: Sequence[PlacedVoid] = ()
) -> Gift:
    """Judge each change alone. A void is only a place, which nobody signs."""
    gift = Gift(device, changes, [_void_row(each) for each in voids])
    authors = _authors(connection, changes)
    for change in changes:
        try:
            if change.device not in authors:
                gift.unproved.add(change.id)
                raise ContentError("its author is not known")
            key, centres = authors[change.device]
            content = _proved(change, key)
            gift.rows.append(_change_row(change, content, centres))
        except ContentError as error:
            gift.refused[change.id] = str(error)
    return gift


def _authors(connection: Connection, changes: Sequence[Change]) -> Mapping[UUID, tuple[Ed25519PublicKey, list[UUID]]]:
    named = {each.device for each in changes}
    known = _known_authors(connection, named)
    if named - known.keys():
        # Whoever is just making one of them known has either done so by then, or will find these words in quarantine.
        lock_letters(connection)
        known = _known_authors(connection, named)
    return known


def _known_authors(connection: Connection, named: set[UUID]) -> dict[UUID, tuple[Ed25519PublicKey, list[UUID]]]:
    rows = connection.execute("SELECT id, public_key, centres FROM device WHERE id = ANY(%s)", (sorted(named),))
    return {row[0]: (Ed25519PublicKey.from_public_bytes(row[1]), row[2]) for row in rows}


def _proved(change: Change, key: Ed25519PublicKey) -> Content:
    """What the change says, once its author is certain. Raises ContentError."""
    if content_hash(change.salt, change.content) != change.content_hash:
        raise ContentError("the content does not match its hash")
    try:
        key.verify(change.signature, signed_bytes(change.id, change.content_hash))
    except InvalidSignature as error:
        raise ContentError("the signature is not its author's") from error
    content = read_content(change.content)
    check_fitting(content)
    return content


def _change_row(change: Change, content: Content, centres: Sequence[UUID]) -> Row:
    return Row(
        change.id,
        content.record,
        content.kind,
        content.subject,
        content.sensitivity,
        Standing.CONTENT,
        change.content_hash,
        tuple(sorted(content.parents)),
        frozenset(content.set),
        tuple(sorted(centres)),
        change,
        content.act,
    )


def _void_row(placed: PlacedVoid) -> Row:
    void = placed.void
    return Row(
        void.id,
        void.record,
        placed.kind,
        placed.subject,
        placed.sensitivity,
        void.standing,
        void.content_hash,
        tuple(sorted(void.parents)),
        void.fields,
        (),
    )
