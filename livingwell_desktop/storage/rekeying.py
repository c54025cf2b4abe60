"""Another key for a desk's file: which key opens it, encrypting it anew, and keeping everybody out meanwhile."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from livingwell_desktop.storage.database import as_read_only


class ClosedStoreError(RuntimeError):
    """Somebody asks a store that was closed: a mistake of the program, and nothing of it touches the files."""


class KeyGate:
    """Connections are used together; a key is changed alone; after closing nobody gets a connection any more."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._used = 0
        self._closed = False

    @contextmanager
    def using(self) -> Iterator[None]:
        """Use a connection. Waits only while a key is being changed. Raises ClosedStoreError."""
        with self._free:
            if self._closed:
                raise ClosedStoreError
            self._used += 1
        try:
            yield
        finally:
            with self._free:
                self._used -= 1
                self._free.notify_all()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Wait until no connection is used, and let none be used meanwhile. Raises ClosedStoreError."""
        with self._free:
            self._free.wait_for(lambda: self._used == 0)
            if self._closed:
                raise ClosedStoreError
            yield

    def close(self) -> None:
        """Let nobody begin, and wait for those who have begun: the files may be anybody's from then on."""
        with self._free:
            self._closed = True
            self._free.wait_for(lambda: self._used == 0)


def key_that_opens(path: Path, keys: Sequence[bytes]) -> bytes | None:
    """The first of the keys that opens the file; the first of all for a file that is not there; None when none does."""
    if not path.exists():
        return keys[0]
    return next((key for key in keys if _opens(path, key, read_only=True)), None)


def encrypt_anew(path: Path, old: bytes, new: bytes) -> None:
    """Encrypt the file, and then the copies that were made of it before an upgrade, with the new key.

    SQLCipher writes every page into the write-ahead log in one transaction, so that a power cut leaves each file whole
    under the one key or the other; asked again, this does what is left. Nobody else may have the file open. Raises
    `sqlcipher3.dbapi2.Error`.
    """
    if not _opens(path, new):
        _rekey(path, old, new)
    for copy in sorted(path.parent.glob(f"{path.stem}.before-*[0-9]")):
        # A copy under the old key would go on opening for whoever kept that key. A power cut leaves a rollback journal
        # beside a copy, which keeps no write-ahead log, and only a connection that may write plays it back.
        if _opens(copy, old):
            _rekey(copy, old, new)


def _opens(path: Path, key: bytes, *, read_only: bool = False) -> bool:
    with closing(_connect(path, key, read_only=read_only)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except dbapi2.DatabaseError as error:
            if "not a database" not in str(error):
                raise
            return False
        return True


def _rekey(path: Path, old: bytes, new: bytes) -> None:
    with closing(_connect(path, old)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"").fetchall()
        # What was encrypted with the old key is written over in the file itself, too.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _connect(path: Path, key: bytes, *, read_only: bool = False) -> Any:
    where = as_read_only(path) if read_only else str(path)
    connection = dbapi2.connect(where, isolation_level=None, timeout=30, uri=read_only)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection
