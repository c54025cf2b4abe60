"""What pages are made of: cards, headings, lines and the scrolling body."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.colours import ColourName
from livingwell_desktop.ui.widgets.flow import Flow, Sides
from livingwell_desktop.ui.widgets.layout import Column, Margins, Row
from livingwell_desktop.ui.widgets.words import Words

Plate = Literal["card", "sunken", "calm", "plain"]

_PLATES: dict[Plate, tuple[ColourName, ColourName | None]] = {
    "card": ("surface", "border"),
    "sunken": ("sunken", None),
    "calm": ("calm_tint", None),
    "plain": ("surface", None),
}


class Panel(QWidget):
    """A rounded plate: white with a thin line ("card"), pale grey ("sunken") or pale teal ("calm")."""

    def __init__(self, plate: Plate = "card", radius: int = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plate, self._radius = plate, radius
        theme.follow(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        fill, line = _PLATES[self._plate]
        painter = painting.begin(self)
        painting.rounded(
            painter,
            QRectF(self.rect()),
            theme.px(self._radius),
            theme.colour(fill),
            theme.colour(line) if line else None,
        )
        painter.end()


class Card(Panel):
    """A card with a title, something at the right of the title, and a body: `card.body.add(widget)`."""

    def __init__(
        self,
        title: str = "",
        *,
        trailing: str = "",
        action: QWidget | None = None,
        plate: Plate = "card",
        spacing: int = 8,
        margins: Margins = (18, 14, 18, 14),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(plate, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._outer = Column(self, spacing=spacing, margins=margins)
        self.head = Row(spacing=10)
        self.title = Words(title, "card")
        self.trailing = Words(trailing, "conversation", "secondary")
        self.body = Column(spacing=spacing)
        self.head.add(self.title)
        self.head.push()
        self.head.add(self.trailing)
        self.trailing.setVisible(bool(trailing))
        if action is not None:
            self.head.add(action)
        if title or trailing or action is not None:
            self._outer.add(self.head)
        self._outer.add(self.body, stretch=1)
        if title:
            self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        self.title.setText(title)
        self.setAccessibleName(title)

    def set_trailing(self, text: str) -> None:
        self.trailing.setText(text)
        self.trailing.setVisible(bool(text))


class Section(QWidget):
    """A heading inside a page, with an optional line of explanation and something at the right."""

    def __init__(
        self, title: str, note: str = "", *, action: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = Row(self, spacing=10)
        column = Column(spacing=2)
        self.title = Words(title, "card")
        column.add(self.title)
        self.note = Words(note, "conversation", "secondary", wrap=True)
        self.note.setVisible(bool(note))
        column.add(self.note)
        row.add(column, stretch=1)
        if action is not None:
            row.add(action, align=Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(title)


class PageTitle(QWidget):
    """The title of a page, the line under it, and the page's buttons at the right (`title.buttons.add(...)`)."""

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = Column(spacing=2)
        self.first = Row(spacing=12)
        self.title = Words(title, "title")
        self.note = Words(note, "conversation", "secondary")
        self.first.add(self.title)
        self.first.push()
        column.add(self.first)
        column.add(self.note)
        self.note.setVisible(bool(note))
        self.buttons = Flow(spacing=10, right=True)
        outer = Column(self, spacing=0)
        outer.add(Sides(column, self.buttons))
        self.setAccessibleName(title)

    def set_title(self, title: str, note: str = "") -> None:
        self.title.setText(title)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.setAccessibleName(title)


class Rule(QWidget):
    """A hairline across, or down when `upright`."""

    def __init__(self, *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        fixed, loose = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(*((fixed, loose) if upright else (loose, fixed)))
        theme.follow(self.update)

    def sizeHint(self) -> QSize:
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), theme.colour("border"))
        painter.end()


class PageSheet(QWidget):
    """The white sheet on the quiet desk: page colour behind, a round corner at the top left. Lay the page in `body`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = Column(self, spacing=0)
        self.body.setContentsMargins(1, 10, 0, 0)
        theme.follow(self._measure)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), theme.colour("page"))
        sheet = QRectF(0, 10, self.width() + 20, self.height() + 10)
        painting.rounded(painter, sheet, 14, theme.colour("surface"), theme.colour("border"))
        painter.end()

    def _measure(self) -> None:
        self.body.setContentsMargins(1, 10, 0, 0)


class ScrollBody(QScrollArea):
    """The body of a page: `page.body.add(widget)`. It scrolls, so it never makes the window grow.

    With `fill`, something added with `stretch=1` (a list) takes what is left, and the whole scrolls when little is.
    """

    def __init__(
        self,
        *,
        spacing: int = 12,
        margins: Margins = (24, 18, 24, 24),
        fill: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setAutoFillBackground(False)
        content = QWidget()
        content.setAutoFillBackground(False)
        outer = QVBoxLayout(content)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.body = Column(spacing=spacing, margins=margins)
        outer.addLayout(self.body, 1 if fill else 0)
        if not fill:
            outer.addStretch(1)
        self.setWidget(content)
        content.setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.px(80))

    def show_whole(self, widget: QWidget) -> None:
        """Scroll so that `widget` can be seen, with room for the focus ring."""
        self.ensureWidgetVisible(widget, theme.px(24), theme.px(24))
