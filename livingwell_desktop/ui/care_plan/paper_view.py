"""Pages of a paper as pictures, rendered from the PDF in memory on another thread, shown on grey as wide as fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from livingwell_desktop.ui.widgets import painting, theme

WIDEST = 900
"""Logical pixels at 100 %: a page is never drawn wider."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a picture, its size in points, and its words for a screen reader."""

    image: QImage
    points: tuple[float, float]
    words: str


class UnreadablePaperError(RuntimeError):
    """A PDF that this program just drew cannot be read: a bug."""


def render(pdf: bytes, width: int = 0, dots: int = 0, *, colours: bool = True) -> tuple[PageImage, ...]:
    """The pages of a PDF, `width` pixels wide or with `dots` an inch. Made for another thread."""
    from PySide6.QtPdf import QPdfDocument

    data = QByteArray(pdf)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    if document.status() is not QPdfDocument.Status.Ready:
        raise UnreadablePaperError(f"the paper could not be read: {document.error().name}")
    pages = []
    for number in range(document.pageCount()):
        points = document.pagePointSize(number)
        factor = dots / 72 if dots else width / points.width()
        drawn = document.render(number, QSize(round(points.width() * factor), round(points.height() * factor)))
        page = QImage(drawn.size(), QImage.Format.Format_RGB32)
        page.fill(Qt.GlobalColor.white)
        painter = QPainter(page)
        painter.drawImage(0, 0, drawn)
        painter.end()
        if not colours:
            page = page.convertToFormat(QImage.Format.Format_Grayscale8)
        words = document.getAllText(number).text()
        pages.append(PageImage(page, (points.width(), points.height()), words))
    document.close()
    buffer.close()
    return tuple(pages)


class PageView(QWidget):
    """One page, as wide as it is told."""

    def __init__(self, page: PageImage, number: int, count: int) -> None:
        super().__init__()
        self.page = page
        self.setAccessibleName(f"Page {number} of {count}")
        self.setAccessibleDescription(page.words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_width(self, width: int) -> None:
        """Logical pixels."""
        points = self.page.points
        self.setFixedSize(width, round(width * points[1] / points[0]))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self.page.image)
        painter.setPen(theme.colour("border"))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


class PaperView(QScrollArea):
    """`view.show_pages(pages)`; `wanted` says when other pictures are needed, for another width."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages: list[PageView] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("The paper")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self._content = _Desk()
        self._column = QVBoxLayout(self._content)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._content)
        self._content.setAutoFillBackground(False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(150)
        self._timer.timeout.connect(self.wanted)

    def page_width(self, room: int = 0) -> int:
        """Logical pixels a page is drawn wide; `room` is the width of the view while it is not shown yet."""
        inside = self.viewport().width() if self.isVisible() or not room else room - self.verticalScrollBar().width()
        return max(160, min(theme.px(WIDEST), inside - 2 * theme.px(24)))

    def image_width(self, room: int = 0) -> int:
        """Pixels of the screen for that width."""
        return round(self.page_width(room) * self.devicePixelRatioF())

    def show_pages(self, pages: Sequence[PageImage]) -> None:
        """Show these pages; where one was reading stays."""
        scrolled = self.verticalScrollBar().value()
        for view in self.pages:
            self._column.removeWidget(view)
            view.hide()
            view.deleteLater()
        self.pages = [PageView(page, number, len(pages)) for number, page in enumerate(pages, 1)]
        gap = theme.px(18)
        self._column.setContentsMargins(gap, gap, gap, gap)
        self._column.setSpacing(gap)
        for view in self.pages:
            view.set_width(self.page_width())
            self._column.addWidget(view, 0, Qt.AlignmentFlag.AlignHCenter)
        self.verticalScrollBar().setValue(scrolled)

    def clear(self) -> None:
        """No paper."""
        self.show_pages(())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for view in self.pages:
            view.set_width(self.page_width())
        if self.pages and event.size().width() != event.oldSize().width():
            self._timer.start()


class _Desk(QWidget):
    """The grey on which the pages lie."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), QColor(theme.colour("track")))
        painter.end()
