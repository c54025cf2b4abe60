"""Waiting and places, in words and as what a painter needs: how long, how full. The words never need the colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from livingwell_desktop.domain.wording import counted, number_word, sentence_case

LONG_WAIT_MINUTES = 20
VERY_LONG_WAIT_MINUTES = 45


class WaitLevel(StrEnum):
    """How a waiting time is drawn: plain; amber with a clock; red with a triangle. It says how long, not how urgent."""

    PLAIN = "plain"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody has waited: whole minutes, "27 min", how to draw it, and the words a screen reader says."""

    minutes: int
    words: str
    level: WaitLevel
    spoken: str


def wait_level(minutes: int) -> WaitLevel:
    """Under 20 minutes plain, from 20 amber, from 45 red."""
    if minutes >= VERY_LONG_WAIT_MINUTES:
        return WaitLevel.RED
    return WaitLevel.AMBER if minutes >= LONG_WAIT_MINUTES else WaitLevel.PLAIN


def wait_words(minutes: int) -> str:
    """ "27 min", "1 h", "1 h 5 min"."""
    hours, rest = divmod(max(0, minutes), 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )


def long_wait_words(minutes: int) -> str:
    """ "52 minutes", "1 hour 5 minutes"."""
    hours, rest = divmod(max(0, minutes), 60)
    parts = (
        counted(hours, "hour", "hours") if hours else "",
        counted(rest, "minute", "minutes") if rest or not hours else "",
    )
    return " ".join(part for part in parts if part)


def waiting(since: datetime, now: datetime) -> Wait:
    """How long somebody has waited. Both are aware instants; when another desk's clock runs ahead it is 0 minutes."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    level = wait_level(minutes)
    more = {WaitLevel.AMBER: ", a long wait", WaitLevel.RED: ", a very long wait"}.get(level, "")
    return Wait(minutes, wait_words(minutes), level, f"Waiting {long_wait_words(minutes)}{more}")


def board_sentence(waits: Sequence[int], without_someone: int) -> str:
    """The line above the board: "Longest wait 52 minutes. Two people need someone to see them."

    `waits` are the minutes of everybody who waits, `without_someone` how many of them nobody is going to see yet.
    """
    if not waits:
        return "Nobody is waiting."
    longest = f"Longest wait {long_wait_words(max(waits))}."
    if without_someone <= 0:
        return longest
    people = "person needs" if without_someone == 1 else "people need"
    return f"{longest} {sentence_case(number_word(without_someone))} {people} someone to see them."


class Place(StrEnum):
    """One block of the capacity picture: filled, outlined, grey."""

    HERE = "here"
    BOOKED = "booked"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Capacity:
    """How full a session is: a block for each place (more when it is over), the words, and what stands beside them."""

    blocks: tuple[Place, ...]
    free: int
    over: int
    words: str
    detail: str

    @property
    def is_full(self) -> bool:
        """Whether there is no free place."""
        return self.free == 0


def capacity(places: int, here: int, booked: int, waiting_list: int = 0) -> Capacity:
    """How full a session is. `booked` are people who are booked and not here yet. Raises ValueError below zero."""
    if min(places, here, booked, waiting_list) < 0:
        raise ValueError("places and people are counted from zero")
    free, over = max(0, places - here - booked), max(0, here + booked - places)
    blocks = (Place.HERE,) * here + (Place.BOOKED,) * booked + (Place.FREE,) * free
    detail = [f"{here:,} here"] if here else []
    detail += [f"{booked:,} booked"] if booked else []
    detail += [f"{waiting_list:,} on the waiting list"] if waiting_list else []
    return Capacity(blocks, free, over, _capacity_words(free, over), ", ".join(detail))


def _capacity_words(free: int, over: int) -> str:
    if over:
        return f"{sentence_case(number_word(over))} over"
    return f"{counted(free, 'place', 'places')} free" if free else "Full"


def ticket(letters: str, counter: int) -> str:
    """A ticket of the desk's letters and the day's counter from 1, with at least two figures: "A09", "A11", "AB100".

    Raises ValueError for anything but one or two letters from A to Z and a counter from 1.
    """
    if len(letters) not in (1, 2) or not letters.isascii() or not letters.isalpha() or counter < 1:
        raise ValueError("a ticket is one or two letters and a number from 1")
    return f"{letters.upper()}{counter:02}"
