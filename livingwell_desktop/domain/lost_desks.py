"""Shutting a desk out, and what it held: the words of it, on desk and server alike."""

from enum import StrEnum


class ShutOutReason(StrEnum):
    """Why a desk is shut out."""

    STOLEN = "stolen"
    LOST = "lost"
    BROKEN_INTO = "broken_into"
    NOT_USED = "not_used"


SHUT_OUT_WORDS = {
    ShutOutReason.STOLEN: "It was stolen",
    ShutOutReason.LOST: "Nobody knows where it is",
    ShutOutReason.BROKEN_INTO: "Somebody may have got into it",
    ShutOutReason.NOT_USED: "It is not used any more",
}
