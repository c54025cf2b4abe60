"""Marks that say something by their shape, so that they read in grey: who does it, and how it stands."""

from enum import StrEnum

from livingwell_desktop.printing.lettering import Type, Weight, measure
from livingwell_desktop.printing.paper import SMALLEST_LARGE_PRINT, SMALLEST_TYPE
from livingwell_desktop.printing.pen import Pen


class Status(StrEnum):
    """A status as paper shows it: a shape, always beside its word."""

    NOT_STARTED = "Not started"
    DOING = "Doing"
    DONE = "Done"
    LATE = "Late"
    STOPPED = "Stopped"
    AGREES = "Agrees"
    NOT_YET = "Not yet"
    DOES_NOT_AGREE = "Does not agree"
    YES = "Yes"
    NO = "No"


_TICKED = (Status.DONE, Status.AGREES, Status.YES)
_CROSSED = (Status.STOPPED, Status.DOES_NOT_AGREE)


def draw_status(pen: Pen, status: Status, x: float, baseline: float, size: float) -> None:
    """The shape of a status, as tall as the capitals beside it and a little more. "No" has none."""
    radius = size * 0.5
    cx, cy = x + radius, baseline + size * 0.36
    if status in _TICKED:
        pen.circle(cx, cy, radius, filled=True)
        tick = [(-0.46, 0.02), (-0.12, -0.34), (0.48, 0.36)]
        pen.stroke([(cx + dx * radius, cy + dy * radius) for dx, dy in tick], size * 0.13, white=True)
    elif status in _CROSSED:
        pen.circle(cx, cy, radius, size * 0.09)
        reach = radius * 0.4
        pen.stroke([(cx - reach, cy - reach), (cx + reach, cy + reach)], size * 0.11)
        pen.stroke([(cx - reach, cy + reach), (cx + reach, cy - reach)], size * 0.11)
    elif status is Status.DOING:
        pen.circle(cx, cy, radius, size * 0.09)
        pen.half_disc(cx, cy, radius * 0.62)
    elif status is Status.LATE:
        top, foot = cy + radius * 1.08, cy - radius * 0.86
        corners = [(cx, top), (cx + radius * 1.12, foot), (cx - radius * 1.12, foot), (cx, top)]
        pen.stroke([*corners, corners[1]], size * 0.1)
        pen.stroke([(cx, cy + radius * 0.38), (cx, cy - radius * 0.16)], size * 0.12)
        pen.stroke([(cx, cy - radius * 0.5), (cx, cy - radius * 0.5)], size * 0.13)
    elif status in (Status.NOT_STARTED, Status.NOT_YET):
        pen.circle(cx, cy, radius, size * 0.09)


def status_room(status: Status, size: float) -> float:
    """The width that a status' shape takes with its gap, in points."""
    return 0.0 if status is Status.NO else size * 1.5


def _letters_type(size: float) -> Type:
    least = SMALLEST_LARGE_PRINT if size >= SMALLEST_LARGE_PRINT else SMALLEST_TYPE
    return Type(max(least, size * 0.72), Weight.BOLD)


def owner_room(letters: str, size: float) -> float:
    """The width that an owner's mark takes with its gap, in points."""
    type_ = _letters_type(size)
    return max(type_.size * 2.2, measure(letters, type_) + type_.size * 0.75) + size * 0.6


def owner_height(letters: str, size: float, *, person: bool) -> float:
    """How tall the mark is: a circle grows with its letters."""
    return owner_room(letters, size) - size * 0.6 if person else _letters_type(size).size * 2.2


def draw_owner(pen: Pen, letters: str, x: float, baseline: float, size: float, *, person: bool) -> None:
    """The person is a circle, an organisation a square with its letters. It is centred on the first line beside it."""
    type_ = _letters_type(size)
    wide = owner_room(letters, size) - size * 0.6
    tall = type_.size * 2.2
    middle = baseline + size * 0.36
    if person:
        pen.circle(x + wide / 2, middle, wide / 2)
    else:
        pen.box(x, middle + tall / 2, wide, tall, radius=4.5)
    pen.words(letters, type_, x + wide / 2, middle - type_.size * 0.36, align=0.5)


def draw_number(pen: Pen, number: int, x: float, baseline: float, size: float) -> None:
    """A black disc with a number, for a list of steps."""
    radius = size * 1.0
    middle = baseline + size * 0.36
    pen.circle(x + radius, middle, radius, filled=True)
    type_ = Type(size, Weight.BOLD)
    pen.words(str(number), type_, x + radius, middle - size * 0.36, align=0.5, white=True)


def draw_arrow(pen: Pen, x: float, baseline: float, size: float, *, up: bool) -> None:
    """An arrow up or down, one capital tall."""
    way = 1 if up else -1
    middle, reach = baseline + size * 0.36, size * 0.42
    tip = middle + way * reach
    pen.stroke([(x, middle - way * reach), (x, tip)], size * 0.13)
    pen.stroke(
        [(x - reach * 0.75, tip - way * reach * 0.8), (x, tip), (x + reach * 0.75, tip - way * reach * 0.8)],
        size * 0.13,
    )
