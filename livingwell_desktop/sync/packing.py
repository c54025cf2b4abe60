"""Cutting what waits and what came into pieces of the right size, never through an act."""

from collections.abc import Iterator, Sequence

from livingwell_desktop.storage import Arrival, Unsent

_SAID_ABOUT_A_CHANGE = 700
"""Bytes of a request for each change besides its content."""


def first_load(unsent: Sequence[Unsent], most_changes: int, most_bytes: int) -> tuple[Unsent, ...]:
    """As many whole acts from the start as fit; the first act always goes."""
    size, end_of_act = 0, 0
    for place, each in enumerate(unsent):
        if place and each.act != unsent[place - 1].act:
            end_of_act = place
        size += len(each.change.content) + _SAID_ABOUT_A_CHANGE
        if end_of_act and (place >= most_changes or size > most_bytes):
            return tuple(unsent[:end_of_act])
    return tuple(unsent)


def batches(arrivals: Sequence[Arrival], size: int) -> Iterator[Sequence[Arrival]]:
    """Small batches for the store: whole acts, as many as fit; an act larger than a batch is a batch."""
    start, end_of_act = 0, 0
    for place in range(1, len(arrivals) + 1):
        if place < len(arrivals) and _same_act(arrivals[place - 1], arrivals[place]):
            continue
        if place - start > size and end_of_act > start:
            yield arrivals[start:end_of_act]
            start = end_of_act
        end_of_act = place
    if start < len(arrivals):
        yield arrivals[start:]


def _same_act(one: Arrival, other: Arrival) -> bool:
    return one.act is not None and one.act == other.act
