"""Buttons and the small chips that show their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import icons, painting, theme

Kind = Literal["primary", "secondary", "quiet", "problem"]
Size = Literal["small", "normal", "conversation", "sign_in"]

_HEIGHTS: dict[Size, int] = {"small": 32, "normal": 40, "conversation": 44, "sign_in": 48}
_PLAIN = ("quiet", "problem")
_ICON = 18
_GAP = 10


def key_width(text: str) -> float:
    """Width of the chip for a key, such as "Ctrl N"."""
    return max(theme.width("key", text) + theme.px(12), theme.px(22))


def paint_key(painter: QPainter, rect: QRectF, text: str, words: QColor, line: QColor) -> None:
    """A key chip, middle height, at the left of `rect`."""
    height = max(theme.line_height("key") + theme.px(6), theme.px(22))
    chip = QRectF(round(rect.left()), round(rect.center().y() - height / 2), round(key_width(text)), height)
    painting.rounded(painter, chip, theme.px(5), None, line)
    painting.words(painter, chip, text, "key", words, painting.CENTRE)


class KeyHint(QWidget):
    """The chip of a key on its own: `KeyHint("Enter")`."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setAccessibleName(f"Key {key}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def set_key(self, key: str) -> None:
        self._key = key
        self.setAccessibleName(f"Key {key}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(key_width(self._key)), max(theme.line_height("key") + theme.px(6), theme.px(22)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        paint_key(painter, QRectF(self.rect()), self._key, theme.colour("secondary"), theme.colour("border"))
        painter.end()


@dataclass(frozen=True, slots=True)
class _Paint:
    fill: QColor | None
    line: QColor | None
    words: QColor
    key_line: QColor
    thickness: float = 1


class Button(QPushButton):
    """A real button. One `primary` a page; `quiet` is a blue link without a box, `problem` a red one.

    `shortcut` ("Ctrl+N") works and is shown, "Ctrl+Enter" on both Enter keys; `key` ("Enter") is only shown, for keys
    the page itself handles.
    A checkable button that is checked shows a tick, a blue line and a tint.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = "secondary",
        *,
        icon: str = "",
        key: str = "",
        shortcut: str = "",
        size: Size = "normal",
        wide: bool = False,
        icon_only: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind, self._icon, self._size = kind, icon, size
        self._icon_only = icon_only
        self._key = key or shortcut.replace("+", " ")
        self._words = ""
        self.ring_radius = 7
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        across = QSizePolicy.Policy.Expanding if wide else QSizePolicy.Policy.Maximum
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.set_text(text)
        if shortcut:
            # Not QAbstractButton.setShortcut: that presses with an animation and acts a tenth of a second late.
            for keys in dict.fromkeys((shortcut, shortcut.replace("Enter", "Return"))):
                QShortcut(QKeySequence(keys), self).activated.connect(self.click)
        theme.follow(self._restyle)

    def set_text(self, text: str) -> None:
        """Change the words (and the accessible name)."""
        self._words = text
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        if self._icon_only:
            self.setToolTip(theme.plain_tip(text))
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """The words on the button, as set."""
        return self._words

    def set_icon(self, name: str) -> None:
        self._icon = name
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        self._kind = kind
        self.update()

    def set_allowed(self, allowed: bool, reason: str = "") -> None:
        """Enable, or disable with the reason in plain words (tooltip and accessible description)."""
        self.setEnabled(allowed)
        shown = "" if allowed else reason
        tip = self._words if self._icon_only and not shown else shown
        self.setToolTip(theme.plain_tip(tip))
        self.setAccessibleDescription(shown)
        self.setCursor(Qt.CursorShape.PointingHandCursor if allowed else Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:
        side = 1 if self._kind in _PLAIN else 14 if self._size == "small" else 16
        if self._icon_only:
            height = self._height()
            return QSize(height, height)
        width = 2 * theme.gap(side) + theme.width("button", self._words)
        if self._shown_icon():
            width += theme.px(_ICON + _GAP)
        if self._key:
            width += theme.px(_GAP) + key_width(self._key)
        return QSize(round(width + 0.5), self._height())

    def minimumSizeHint(self) -> QSize:
        """Room for all the words; the key gives way first. Very long words elide."""
        hint = self.sizeHint()
        if self._icon_only:
            return hint
        words = theme.width("button", self._words) + (theme.px(_ICON + _GAP) if self._shown_icon() else 0)
        return QSize(min(hint.width(), round(words) + theme.gap(18), theme.px(320)), hint.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        paint = self._paint()
        shape = QRectF(self.rect())
        painting.rounded(painter, shape, theme.px(7), paint.fill, paint.line, paint.thickness)
        self._paint_content(painter, shape, paint)
        painter.end()

    def _paint_content(self, painter: QPainter, shape: QRectF, paint: _Paint) -> None:
        icon = self._shown_icon()
        size = theme.px(_ICON)
        if self._icon_only:
            icons.paint(painter, icon, QRectF(shape.center().x() - size / 2, 0, size, shape.height()), paint.words)
            return
        extra = float(theme.px(_ICON + _GAP)) if icon else 0.0
        key = self._key if shape.width() >= self.sizeHint().width() - theme.gap(8) else ""
        extra += theme.px(_GAP) + key_width(key) if key else 0
        side = 0 if self._kind in _PLAIN else theme.px(6)
        room = shape.width() - 2 * side - extra
        text_width = min(theme.width("button", self._words), room)
        left = (shape.width() - text_width - extra) / 2
        if self._kind in _PLAIN:
            left = min(left, side)
        if icon:
            icons.paint(painter, icon, QRectF(left, 0, size, shape.height()), paint.words)
            left += theme.px(_ICON + _GAP)
        # The text is let to its natural width; only a button squeezed by its page elides.
        painting.words(painter, QRectF(left, 0, text_width, shape.height()), self._words, "button", paint.words)
        left += text_width + theme.px(_GAP)
        if key:
            rect = QRectF(left, 0, key_width(key), shape.height())
            paint_key(
                painter, rect, self._key, paint.words if paint.fill else theme.colour("secondary"), paint.key_line
            )

    def _shown_icon(self) -> str:
        return "check" if self.isCheckable() and self.isChecked() and not self._icon_only else self._icon

    def _height(self) -> int:
        return max(theme.gap(_HEIGHTS[self._size]), theme.line_height("button") + theme.gap(12))

    def _paint(self) -> _Paint:
        colour = theme.colour
        hot = self.isEnabled() and (self.underMouse() or self.isDown())
        if not self.isEnabled():
            box = None if self._kind in _PLAIN else colour("chip")
            return _Paint(box, None, colour("secondary"), colour("border"))
        if self.isCheckable() and self.isChecked():
            return _Paint(colour("action_tint"), colour("action"), colour("action"), colour("border"), 2)
        if self._kind == "primary":
            fill = colour("action_hover") if hot else colour("action")
            return _Paint(fill, None, colour("on_action"), colour("on_action"))
        if self._kind == "problem":
            return _Paint(None, None, colour("text") if hot else colour("error"), colour("border"))
        if self._kind == "quiet":
            return _Paint(None, None, colour("action_hover") if hot else colour("action"), colour("border"))
        return _Paint(
            colour("sunken") if hot else colour("surface"), colour("outline"), colour("text"), colour("border")
        )

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
