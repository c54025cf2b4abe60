"""The second line in PostgreSQL: even a query that asks for everything gets what one desk may hold, and only then."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest

from livingwell_desktop.domain.assessments import QuestionnaireResponse
from livingwell_desktop.domain.changes import Change
from livingwell_desktop.domain.people import Person
from livingwell_desktop.server.database import Database, Sees
from livingwell_desktop.server.states import states
from livingwell_desktop.server.streams import followed_by
from livingwell_desktop.storage import Author, create
from tests.central import CENTRE, STAFF, JoinedDesk

AUTHOR = Author(STAFF, CENTRE, "test")
ELSEWHERE = UUID("0195c000-0000-7000-8000-0000000000c2")
NGOZI, VISIT, ANSWERS = (UUID(f"0195c000-0000-7000-8000-00000000000{number}") for number in (1, 2, 3))
PROTECTED = ("entry", "change", "record", "known", "followed", "page_sent")
SOME_DESK = UUID("0195c000-0000-4000-8000-0000000000d7")
NOTHING = dict.fromkeys(PROTECTED, 0)
# The alliance's stream says to everybody that there is such a person.
CARD_ONLY = NOTHING | {"entry": 1}
_FIRST = UUID("0195c000-0000-7000-8001-000000000001")
_MUCH = (
    "CREATE TEMPORARY TABLE much ON COMMIT DROP AS SELECT n,"
    " ('0195c000-0000-7000-8001-' || lpad(to_hex(n), 12, '0'))::uuid AS id,"
    " ('0195c000-0000-7000-8002-' || lpad(to_hex(n / 25), 12, '0'))::uuid AS subject"
    " FROM generate_series(1, 30000) AS n",
    "INSERT INTO known (subject, centre, since, by_device)"
    " SELECT DISTINCT subject, %(centre)s::uuid, now(), %(device)s::uuid FROM much",
    "INSERT INTO record (id, kind, subject, sensitivity) SELECT id, 'note', subject, 1 FROM much",
    "INSERT INTO change"
    " (id, content, salt, content_hash, device, signature, record, kind, subject, sensitivity, received_at)"
    " SELECT sha256(int8send(n)), repeat('x', 1000)::bytea, 'salt', 'hash', %(device)s::uuid, 'signature', id,"
    " 'note', subject, 1, now()"
    " FROM much",
)
_ROWS_READ = (
    "SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
    " WHERE seq_scan + idx_scan > 0"
)
EVERYTHING = {table: f"SELECT count(*) FROM {table}" for table in PROTECTED}


def sees(centre: UUID, level: int, device: UUID = SOME_DESK) -> Sees:
    return Sees(device, (centre,), followed_by((centre,), level), level)


@dataclass
class Filled:
    """A server that holds a person of one centre, known there, with clinical words; and a pool of one connection."""

    url: str
    database: Database
    desk: JoinedDesk

    def counts(self, who: Sees | None) -> dict[str, int]:
        with self.database.transaction(who) as connection:
            return {table: one(connection, query) for table, query in EVERYTHING.items()}


def one(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()  # type: ignore[arg-type]  # a text made of our own names
    assert row is not None
    return int(row[0])


@pytest.fixture
def filled(join: Callable[..., JoinedDesk], database_url: str) -> Iterator[Filled]:
    desk = join()
    response = QuestionnaireResponse(person=NGOZI, questionnaire="dialog")
    person = Person(given_name="Ngozi", family_name="Okafor")
    desk.store.write([create(NGOZI, person), create(ANSWERS, response)], [], AUTHOR)
    desk.exchange()
    database = Database(database_url, connections=1)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO known (subject, centre, since, by_device) VALUES (%s, %s, now(), %s) ON CONFLICT DO NOTHING",
            (NGOZI, CENTRE, desk.device),
        )
    yield Filled(database_url, database, desk)
    database.close()


def test_every_protected_table_is_forced_and_no_view_looks_past_it(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        forced = connection.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY relname"
        ).fetchall()
        views = connection.execute(
            "SELECT relname, reloptions FROM pg_class"
            " WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        readable = connection.execute(
            "SELECT table_name FROM information_schema.table_privileges WHERE grantee = 'livingwell_desk'"
            " AND privilege_type = 'SELECT' ORDER BY table_name"
        ).fetchall()
    assert [name for (name,) in forced] == sorted(PROTECTED)
    assert views == [("change_seen", ["security_invoker=true"])]
    # Cards and the list of streams are for every desk; all else that the role can read is protected.
    assert {name for (name,) in readable} == {*PROTECTED, "card", "stream", "change_seen"}


def test_a_desk_sees_what_its_centre_holds(filled: Filled) -> None:
    mine, everything = filled.counts(sees(CENTRE, 1)), filled.counts(None)
    assert (mine["record"], mine["change"], mine["known"]) == (2, 2, 1)
    assert mine["change"] == everything["change"]


def test_a_desk_of_another_centre_sees_nothing_of_it_whatever_it_asks(filled: Filled) -> None:
    assert filled.counts(sees(ELSEWHERE, 9)) == CARD_ONLY


def test_words_above_the_desks_sensitivity_stay_in_the_database(filled: Filled) -> None:
    """The place of the change in the graph is seen, its words are not."""
    query = "SELECT content IS NULL, salt IS NULL, signature IS NULL FROM change_seen WHERE record = %s"
    with filled.database.transaction(sees(CENTRE, 0)) as connection:
        assert set(connection.execute(query, (NGOZI,))) == {(False, False, False)}
        assert connection.execute(query, (ANSWERS,)).fetchall() == []  # the whole record is above it
    with filled.database.transaction(sees(CENTRE, 1)) as connection:
        assert set(connection.execute(query, (ANSWERS,))) == {(False, False, False)}
    with psycopg.connect(filled.url) as connection:
        # A record that has a part for everybody: only that part is read.
        connection.execute("UPDATE record SET sensitivity = 0 WHERE id = %s", (ANSWERS,))
    with filled.database.transaction(sees(CENTRE, 0)) as connection:
        assert set(connection.execute(query, (ANSWERS,))) == {(True, True, True)}


def test_without_being_told_for_whom_the_role_sees_nothing(filled: Filled) -> None:
    with filled.database.transaction() as connection:
        connection.execute("SET LOCAL ROLE livingwell_desk")
        assert {table: one(connection, query) for table, query in EVERYTHING.items()} == NOTHING


def test_nothing_of_one_desk_is_left_on_the_connection_for_the_next(filled: Filled) -> None:
    """A pool of one: every transaction has the same connection."""
    before = filled.counts(None)
    theirs = filled.counts(sees(CENTRE, 1))
    assert filled.counts(sees(ELSEWHERE, 1)) == CARD_ONLY
    assert filled.counts(None) == before
    with pytest.raises(ZeroDivisionError), filled.database.transaction(sees(CENTRE, 1)):
        raise ZeroDivisionError
    with pytest.raises(psycopg.errors.DivisionByZero), filled.database.transaction(sees(CENTRE, 1)) as connection:
        connection.execute("SELECT 1 / 0")
    with filled.database.transaction() as connection:
        left = connection.execute(
            "SELECT current_user, coalesce(current_setting('livingwell.centres', true), ''),"
            " coalesce(current_setting('livingwell.device', true), '')"
        ).fetchone()
        assert left == ("livingwell_server", "", "")
        connection.execute("SET LOCAL ROLE livingwell_desk")
        assert one(connection, EVERYTHING["change"]) == 0
    assert filled.counts(sees(CENTRE, 1)) == theirs


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO known VALUES (gen_random_uuid(), gen_random_uuid(), now(), gen_random_uuid())",
        "UPDATE record SET sensitivity = 0",
        "UPDATE change SET standing = 1",
        "DELETE FROM entry",
        "DELETE FROM followed",
        "SELECT * FROM session",
        "SELECT * FROM quarantine",
        "SELECT * FROM device",
        "ALTER TABLE change DISABLE ROW LEVEL SECURITY",
        "DROP POLICY change_desk ON change",
    ],
)
def test_what_serves_a_desk_changes_nothing_and_reads_no_keys(filled: Filled, statement: str) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        filled.database.transaction(sees(CENTRE, 9)) as connection,
    ):
        connection.execute(statement)  # type: ignore[arg-type]  # a list of statements above


def test_a_desk_writes_down_only_what_it_was_sent_itself(filled: Filled) -> None:
    """The manifest of a lost laptop cannot be filled, or emptied, in another's name."""
    row = "INSERT INTO page_sent (device, stream, after_number, reached, sent_at) VALUES (%s, 'alliance', 0, 1, now())"
    with filled.database.transaction(sees(CENTRE, 1, filled.desk.device)) as connection:
        connection.execute(row, (filled.desk.device,))
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        filled.database.transaction(sees(CENTRE, 1)) as connection,
    ):
        connection.execute(row, (filled.desk.device,))


def test_what_a_page_reads_does_not_grow_with_what_a_freshly_filled_server_holds(filled: Filled) -> None:
    """Before PostgreSQL has statistics of what it holds, it must not prefer to go through everything."""
    with psycopg.connect(filled.url) as connection:
        for statement in _MUCH:
            connection.execute(statement, {"device": filled.desk.device, "centre": CENTRE})
    with filled.database.transaction(sees(CENTRE, 1)) as connection:
        asked = [UUID(int=_FIRST.int + number) for number in range(500)]
        found = states(connection, asked, 1)
        rows_read = dict(connection.execute(_ROWS_READ).fetchall())
    assert found.keys() == set(asked)
    assert all(isinstance(node, Change) for nodes in found.values() for node in nodes)
    assert {table: count for table, count in rows_read.items() if count > 3 * len(asked)} == {}


def test_a_record_that_is_asked_for_twice_comes_once(filled: Filled) -> None:
    with filled.database.transaction(sees(CENTRE, 1)) as connection:
        found = states(connection, [NGOZI, ANSWERS, NGOZI], 1)
    assert {record: len(nodes) for record, nodes in found.items()} == {NGOZI: 1, ANSWERS: 1}
