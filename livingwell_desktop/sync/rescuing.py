"""The beginning of a fresh store that takes a damaged one's place: who it is, and what a restored server may lack."""

from itertools import islice
from pathlib import Path

from livingwell_desktop.storage import Store
from livingwell_desktop.storage.arrivals import Checked
from livingwell_desktop.storage.rescue import Rescued
from livingwell_desktop.storage.salvage import salvaged, salvaged_certificates
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.trust import StoreTrust

_AT_ONCE = 200
_UNKNOWN = f"0.{0:016x}"
"""A generation that no server has: for a store in which that cannot be read."""


def begin_again(fresh: Store, client: ServerClient, rescued: Rescued, damaged: Path, key: bytes) -> None:
    """Before the first exchange of a fresh store. `rescued` was put into it with `own.begin_as` and `go_on_after`.

    Raises SyncError, and Problem when the store cannot be written.
    """
    if rescued.alliance_key:
        fresh.audit.trust_alliance(rescued.alliance_key)
    client.entrance.trust = StoreTrust(fresh)
    if client.generations().generations[-1][0] == rescued.generation:
        return  # the server has all that has a receipt
    if certificates := salvaged_certificates(damaged, key):
        fresh.own.keep_certificates(certificates)
    unsent = rescued.found.changes()  # goes into this desk's own chain afterwards
    found = (
        each
        for each in salvaged(damaged, key)
        if not any(isinstance(node, Checked) and node.change.id in unsent for node in each.nodes)
    )
    while some := tuple(islice(found, _AT_ONCE)):
        fresh.receive(some, "")
    # With the first exchange the server says that it was restored; then all of this is offered to it.
    fresh.set_follows((), rescued.generation or _UNKNOWN)
