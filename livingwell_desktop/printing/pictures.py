"""The easy-read drawings: our own, as SVG files in `resources/easy_read/`, with 3 pt outlines and pale fills.

A small part of SVG is read, so that any drawing program can open and mend them: rect, circle, polyline, polygon, path
(M, L, C, Z, absolute) and text. A text with an id is filled in on printing: the day on the calendar, the number
on the phone.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from livingwell_desktop.printing.lettering import Type, Weight
from livingwell_desktop.printing.paper import SMALLEST_TYPE
from livingwell_desktop.printing.pen import Pen
from livingwell_desktop.resources import resource

GRID = 100.0
OUTLINE = 3.0
"""Points, whatever the size of the drawing."""

_PATH = re.compile(r"[MLCZ]|-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class _Shape:
    tag: str
    attributes: Mapping[str, str]
    text: str

    def number(self, name: str) -> float:
        return float(self.attributes.get(name, "0"))


@dataclass(frozen=True, slots=True)
class _Choice:
    words: tuple[tuple[str, re.Pattern[str]], ...]
    groups: Mapping[str, str]
    goal: str
    action: str
    doing_words: frozenset[str]


@cache
def _shapes(name: str) -> tuple[_Shape, ...]:
    text = resource("easy_read", f"{name}.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 - the drawings come with the program, never from outside
    return tuple(_Shape(one.tag.rpartition("}")[2], dict(one.attrib), one.text or "") for one in root)


@cache
def _choice() -> _Choice:
    data = json.loads(resource("easy_read", "choice.json").read_text(encoding="utf-8"))
    words = tuple((name, re.compile("|".join(rf"\b{re.escape(word)}" for word in row))) for name, row in data["words"])
    return _Choice(words, data["groups"], data["goal"], data["action"], frozenset(data["doing_words"]))


def _by_words(text: str) -> str:
    folded = text.lower()
    return next((name for name, pattern in _choice().words if pattern.search(folded)), "")


def picture_for_goal(words: str, group: str) -> str:
    """The drawing beside a goal: by a word in it, else by its group, else a star."""
    return _by_words(words) or _choice().groups.get(group, _choice().goal)


def picture_for_action(what: str) -> str:
    """The drawing beside an action: by a word in it, else a list with ticks."""
    return _by_words(what) or _choice().action


def begins_with_doing(what: str) -> bool:
    """True when "Tunde will" can stand before the words: they begin with a word like "ask" or "go"."""
    first, *_rest = what.split() or [""]
    return first.lower() in _choice().doing_words


def picture_names() -> tuple[str, ...]:
    """Every drawing there is."""
    return tuple(sorted(path.stem for path in resource("easy_read").glob("*.svg")))


def draw_picture(pen: Pen, name: str, x: float, top: float, size: float, **filled_in: str) -> None:
    """A drawing in a square of `size` points. Raises FileNotFoundError for a name that is none."""
    canvas, unit = pen.canvas, size / GRID
    canvas.saveState()
    canvas.setLineWidth(OUTLINE)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    canvas.setStrokeGray(0)
    for shape in _shapes(name):
        if shape.tag == "text":
            words = filled_in.get(shape.attributes.get("id", ""), shape.text)
            type_ = Type(max(SMALLEST_TYPE, shape.number("font-size") * unit), Weight.BOLD)
            pen.words(words, type_, x + shape.number("x") * unit, top - shape.number("y") * unit, align=0.5)
        else:
            _draw_shape(canvas, shape, x, top, unit)
    canvas.restoreState()


def _draw_shape(canvas: Any, shape: _Shape, x: float, top: float, unit: float) -> None:
    fill = shape.attributes.get("fill", "none")
    filled = int(fill != "none")
    if filled:
        canvas.setFillColorRGB(*(int(fill[index : index + 2], 16) / 255 for index in (1, 3, 5)))
    if shape.tag == "rect":
        wide, tall = shape.number("width") * unit, shape.number("height") * unit
        left, foot = x + shape.number("x") * unit, top - shape.number("y") * unit - tall
        canvas.roundRect(left, foot, wide, tall, shape.number("rx") * unit, stroke=1, fill=filled)
    elif shape.tag == "circle":
        cx, cy = x + shape.number("cx") * unit, top - shape.number("cy") * unit
        canvas.circle(cx, cy, shape.number("r") * unit, stroke=1, fill=filled)
    else:
        path = canvas.beginPath()
        for command, numbers in _commands(shape):
            points = [x + n * unit if index % 2 == 0 else top - n * unit for index, n in enumerate(numbers)]
            {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo, "Z": path.close}[command](*points)
        canvas.drawPath(path, stroke=1, fill=filled)


def _commands(shape: _Shape) -> list[tuple[str, list[float]]]:
    """A path's commands; a polyline and a polygon are a path of lines."""
    if shape.tag != "path":
        numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", shape.attributes["points"])]
        pairs = [numbers[index : index + 2] for index in range(0, len(numbers), 2)]
        lines = [("L" if index else "M", pair) for index, pair in enumerate(pairs)]
        return [*lines, ("Z", [])] if shape.tag == "polygon" else lines
    commands: list[tuple[str, list[float]]] = []
    for token in _PATH.findall(shape.attributes["d"]):
        if token.isalpha():
            commands.append((token, []))
        else:
            commands[-1][1].append(float(token))
    return commands
