"""A desk whose server was restored or lost: it goes back to what the server holds, and gives back what it lost.

Until the desk names the new generation it may send others' changes, with their authors' signatures. Everything here may
be done again from the start after a failure: what the server has already is offered by name only.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from livingwell_desktop.domain.changes import Change, Void
from livingwell_desktop.domain.records import ChangeId
from livingwell_desktop.storage import Store
from livingwell_desktop.storage.restoring import GoingBack
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.joining import Certificate, certificate_of_text
from livingwell_desktop.sync.protocol import STREAM
from livingwell_desktop.sync.restored import MOST_OFFERED, Offer, PlacedVoid, Refill, Restores
from livingwell_desktop.sync.troubles import VersionsDifferError

log = logging.getLogger(__name__)

_AT_ONCE = 400
_BYTES = 3_000_000


def go_back(store: Store, client: ServerClient, stopping: Callable[[], bool]) -> None:
    """Answer to the server's newest generation. Raises SyncError, and Problem when the store cannot be written."""
    restores = client.generations()
    if not restores.generations:
        raise VersionsDifferError
    missed = _missed(restores, store.generation())
    back = store.own.restoring.going_back(missed, STREAM)
    if back.offer_after is not None and not _give_back(store, client, back, stopping):
        return
    store.own.restoring.settle(back, restores.head, restores.generations[-1][0], store.signer.device, STREAM)
    log.info("the server was restored: %d streams are taken again", len(back.cursors))


def own_certificates(store: Store) -> tuple[Certificate, ...]:
    """What the alliance certified of this desk, then of the desks that it is a copy of."""
    identity = store.own.identity()
    names = (store.signer.device, *(identity.former if identity else ()))
    known = store.own.certificates(names)
    return tuple(certificate_of_text(known[name]) for name in names if name in known)


def _missed(restores: Restores, known: str) -> list[dict[str, int]]:
    """The starts of the generations after the one this desk knows; of all, when the server never heard of that."""
    names = [name for name, _ in restores.generations]
    after = names.index(known) + 1 if known in names else 0
    return [dict(starts) for _, starts in restores.generations[after:]]


def _give_back(store: Store, client: ServerClient, back: GoingBack, stopping: Callable[[], bool]) -> bool:
    """Offer by name what came after the server's backup, and send what it lacks. False when stopped meanwhile."""
    restoring, refused = store.own.restoring, 0
    for offer in _offers(store, back.offer_after or 0):
        if stopping():
            return False
        missing = client.offer(offer)
        for part in _parts(missing):
            if stopping():
                return False
            # The graph first: then no change comes before its parents.
            places = restoring.places_of(part)
            for start in range(0, len(places), _AT_ONCE):
                client.refill(Refill(voids=_placed(store, places[start : start + _AT_ONCE])))
            for changes in _loads(restoring.with_words(part)):
                _, not_taken = client.refill(Refill(_certificates(store, changes), changes=tuple(changes)))
                refused += not_taken
    if refused:
        # It keeps them in quarantine, and tells those who oversee this centre.
        log.info("the restored server did not take %d changes back", refused)
    return True


def _offers(store: Store, after: int) -> Iterator[Offer]:
    voids = iter(store.own.restoring.raised_voids())
    while some := tuple(islice(voids, MOST_OFFERED)):
        yield Offer(voids=some)
    while rows := store.own.restoring.names_after(after, MOST_OFFERED):
        yield Offer(tuple(name for _, name in rows))
        after = rows[-1][0]
    parked = store.own.restoring.parked_names()
    for start in range(0, len(parked), MOST_OFFERED):
        yield Offer(tuple(parked[start : start + MOST_OFFERED]))


def _parts(missing: Sequence[ChangeId]) -> Iterator[Sequence[ChangeId]]:
    for start in range(0, len(missing), _AT_ONCE):
        yield missing[start : start + _AT_ONCE]


def _loads(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """As many at once as fit in a request."""
    start, size = 0, 0
    for place, change in enumerate(changes):
        size += len(change.content) + 500
        if size > _BYTES and place > start:
            yield changes[start:place]
            start, size = place, len(change.content) + 500
    if start < len(changes):
        yield changes[start:]


def _placed(store: Store, voids: Sequence[Void]) -> tuple[PlacedVoid, ...]:
    placed = []
    for void in voids:
        facts = store.own.restoring.facts_of(void.record)
        placed.append(PlacedVoid(void, facts.kind, facts.subject, facts.sensitivity))
    return tuple(placed)


def _certificates(store: Store, changes: Sequence[Change]) -> tuple[Certificate, ...]:
    """Of their authors; and of what those are copies of, without which a copy's does not hold."""
    found: dict[UUID, Certificate] = {}
    wanted = {change.device for change in changes}
    while wanted:
        came = {name: certificate_of_text(text) for name, text in store.own.certificates(sorted(wanted)).items()}
        found |= came
        wanted = {each.copy_of for each in came.values() if each.copy_of is not None} - found.keys()
    return tuple(found.values())
