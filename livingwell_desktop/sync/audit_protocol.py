"""What a desk and the server say to each other about the audit: `POST /v1/audit` (`docs/sync-protocol.md`).

Events travel up only. The desk sends the rows that follow the last link the server said it holds; the server answers
with its signed word on the head that it holds now. The same rows may be sent again after a lost answer.
"""

from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.domain.audit import AuditRow, Checkpoint
from livingwell_desktop.domain.records import Json
from livingwell_desktop.sync.strict import Fields, ProtocolError, dump, parse

MAX_ROWS = 500
MAX_DETAIL = 64 * 1024
MAX_EVENT = 200

_LARGEST = (1 << 62) - 1
_LATEST = 1 << 52
_BATCH = frozenset({"after", "rows"})
_ROW = frozenset({"n", "at", "staff", "event", "subject", "record", "detail", "prev", "hash", "said"})
_CHECKPOINT = frozenset({"n", "hash", "time", "server_key", "certificate", "signature"})


@dataclass(frozen=True, slots=True)
class AuditBatch:
    """Rows of a desk's chain, those that follow link `after`, in their order."""

    after: int
    rows: tuple[AuditRow, ...]


def write_batch(batch: AuditBatch) -> bytes:
    """The rows as JSON."""
    return dump({"after": batch.after, "rows": [_row_json(row) for row in batch.rows]})


def read_batch(body: bytes) -> AuditBatch:
    """Raises ProtocolError."""
    fields = Fields(parse(body), _BATCH)
    return AuditBatch(
        fields.integer("after", 0, _LARGEST),
        tuple(_row(item) for item in fields.items("rows", MAX_ROWS)),
    )


def row_json(row: AuditRow) -> bytes:
    """One row as it is on the wire, to be kept with an alarm."""
    return dump(_row_json(row))


def write_checkpoint(checkpoint: Checkpoint) -> bytes:
    """The server's word on the head it holds."""
    return dump(
        {
            "n": checkpoint.n,
            "hash": checkpoint.hash.hex(),
            "time": checkpoint.time,
            "server_key": checkpoint.server_key.hex(),
            "certificate": checkpoint.certificate.hex(),
            "signature": checkpoint.signature.hex(),
        }
    )


def read_checkpoint(body: bytes, device: UUID) -> Checkpoint:
    """The server's word to that desk. Raises ProtocolError."""
    fields = Fields(parse(body), _CHECKPOINT)
    return Checkpoint(
        device=device,
        n=fields.integer("n", 0, _LARGEST),
        hash=fields.binary("hash", 32),
        time=fields.integer("time", 0, _LATEST),
        server_key=fields.binary("server_key", 32),
        certificate=fields.binary("certificate", 64),
        signature=fields.binary("signature", 64),
    )


def _row_json(row: AuditRow) -> Json:
    return {
        "n": row.n,
        "at": row.at,
        "staff": _text(row.staff),
        "event": row.event,
        "subject": _text(row.subject),
        "record": _text(row.record),
        "detail": row.detail,
        "prev": row.prev.hex(),
        "hash": row.hash.hex(),
        "said": row.said.hex(),
    }


def _row(item: Json) -> AuditRow:
    fields = Fields(item, _ROW)
    detail = fields.any_text("detail")
    try:
        size = len(detail.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise ProtocolError("the detail holds half a character") from error
    if size > MAX_DETAIL or "\x00" in detail:
        raise ProtocolError("the detail is too long, or holds a sign that is none")
    return AuditRow(
        n=fields.integer("n", 1, _LARGEST),
        at=fields.integer("at", -_LATEST, _LATEST),
        staff=fields.optional_identifier("staff"),
        event=fields.text("event", MAX_EVENT),
        subject=fields.optional_identifier("subject"),
        record=fields.optional_identifier("record"),
        detail=detail,
        prev=fields.binary("prev", 32),
        hash=fields.binary("hash", 32),
        said=b"" if fields.any_text("said") == "" else fields.binary("said", 32),
    )


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
