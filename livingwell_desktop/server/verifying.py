"""The operator's check: every desk's audit, every desk's chain of changes, and every change against its author's key.

It names the first bad link of each. The database alone cannot vouch for itself: desks' signatures and the alliance's
key do, and the checkpoints that desks were given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.domain.changes import Standing, content_hash, envelope, signed_bytes
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.auditing import verify_audit
from livingwell_desktop.server.chains import UNKNOWN, Head
from livingwell_desktop.server.database import Connection, Database
from livingwell_desktop.server.signatures import Signed, which_hold
from livingwell_desktop.server.streams import lines_about_nothing

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a desk's chain of changes, as the server keeps it."""

    n: int
    prev: bytes
    """Empty for a change that was refused: of those only the link itself is kept."""
    hash: bytes
    change: bytes
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """How many links a chain has, and what is wrong with the first bad one; empty when nothing is."""

    links: int
    wrong: str = ""


def check_chain(device: UUID, links: Iterator[Link], head: Head, *, has_holes: bool = False) -> ChainVerdict:
    """Walk a chain. `has_holes` is for one that may lack links: what came another way is in no chain.

    That is so where a desk is a copy, and where the server was restored.
    """
    before: Link | None = None
    count = 0
    for each in links:
        count += 1
        wrong = _wrong(device, before, each, has_holes=has_holes)
        if wrong:
            return ChainVerdict(count, f"link {each.n}: {wrong}")
        before = each
    last = before.n if before else 0
    if head.n > last and head.hash != UNKNOWN:
        return ChainVerdict(count, f"link {last + 1}: the end of the chain is missing, up to link {head.n}")
    if before is not None and head.n == last and head.hash not in (UNKNOWN, before.hash):
        return ChainVerdict(count, f"link {last}: the chain ends with another link than was written down")
    return ChainVerdict(count)


def _wrong(device: UUID, before: Link | None, link: Link, *, has_holes: bool) -> str:
    if link.prev and envelope(device, link.n, link.prev, link.change, link.content_hash).hash != link.hash:
        return "it is not the link that its desk made"
    last = before.n if before else 0
    if link.n != last + 1:
        return "" if has_holes else f"link {last + 1} could not be read when it came, or was taken out"
    # After one that was broken in itself its desk begins again.
    if link.prev and before and before.prev and link.prev != before.hash:
        return "it does not follow the link before it"
    return ""


def check_all(database: Database, alliance: AllianceKey) -> Iterator[tuple[str, str]]:
    """(what was looked at, what is wrong with it): a line for each desk's audit and chain, then changes and streams."""
    with database.transaction() as connection:
        desks = connection.execute(
            "SELECT id, letter, chain_n, chain_hash, copy_of IS NOT NULL OR EXISTS (SELECT FROM generation"
            " WHERE generation.number > 0) FROM device ORDER BY number"
        ).fetchall()
    for device, letter, chain_n, chain_hash, has_holes in desks:
        verdict = verify_audit(database, device, alliance.public)
        first = verdict.first
        yield f"{letter}  audit, {verdict.links} entries", f"entry {first.link}: {first.kind.value}" if first else ""
        with database.transaction() as connection:
            head = Head(chain_n, bytes(chain_hash))
            chain = check_chain(device, _links(connection, device), head, has_holes=has_holes)
        yield f"{letter}  changes, {chain.links} links", chain.wrong
    with database.transaction() as connection:
        count, wrong = _check_contents(connection)
        lost = lines_about_nothing(connection)
    yield f"every change, {count} of them", wrong
    yield "every line of the streams", f"{lost} are about changes, or in streams, that are not there" if lost else ""


def _links(connection: Connection, device: UUID) -> Iterator[Link]:
    after = 0
    while True:
        rows = connection.execute(
            "SELECT * FROM (SELECT n, prev, chain, id, content_hash FROM change WHERE sender = %(device)s"
            " UNION ALL SELECT n, '', chain, change, content_hash FROM refused WHERE device = %(device)s"
            " AND NOT EXISTS (SELECT FROM change c WHERE c.sender = refused.device AND c.n = refused.n)) AS link"
            " WHERE n > %(after)s ORDER BY n LIMIT %(page)s",
            {"device": device, "after": after, "page": _PAGE},
        ).fetchall()
        yield from (Link(*row) for row in rows)
        if len(rows) < _PAGE:
            return
        after = rows[-1][0]


def _check_contents(connection: Connection) -> tuple[int, str]:
    """How many changes have their words here, and which is the first that is not what its author signed."""
    keys: dict[UUID, bytes] = dict(connection.execute("SELECT id, public_key FROM device").fetchall())
    count, after = 0, b""
    while True:
        with connection.cursor(binary=True) as cursor:
            cursor.execute(
                "SELECT id, content, salt, content_hash, device, signature FROM change WHERE standing = %b AND id > %b"
                " ORDER BY id LIMIT %b",
                (int(Standing.CONTENT), after, _PAGE),
            )
            rows = cursor.fetchall()
        signed = [
            Signed(keys[device], signed_bytes(change, hashed), signature) if device in keys else None
            for change, _, _, hashed, device, signature in rows
        ]
        for (change, content, salt, hashed, _, _), holds in zip(rows, which_hold(signed), strict=True):
            if content_hash(salt, content) != hashed:
                return count, f"change {change.hex()}: its words are not those that were sent"
            if not holds:
                return count, f"change {change.hex()}: it is not signed by the desk that it names"
        count += len(rows)
        if len(rows) < _PAGE:
            return count, ""
        after = rows[-1][0]
