"""Paper: sizes of type, and strips that flow down pages.

Everything on a page is a strip: a band as wide as the text, with a height and a way to draw it. A long table cell is
many strips, so nothing is ever too tall for a page, and the number of pages is known before the first is drawn.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from livingwell_desktop.printing.lettering import Line, Type, Weight, default_font, lines_of, measure
from livingwell_desktop.printing.pen import Pen

MILLIMETRE = 72 / 25.4
SMALLEST_TYPE = 12.0
"""Points. Nothing is printed smaller (FACTS C3)."""
SMALLEST_LARGE_PRINT = 16
LARGEST_LARGE_PRINT = 28
STANDARD_SIZE = 14
EASY_READ_SIZE = 18

GREY = 0.25
"""Secondary words: dark enough to copy well."""
ASCENT = 0.97
"""Of our font, above the baseline, as a part of its size: where a line's first baseline lies under its top."""


class PaperSize(Enum):
    """Width and height in points. The roll's height follows from what is on it."""

    A4 = (210 * MILLIMETRE, 297 * MILLIMETRE)
    A5 = (148 * MILLIMETRE, 210 * MILLIMETRE)
    A6 = (105 * MILLIMETRE, 148 * MILLIMETRE)
    ROLL_80 = (80 * MILLIMETRE, 0.0)

    @property
    def margin(self) -> float:
        """On each side, in points."""
        return {PaperSize.A4: 51.0, PaperSize.A5: 36.0, PaperSize.A6: 24.0, PaperSize.ROLL_80: 14.0}[self]

    @property
    def text_width(self) -> float:
        """Between the margins, in points."""
        return float(self.value[0]) - 2 * self.margin


@dataclass(frozen=True, slots=True)
class Scale:
    """Every type of a document from one number, the size of its body in points.

    Headings hardly grow in large print: the body is what has to be read, and every line less is a page less.
    """

    body_size: float
    smallest: float = SMALLEST_TYPE

    @property
    def title(self) -> Type:
        return Type(max(33.0, self.body_size + 8), Weight.BOLD, line=1.15, ours=True)

    @property
    def name(self) -> Type:
        return Type(max(20.0, self.body_size + 3), Weight.SEMIBOLD, line=1.2, ours=True)

    @property
    def heading(self) -> Type:
        return Type(max(22.0, self.body_size + 4), Weight.BOLD, line=1.2, ours=True)

    @property
    def subheading(self) -> Type:
        return Type(max(18.0, self.body_size + 2), Weight.BOLD, line=1.25)

    @property
    def quote(self) -> Type:
        return Type(max(16.0, self.body_size), line=1.4)

    @property
    def fact(self) -> Type:
        return Type(max(16.0, self.body_size), Weight.SEMIBOLD, line=1.3, ours=True)

    @property
    def step(self) -> Type:
        """Like a fact, in somebody's own words."""
        return Type(self.fact.size, Weight.SEMIBOLD, line=1.3)

    @property
    def body(self) -> Type:
        return Type(self.body_size)

    @property
    def sentence(self) -> Type:
        """Like the body, in our words."""
        return Type(self.body_size, ours=True)

    @property
    def strong(self) -> Type:
        return Type(self.body_size, Weight.SEMIBOLD, ours=True)

    @property
    def label(self) -> Type:
        return Type(self.small_size, Weight.SEMIBOLD, GREY, ours=True)

    @property
    def small(self) -> Type:
        return Type(self.small_size, Weight.REGULAR, GREY, ours=True)

    @property
    def small_size(self) -> float:
        return max(self.smallest, self.body_size * 0.9)

    @property
    def furniture(self) -> Type:
        """Header and footer."""
        return Type(max(self.smallest, self.body_size * 0.72), line=1.25, ours=True)

    @property
    def imprint(self) -> Type:
        """Foot, the lines under the name: for whoever checks the paper, so never more than they need."""
        return Type(max(SMALLEST_TYPE, self.body_size * 0.6), grey=GREY, line=1.25, ours=True)

    @property
    def stacked(self) -> bool:
        """True when four columns are too narrow for this size: rows become short blocks under each other."""
        return self.body_size > SMALLEST_LARGE_PRINT


Draw = Callable[[Pen, float, float], None]
"""Draws a strip: pen, left edge, top edge."""


def _nothing(_pen: Pen, _x: float, _top: float) -> None:
    """A gap has no ink."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A band of a page that is never cut."""

    height: float
    draw: Draw = _nothing
    keeps: bool = False
    """Stays on the page of the strip after it, as a heading does."""
    head: "Strip | None" = None
    """Drawn above this strip when it opens a page: the column heads of its table."""
    is_gap: bool = False
    """Falls away at the top of a page."""
    opens_page: bool = False


def gap(height: float, *, keeps: bool = True) -> Strip:
    """Room between two things."""
    return Strip(height, keeps=keeps, is_gap=True)


PAGE_BREAK = Strip(0.0, is_gap=True, opens_page=True)


def kept(strips: Sequence[Strip]) -> list[Strip]:
    """The same strips, all on one page, if a page is tall enough for them."""
    last = len(strips) - 1
    return [
        Strip(one.height, one.draw, one.keeps or index < last, one.head, one.is_gap, one.opens_page)
        for index, one in enumerate(strips)
    ]


def joined(strips: Sequence[Strip]) -> Strip:
    """Strips as one strip that is never cut."""

    def draw(pen: Pen, x: float, top: float) -> None:
        for strip in strips:
            strip.draw(pen, x, top)
            top -= strip.height

    return Strip(sum(strip.height for strip in strips), draw)


def _chains(strips: Sequence[Strip]) -> list[list[Strip]]:
    """Strips that want to stay together."""
    chains: list[list[Strip]] = [[]]
    for strip in strips:
        chains[-1].append(strip)
        if not strip.keeps:
            chains.append([])
    return [chain for chain in chains if chain]


def paged(strips: Sequence[Strip], room: float) -> list[list[Strip]]:
    """The strips on pages with `room` points of height each. There is always one page."""
    pages: list[list[Strip]] = [[]]
    left = room
    for chain in _chains(strips):
        need = sum(strip.height for strip in chain)
        if chain[0].opens_page or (pages[-1] and need > left and need <= room):
            if pages[-1]:
                pages.append([])
            left = room
        for strip in chain:
            if strip.height > left and pages[-1] and not strip.is_gap:
                pages.append([])
                left = room
            if not pages[-1]:
                if strip.is_gap:
                    continue
                if strip.head:
                    pages[-1].append(strip.head)
                    left -= strip.head.height
            pages[-1].append(strip)
            left -= strip.height
    return pages if pages[-1] or len(pages) == 1 else pages[:-1]


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on each page around the text."""

    notice: str = ""
    """Top right, in a dashed frame: "Draft, not agreed"."""
    running_title: str = ""
    """Top left, from the second page."""
    whose: str = ""
    """Foot, first line, with the page number at its end."""
    about: Sequence[str] = ()
    """Foot, the lines under it: version, check code, printed when and by whom."""


@dataclass(frozen=True, slots=True)
class _Foot:
    whose: list[Line]
    about: list[Line]
    height: float


LONGEST_FOOT_LINES = 2


def _cut(lines: list[Line], words: str, type_: Type, width: float) -> list[Line]:
    """At most two lines; the whole name is on the page itself."""
    while len(lines) > LONGEST_FOOT_LINES:
        words = words[: int(len(words) * LONGEST_FOOT_LINES / len(lines)) - 1].rstrip() + "…"
        lines = lines_of(words, type_, width)
    return lines


def _foot(furniture: Furniture, scale: Scale, width: float) -> _Foot:
    strong = Type(scale.furniture.size, Weight.SEMIBOLD, line=scale.furniture.line, ours=True)
    beside = width - measure("Page 88 of 88", strong) - 12
    whose = _cut(lines_of(furniture.whose, strong, beside), furniture.whose, strong, beside)
    soft = scale.imprint
    about = [line for words in furniture.about for line in _cut(lines_of(words, soft, width), words, soft, width)]
    return _Foot(whose, about, max(1, len(whose)) * strong.leading + len(about) * soft.leading + 6)


def _draw_foot(pen: Pen, foot: _Foot, scale: Scale, x: float, width: float, bottom: float, number: str) -> None:
    top = bottom + foot.height
    pen.rule(x, top, width)
    type_ = Type(scale.furniture.size, Weight.SEMIBOLD, line=scale.furniture.line, ours=True)
    baseline = top - 6 - type_.size * ASCENT
    pen.words(number, type_, x + width, baseline, align=1)
    for line in foot.whose:
        pen.line(line, x, baseline)
        baseline -= type_.leading
    if not foot.whose:
        baseline -= type_.leading
    baseline += type_.leading - scale.imprint.leading
    for line in foot.about:
        pen.line(line, x, baseline)
        baseline -= scale.imprint.leading


def _draw_header(pen: Pen, furniture: Furniture, scale: Scale, x: float, width: float, top: float, page: int) -> None:
    type_ = Type(scale.furniture.size, Weight.SEMIBOLD)
    baseline = top - 3 - type_.size
    if furniture.notice:
        wide = measure(furniture.notice, type_) + 16
        pen.box(x + width - wide, top, wide, type_.size * 1.5 + 3, thickness=1, radius=5, dashed=True)
        pen.words(furniture.notice, type_, x + width - 8, baseline, align=1)
        width -= wide + 12
    if page > 1 and furniture.running_title:
        soft = Type(type_.size, grey=GREY, ours=True)
        for line in lines_of(furniture.running_title, soft, width)[:1]:
            pen.line(line, x, baseline)


def pdf(
    strips: Sequence[Strip], *, title: str, paper: PaperSize, scale: Scale, furniture: Furniture | None = None
) -> bytes:
    """The finished document, in memory. The same strips always give the same bytes: fixed ids, no clock.

    `title` goes into the file and so perhaps into a printer's queue: it must not name a person.
    """
    from reportlab.pdfgen.canvas import Canvas

    width, height = paper.value
    edge = paper.margin
    foot = _foot(furniture, scale, paper.text_width) if furniture else None
    header = scale.furniture.size * 1.5 + 12 if furniture else 0.0
    above = edge * 0.6 + header if furniture else edge
    below = edge * 0.55 + foot.height + 8 if foot else edge
    height = height or above + sum(strip.height for strip in strips) + below
    pages = paged(strips, height - above - below + 0.01)
    buffer = io.BytesIO()
    settings: dict[str, Any] = {
        "pagesize": (width, height),
        "invariant": 1,
        "pageCompression": 1,
        "initialFontName": default_font(),  # else Helvetica is named in the file without being in it
        "initialFontSize": scale.body_size,
        "lang": "en-GB",
    }
    canvas = Canvas(buffer, **settings)
    canvas.setTitle(title)
    canvas.setCreator("Living Well Desktop")
    for number, page in enumerate(pages, 1):
        pen = Pen(canvas)
        if furniture and foot:
            _draw_header(pen, furniture, scale, edge, paper.text_width, height - edge * 0.6, number)
            page_words = f"Page {number} of {len(pages)}"
            _draw_foot(pen, foot, scale, edge, paper.text_width, edge * 0.55, page_words)
        joined(page).draw(pen, edge, height - above)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
