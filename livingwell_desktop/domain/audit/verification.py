"""Whether a chain says what it said, and if not: which link is the first bad one, and what was done to it.

First the chain alone, link by link; then the witnesses. What was done is told from the traces that it leaves. Somebody
who knows all of this can leave the traces of something else; that something was done shows in any case.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.audit.chain import (
    AuditRow,
    follows,
    gap_of,
    is_sound,
    print_of,
    stored_print,
)
from livingwell_desktop.domain.audit.witnesses import (
    CHECKPOINT,
    Anchor,
    Checkpoint,
    checkpoint_message,
    server_key_message,
)


class Tampering(StrEnum):
    """What was done to a chain."""

    EDIT = "edit"
    """A row says something else than when it was written."""
    DELETE = "delete"
    """Rows between others are gone, their places empty or closed up."""
    INSERT = "insert"
    """A row was put between two others, and those after it moved on."""
    SWAP = "swap"
    """Two rows changed places."""
    TRUNCATE = "truncate"
    """The end is gone: a witness saw more."""
    FORK = "fork"
    """The chain went on from an earlier state: a copy of the desk, or an old file put back."""
    RESIGN = "re-sign"
    """Rows were changed and every hash after them made again: a witness saw other ones."""
    REPLACED_GENESIS = "replaced genesis"
    """The chain begins somewhere else: it is another desk's, or was begun again."""
    CHANGED_SERVER = "changed server"
    """A checkpoint was not signed by a server of this alliance, or not for this desk."""
    MIDDLE_EDIT = "middle-only edit"
    """A row was changed and its own hash made again, but the row after it remembers the old one."""
    CHANGED_TIME = "changed time"
    """A row's words stand; its time is another."""
    DROPPED_CHECKPOINT = "dropped checkpoint"
    """The chain says that a checkpoint was kept here, and it is gone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was done, and to which link first. For what only a witness saw, the link is the first it can have been."""

    kind: Tampering
    link: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found. `findings` are in the order of their links; none: nothing was tampered with."""

    links: int
    findings: tuple[Finding, ...]
    anchored: int
    """Up to this link the keyring's anchor vouches; 0 when there is none."""
    witnessed: int
    """Up to this link a server's checkpoint vouches; 0 when there is none."""
    gaps: tuple[tuple[int, int], ...] = ()
    """(first, last) of links that the chain says were lost with a damaged disk: no tampering, but worth a look."""

    @property
    def first(self) -> Finding | None:
        """The first bad link."""
        return self.findings[0] if self.findings else None


Rows = Callable[[], Iterator[AuditRow]]
"""The chain in the order of its numbers, from the start each time: it may be longer than memory."""
Signed = Callable[[bytes, bytes, bytes], bool]
"""Whether the holder of a public key signed a message: (public key, message, signature)."""


def verify(
    device: UUID,
    rows: Rows,
    *,
    anchor: Anchor | None = None,
    checkpoints: Sequence[Checkpoint] | None = None,
    alliance_key: bytes = b"",
    signed: Signed = lambda _key, _message, _signature: False,
) -> Verdict:
    """Walk every link, then ask every witness.

    `checkpoints` is None where none are kept: at the server, that gives them.
    Without an alliance key the signatures of checkpoints are not looked at: a desk that has none was never enrolled.
    """
    kept = None if checkpoints is None else {each.signature.hex() for each in checkpoints}
    checkpoints = checkpoints or ()
    walked = _walk(device, rows, {each.n for each in checkpoints} | ({anchor.n, 1} if anchor else set()))
    findings = [walked.broken] if walked.broken else []
    foreign = [each for each in checkpoints if alliance_key and not _ours(each, device, alliance_key, signed)]
    findings += [Finding(Tampering.CHANGED_SERVER, each.n) for each in foreign[:1]]
    dropped = [n for n, name in walked.checkpoints if kept is not None and name not in kept]
    findings += [Finding(Tampering.DROPPED_CHECKPOINT, n) for n in dropped[:1]]
    sound = [each for each in checkpoints if each not in foreign]
    if walked.broken is None:
        findings += _witnessed(walked, anchor, sound)
    findings.sort(key=lambda each: each.link)
    return Verdict(
        walked.links,
        tuple(findings),
        anchor.n if anchor else 0,
        max((each.n for each in sound), default=0),
        walked.gaps,
    )


# The chain alone


@dataclass(frozen=True, slots=True)
class _Walked:
    links: int
    last: int
    seen: dict[int, AuditRow]
    """The links that a witness speaks of."""
    gaps: tuple[tuple[int, int], ...]
    checkpoints: tuple[tuple[int, str], ...]
    """(link, signature) of each checkpoint that the chain says was kept."""
    broken: Finding | None


def _walk(device: UUID, rows: Rows, wanted: set[int]) -> _Walked:
    seen: dict[int, AuditRow] = {}
    checkpoints: list[tuple[int, str]] = []
    gaps: list[tuple[int, int]] = []
    broken: Finding | None = None
    before: AuditRow | None = None
    links = 0
    for row in rows():
        links += 1
        if broken is None:
            broken = _step(device, before, row, rows)
        lost = gap_of(row)
        if lost:
            gaps.append(lost)
        if row.n in wanted:
            seen[row.n] = row
        if row.event == CHECKPOINT:
            checkpoints.append((row.n, _signature_in(row)))
        before = row
    return _Walked(links, before.n if before else 0, seen, tuple(gaps), tuple(checkpoints), broken)


def _step(device: UUID, before: AuditRow | None, row: AuditRow, rows: Rows) -> Finding | None:
    """Whether this row follows the one before, and what is wrong when it does not."""
    sound = is_sound(row)
    if sound and follows(device, before.n if before else 0, before.hash if before else b"", row):
        return None
    if sound and before is None and row.n == 1:
        return Finding(Tampering.REPLACED_GENESIS, 1)
    return _told(before, row, rows)


def _told(before: AuditRow | None, row: AuditRow, rows: Rows) -> Finding:
    """What was done to the chain where it breaks."""
    place = before.n + 1 if before else 1
    if row.n != place:
        return Finding(Tampering.DELETE, place)
    prints, hashes, after = _known(rows, place)
    came_from = _came_from(row, prints)
    if after is not None and came_from is None and _came_from(after, prints) == place:
        return Finding(Tampering.INSERT, place)
    if came_from is not None:
        return _moved(place, came_from, rows, prints)
    return _changed(row, hashes)


def _changed(row: AuditRow, hashes: dict[bytes, int]) -> Finding:
    """What was done to a row that stands in its own place."""
    place = row.n
    if print_of(row, row.n) != stored_print(row):
        return Finding(Tampering.EDIT, place)
    if not is_sound(row):
        return Finding(Tampering.CHANGED_TIME, place)
    # The row is as it was made, but what it follows is not the row before.
    if hashes.get(row.prev, place) < place:
        return Finding(Tampering.FORK, place)
    return Finding(Tampering.MIDDLE_EDIT, place - 1)


def _known(rows: Rows, place: int) -> tuple[dict[bytes, int], dict[bytes, int], AuditRow | None]:
    """Every stored print and every hash with its place, and the row after the broken one."""
    prints: dict[bytes, int] = {}
    hashes: dict[bytes, int] = {}
    after = None
    for each in rows():
        prints[stored_print(each)] = each.n
        hashes.setdefault(each.hash, each.n)
        if each.n == place + 1:
            after = each
    return prints, hashes, after


def _came_from(row: AuditRow, prints: dict[bytes, int]) -> int | None:
    """The place that the row's words were written in, when that is another than where they stand."""
    if print_of(row, row.n) == stored_print(row):
        return None
    for n in _near(row.n, max(prints.values()) + 1):
        made = print_of(row, n)
        if made == stored_print(row) or (row.said and prints.get(made) == n):
            return n
    return None


def _near(n: int, last: int) -> Iterator[int]:
    """Every other place, the nearest first."""
    for away in range(1, max(n, last) + 1):
        if n - away >= 1:
            yield n - away
        if n + away <= last:
            yield n + away


def _moved(place: int, came_from: int, rows: Rows, prints: dict[bytes, int]) -> Finding:
    other = next((each for each in rows() if each.n == came_from), None)
    if other is not None and _came_from(other, prints) == place:
        return Finding(Tampering.SWAP, place)
    if came_from > place:
        return Finding(Tampering.DELETE, place)
    return Finding(Tampering.INSERT, came_from)


# The witnesses


def _ours(checkpoint: Checkpoint, device: UUID, alliance_key: bytes, signed: Signed) -> bool:
    message = checkpoint_message(checkpoint.device, checkpoint.n, checkpoint.hash, checkpoint.time)
    return (
        checkpoint.device == device
        and signed(alliance_key, server_key_message(checkpoint.server_key), checkpoint.certificate)
        and signed(checkpoint.server_key, message, checkpoint.signature)
    )


@dataclass(frozen=True, slots=True)
class _Witness:
    n: int
    hash: bytes
    at: int


def _witnessed(walked: _Walked, anchor: Anchor | None, checkpoints: Sequence[Checkpoint]) -> list[Finding]:
    """What the witnesses say of a chain that is whole in itself."""
    witnesses = [_Witness(each.n, each.hash, each.kept_at or each.time) for each in checkpoints if each.n]
    if anchor is not None and anchor.n:
        witnesses += [_Witness(1, anchor.root, anchor.at)] if anchor.root else []
        witnesses.append(_Witness(anchor.n, anchor.hash, anchor.at))
    agreed = 0
    for witness in sorted(witnesses, key=lambda each: (each.n, each.at)):
        row = walked.seen.get(witness.n)
        if row is None and any(first <= witness.n <= last for first, last in walked.gaps):
            continue
        if row is None:
            return [Finding(Tampering.TRUNCATE, walked.last + 1)]
        if row.hash != witness.hash:
            return [Finding(_rewritten(witness, row), agreed + 1)]
        agreed = witness.n
    return []


def _rewritten(witness: _Witness, row: AuditRow) -> Tampering:
    """A witness saw another link here. One written after it looked went on from an older state."""
    if witness.n == 1:
        return Tampering.REPLACED_GENESIS
    return Tampering.FORK if 0 < witness.at < row.at else Tampering.RESIGN


def _signature_in(row: AuditRow) -> str:
    try:
        said = json.loads(row.detail)
    except ValueError:
        return ""
    name = said.get("signature") if isinstance(said, dict) else None
    return name if isinstance(name, str) else ""
