"""Backups: one consistent snapshot of every table in one encrypted file, and back again.

The file is sealed with a key that comes from the alliance's key: it is in no database and in no backup, and the two
paper copies open every backup. PostgreSQL's own COPY writes and reads the rows, so that a backup fits any version.

    magic, then frames: length (4 bytes), AES-256-GCM of one frame, its place as nonce and as what is sealed with it.
    The first frame says what the file is; then come rows; the last says the count and hash of every table's rows.
"""

import hashlib
import json
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server.database import Connection, connect
from livingwell_desktop.server.schema import Rebuilding

_MAGIC = b"livingwell backup 1\n"
_SALT_BYTES = 16
_FRAME = 256 * 1024
_PASSING = frozenset({"session", "used_nonce", "knock", "alembic_version", "backup"})
"""Tables that are of the moment, or of the schema, or about backups themselves."""

_NEXT = "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({}), 0) + 1, false) FROM {}"

Fingerprints = dict[str, tuple[int, str]]
"""For each table: how many rows, and a hash of all of them in whatever order."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup file says of itself."""

    id: UUID
    made_at: datetime
    revision: str
    tables: Fingerprints = field(default_factory=dict)


def back_up(database_url: str, key: bytes, file: Path, now: datetime) -> Backup:
    """Write a backup, whole or not at all, and note it in the database. Raises OSError."""
    with connect(database_url) as connection:
        _read_only_snapshot(connection)
        revision = str(_one(connection, "SELECT version_num FROM alembic_version"))
        backup = Backup(uuid4(), now, revision, fingerprints(connection))
        part = file.with_name(file.name + ".part")
        with os.fdopen(_private(part), "wb") as target:
            _write(target, key, _pieces(connection, backup))
            target.flush()
            os.fsync(target.fileno())
        part.replace(file)
    with connect(database_url) as connection:
        _note(connection, backup, file, None)
    return backup


def note_verified(connection: Connection, backup: Backup, file: Path, now: datetime) -> None:
    """Note that a backup was restored and compared; one, too, that this server was restored from and does not know."""
    _note(connection, backup, file, now)


def _note(connection: Connection, backup: Backup, file: Path, verified_at: datetime | None) -> None:
    connection.execute(
        "INSERT INTO backup (id, made_at, file, tables, verified_at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET verified_at = excluded.verified_at",
        (backup.id, backup.made_at, file.name, json.dumps(backup.tables), verified_at),
    )


def check_backup(file: Path, key: bytes) -> Backup:
    """Read a backup through. Raises Problem for one that is damaged, cut short, or of another alliance."""
    backup = None
    for piece in _read(file, key):
        if piece[:1] in (b"H", b"E"):
            said = json.loads(piece[1:])
            tables = {name: (count, hashed) for name, (count, hashed) in said["tables"].items()}
            backup = Backup(UUID(said["id"]), datetime.fromisoformat(said["made_at"]), said["revision"], tables)
    if backup is None:
        raise _damaged(file)
    return backup


def load(file: Path, key: bytes, into: Rebuilding) -> Backup:
    """Load a backup into an empty database, with the schema that it was made from. Raises Problem."""
    backup = check_backup(file, key)
    into.migrate(backup.revision)
    connection = into.connection
    names = _tables(connection)
    _forced(connection, names, on=False)
    for name in reversed(names):
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
    _copy_in(connection, _read(file, key))
    _forced(connection, names, on=True)
    _go_on_counting(connection, names)
    return backup


def fingerprints(connection: Connection) -> Fingerprints:
    """The count and hash of each table's rows."""
    connection.execute("SET LOCAL timezone = 'UTC'")
    found: Fingerprints = {}
    for name in _tables(connection):
        row = connection.execute(
            sql.SQL(
                "SELECT count(*), coalesce(sum(('x' || substr(h, 1, 15))::bit(60)::bigint::numeric), 0)::text || '.'"
                " || coalesce(sum(('x' || substr(h, 16, 15))::bit(60)::bigint::numeric), 0)::text"
                " FROM (SELECT md5(t::text) AS h FROM {} AS t) AS one"
            ).format(sql.Identifier(name))
        ).fetchone()
        found[name] = (row[0], row[1]) if row else (0, "")
    return found


def _read_only_snapshot(connection: Connection) -> None:
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True


def _tables(connection: Connection) -> list[str]:
    """Every table that is backed up, those that others refer to first."""
    names = [
        row[0]
        for row in connection.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name"
        )
        if row[0] not in _PASSING
    ]
    rows = connection.execute(
        "SELECT DISTINCT a.relname, b.relname FROM pg_constraint JOIN pg_class a ON a.oid = conrelid"
        " JOIN pg_class b ON b.oid = confrelid WHERE contype = 'f' AND a.oid <> b.oid"
    ).fetchall()
    ordered: list[str] = []
    while len(ordered) < len(names):
        ready = [
            name
            for name in names
            if name not in ordered
            and all(above in ordered or above not in names for below, above in rows if below == name)
        ]
        ordered.extend(ready)
    return ordered


def _pieces(connection: Connection, backup: Backup) -> Iterator[bytes]:
    said = {
        "id": str(backup.id),
        "made_at": backup.made_at.isoformat(),
        "revision": backup.revision,
        "tables": backup.tables,
    }
    yield b"H" + json.dumps(said).encode()
    for name in _tables(connection):
        columns = [
            row[0]
            for row in connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
                " AND table_name = %s ORDER BY ordinal_position",
                (name,),
            )
        ]
        yield b"T" + json.dumps([name, columns]).encode()
        copied = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(_listed(columns), sql.Identifier(name))
        with connection.cursor() as cursor, cursor.copy(copied) as rows:
            waiting = bytearray()
            for data in rows:
                waiting += data
                if len(waiting) >= _FRAME:
                    yield b"R" + bytes(waiting)
                    waiting.clear()
            if waiting:
                yield b"R" + bytes(waiting)
    yield b"E" + json.dumps(said).encode()


def _copy_in(connection: Connection, pieces: Iterator[bytes]) -> None:
    piece = next(pieces, b"E")
    while piece[:1] != b"E":
        if piece[:1] == b"T":
            name, columns = json.loads(piece[1:])
            copied = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), _listed(columns))
            with connection.cursor() as cursor, cursor.copy(copied) as rows:
                piece = next(pieces, b"E")
                while piece[:1] == b"R":
                    rows.write(piece[1:])
                    piece = next(pieces, b"E")
        else:
            piece = next(pieces, b"E")


def _forced(connection: Connection, names: Iterable[str], *, on: bool) -> None:
    """Rows cannot be copied into a table whose owner is held to row-level security."""
    word = sql.SQL("FORCE") if on else sql.SQL("NO FORCE")
    secured = {row[0] for row in connection.execute("SELECT relname FROM pg_class WHERE relrowsecurity")}
    for name in sorted(secured & set(names)):
        connection.execute(sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(sql.Identifier(name), word))


def _go_on_counting(connection: Connection, names: Iterable[str]) -> None:
    rows = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND is_identity = 'YES'"
    ).fetchall()
    for table, column in rows:
        if table in names:
            connection.execute(
                sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({}), 0) + 1, false) FROM {}"
                ).format(sql.Literal(table), sql.Literal(column), sql.Identifier(column), sql.Identifier(table))
            )


def _listed(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(each) for each in columns)


def _write(target: Any, key: bytes, pieces: Iterator[bytes]) -> None:
    salt = os.urandom(_SALT_BYTES)
    target.write(_MAGIC + salt)
    for place, piece in enumerate(pieces):
        sealed = AESGCM(_file_key(key, salt)).encrypt(_nonce(place), piece, _bound(place, salt))
        target.write(struct.pack(">I", len(sealed)) + sealed)


def _read(file: Path, key: bytes) -> Iterator[bytes]:
    with file.open("rb") as source:
        if source.read(len(_MAGIC)) != _MAGIC:
            raise _damaged(file)
        salt, place, last = source.read(_SALT_BYTES), 0, b""
        while length := source.read(4):
            try:
                sealed = source.read(struct.unpack(">I", length)[0])
                last = AESGCM(_file_key(key, salt)).decrypt(_nonce(place), sealed, _bound(place, salt))
            except (InvalidTag, struct.error, ValueError) as error:
                raise _damaged(file) from error
            yield last
            place += 1
        if last[:1] != b"E":
            raise _damaged(file)


def _file_key(key: bytes, salt: bytes) -> bytes:
    """Each file has a key of its own, so that no nonce is ever used twice."""
    return hashlib.sha256(b"livingwell backup file 1\x00" + key + salt).digest()


def _nonce(place: int) -> bytes:
    return struct.pack(">4xQ", place)


def _bound(place: int, salt: bytes) -> bytes:
    return _MAGIC + salt + struct.pack(">Q", place)


def _damaged(file: Path) -> Problem:
    return Problem(
        "This backup cannot be used",
        f"{file.name} is damaged, not complete, or of another alliance.",
        "Use another backup. Nothing was changed.",
    )


def _one(connection: Connection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
