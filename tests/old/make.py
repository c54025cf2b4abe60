"""Make a store as this version writes it, to be kept for ever and opened by every later version.

    python -m tests.old.make NAME

writes `tests/old/NAME.db`, a real encrypted store, and `tests/old/NAME.json`: its key, which is no secret (the records
are made up), the migration it has reached and what it holds. Do it once for each new migration and for each release,
**before** the next migration is written, and commit both files. A file that is there is never made again.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from livingwell_desktop import VERSION
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Held, body_of, kinds
from livingwell_desktop.storage import (
    Author,
    Draft,
    Event,
    Receipt,
    Signer,
    Store,
    create,
    edit,
    enter_in_error,
    prepare,
)
from livingwell_desktop.storage.migrate import migrations
from tests.old.contents import records

FOLDER = Path(__file__).parent
KEY = bytes(range(32))
DESK, OTHER = UUID("0195c000-0000-7000-8000-0000000000aa"), UUID("0195c000-0000-7000-8000-0000000000bb")
STAFF, CENTRE = UUID("0195c000-0000-7000-8000-0000000000f1"), UUID("0195c000-0000-7000-8000-0000000000c1")
AUTHOR = Author(STAFF, CENTRE, "make an old file")
BEGUN = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)


class Ticking:
    """A clock that moves by a second with each look, so that every file made is alike."""

    def __init__(self) -> None:
        self.at = BEGUN

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def main() -> int:
    """Make one file. 0 when it was made, 1 when it is there already."""
    name = sys.argv[1]
    file = FOLDER / f"{name}.db"
    if file.exists():
        sys.stderr.write(f"{file.name} is there already. Old files are never made again.\n")
        return 1
    held = fill(file)
    about = {
        "program": VERSION,
        "migration": len(migrations()),
        "key": KEY.hex(),
        "desk": str(DESK),
        "records": held,
    }
    file.with_suffix(".json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def fill(file: Path) -> dict[str, dict[str, Any]]:
    """Records of every kind, edits, a conflict, a removal in question, receipts and an outbox, a parked change, drafts.

    Gives back the fields of every record, by its kind and id.
    """
    working, clock = file.with_suffix(".making"), Ticking()
    store = Store.open(working, KEY, Signer(DESK, lambda _content: b"s" * 64), clock)
    other = Store.open(file.with_suffix(".other"), KEY, Signer(OTHER, lambda _content: b"o" * 64), clock)
    try:
        for record, value in records():
            store.write([create(record, value)], [Event("view a record", record, record)], AUTHOR)
        _carry(store, other)
        _remove_what_is_edited(store, other)
        store.acknowledge([Receipt(each.change.id, each.change.content_hash) for each in store.unsent()])
        for desk, phone in ((store, "07700 900 341"), (other, "07700 900 314")):
            desk.write([edit(_ngozi(desk), phone=phone)], [], AUTHOR)
        _carry(other, store)
        _park(other, store)
        for number in (1, 2):
            draft = UUID(int=number)
            body = {"answers": {"mental_health": number}, "typed": "Cannot sleep “at all” 👋"}
            store.save_draft(Draft(draft, STAFF, "dialog", _ngozi(store).id, body, _ngozi(store).heads, clock()))
        held = {
            kind.name: {str(each.id): dict(body_of(kind, each.value)) for each in store.find(kind.type)}
            for kind in kinds()
        }
        # In one file and as small as it gets: what SQLite left in the log is in the copy.
        store.back_up(file)
    finally:
        for desk, made in ((store, working), (other, file.with_suffix(".other"))):
            desk.close()
            for each in made.parent.glob(f"{made.name}*"):
                each.unlink()
    return held


def _ngozi(store: Store) -> Held[Person]:
    return next(held for held in store.find(Person) if held.value.family_name == "Okafor")


def _carry(source: Store, target: Store) -> None:
    """What one desk has not sent reaches the other, as the server would bring it."""
    begun = target.cursor("alliance")
    arrivals = [prepare(number, each.change) for number, each in enumerate(source.unsent(), begun + 1)]
    target.receive(arrivals, "alliance")


def _remove_what_is_edited(one: Store, other: Store) -> None:
    """A removal by one desk that did not know of the other's edit: nobody has said which of them counts."""
    held = next(held for held in one.find(Person) if held.value.family_name == "Wójcik")
    one.write([enter_in_error(held)], [], AUTHOR)
    other.write([edit(held, email="kasia@example.org")], [], AUTHOR)


def _park(source: Store, target: Store) -> None:
    """A change whose parent never came."""
    for email in ("first@example.org", "second@example.org"):
        source.write([edit(_ngozi(source), email=email)], [], AUTHOR)
    newest = source.unsent()[-1].change
    target.receive([prepare(target.cursor("alliance") + 1, newest)], "alliance")


if __name__ == "__main__":
    sys.exit(main())
