"""Changes as another desk would send them, also one with a newer program."""

from typing import Any
from uuid import UUID, uuid4

from livingwell_desktop.domain.changes import Change, Content, content_hash, write_content
from livingwell_desktop.domain.records import AnyHeld, RecordKind, kind_of
from livingwell_desktop.storage import Store, prepare


def made_elsewhere(
    kind: RecordKind, record: UUID, body: dict[str, Any], basis: AnyHeld | None = None, at: int = 1
) -> Change:
    """A change of another desk: a new record, or an edit of what this desk shows."""
    value = getattr(basis, "value", None)
    subject = kind.subject_of(record, {name: str(getattr(value, name, "") or "") for name in kind.subject} | body)
    parents = tuple(sorted(basis.heads)) if basis else ()
    content = Content(
        record, kind.name, subject, int(kind.sensitivity), parents, body, uuid4().hex, at, None, None, "99.0", (0, 0)
    )
    raw = write_content(content)
    return Change(uuid4().bytes, raw, b"salt", content_hash(b"salt", raw), uuid4(), b"")


def arrive(store: Store, *changes: Change) -> None:
    """They reach this desk, and its pages hear of it."""
    stream = f"from {uuid4().hex}"
    store.receive([prepare(number, each) for number, each in enumerate(changes, 1)], stream)


def disagree(store: Store, held: AnyHeld, name: str, one: str, other: str) -> None:
    """Two desks write a field without knowing of each other."""
    kind, at = kind_of(type(held.value)), int(held.changed_at.timestamp() * 1000)
    arrive(store, *(made_elsewhere(kind, held.id, {name: words}, held, at + 1) for words in (one, other)))
