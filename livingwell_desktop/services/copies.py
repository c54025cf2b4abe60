"""Whether somebody at this desk has read that it was found to be a copy of another."""

from livingwell_desktop.services.practice import Practice

_TOLD = "copy told"


def is_to_tell(practice: Practice, letter: str) -> bool:
    """Whether nobody has closed the words about it yet. `letter` is the desk's as a copy; empty for one that is not."""
    return bool(letter) and practice.whole.fact(_TOLD) != letter


def told(practice: Practice, letter: str) -> None:
    """Somebody has read and closed them. A copy of this copy says so again. Raises Problem when it cannot be kept."""
    practice.whole.keep_fact(_TOLD, letter)
