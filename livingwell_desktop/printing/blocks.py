"""What pages are made of: paragraphs, rows of a table with repeated heads, frames. Each becomes strips (`paper.py`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from livingwell_desktop.printing.lettering import Line, Type, Words, lines_of
from livingwell_desktop.printing.paper import ASCENT, Draw, Strip, gap, joined
from livingwell_desktop.printing.pen import Pen

LONGEST_UNCUT_ROW = 12
"""Lines. A row of more may run over to the next page; a shorter one moves there whole."""
TALLEST_FRAME = 430.0
"""Points. What is taller stands without its frame, so that it can run over pages."""
FRAME_PADDING = 14.0

Mark = Callable[[Pen, float, float], None]
"""Draws a mark: pen, left edge, baseline of the words beside it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Paragraphs under each other, and a mark before the first line of them."""

    paragraphs: tuple[tuple[Words, Type], ...]
    mark: Mark | None = None
    mark_room: float = 0.0
    mark_height: float = 0.0
    """Points; the row is at least so tall and a little more."""


def cell(words: Words, type_: Type) -> Cell:
    """One paragraph."""
    return Cell(((words, type_),))


def _baseline(top: float, height: float, size: float) -> float:
    """Our font's letters in the middle of a line's height."""
    return top - (height - size * 1.21) / 2 - size * ASCENT


def _line_strip(line: Line, indent: float, width: float) -> Strip:
    def draw(pen: Pen, x: float, top: float) -> None:
        pen.line(line, x + indent, _baseline(top, line.type.leading, line.type.size), width)

    return Strip(line.type.leading, draw)


def paragraph(words: Words, type_: Type, width: float, *, keeps: bool = False, indent: float = 0.0) -> list[Strip]:
    """Words as lines. `keeps` holds them to what follows. No single line is left alone on a page."""
    strips = [_line_strip(line, indent, width - indent) for line in lines_of(words, type_, width - indent)]
    last = len(strips) - 1
    return [
        Strip(one.height, one.draw, keeps=index in (0, last - 1) if index < last else keeps)
        for index, one in enumerate(strips)
    ]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: their widths and the gap between them, in points; the strip repeated on each page."""

    widths: tuple[float, ...]
    gutter: float = 10.0
    head: Strip | None = None
    padding: float = 6.0
    ruled: bool = True

    @property
    def width(self) -> float:
        return sum(self.widths) + self.gutter * (len(self.widths) - 1)

    def lefts(self) -> list[float]:
        """Where each column begins."""
        lefts = [0.0]
        for wide in self.widths[:-1]:
            lefts.append(lefts[-1] + wide + self.gutter)
        return lefts


@dataclass(frozen=True, slots=True)
class _Band:
    """One line of each cell of a row, side by side on one baseline."""

    columns: Columns
    cells: tuple[Cell, ...]
    lines: tuple[Line | None, ...]
    first: bool
    last: bool

    @property
    def _line_height(self) -> float:
        return max((line.type.leading for line in self.lines if line), default=0.0)

    @property
    def _above(self) -> float:
        mark = max(one.mark_height for one in self.cells)
        return max(self.columns.padding, (mark - self._line_height) / 2 + 3) if self.first else 0.0

    @property
    def height(self) -> float:
        below = (self._above or self.columns.padding) if self.last else 0.0
        return self._above + self._line_height + below

    def draw_cell(self, pen: Pen, x: float, top: float, column: int) -> None:
        """The line of one cell, and its mark before the first."""
        size = max((line.type.size for line in self.lines if line), default=0.0)
        baseline = _baseline(top - self._above, self._line_height, size)
        one, line, left = self.cells[column], self.lines[column], x + self.columns.lefts()[column]
        if self.first and one.mark:
            one.mark(pen, left, baseline)
        if line:
            pen.line(line, left + one.mark_room, baseline, self.columns.widths[column] - one.mark_room)


def _drawing(bands: Sequence[_Band], columns: Columns) -> Draw:
    """Cell after cell, so that whoever listens to the page or copies from it gets each cell whole."""

    def draw(pen: Pen, x: float, top: float) -> None:
        for column in range(len(columns.widths)):
            down = top
            for band in bands:
                band.draw_cell(pen, x, down, column)
                down -= band.height
        if bands[-1].last and columns.ruled:
            pen.rule(x, top - sum(band.height for band in bands), columns.width)

    return draw


def row(cells: Sequence[Cell], columns: Columns, *, keeps: bool = False) -> list[Strip]:
    """A row of a table. A long one is cut between lines, with the column heads again on the next page."""
    by_cell = [
        [line for words, type_ in one.paragraphs for line in lines_of(words, type_, wide - one.mark_room)]
        for one, wide in zip(cells, columns.widths, strict=True)
    ]
    count = max(1, *(len(lines) for lines in by_cell))
    bands = [
        _Band(
            columns,
            tuple(cells),
            tuple(lines[index] if index < len(lines) else None for lines in by_cell),
            index == 0,
            index == count - 1,
        )
        for index in range(count)
    ]
    uncut = count <= LONGEST_UNCUT_ROW
    parts = [bands] if uncut else [bands[:2], *([band] for band in bands[2:-2]), bands[-2:]]
    return [
        Strip(sum(band.height for band in part), _drawing(part, columns), keeps and part[-1].last, columns.head)
        for part in parts
    ]


def table_head(labels: Sequence[str], type_: Type, columns: Columns, title: Sequence[Strip] = ()) -> Strip:
    """The heads of the columns over a heavy rule. `title` goes above them where the table goes on on a new page."""
    plain = Columns(columns.widths, columns.gutter, padding=0.0, ruled=False)
    strips = row([cell(label, type_) for label in labels], plain)

    def rule(pen: Pen, x: float, top: float) -> None:
        pen.rule(x, top - 5, columns.width, thickness=1.6, grey=0)

    return joined([*title, *strips, Strip(6, rule)])


def framed(content: Sequence[Strip], width: float, *, thickness: float = 1.2, least: float = 0.0) -> list[Strip]:
    """The content in a frame with round corners, `least` points tall or more. It was laid out `inside(width)` wide."""
    body = joined(content)
    height = max(least, body.height + 2 * FRAME_PADDING)
    if height > TALLEST_FRAME:
        return list(content)

    def draw(pen: Pen, x: float, top: float) -> None:
        pen.box(x, top, width, height, thickness=thickness)
        body.draw(pen, x + FRAME_PADDING, top - FRAME_PADDING)

    return [Strip(height, draw)]


def inside(width: float) -> float:
    """The width for the content of a frame."""
    return width - 2 * FRAME_PADDING


def framed_pair(left: Sequence[Strip], right: Sequence[Strip], width: float, *, space: float = 12.0) -> list[Strip]:
    """Two frames of one height side by side; under each other when one is too tall. Content is `half(width)` wide."""
    each = (width - space) / 2
    tallest = max(joined(left).height, joined(right).height) + 2 * FRAME_PADDING
    if tallest > TALLEST_FRAME:
        return [*framed(left, width), gap(space), *framed(right, width)]
    (first,), (second,) = framed(left, each, least=tallest), framed(right, each, least=tallest)

    def draw(pen: Pen, x: float, top: float) -> None:
        first.draw(pen, x, top)
        second.draw(pen, x + each + space, top)

    return [Strip(tallest, draw)]


def half(width: float, *, space: float = 12.0) -> float:
    """The width for the content of one frame of a pair."""
    return inside((width - space) / 2)
