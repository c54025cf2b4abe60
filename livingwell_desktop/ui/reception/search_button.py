"""The search box on top of Today: it looks like a field and opens the palette, which is the one place to search."""

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop.ui.widgets import icons, painting, theme
from livingwell_desktop.ui.widgets.button import Button, key_width, paint_key

_WORDS = "Find a person or an action"
_KEY = "Ctrl K"
Room = Literal["wide", "usual", "narrow"]


class SearchButton(Button):
    """A real button, 380 px wide where there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_WORDS, icon="search", key=_KEY, parent=parent)
        self._room: Room = "wide"
        self.setAccessibleDescription(f"Key {_KEY}")
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def set_room(self, room: Room) -> None:
        """How much room there is: the usual width of a search box, only what the words need, or one word."""
        if room != self._room:
            self._room = room
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        needed = theme.width("body", self._shown_words()) + key_width(_KEY) + theme.px(18 + 10 + 12 + 24)
        wide = round(max(needed, theme.px(380) if self._room == "wide" else 0))
        return QSize(wide, super().sizeHint().height())

    def _shown_words(self) -> str:
        return "Find" if self._room == "narrow" else _WORDS

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        shape = QRectF(self.rect())
        line = theme.colour("text" if self.underMouse() or self.hasFocus() else "outline")
        painting.rounded(painter, shape, theme.px(7), theme.colour("surface"), line)
        size, left = theme.px(18), theme.px(12)
        icons.paint(painter, "search", QRectF(left, 0, size, shape.height()), theme.colour("secondary"))
        chip = QRectF(shape.width() - key_width(_KEY) - theme.px(10), 0, key_width(_KEY), shape.height())
        left += size + theme.px(10)
        space = QRectF(left, 0, chip.left() - left - theme.px(6), shape.height())
        painting.words(painter, space, self._shown_words(), "body", theme.colour("secondary"))
        paint_key(painter, chip, _KEY, theme.colour("secondary"), theme.colour("border"))
        painter.end()
