"""The encrypted database: opening it, and saying in words why it cannot be opened."""

import errno
import importlib.metadata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import Connection, Engine
from sqlcipher3 import dbapi2

from livingwell_desktop.domain.errors import Problem

KEY_BYTES = 32
DAMAGE_MARK = "-damaged"
"""The ending of a file beside the store: a page could not be read, so the next opening looks all of it through."""
LOG_LIMIT_PAGES = 16_000
"""64 MB. Until then the sync thread keeps the write-ahead log short; from there on a save does it."""
LOG_WORTH_PAGES = 1_000
"""4 MB. A shorter log is left alone: moving it waits for the disk twice, beside saves that wait for the disk, too."""


def library_versions() -> tuple[str, str, str]:
    """Versions of sqlcipher3, SQLite and SQLCipher in use, for the start-up gates. No file is opened for it."""
    with closing(dbapi2.connect(":memory:")) as connection:
        cipher = connection.execute("PRAGMA cipher_version").fetchone()
    return (importlib.metadata.version("sqlcipher3"), dbapi2.sqlite_version, str(cipher[0]) if cipher else "")


def open_engine(path: Path, key: bytes, *, read_only: bool = False) -> Engine:
    """An engine on the encrypted file with the raw database key.

    WAL with `synchronous=FULL`: what was said to be saved survives a power cut. Writers begin IMMEDIATE, so that none
    fails half-way because somebody else committed meanwhile. With `read_only` neither the file nor its log is ever
    written. Raises Problem when the key does not open the file.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("the database key has 32 bytes")

    def connect() -> Any:
        where = as_read_only(path) if read_only else str(path)
        connection = dbapi2.connect(where, isolation_level=None, check_same_thread=False, timeout=30, uri=read_only)
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_LIMIT_PAGES}")
        return connection

    engine = sqlalchemy.create_engine(
        "sqlite://",
        module=dbapi2,
        creator=connect,
        poolclass=sqlalchemy.QueuePool,
        pool_size=8,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
    )
    try:
        with told_apart(), engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
            if not read_only:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    except BaseException:
        engine.dispose()
        raise
    return engine


def as_read_only(path: Path) -> str:
    """The address of a file for a connection that writes nothing into it."""
    return f"file:{quote(str(path))}?mode=ro"


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn what SQLCipher says about a broken file or a full disk into words a person can act on."""
    try:
        yield
    except (sqlalchemy.exc.DBAPIError, dbapi2.Error) as error:
        problem = _problem(str(getattr(error, "orig", error)))
        if problem is None:
            raise
        raise problem from None


class DamagedStore(Problem):
    """The file of the records is damaged, or is not this desk's. Rescue saves what was not sent and fetches a copy."""

    def __init__(self) -> None:
        super().__init__(
            "This desk’s records cannot be opened",
            "The file that holds them is damaged, or it is not this desk’s file.",
            "Do not delete anything. Lock this desk and sign in again: you can then rescue what was not sent.",
        )


def _problem(words: str) -> Problem | None:
    if "not a database" in words or "malformed" in words or "disk image" in words:
        return DamagedStore()
    if "disk is full" in words or "disk I/O error" in words:
        return Problem(
            "This PC’s disk is full",
            "The last thing you did was not saved. Everything before it is safe.",
            "Free some space on the disk, then press Save again. What you typed is still on the screen.",
        )
    if "readonly" in words or "unable to open" in words:
        return Problem(
            "This desk’s records cannot be written",
            "The program may not write in the folder where they are kept.",
            "Ring IT support and say “the store cannot be written”.",
        )
    return None


def damage_mark(store: Path) -> Path:
    """The file that says so of a store."""
    return store.with_name(store.name + DAMAGE_MARK)


def disk_problem(error: OSError) -> Problem:
    """What a file beside the store says when it cannot be written, in the words the store itself would use."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)
    problem = _problem("disk is full" if full else "unable to open")
    assert problem is not None
    return problem


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """One write transaction: all or nothing."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        # A full disk may have rolled back by itself; asking twice is an error we do not care about.
        driver = connection.connection.dbapi_connection
        if driver is not None and driver.in_transaction:
            connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def refuse_plaintext(path: Path) -> None:
    """Raise Problem for an ordinary SQLite file, which anybody could read: never to be opened as if it were ours."""
    if not path.exists():
        return
    with path.open("rb") as file:
        if file.read(16) == b"SQLite format 3\x00":
            raise Problem(
                "This desk’s records are not encrypted",
                "The file in their place is an ordinary database that anybody could read.",
                "Do not use this desk. Ring IT support and say “plaintext store”.",
            )


__all__ = [
    "DAMAGE_MARK",
    "DamagedStore",
    "as_read_only",
    "damage_mark",
    "disk_problem",
    "library_versions",
    "open_engine",
    "refuse_plaintext",
    "told_apart",
    "transaction",
]
