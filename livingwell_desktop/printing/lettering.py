"""Words into lines that can be drawn: which font has the letter, where a line ends, which way it runs.

ReportLab's own paragraphs reorder right-to-left text before they break it into lines, which puts the first words last,
and draw a box for a letter that one font lacks though another has it. So lines are made here, logical order first.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from livingwell_desktop.resources import resource

NO_GLYPH = "□"
"""Stands for one letter that none of our fonts has. `unprintable` finds them, so that the preview can say so."""

# Invisible joiners, direction controls and variation selectors: no ink of their own, and able to disguise words.
_DROPPED = dict.fromkeys(
    letter
    for start, end in (
        (0xAD, 0xAE), (0x61C, 0x61D), (0x180E, 0x180F), (0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2070),
        (0xFE00, 0xFE10), (0xFEFF, 0xFF00), (0x1F3FB, 0x1F400), (0xE0000, 0xE01F0),
    )
    for letter in range(start, end)
)  # fmt: skip
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


class Weight(StrEnum):
    """The four weights of our font, by the ending of its file."""

    REGULAR = "Regular"
    MEDIUM = "Medium"
    SEMIBOLD = "SemiBold"
    BOLD = "Bold"


@dataclass(frozen=True, slots=True)
class Type:
    """How words look: size in points, weight, grey (0 is black), distance of lines as a multiple of the size."""

    size: float
    weight: Weight = Weight.REGULAR
    grey: float = 0.0
    line: float = 1.32
    ours: bool = False
    """True for our own English sentences and labels: they run from the left, whatever names stand in them."""

    @property
    def leading(self) -> float:
        """From one baseline to the next, in points."""
        return self.size * self.line


@dataclass(frozen=True, slots=True)
class Span:
    """Some words in a weight of their own."""

    text: str
    weight: Weight


Words = str | Sequence[Span]
"""Plain words in the weight of their type, or spans."""


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one font in the order in which they are drawn, left to right."""

    text: str
    font: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line, ready to draw. `from_right` when its paragraph is written right to left."""

    runs: tuple[Run, ...]
    type: Type
    from_right: bool = False

    @property
    def width(self) -> float:
        """In points."""
        return sum(run.width for run in self.runs)


@dataclass(frozen=True, slots=True)
class _Face:
    name: str
    widths: dict[int, float]
    default_width: float
    glyphs: Any

    def width(self, text: str, size: float) -> float:
        widths, default = self.widths, self.default_width
        return 0.001 * size * sum(widths.get(ord(letter), default) for letter in text)


@lru_cache(maxsize=16)
def _face(family: str, weight: Weight) -> _Face:
    """The font, registered with ReportLab when it is first needed. Noto comes in two weights only."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if family != "Inter":
        weight = Weight.REGULAR if weight in (Weight.REGULAR, Weight.MEDIUM) else Weight.BOLD
    name = f"{family}-{weight}"
    font = TTFont(name, str(resource("fonts", f"{name}.ttf")))
    pdfmetrics.registerFont(font)
    return _Face(name, font.face.charWidths, font.face.defaultWidth, font.face.charToGlyph)


_FAMILIES = ("Inter", "NotoSansArabic", "NotoSansHebrew")


@lru_cache(maxsize=4096)
def _family_of(letter: str) -> str | None:
    code = ord(letter)
    return next((family for family in _FAMILIES if code in _face(family, Weight.REGULAR).glyphs), None)


def default_font() -> str:
    """The name of the font that a page starts with, registered."""
    return _face("Inter", Weight.REGULAR).name


@lru_cache(maxsize=4096)
def _substitute(letter: str) -> str:
    """What is printed for a letter: itself, its plain form, a picture's name in brackets, or `NO_GLYPH`."""
    category = unicodedata.category(letter)
    if category in ("Cc", "Zs"):
        return letter if letter in "\u00a0\u202f" else " "
    if category in ("Cs", "Cf"):
        return ""
    plain = unicodedata.normalize("NFKC", letter)
    for form in (letter, plain):
        if all(_family_of(part) for part in form):
            return form
    if category.startswith("M"):
        return ""
    if category in ("So", "Sk", "Sm"):
        name = unicodedata.name(letter, "picture").lower()
        return name[-1].upper() if name.startswith("regional indicator") else f"[{name}]"
    return NO_GLYPH


def printable(text: str) -> str:
    """The words as our fonts can print them: nothing is lost silently, an emoji becomes its name in brackets."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", _BREAK.sub("\n", text)).translate(_DROPPED)
    return "\n".join("".join(_substitute(letter) for letter in part) for part in text.split("\n"))


def unbroken(number: str) -> str:
    """A phone number that stays on one line."""
    return re.sub(r"(?<=\d) (?=\d)", "\u00a0", number)


def unprintable(text: str) -> bool:
    """True when the words have letters of a script that none of our fonts holds; they print as `NO_GLYPH`."""
    return NO_GLYPH in printable(text.replace(NO_GLYPH, ""))


def measure(text: str, type_: Type) -> float:
    """The width of words on one line, in points."""
    return sum(run.width for run in _runs(_shaped(printable(text)), type_.weight, type_.size))


def _runs(text: str, weight: Weight, size: float) -> list[Run]:
    """Letters in drawing order, split where the font changes."""
    inter = _face("Inter", weight)
    if text.isascii():
        return [Run(text, inter.name, inter.width(text, size))] if text else []
    runs: list[Run] = []
    start, family = 0, _family_of(text[0]) or "Inter"
    for index, letter in enumerate(text):
        here = _family_of(letter) or "Inter"
        if here != family:
            face = _face(family, weight)
            runs.append(Run(text[start:index], face.name, face.width(text[start:index], size)))
            start, family = index, here
    face = _face(family, weight)
    return [*runs, Run(text[start:], face.name, face.width(text[start:], size))]


def _shaped(text: str) -> str:
    """Arabic letters in the form they take beside their neighbours."""
    if not _ARABIC.search(text):
        return text
    import arabic_reshaper

    return str(arabic_reshaper.reshape(text))


def _runs_from_right(text: str) -> bool:
    """The direction of a paragraph is that of its first strong letter (Unicode bidirectional algorithm, P2 and P3)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


_MIRROR = dict(zip("()[]{}«»‹›", ")(][}{»«›‹", strict=True))
_OPENING = "([{«‹"


def _pairs(letters: Sequence[str], places: Sequence[int], first: str) -> set[int]:
    """The places of brackets that pair up, when a pair begins with one of `first`."""
    waiting: list[int] = []
    paired: set[int] = set()
    for place in places:
        if letters[place] in first:
            waiting.append(place)
        elif waiting and _MIRROR[letters[place]] == letters[waiting[-1]]:
            paired |= {waiting.pop(), place}
    return paired


def _visual(text: str, *, from_right: bool) -> str:
    """The letters in drawing order (Unicode bidirectional algorithm), with brackets turned right to left.

    The library orders but does not mirror (rule L4). A pair at a right-to-left level shows by being back to front.
    """
    from bidi import get_display

    letters = list(str(get_display(text, base_dir="R" if from_right else "L")))
    brackets = [place for place, letter in enumerate(letters) if letter in _MIRROR]
    closing = "".join(_MIRROR[letter] for letter in _OPENING)
    if from_right:
        turned = _pairs(letters, brackets, closing)
        rest = [place for place in brackets if place not in turned]
        turned |= set(rest) - _pairs(letters, rest, _OPENING)
    else:
        straight = _pairs(letters, brackets, _OPENING)
        turned = _pairs(letters, [place for place in brackets if place not in straight], closing)
    for place in turned:
        letters[place] = _MIRROR[letters[place]]
    return "".join(letters)


_Piece = tuple[str, Weight]


def _line(pieces: list[_Piece], type_: Type, from_right: bool) -> Line:
    """One line of logical text in drawing order. Spans of a right-to-left line are turned one by one."""
    joined: list[_Piece] = []
    for text, weight in pieces:
        if joined and joined[-1][1] == weight:
            joined[-1] = (joined[-1][0] + text, weight)
        else:
            joined.append((text, weight))
    if from_right or any(_RIGHT_TO_LEFT.search(text) for text, _weight in joined):
        joined = [(_visual(text, from_right=from_right), weight) for text, weight in joined]
        if from_right:
            joined.reverse()
    return Line(tuple(run for text, weight in joined for run in _runs(text, weight, type_.size)), type_, from_right)


def _broken(word: list[_Piece], size: float, width: float) -> list[list[_Piece]]:
    """A word wider than the line, cut where the line is full."""
    rows: list[list[_Piece]] = [[]]
    left = width
    for text, weight in word:
        start = 0
        for index, letter in enumerate(text):
            step = _face(_family_of(letter) or "Inter", weight).width(letter, size)
            if step > left and (index > start or rows[-1]):
                if index > start:
                    rows[-1].append((text[start:index], weight))
                rows.append([])
                start, left = index, width
            left -= step
        if text[start:]:
            rows[-1].append((text[start:], weight))
    return rows


def _words_of(spans: Sequence[Span]) -> list[list[_Piece]]:
    """Words are what stands between spaces; a word can be of two spans, like a bold name with a plain full stop."""
    words: list[list[_Piece]] = [[]]
    for span in spans:
        first, *others = span.text.split(" ")
        if first:
            words[-1].append((_shaped(first), span.weight))
        words.extend([(_shaped(other), span.weight)] if other else [] for other in others)
    return [word for word in words if word]


def _paragraphs(words: Words, type_: Type) -> list[list[Span]]:
    spans = [Span(words, type_.weight)] if isinstance(words, str) else list(words)
    paragraphs: list[list[Span]] = [[]]
    for span in spans:
        first, *others = printable(span.text).split("\n")
        paragraphs[-1].append(Span(first, span.weight))
        paragraphs.extend([Span(other, span.weight)] for other in others)
    return paragraphs


def lines_of(words: Words, type_: Type, width: float) -> list[Line]:
    """The words broken into lines no wider than `width` points. Empty paragraphs take no line."""
    lines: list[Line] = []
    for spans in _paragraphs(words, type_):
        from_right = not type_.ours and _runs_from_right("".join(span.text for span in spans))
        row: list[_Piece] = []
        used = 0.0
        for word in _words_of(spans):
            wide = _width(word, type_.size)
            space = _face("Inter", word[0][1]).width(" ", type_.size)
            if row and used + space + wide <= width:
                row += [(" ", word[0][1]), *word]
                used += space + wide
                continue
            if row:
                lines.append(_line(row, type_, from_right))
            row, used = word, wide
            if wide > width:
                *full, row = _broken(word, type_.size, width)
                lines += [_line(part, type_, from_right) for part in full]
                used = _width(row, type_.size)
        if row:
            lines.append(_line(row, type_, from_right))
    return lines


def _width(pieces: list[_Piece], size: float) -> float:
    return sum(run.width for text, weight in pieces for run in _runs(text, weight, size))
