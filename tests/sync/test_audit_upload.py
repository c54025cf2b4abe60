"""The audit reaches the server, whole and once, and comes back as signed checkpoints that the desk can show."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest

from livingwell_desktop.domain.audit import CHECKPOINT, AuditRow, Finding, Tampering, Verdict, entry_of, link, verify
from livingwell_desktop.security.signed import verify as signed
from livingwell_desktop.server.auditing import verify_audit
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.storage import Event
from livingwell_desktop.sync.audit_protocol import MAX_ROWS
from livingwell_desktop.sync.audit_upload import EVERY, MANY, AuditUpload
from livingwell_desktop.sync.troubles import ForkedDeskError, NoServerError
from tests.central import ALLIANCE, STAFF, JoinedDesk
from tests.conftest import StillClock
from tests.sync.link import Link

NGOZI = UUID("0195c000-0000-7000-8000-000000000001")


def work(desk: JoinedDesk, times: int) -> None:
    for number in range(times):
        desk.store.record_events([Event("view: a record", NGOZI, None, {"number": number})], STAFF)


def upload(desk: JoinedDesk, clock: StillClock) -> AuditUpload:
    return AuditUpload(desk.store, desk.client, clock)


def judged(desk: JoinedDesk) -> Verdict:
    audit = desk.store.audit
    return verify(
        desk.device, audit.rows, checkpoints=audit.checkpoints(), alliance_key=audit.alliance_key(), signed=signed
    )


def held(database_url: str, desk: JoinedDesk) -> list[tuple[int, str, bytes]]:
    with psycopg.connect(database_url) as connection:
        sql = "SELECT n, event, hash FROM audit_event WHERE device = %s ORDER BY n"
        return connection.execute(sql, (desk.device,)).fetchall()


def alarms(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM audit_alarm").fetchone()
        return int(row[0]) if row else 0


def test_events_reach_the_server_and_its_word_comes_back(
    join: Callable[..., JoinedDesk], database_url: str, clock: StillClock
) -> None:
    desk = join()
    work(desk, 3)
    upload(desk, clock).send_all()
    assert held(database_url, desk) == [(row.n, row.event, row.hash) for row in desk.store.audit.rows(0, 3)]
    (checkpoint,) = desk.store.audit.checkpoints()
    assert (checkpoint.n, checkpoint.hash) == (3, next(desk.store.audit.rows(2, 1)).hash)
    assert judged(desk).findings == ()
    assert judged(desk).witnessed == 3
    # The event that says so is not news enough to be sent by itself.
    assert desk.store.audit.waiting() == 0
    assert [row.event for row in desk.store.audit.rows(3)] == [CHECKPOINT]


def test_more_than_fits_in_a_request_goes_in_several(
    join: Callable[..., JoinedDesk], database_url: str, clock: StillClock
) -> None:
    desk = join()
    work(desk, MAX_ROWS + 20)
    upload(desk, clock).send_all()
    assert len(held(database_url, desk)) >= MAX_ROWS + 20
    assert judged(desk).findings == ()
    database = Database(database_url)
    try:
        assert verify_audit(database, desk.device, ALLIANCE.public).findings == ()
    finally:
        database.close()


def test_the_same_rows_again_are_no_news(
    join: Callable[..., JoinedDesk], database_url: str, clock: StillClock, server: RunningServer
) -> None:
    """An answer is lost: the desk sends the rows again, with what was done since."""
    with Link(server.port) as wire:
        desk = join(url=wire.url)
        work(desk, 3)
        wire.lose_answers()
        with pytest.raises(NoServerError):
            upload(desk, clock).send_all()
        wire.restore()
        assert desk.store.audit.acknowledged() == 0
        work(desk, 2)
        upload(desk, clock).send_all()
    assert [n for n, _event, _hash in held(database_url, desk)] == [1, 2, 3, 4, 5]
    assert alarms(database_url) == 0


def test_it_goes_after_an_exchange_every_five_minutes_or_when_much_waits(
    join: Callable[..., JoinedDesk], database_url: str, clock: StillClock
) -> None:
    desk = join()
    sending = upload(desk, clock)

    def sent() -> int:
        sending.after_exchange(lambda: False)
        return len(held(database_url, desk))

    assert sent() == 0
    work(desk, 1)
    assert sent() == 1
    work(desk, 1)
    assert sent() == 1
    clock.at += EVERY
    assert sent() == 3
    work(desk, MANY)
    assert sent() == 4 + MANY
    clock.pass_(days=-400)
    work(desk, 1)
    assert sent() == 6 + MANY, "a clock set back holds nothing up"


def test_a_round_of_the_engine_sends_the_audit(join: Callable[..., JoinedDesk], database_url: str) -> None:
    desk = join()
    work(desk, 2)
    assert desk.engine._attempt() is None  # one round, as its thread does it
    assert len(held(database_url, desk)) == 2
    assert len(desk.store.audit.checkpoints()) == 1


def test_an_outage_leaves_everything_for_later(
    join: Callable[..., JoinedDesk], database_url: str, clock: StillClock, server: RunningServer
) -> None:
    with Link(server.port) as wire:
        desk = join(url=wire.url)
        work(desk, 3)
        wire.cut()
        sending = upload(desk, clock)
        sending.after_exchange(lambda: False)
        assert desk.store.audit.waiting() == 3
        wire.restore()
        sending.after_exchange(lambda: False)
    assert len(held(database_url, desk)) == 3


def test_a_chain_that_was_written_again_is_refused_and_alarmed(
    join: Callable[..., JoinedDesk], database_url: str, clock: StillClock
) -> None:
    desk = join()
    work(desk, 4)
    upload(desk, clock).send_all()
    before = held(database_url, desk)
    with desk.store._writing() as connection:
        prev = next(desk.store.audit.rows(1, 1)).hash
        for row in list(desk.store.audit.rows(2)):
            again = link(row.n, prev, entry_of(row if row.n > 3 else desk_row_changed(row)))
            connection.exec_driver_sql(
                "UPDATE audit SET event = ?, prev = ?, hash = ?, said = ? WHERE n = ?",
                (again.event, again.prev, again.hash, again.said, again.n),
            )
            prev = again.hash
    work(desk, 1)
    for _ in range(2):
        with pytest.raises(ForkedDeskError):
            upload(desk, clock).send_all()
    assert held(database_url, desk) == before
    assert alarms(database_url) == 1
    assert desk.store.audit.contradicted_at() is not None
    assert judged(desk).first == Finding(Tampering.RESIGN, 1)


def desk_row_changed(row: AuditRow) -> AuditRow:
    return replace(row, event="view: nothing at all")


def test_two_copies_of_a_desk_are_told_apart(
    join: Callable[..., JoinedDesk], database_url: str, clock: StillClock
) -> None:
    """A disk image is put back: it goes on from what the server has left behind."""
    desk = join()
    work(desk, 2)
    upload(desk, clock).send_all()
    with desk.store._reading() as connection:
        image = connection.exec_driver_sql("SELECT max(n) FROM audit").scalar()
    clock.pass_(minutes=10)
    work(desk, 3)
    upload(desk, clock).send_all()
    with desk.store._writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit WHERE n > ?", (image,))
        connection.exec_driver_sql("DELETE FROM audit_checkpoint WHERE n > 2")
        connection.exec_driver_sql("UPDATE meta SET value = '2' WHERE name = 'audit_acknowledged'")
    clock.pass_(hours=5)
    work(desk, 9)
    with pytest.raises(ForkedDeskError):
        upload(desk, clock).send_all()
    assert alarms(database_url) == 1


def test_a_server_that_was_restored_gets_the_rest_again(
    join: Callable[..., JoinedDesk], database_url: str, clock: StillClock
) -> None:
    desk = join()
    work(desk, 6)
    upload(desk, clock).send_all()
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM audit_event WHERE n > 2")
    work(desk, 1)
    upload(desk, clock).send_all()
    assert [n for n, _event, _hash in held(database_url, desk)] == list(range(1, 10))
    assert alarms(database_url) == 0
    assert judged(desk).findings == ()


def test_the_server_cannot_change_what_it_took(join: Callable[..., JoinedDesk], database_url: str) -> None:
    desk = join()
    work(desk, 1)
    AuditUpload(desk.store, desk.client, desk.store.clock).send_all()
    database = Database(database_url)
    try:
        for statement in ("UPDATE audit_event SET event = ''", "DELETE FROM audit_event", "DELETE FROM audit_alarm"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction() as connection:
                connection.execute(statement)
    finally:
        database.close()


def test_the_server_verifies_what_it_holds(join: Callable[..., JoinedDesk], database_url: str) -> None:
    desk = join()
    work(desk, 5)
    AuditUpload(desk.store, desk.client, desk.store.clock).send_all()
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE audit_event SET subject = NULL WHERE n = 4")
    database = Database(database_url)
    try:
        assert verify_audit(database, desk.device, ALLIANCE.public).first == Finding(Tampering.EDIT, 4)
    finally:
        database.close()
