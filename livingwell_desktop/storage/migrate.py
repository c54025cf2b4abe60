"""Bringing a file up to this version: numbered SQL files that import nothing of the program."""

import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.records import RecordKind, kinds
from livingwell_desktop.storage.database import transaction

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step."""

    number: int
    path: Path


def migrations() -> tuple[Migration, ...]:
    """All steps, in order."""
    found = [Migration(int(path.name[:4]), path) for path in sorted(MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql"))]
    if [step.number for step in found] != list(range(1, len(found) + 1)):
        raise RuntimeError("the migrations are not numbered 1, 2, 3, …")
    return tuple(found)


class NewerRecords(Problem):
    """A newer program made the file. Nothing is written into it."""

    def __init__(self, has: int, known: int) -> None:
        super().__init__(
            "A newer program made these records",
            f"The file on this desk is of version {has}. This program writes up to version {known}.",
            "Call the IT help desk and ask for the newest Living Well Desktop on this PC. Nothing was changed.",
        )


def knows_tables(connection: Connection) -> bool:
    """Whether the file has every table and column that this program asks for: then it can be read, however new."""
    with closing(dbapi2.connect(":memory:", isolation_level=None)) as own:
        for step in migrations():
            for statement in split_statements(step.path.read_text(encoding="utf-8")):
                own.execute(statement)
        tables = [row[0] for row in own.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        asked = {name: {row[1] for row in own.execute(f"PRAGMA table_info({name})")} for name in tables}
    for name, columns in asked.items():
        if not columns <= {row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({name})")}:
            return False
    return True


def file_version(connection: Connection) -> int:
    """Which migration the file has reached; 0 for a new file."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)


def migrate(connection: Connection, path: Path) -> None:
    """Upgrade an older file after an encrypted copy of it; refuse a newer one politely.

    Raises NewerRecords.
    """
    steps, has = migrations(), file_version(connection)
    if has > len(steps):
        raise NewerRecords(has, len(steps))
    if 0 < has < len(steps):
        copy = path.with_suffix(f".before-{len(steps)}")
        if not copy.exists():
            # Under another name first: a copy that a power cut left half made is no copy.
            unfinished = copy.with_name(f"{copy.name}.unfinished")
            unfinished.unlink(missing_ok=True)
            connection.exec_driver_sql("VACUUM INTO ?", (str(unfinished),))
            unfinished.replace(copy)
    for step in steps[has:]:
        with transaction(connection):
            for statement in split_statements(step.path.read_text(encoding="utf-8")):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version = {step.number}")


def split_statements(script: str) -> list[str]:
    """The statements of a migration file, without comments."""
    plain = re.sub(r"--[^\n]*", "", script)
    return [statement.strip() for statement in plain.split(";") if statement.strip()]


def make_indexes(connection: Connection) -> None:
    """Make the indexes that the declarations ask for, and drop those that nobody asks for any more."""
    found = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND (name LIKE 'field_%' OR name LIKE 'kind_%')"
    )
    there = {str(name): str(sql) for name, sql in found}
    wanted = {index_name(kind, name): index_statement(kind, name) for kind in kinds() for name in indexed_fields(kind)}
    wanted |= {f"kind_{kind.name}": kind_statement(kind) for kind in kinds()}
    if there == wanted:
        return
    with transaction(connection):
        for name in there.keys() - wanted.keys() | {name for name in there if there[name] != wanted.get(name)}:
            connection.exec_driver_sql(f"DROP INDEX {name}")
        for name, statement in wanted.items():
            if there.get(name) != statement:
                connection.exec_driver_sql(statement)


def kind_statement(kind: RecordKind) -> str:
    """An index of all records of a kind: the 40 staff are found without passing 500,000 bookings.

    `number` comes first: were it `removed`, SQLite would take this index where a field's is right.
    """
    return f"CREATE INDEX kind_{kind.name} ON record (number, removed) WHERE kind = '{kind.name}'"


def indexed_fields(kind: RecordKind) -> tuple[str, ...]:
    """The fields that need an index of their own. The first subject field has the subject's index already."""
    return tuple(name for name, f in kind.fields.items() if f.indexed and name != kind.subject[0])


def index_name(kind: RecordKind, field: str) -> str:
    """The name of the index of a field."""
    return f"field_{kind.name}__{field}"


def index_statement(kind: RecordKind, field: str) -> str:
    """An expression index for one kind. Queries must use the same literal text, or it is not used."""
    return f"CREATE INDEX {index_name(kind, field)} ON record ({extract(field)}) WHERE kind = '{kind.name}'"


def extract(field: str) -> str:
    """The SQL for a field of the body, the same text in index and query."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", field):
        raise ValueError("a field name is lower-case letters, digits and underscores")
    return f"json_extract(body, '$.{field}')"
