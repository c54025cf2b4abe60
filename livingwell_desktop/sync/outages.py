"""Noticing an outage: from the moment the line went until everything that waited has been exchanged.

What is known of it is in the store, so that it outlives a lock, a crash and a restart in the middle.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from livingwell_desktop.domain.outages import SHORTEST
from livingwell_desktop.storage import Store

_FACT = "outage"


@dataclass(frozen=True, slots=True)
class Returned:
    """An outage that is over: when it was, and from where to count what was sent and received."""

    began: datetime
    ended: datetime
    link: int
    held: int


def begin(store: Store, since: datetime) -> None:
    """The line went. Does nothing when that is known already."""
    if not store.fact(_FACT):
        marks = store.ledger.marks()
        store.keep_fact(
            _FACT, json.dumps({"began": since.isoformat(), "link": marks.link, "held": marks.held, "ended": ""})
        )


def down_since(store: Store) -> datetime | None:
    """When the line went; None while it stands."""
    known = _known(store)
    return datetime.fromisoformat(str(known["began"])) if known and not known["ended"] else None


def came_back(store: Store, now: datetime) -> None:
    """Everything that waited is exchanged. Forgets a break that nobody needs to look at."""
    known = _known(store)
    if known is None or known["ended"]:
        return
    began = datetime.fromisoformat(str(known["began"]))
    marks = store.ledger.marks()
    nothing = marks.link == known["link"] and marks.held == known["held"]
    if now - began < SHORTEST and nothing:
        forget(store)
    else:
        store.keep_fact(_FACT, json.dumps({**known, "ended": now.isoformat()}))


def returned(store: Store) -> Returned | None:
    """The outage that is over and not written down yet, or None."""
    known = _known(store)
    if known is None or not known["ended"]:
        return None
    return Returned(
        datetime.fromisoformat(str(known["began"])),
        datetime.fromisoformat(str(known["ended"])),
        int(str(known["link"])),
        int(str(known["held"])),
    )


def forget(store: Store) -> None:
    """It is written down."""
    store.keep_fact(_FACT, "")


def _known(store: Store) -> Mapping[str, object] | None:
    text = store.fact(_FACT)
    return json.loads(text) if text else None
