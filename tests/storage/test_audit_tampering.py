"""Twelve kinds of tampering with a desk's audit, each done to a real encrypted file, each found and named."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from livingwell_desktop.domain.audit import (
    Anchor,
    AuditRow,
    Checkpoint,
    Finding,
    Tampering,
    Verdict,
    checkpoint_message,
    empty_head,
    entry_of,
    link,
    server_key_message,
    verify,
)
from livingwell_desktop.domain.changes import ChainHead
from livingwell_desktop.security.signed import verify as signed
from livingwell_desktop.storage import Event, Store
from livingwell_desktop.storage.audit import add_gap
from tests.conftest import StillClock

STAFF = UUID("0195c000-0000-7000-8000-0000000000f1")
NGOZI = UUID("0195c000-0000-7000-8000-000000000001")
ALLIANCE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ALLIANCE_KEY = ALLIANCE.public_key().public_bytes_raw()
EVENTS = 12


class CheckpointServer:
    """Signs what it is shown, as the alliance's server does; `alliance` certifies its key."""

    def __init__(self, alliance: Ed25519PrivateKey, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()
        self._certificate = alliance.sign(server_key_message(self.public))

    def vouch(self, store: Store, device: UUID | None = None) -> Checkpoint:
        n, head = store.audit.head()
        device, time = device or store.signer.device, int(store.clock().timestamp() * 1000)
        signature = self._key.sign(checkpoint_message(device, n, head, time))
        return Checkpoint(device, n, head, time, self.public, self._certificate, signature)


SERVER = CheckpointServer(ALLIANCE, bytes(32))


def work(store: Store, clock: StillClock, times: int = EVENTS) -> None:
    """Somebody works at the desk: an event a minute."""
    for number in range(times):
        store.record_events([Event("view: a record", NGOZI, None, {"number": number})], STAFF)
        clock.pass_(minutes=1)


@pytest.fixture
def desk(store: Store, clock: StillClock) -> Store:
    """A desk where work was done, with no witness."""
    work(store, clock)
    return store


def judged(store: Store, anchor: Anchor | None = None) -> Verdict:
    """What the program says of this desk's audit."""
    return verify(
        store.signer.device,
        store.audit.rows,
        anchor=anchor,
        checkpoints=store.audit.checkpoints(),
        alliance_key=ALLIANCE_KEY,
        signed=signed,
    )


def first(store: Store, anchor: Anchor | None = None) -> Finding | None:
    """The first bad link."""
    return judged(store, anchor).first


# What somebody with the database key can do


def put(connection: Connection, row: AuditRow) -> None:
    """Write a row as it is given, in place of the one of its number."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO audit (n, at, staff, event, subject, record, detail, prev, hash, said)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.n, row.at, row.staff.bytes if row.staff else None, row.event,
            row.subject.bytes if row.subject else None, row.record.bytes if row.record else None,
            row.detail, row.prev, row.hash, row.said or None,
        ),
    )  # fmt: skip


def run(store: Store, *statements: str) -> None:
    with store._writing() as connection:
        for each in statements:
            connection.exec_driver_sql(each)


def the_row(store: Store, n: int) -> AuditRow:
    return next(store.audit.rows(n - 1, 1))


def write_again(store: Store, start: int, change: Callable[[AuditRow], AuditRow] = lambda row: row) -> None:
    """Change a row and make every hash from there on again, as the program itself would."""
    prev = the_row(store, start - 1).hash if start > 1 else empty_head(store.signer.device)
    rows = list(store.audit.rows(start - 1))
    with store._writing() as connection:
        for number, row in enumerate(rows):
            changed = change(row) if number == 0 else row
            again = link(row.n, prev, entry_of(changed))
            put(connection, again)
            prev = again.hash


def other_words(row: AuditRow) -> AuditRow:
    return replace(row, event="view: nothing at all")


def move_on(store: Store, start: int, by: int) -> None:
    """Renumber the rows from `start` on, in an order that never meets a number that is taken."""
    run(
        store,
        f"UPDATE audit SET n = -(n + {by}) WHERE n >= {start}",
        "UPDATE audit SET n = -n WHERE n < 0",
    )


def test_nothing_is_found_where_nothing_was_done(desk: Store, clock: StillClock) -> None:
    desk.audit.keep(SERVER.vouch(desk))
    anchor = desk.audit.anchor()
    work(desk, clock, 3)
    verdict = judged(desk, anchor)
    assert verdict.findings == ()
    assert (verdict.links, verdict.anchored, verdict.witnessed) == (EVENTS + 4, EVENTS + 1, EVENTS)


def test_an_empty_chain_is_whole(store: Store) -> None:
    assert judged(store).findings == ()


@pytest.mark.parametrize(
    "changed",
    ["event = 'view: nothing'", "staff = randomblob(16)", "subject = NULL", "record = randomblob(16)", "detail = '{}'"],
)
def test_edit(desk: Store, changed: str) -> None:
    run(desk, f"UPDATE audit SET {changed} WHERE n = 5")
    assert first(desk) == Finding(Tampering.EDIT, 5)


def test_delete(desk: Store) -> None:
    run(desk, "DELETE FROM audit WHERE n IN (5, 6)")
    assert first(desk) == Finding(Tampering.DELETE, 5)


@pytest.mark.parametrize("gone", [1, 5, EVENTS - 1])
def test_delete_and_close_up(desk: Store, gone: int) -> None:
    run(desk, f"DELETE FROM audit WHERE n = {gone}")
    move_on(desk, gone + 1, -1)
    assert first(desk) == Finding(Tampering.DELETE, gone)


@pytest.mark.parametrize("place", [2, 5, EVENTS])
@pytest.mark.parametrize("sound", [True, False])
def test_insert(desk: Store, place: int, sound: bool) -> None:
    before = the_row(desk, place - 1)
    move_on(desk, place, 1)
    made = link(place, before.hash, replace(entry_of(before), event="view: something else"))
    with desk._writing() as connection:
        put(connection, made if sound else replace(made, hash=bytes(32), said=bytes(32)))
    assert first(desk) == Finding(Tampering.INSERT, place)


@pytest.mark.parametrize(("one", "other"), [(5, 6), (3, 9), (1, EVENTS)])
def test_swap_of_places(desk: Store, one: int, other: int) -> None:
    a, b = the_row(desk, one), the_row(desk, other)
    with desk._writing() as connection:
        put(connection, replace(a, n=other))
        put(connection, replace(b, n=one))
    assert first(desk) == Finding(Tampering.SWAP, one)


def test_swap_of_words(desk: Store) -> None:
    a, b = the_row(desk, 4), the_row(desk, 8)
    with desk._writing() as connection:
        put(connection, replace(a, event=b.event, detail=b.detail))
        put(connection, replace(b, event=a.event, detail=a.detail))
    assert first(desk) == Finding(Tampering.SWAP, 4)


@pytest.mark.parametrize("by", ["anchor", "checkpoint"])
def test_truncate(desk: Store, by: str) -> None:
    anchor = desk.audit.anchor() if by == "anchor" else None
    if by == "checkpoint":
        desk.audit.keep(SERVER.vouch(desk))
    run(desk, "DELETE FROM audit WHERE n >= 8")
    if by == "checkpoint":
        # The event that says that it was kept went with the rest: the checkpoint itself stands.
        assert first(desk) == Finding(Tampering.TRUNCATE, 8)
    assert first(desk, anchor) == Finding(Tampering.TRUNCATE, 8)


def test_truncate_to_nothing(desk: Store) -> None:
    anchor = desk.audit.anchor()
    run(desk, "DELETE FROM audit")
    assert first(desk, anchor) == Finding(Tampering.TRUNCATE, 1)


@pytest.mark.parametrize("further", [2, 20])
def test_fork_an_older_state_goes_on(desk: Store, clock: StillClock, further: int) -> None:
    """A file of yesterday is put back and worked with, for less and for more than was there."""
    anchor = desk.audit.anchor()
    run(desk, "DELETE FROM audit WHERE n > 8")
    clock.pass_(hours=1)
    work(desk, clock, further)
    # As long as there is less than there was, it could as well be that the end was cut off.
    assert first(desk, anchor) == (Finding(Tampering.TRUNCATE, 11) if further == 2 else Finding(Tampering.FORK, 2))


def test_fork_is_narrowed_by_what_witnesses_agree_on(desk: Store, clock: StillClock) -> None:
    desk.audit.keep(SERVER.vouch(desk))
    work(desk, clock)
    anchor = desk.audit.anchor()
    run(desk, f"DELETE FROM audit WHERE n > {EVENTS + 5}")
    clock.pass_(hours=1)
    work(desk, clock, 20)
    assert first(desk, anchor) == Finding(Tampering.FORK, EVENTS + 1)


def test_a_gap_that_the_chain_itself_tells_of_is_no_tampering(desk: Store, clock: StillClock) -> None:
    """A damaged disk took the newest events; the head was known from the second file."""
    head = ChainHead(*desk.audit.head())
    anchor = desk.audit.anchor()
    with desk._writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit WHERE n > 8")
        add_gap(connection, 0, 9, head)
    work(desk, clock, 3)
    assert judged(desk, anchor).findings == ()
    assert judged(desk, anchor).gaps == ((9, EVENTS),)
    run(desk, "DELETE FROM audit WHERE n = 8")
    assert first(desk, anchor) == Finding(Tampering.DELETE, 8)


def test_fork_inside_the_chain(desk: Store) -> None:
    """Rows that follow an earlier one were put behind the head."""
    made = link(EVENTS + 1, the_row(desk, 6).hash, entry_of(the_row(desk, 7)))
    with desk._writing() as connection:
        put(connection, made)
    assert first(desk) == Finding(Tampering.FORK, EVENTS + 1)


@pytest.mark.parametrize("by", ["anchor", "checkpoint"])
def test_re_sign(desk: Store, by: str) -> None:
    anchor = desk.audit.anchor() if by == "anchor" else None
    if by == "checkpoint":
        desk.audit.keep(SERVER.vouch(desk))
    write_again(desk, 5, other_words)
    assert first(desk, anchor) == Finding(Tampering.RESIGN, 2 if by == "anchor" else 1)


def test_without_a_witness_a_chain_that_was_written_again_is_whole(desk: Store) -> None:
    """Why there are witnesses: the proof that this test can fail."""
    write_again(desk, 5, other_words)
    assert first(desk) is None


def test_replaced_genesis_by_another_desks_chain(desk: Store, new_store: Callable[..., Store]) -> None:
    other = new_store("other")
    work(other, other.clock)  # type: ignore[arg-type]  # the still clock of the tests
    run(desk, "DELETE FROM audit")
    with desk._writing() as connection:
        for row in other.audit.rows():
            put(connection, row)
    assert first(desk) == Finding(Tampering.REPLACED_GENESIS, 1)


def test_replaced_genesis_by_a_chain_begun_again(desk: Store) -> None:
    anchor = desk.audit.anchor()
    write_again(desk, 1, other_words)
    assert first(desk, anchor) == Finding(Tampering.REPLACED_GENESIS, 1)


@pytest.mark.parametrize("how", ["another alliance", "not certified", "another desk's", "other words"])
def test_changed_server(desk: Store, how: str) -> None:
    if how == "another alliance":
        made = CheckpointServer(Ed25519PrivateKey.generate(), bytes(32)).vouch(desk)
    elif how == "not certified":
        made = replace(CheckpointServer(ALLIANCE, b"x" * 32).vouch(desk), certificate=bytes(64))
    elif how == "another desk's":
        made = SERVER.vouch(desk, UUID(int=7))
    else:
        made = replace(SERVER.vouch(desk), n=EVENTS - 1, hash=the_row(desk, EVENTS - 1).hash)
    desk.audit.keep(made)
    assert first(desk) == Finding(Tampering.CHANGED_SERVER, made.n)


def test_a_server_key_that_the_alliance_certified_later_is_its_own(desk: Store) -> None:
    desk.audit.keep(CheckpointServer(ALLIANCE, b"y" * 32).vouch(desk))
    assert first(desk) is None


@pytest.mark.parametrize("place", [1, 5, EVENTS - 1])
def test_middle_only_edit(desk: Store, place: int) -> None:
    row = the_row(desk, place)
    with desk._writing() as connection:
        put(connection, link(place, row.prev, entry_of(other_words(row))))
    assert first(desk) == Finding(Tampering.MIDDLE_EDIT, place)


@pytest.mark.parametrize("minutes", [-600, 1, 600])
def test_changed_time(desk: Store, minutes: int) -> None:
    run(desk, f"UPDATE audit SET at = at + {minutes * 60_000} WHERE n = 6")
    assert first(desk) == Finding(Tampering.CHANGED_TIME, 6)


def test_dropped_checkpoint(desk: Store, clock: StillClock) -> None:
    desk.audit.keep(SERVER.vouch(desk))
    work(desk, clock, 2)
    desk.audit.keep(SERVER.vouch(desk))
    run(desk, f"DELETE FROM audit_checkpoint WHERE n = {EVENTS}")
    assert first(desk) == Finding(Tampering.DROPPED_CHECKPOINT, EVENTS + 1)


def test_every_kind_has_its_test() -> None:
    here = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    for kind in Tampering:
        word = kind.value.replace(" ", "_").replace("-", "_")
        assert any(name.startswith(word) for name in here), kind


def test_several_things_are_told_in_the_order_of_their_links(desk: Store) -> None:
    desk.audit.keep(SERVER.vouch(desk, UUID(int=7)))
    run(desk, "UPDATE audit SET detail = '{}' WHERE n = 3")
    kinds = [(each.kind, each.link) for each in judged(desk).findings]
    assert kinds == [(Tampering.EDIT, 3), (Tampering.CHANGED_SERVER, EVENTS)]
