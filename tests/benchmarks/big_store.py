"""The encrypted store that measurements run on: 30,000 people, 500,000 bookings, 200,000 assessments.

It is made once, through the store's own door for what other desks wrote (`Store.receive`), with every hash, signature,
head, index and search row, and kept in the user's cache folder. Its name holds a fingerprint of what goes in and of the
schema, so that a change of either makes a new one.
"""

import hashlib
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from time import monotonic
from uuid import UUID

from platformdirs import user_cache_dir

from livingwell_desktop import VERSION
from livingwell_desktop.domain.changes import Change, Content, content_hash, signed_bytes, write_content
from livingwell_desktop.domain.records import body_of, kind_of
from livingwell_desktop.security.device import DeviceKeys
from livingwell_desktop.storage import Arrival, Signer, Store, prepare
from livingwell_desktop.storage.migrate import migrations
from livingwell_desktop.storage.search import search_columns
from tests.benchmarks.big_records import NOW, SEED, BigAlliance, Made, Size

KEY = bytes(range(32))
"""The database key of made-up records. It protects nothing, but encryption costs the same with any key."""

STREAM = "alliance"
BATCH = 5_000
SAMPLE = 200
_OTHER_DESK = DeviceKeys(str(UUID(int=0x0195C000_0000_7000_8000_0000000000B1)), hashlib.sha256(b"bench desk").digest())
_THIS_DESK_SIGNING = hashlib.sha256(b"this desk").digest()


@dataclass(frozen=True, slots=True)
class BigStore:
    """The file, and whom to look for in it."""

    path: Path
    alliance: BigAlliance

    @property
    def device_keys(self) -> DeviceKeys:
        """The keys of the desk that holds it."""
        return DeviceKeys(str(self.alliance.device), _THIS_DESK_SIGNING)

    def open(self) -> Store:
        """Open it as this desk, at the moment the records end."""
        return Store.open(self.path, KEY, Signer(self.alliance.device, self.device_keys.signer()), lambda: NOW)


def big_store(size: Size | None = None) -> BigStore:
    """The store of that size, made now if it is not there yet. Progress goes to standard error."""
    size = size or Size()
    folder = Path(user_cache_dir("livingwell-desktop-bench"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{size.people}-people-{fingerprint(size)}.db"
    if not path.exists():
        generate(path, size)
    return BigStore(path, BigAlliance(size))


def working_copy(big: BigStore, copy: Path) -> BigStore:
    """A copy for measurements that write, so that the kept one stays as it was made."""
    shutil.copyfile(big.path, copy)
    return BigStore(copy, big.alliance)


def fingerprint(size: Size) -> str:
    """Twelve hex digits that change with the schema, the size, or what the first records say and are found by."""
    digest = hashlib.sha256(repr(size).encode())
    for step in migrations():
        digest.update(step.path.read_bytes())
    small = BigAlliance(Size(20, 20, 20, 20, 10, 3))
    for each in arrivals(small.records()):
        digest.update(each.change.content_hash)
        if each.content is not None and each.content.kind == "person":
            digest.update(repr(search_columns(each.content.set)).encode())
    return digest.hexdigest()[:12]


def arrivals(records: Iterable[Made]) -> Iterator[Arrival]:
    """Records as the changes another desk made of them: signed, hashed, checked again on arrival."""
    chance = Random(SEED + 1)
    sign, device = _OTHER_DESK.signer(), UUID(_OTHER_DESK.device_id)
    for number, made in enumerate(records, 1):
        kind = kind_of(type(made.value))
        body = body_of(kind, made.value)
        raw = write_content(
            Content(
                record=made.id,
                kind=kind.name,
                subject=kind.subject_of(made.id, body),
                sensitivity=int(kind.sensitivity),
                parents=(),
                set=body,
                act=chance.randbytes(8).hex(),
                at=int(made.at.timestamp() * 1000),
                staff=made.staff,
                centre=None,
                program=VERSION,
                judged_at=(0, 0),
            )
        )
        change_id, salt = chance.randbytes(16), chance.randbytes(16)
        hashed = content_hash(salt, raw)
        yield prepare(number, Change(change_id, raw, salt, hashed, device, sign(signed_bytes(change_id, hashed))))


def generate(path: Path, size: Size) -> None:
    """Make the store beside its final name, and give it that name when it is whole."""
    unfinished = path.with_suffix(".unfinished")
    for left in path.parent.glob(f"{unfinished.name}*"):
        left.unlink()
    store = BigStore(unfinished, BigAlliance(size)).open()
    total = size.people + size.bookings + size.assessments + size.visits + 9 * size.days + size.contacts_of_one // 5
    started, done = monotonic(), 0
    coming = arrivals(BigAlliance(size).records())
    while batch := tuple(islice(coming, BATCH)):
        store.receive(batch, STREAM)
        done += len(batch)
        passed = monotonic() - started
        left = passed / done * max(0, total - done)
        _say(f"\rMaking the bench store: {done:,} of {total:,} records, {passed:.0f} s, about {left:.0f} s left  ")
    store.close()
    unfinished.rename(path)
    _say(f"\nMade {path.name} in {monotonic() - started:.0f} s, {path.stat().st_size / 1e6:.0f} MB.\n")


def _say(words: str) -> None:
    sys.stderr.write(words)
    sys.stderr.flush()
