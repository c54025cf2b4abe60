"""The server’s question: might its author have written what a desk sends? By the same table, by role and employment.

How somebody stands to the person (what is shared, the tie, an opening) was judged where it was written, with the record
at hand: the server cannot know what a desk had heard of that. Whether somebody worked here, and as what, it can: each
change says how far its desk had followed the alliance’s stream.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.permissions.acts import Act
from livingwell_desktop.domain.permissions.rulings import Who, may, may_write
from livingwell_desktop.domain.permissions.table import BY_ITSELF
from livingwell_desktop.domain.records import kind_named

NOBODY_NAMED = "the change names nobody who wrote it"
UNKNOWN_AUTHOR = "the change names somebody who does not work here"
NO_RIGHT = "its author had not the right to write this"


@dataclass(frozen=True, slots=True)
class PushRuling:
    """What becomes of a change."""

    reason: str = ""
    """Why it is refused; empty when it is taken."""
    late: bool = False
    """It is taken although its author may not write it any more: its desk had not heard of that. Somebody is told."""


NO_SIGNER = "the administrator who signed these keys is none any more"

_TAKEN = PushRuling()


def rule_on_push(
    kind: str, fields: Collection[str], *, named: bool, now: Who | None, then: Iterable[Who | None]
) -> PushRuling:
    """The server’s answer, for the author as they stand now, and as the change’s desk can have known them (`then`).

    `named` is false when the change names no author; None stands for somebody who is not known. A right that was given
    meanwhile counts, as one that was taken away: the server refuses only what was wrong both ways.
    """
    if not named:
        by_program = kind in BY_ITSELF or kind_named(kind) is None
        return _TAKEN if by_program else PushRuling(NOBODY_NAMED)
    if _may(now, kind, fields):
        return _TAKEN
    if any(_may(each, kind, fields) for each in then):
        return PushRuling(late=True)
    return PushRuling(UNKNOWN_AUTHOR if now is None else NO_RIGHT)


def rule_on_certificate(now: Who | None, then: Iterable[Who | None]) -> PushRuling:
    """The server’s answer to keys that are certified by somebody else’s signature, whoever writes that down.

    The signer counts as the author does: as they stand now, and as the change’s desk can have known them.
    """
    if now is not None and may(now, Act.CERTIFY).allowed:
        return _TAKEN
    late = any(each is not None and may(each, Act.CERTIFY).allowed for each in then)
    return PushRuling(late=True) if late else PushRuling(NO_SIGNER)


def _may(who: Who | None, kind: str, fields: Collection[str]) -> bool:
    """By the table. A role that only a newer program knows is judged by that program’s desks, as a new kind is."""
    if who is None:
        return False
    return (who.active and who.role not in set(Role)) or may_write(who, kind, fields=fields).allowed
