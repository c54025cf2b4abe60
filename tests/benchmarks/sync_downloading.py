"""First download of 10,000 and 100,000 records, in a client process of its own, against the bare minimum.

`python -m tests.benchmarks.sync_downloading URL CODE FILE` is that client: it enrols, downloads, and says as JSON how
long it took and by how much it grew.
"""

import gzip
import json
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from sqlcipher3 import dbapi2

import livingwell_desktop.domain.catalogue
from livingwell_desktop.app.process import take_short_turns
from livingwell_desktop.sync.downloading import DownloadPage, DownloadRequest, write_download_page
from tests.benchmarks.sync_world import Central, Cluster, Filler, clock
from tests.central import CENTRE, JoinedDesk, code_for
from tests.sync.link import Link

SIZES = (10_000, 100_000)
assert livingwell_desktop.domain.catalogue, "declares every kind, so that values are judged as in earnest"


def download(cluster: Cluster, rounds: int) -> dict[str, float]:
    """Records a second (the slower of both sizes), the fractions of the bare minimum, and how much the client grows."""
    figures: dict[str, float] = {}
    speeds = []
    for size in SIZES:
        with cluster.central() as central:
            Filler(central).fill(range(size))
            pages = [write_download_page(page) for page in _pages(central.join())]
            took, bare, grown = [], [], []
            for _ in range(rounds):
                said = _client(central)
                took.append(said["seconds"])
                grown.append(said["growth_mb"])
                bare.append(_bare_minimum(pages, central.folder / f"{uuid4().hex}.db"))
            if said["records"] != size:
                raise RuntimeError(f"{said['records']} of {size} records came")
        speeds.append(size / statistics.median(took))
        sys.stderr.write(f"  {size} records: {speeds[-1]:.0f}/s; bare {size / statistics.median(bare):.0f}/s\n")
        figures[f"download_{size // 1000}k_fraction"] = statistics.median(bare) / statistics.median(took)
        figures["download_growth_mb"] = statistics.median(grown)
    return {"download_per_s": min(speeds), **figures}


def wire(cluster: Cluster, _rounds: int) -> dict[str, float]:
    """Bytes on the wire, both ways, for 10,000 records, against their contents alone, packed page by page alike."""
    with cluster.central() as central:
        Filler(central).fill(range(SIZES[0]))
        contents = [[node.content for entry in page.entries for node in entry.nodes] for page in _pages(central.join())]
        packed = sum(len(gzip.compress(b"\n".join(page), compresslevel=1, mtime=0)) for page in contents)
        with Link(central.port) as link:
            desk = central.join(url=link.url)
            before = link.passed
            desk.exchange()
            passed = link.passed - before
        assert sum(desk.store.counts().values()) == SIZES[0]
    return {"wire_ratio": passed / packed}


def _pages(desk: JoinedDesk) -> Iterator[DownloadPage]:
    place = ""
    while True:
        page = desk.client.download(DownloadRequest(f"{CENTRE}/clinical", place, 500))
        yield page
        place = page.place
        if not place:
            return


def _client(central: Central) -> dict[str, float]:
    file = central.folder / f"{uuid4().hex}.db"
    command = [sys.executable, "-m", "tests.benchmarks.sync_downloading", central.url]
    said = subprocess.run(
        [*command, code_for(central.database_url, clock), str(file)], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(said.stdout)
    return found


def _bare_minimum(pages: Sequence[bytes], file: Path) -> float:
    """Seconds to parse the same bytes and put the same records into one table in one transaction."""
    database = dbapi2.connect(str(file), isolation_level=None)
    database.execute(f"PRAGMA key = \"x'{'07' * 32}'\"")
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE record (number INTEGER PRIMARY KEY, id BLOB NOT NULL, content TEXT NOT NULL)")
    began = perf_counter()
    database.execute("BEGIN")
    for page in pages:
        rows = [(bytes.fromhex(node[1]), node[2]) for entry in json.loads(page)["entries"] for node in entry[2]]
        database.executemany("INSERT INTO record (id, content) VALUES (?, ?)", rows)
    database.execute("COMMIT")
    passed = perf_counter() - began
    database.close()
    return passed


def _largest_mb() -> float:
    """The most memory that this process ever held. What its parent held when it began does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(each for each in status.read_text(encoding="ascii").splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def client(url: str, code: str, file: Path) -> dict[str, float]:
    """Enrol and download everything."""
    take_short_turns()  # as the desk's process does
    desk = JoinedDesk(url, code, "Downloading", file, clock)
    before, began = _largest_mb(), perf_counter()
    desk.exchange()
    passed = perf_counter() - began
    found = {
        "seconds": passed,
        "growth_mb": _largest_mb() - before,
        "records": sum(desk.store.counts().values()),
    }
    desk.close()
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(client(sys.argv[1], sys.argv[2], Path(sys.argv[3]))) + "\n")
