"""What the audit adds to a view: opening a person's record with its events on disk, against the same without them."""

from collections.abc import Iterator
from time import perf_counter
from uuid import UUID

from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.services.practice import Practice
from tests.benchmarks.measuring import median_of_rounds

OPENINGS_A_ROUND = 100


def audit_view_ms(practice: Practice, people: list[UUID]) -> float:
    """Milliseconds that the audit adds to opening a record, 95th percentile: gathering its events and writing them.

    An opening writes what its verbs looked at (details and the clinical record) in one transaction with
    `synchronous=FULL`, so what is measured is the whole cost: the rest of the opening is the same without an audit.
    """

    def one_round() -> Iterator[float]:
        for person in people[:OPENINGS_A_ROUND]:
            started = perf_counter()
            with practice.opening("PersonPlace", person):
                practice.viewed(Act.SEE_DETAILS, person)
                practice.viewed(Act.SEE_CLINICAL, person)
            yield (perf_counter() - started) * 1000

    return median_of_rounds(one_round, 95)
