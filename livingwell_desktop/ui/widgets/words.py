"""Text on a page: a label with a role and a colour from the theme. Never rich text, whatever a person typed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import icons, painting, theme
from livingwell_desktop.ui.widgets.colours import ColourName
from livingwell_desktop.ui.widgets.theme import Role


class Words(QLabel):
    """`Words("No plan yet", "card")`: one line, elided with the whole in the tooltip, or wrapped when `wrap`."""

    def __init__(
        self,
        text: str = "",
        role: Role = "body",
        colour: ColourName = "text",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role: Role = role
        self._colour: ColourName = colour
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
        else:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.setText(text)
        self._restyle()
        theme.follow(self._restyle)

    def set_role(self, role: Role) -> None:
        self._role = role
        self._restyle()

    def set_colour(self, colour: ColourName) -> None:
        self._colour = colour
        self._restyle()

    def sizeHint(self) -> QSize:
        if self.wordWrap():
            return super().sizeHint()
        widest = max((theme.width(self._role, line) for line in self.text().split("\n")), default=0)
        lines = self.text().count("\n") + 1
        return QSize(round(widest + 1), (theme.line_height(self._role) + 1) * lines)

    def minimumSizeHint(self) -> QSize:
        if self.wordWrap():
            return super().minimumSizeHint()
        hint = self.sizeHint()
        return QSize(min(hint.width(), theme.px(48)), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.wordWrap() or "\n" in self.text():
            super().paintEvent(event)
            return
        painter = painting.begin(self)
        align = self.alignment() | Qt.AlignmentFlag.AlignVCenter
        painting.words(painter, QRectF(self.rect()), self.text(), self._role, theme.colour(self._colour), align)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.wordWrap():
            short = theme.width(self._role, self.text()) > self.width() + 1
            self.setToolTip(theme.plain_tip(self.text()) if short else "")

    def _restyle(self) -> None:
        self.setFont(theme.font(self._role))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.colour(self._colour))
        self.setPalette(palette)
        self.updateGeometry()
        self.update()


class IconMark(QWidget):
    """An icon beside words that say the same; on its own only with an accessible name."""

    def __init__(self, name: str, colour: ColourName = "text", size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._colour, self._size = name, colour, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def set_icon(self, name: str, colour: ColourName) -> None:
        self._name, self._colour = name, colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        icons.paint(painter, self._name, QRectF(self.rect()), theme.colour(self._colour))
        painter.end()
