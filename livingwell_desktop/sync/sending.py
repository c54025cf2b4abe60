"""What waits to be sent, load by load, each read, written as JSON and packed before its turn has come."""

from collections.abc import Sequence
from dataclasses import dataclass

from livingwell_desktop.storage import Store, Unsent
from livingwell_desktop.storage.writing import MAX_BYTES_IN_AN_ACT
from livingwell_desktop.sync.begun import BegunBody
from livingwell_desktop.sync.packing import first_load
from livingwell_desktop.sync.protocol import Offered, begin_request

LOAD = 500
"""Changes in one request. More than so many that wait go out in several, prepared ahead."""


@dataclass(frozen=True, slots=True)
class Load:
    """Changes for one request, and the request up to them."""

    unsent: Sequence[Unsent]
    offered: tuple[Offered, ...]
    begun: BegunBody


def next_load(store: Store, after: Load | None = None, most: int = LOAD) -> Load | None:
    """The oldest changes without a receipt, or those that follow a load; None when there are none."""
    number = after.unsent[-1].envelope.n if after is not None else 0
    unsent = first_load(store.unsent(most, number), most, MAX_BYTES_IN_AN_ACT)
    if not unsent:
        return None
    offered = tuple(Offered(each.change, each.envelope, each.act) for each in unsent)
    return Load(unsent, offered, BegunBody(begin_request(offered)))
