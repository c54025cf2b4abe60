"""What a dying disk, a put-back copy or a thief does to a desk's files, for the tests that must notice it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import Author, Store, create
from tests.conftest import DESK, KEY, StillClock, unsigned

ME = Author(uuid4(), None, "test")
PAGE = 4096
LOG_HEADER, LOG_FRAME = 32, 24 + PAGE


@dataclass(frozen=True, slots=True)
class Files:
    """A desk's three lasting files, as bytes: database, write-ahead log, second file. `-shm` is made again."""

    database: bytes
    log: bytes | None
    second: bytes | None

    @classmethod
    def of(cls, path: Path) -> "Files":
        """As they lie on the disk now."""
        return cls(path.read_bytes(), _read(path, "-wal"), _read(path, "-second"))

    def lay(self, path: Path) -> Path:
        """Put them where a desk will open them."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.database)
        for ending, content in (("-wal", self.log), ("-second", self.second)):
            beside = path.with_name(path.name + ending)
            beside.unlink(missing_ok=True)
            if content is not None:
                beside.write_bytes(content)
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        return path


def _read(path: Path, ending: str) -> bytes | None:
    beside = path.with_name(path.name + ending)
    return beside.read_bytes() if beside.exists() else None


def lying(store: Store) -> Files:
    """What a power cut at this instant leaves."""
    with store._turns.turn():
        return Files.of(store.path)


def opened(path: Path, other_disk: Path | None = None) -> Store:
    """The desk's store, opened as its next start does."""
    return Store.open(path, KEY, unsigned(DESK), StillClock(), other_disk)


def register(store: Store, name: str) -> UUID:
    """One save: one person."""
    person = uuid4()
    store.write([create(person, Person(given_name=name, family_name="A" * 300))], [], ME)
    return person


def flipped(content: bytes, chance: Random, start: int = 0, end: int | None = None) -> bytes:
    """One bit is another."""
    at = chance.randrange(start, len(content) if end is None else end)
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def in_a_folder_of_its_own(folder: Path) -> Callable[[Files], Path]:
    """Lay files into a fresh folder each time, and take the one before away."""

    def lay(files: Files) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        return files.lay(folder / "records.db")

    return lay
