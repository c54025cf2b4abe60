"""The pen that draws on a page: black marks, lines and words, in points from the bottom left."""

from collections.abc import Sequence
from typing import Any

from livingwell_desktop.printing.lettering import Line, Type, lines_of

HAIR = 0.6
"""Points; the rule between rows."""


class Pen:
    """Draws on the canvas of one page. Coordinates are points from the bottom left, as in PDF."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas

    def line(self, line: Line, x: float, baseline: float, width: float = 0.0) -> None:
        """One line of words from `x`; a right-to-left line ends at `x + width`."""
        if line.from_right and width:
            x += width - line.width
        self._canvas.setFillGray(line.type.grey)
        text = self._canvas.beginText(x, baseline)
        for run in line.runs:
            text.setFont(run.font, line.type.size)
            text.textOut(run.text)
        self._canvas.drawText(text)

    def words(
        self, words: str, type_: Type, x: float, baseline: float, *, align: float = 0.0, white: bool = False
    ) -> None:
        """Words on one line; `align` 0 starts at x, 0.5 is centred on it, 1 ends at it. White is for filled marks."""
        type_ = Type(type_.size, type_.weight, 1.0, type_.line) if white else type_
        for line in lines_of(words, type_, float("inf")):
            self.line(line, x - align * line.width, baseline)

    def rule(self, x: float, y: float, width: float, thickness: float = HAIR, grey: float = 0.45) -> None:
        """A line from left to right."""
        self._canvas.setStrokeGray(grey)
        self._canvas.setLineWidth(thickness)
        self._canvas.line(x, y, x + width, y)

    def stroke(self, points: Sequence[tuple[float, float]], thickness: float, *, white: bool = False) -> None:
        """A line through points, with round ends."""
        self._canvas.saveState()
        self._canvas.setStrokeGray(1.0 if white else 0.0)
        self._canvas.setLineWidth(thickness)
        self._canvas.setLineCap(1)
        self._canvas.setLineJoin(1)
        path = self._canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        self._canvas.drawPath(path, stroke=1, fill=0)
        self._canvas.restoreState()

    def circle(
        self, x: float, y: float, radius: float, thickness: float = 1.2, *, filled: bool = False, white: bool = False
    ) -> None:
        """A ring around the point, or a disc; `white` is a ring with a white inside, for lying on a line."""
        self._canvas.setStrokeGray(0)
        self._canvas.setFillGray(1 if white else 0)
        self._canvas.setLineWidth(thickness)
        self._canvas.circle(x, y, radius, stroke=1, fill=int(filled or white))

    def half_disc(self, x: float, y: float, radius: float) -> None:
        """The left half of a disc."""
        self._canvas.setFillGray(0)
        self._canvas.wedge(x - radius, y - radius, x + radius, y + radius, 90, 180, stroke=0, fill=1)

    def box(
        self,
        x: float,
        top: float,
        width: float,
        height: float,
        *,
        thickness: float = 1.2,
        radius: float = 8.0,
        dashed: bool = False,
    ) -> None:
        """A frame with round corners."""
        self._canvas.saveState()
        self._canvas.setStrokeGray(0)
        self._canvas.setLineWidth(thickness)
        if dashed:
            self._canvas.setDash(3, 2.4)
        self._canvas.roundRect(x, top - height, width, height, radius, stroke=1, fill=0)
        self._canvas.restoreState()

    @property
    def canvas(self) -> Any:
        """For `pictures.py`, whose drawings bring their own colours."""
        return self._canvas
