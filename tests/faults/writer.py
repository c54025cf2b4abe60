"""A desk that writes without end, as a process of its own, so that it can be killed at any statement.

    python -m tests.faults.writer FILE FIRST

It says `visit N`, `draft N` and `called N` after each commit and never before. FIRST numbers its writes.
"""

import itertools
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from livingwell_desktop.domain.sessions import Visit, VisitState
from livingwell_desktop.storage import Author, Draft, Event, Signer, Store, create, edit

KEY = bytes(range(32))
DESK = UUID("0195c000-0000-7000-8000-00000000000a")
STAFF = UUID("0195c000-0000-7000-8000-0000000000f1")
CENTRE = UUID("0195c000-0000-7000-8000-0000000000c1")
DRAFT = UUID("0195c000-0000-7000-8000-0000000000d1")
BEGUN = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)


def opened(file: Path, number: int = 0) -> Store:
    """The desk's store, at a time that moves with the number."""
    return Store.open(file, KEY, Signer(DESK, lambda _content: b"s" * 64), lambda: BEGUN + timedelta(seconds=number))


def visit_number(number: int) -> UUID:
    """The id of the visit that a write makes."""
    return UUID(int=(0x0195C000_0000_7000_8000 << 48) + number)


def main() -> None:
    """Write until killed."""
    file, first = Path(sys.argv[1]), int(sys.argv[2])
    store, author = opened(file, first), Author(STAFF, CENTRE, "check in")
    for number in itertools.count(first):
        visit = visit_number(number)
        made = create(visit, Visit(centre=CENTRE, ticket=f"A{number:02}", reason="Lost his room, wants to talk"))
        store.write([made], [Event("check in", visit, visit)], author)
        _say(f"visit {number}")
        store.save_draft(Draft(DRAFT, STAFF, "assessment", visit, {"typed": number}, (), BEGUN))
        _say(f"draft {number}")
        held = store.get(Visit, visit)
        assert held is not None
        store.write([edit(held, state=VisitState.WITH_SOMEONE)], [], author)
        _say(f"called {number}")


def _say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


if __name__ == "__main__":
    main()
