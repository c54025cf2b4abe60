"""Folding again, once after an upgrade, the records whose rows an earlier version folded without a rule of this one.

A row is written when a change comes. Without this, a rule that is new would show itself in each record at its next
change only, which may be never.
"""

from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR
from livingwell_desktop.storage.database import transaction
from livingwell_desktop.storage.folding import refold
from livingwell_desktop.storage.following import remember, remembered

FOLD_RULES = "2"
"""What rows are folded by. 2: a removal that does not count is asked about."""

_BY, _REACHED = "fold rules", "folded again to"
_AT_ONCE = 5_000
"""Changes looked at in one transaction: a power cut loses no more than that."""


def fold_again(connection: Connection) -> None:
    """Fold the records that some change says were entered in error, unless that is done. Goes on after a power cut.

    Raises Problem when the disk is full or the store damaged.
    """
    while remembered(connection, _BY) != FOLD_RULES:
        with transaction(connection):
            _fold_some(connection, int(remembered(connection, _REACHED) or 0))


def _fold_some(connection: Connection, after: int) -> None:
    last = connection.exec_driver_sql(
        "SELECT max(number) FROM (SELECT number FROM change WHERE number > ? ORDER BY number LIMIT ?)",
        (after, _AT_ONCE),
    ).scalar()
    if last is None:
        remember(connection, _BY, FOLD_RULES)
        remember(connection, _REACHED, "")
        return
    removed = connection.exec_driver_sql(
        "SELECT DISTINCT record FROM change WHERE number > ? AND number <= ? AND instr(content, ?) > 0",
        (after, last, f'"{ENTERED_IN_ERROR}"'.encode()),
    ).all()
    for (record,) in removed:
        refold(connection, UUID(bytes=record))
    remember(connection, _REACHED, str(last))
