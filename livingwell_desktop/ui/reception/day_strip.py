"""Two weeks as a strip of days to choose from."""

from datetime import date, timedelta

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from livingwell_desktop.domain.dates import WEEKDAYS, full_weekday_date
from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.layout import Row

DAYS = 14
FEWEST, NARROWEST = 5, 34
"""Days that are always shown, and logical pixels for each at 100 %."""


class DayButton(QPushButton):
    """One day: its name over its number. Weekends are quieter; today says so."""

    def __init__(self, day: date, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day = day
        self.ring_radius = 8
        self._name = "Today" if day == today else WEEKDAYS[day.weekday()][:3]
        self.setCheckable(True)
        self.setText(full_weekday_date(day))
        self.setAccessibleName(f"Today, {full_weekday_date(day)}" if day == today else full_weekday_date(day))
        self.setObjectName(full_weekday_date(day))
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        high = theme.line_height("head") + theme.line_height("ticket") + theme.px(16)
        return QSize(theme.px(60), max(theme.px(52), high))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(28), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        shape, on = QRectF(self.rect()), self.isChecked()
        if on:
            painting.rounded(painter, shape, theme.px(8), theme.colour("action_tint"), theme.colour("action"), 2)
        elif self.underMouse():
            painting.rounded(painter, shape, theme.px(8), theme.colour("chip"))
        weekend = self.day.weekday() > 4
        ink = theme.colour("action" if on else "secondary" if weekend else "text")
        name = self._name if theme.width("head", self._name) <= shape.width() else WEEKDAYS[self.day.weekday()][:3]
        middle, half = painting.CENTRE, theme.line_height("head") + theme.px(8)
        above = QRectF(0, theme.px(4), shape.width(), half - theme.px(4))
        painting.words(painter, above, name, "head", theme.colour("action" if on else "secondary"), middle)
        below = QRectF(0, half - theme.px(2), shape.width(), shape.height() - half - theme.px(2))
        painting.words(painter, below, str(self.day.day), "body" if weekend else "ticket", ink, middle)
        painter.end()


class DayStrip(QWidget):
    """`strip.show_days(today, chosen)`; `chosen(date)` when another day is pressed. Left and Right step inside it."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = Row(self, spacing=4)
        self._first: date | None = None
        self.buttons: list[DayButton] = []
        self.setAccessibleName("Days")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_days(self, today: date, chosen: date) -> None:
        """Two weeks from today, and `chosen` marked if it is among them."""
        if self._first != today:
            for old in self.buttons:
                self._row.removeWidget(old)
                old.hide()
                old.deleteLater()
            self._first = today
            self.buttons = [DayButton(today + timedelta(days=number), today) for number in range(DAYS)]
            for button in self.buttons:
                button.clicked.connect(self._clicked)
                self._row.add(button)
        stop = chosen if any(button.day == chosen for button in self.buttons) else today
        for button in self.buttons:
            button.setChecked(button.day == chosen)
            # Tab stops at one day, the arrows go through them, as with any group of radio buttons.
            ways = Qt.FocusPolicy
            button.setFocusPolicy(ways.StrongFocus if button.day == stop else ways.ClickFocus)
        self._make_room()

    def has_focus(self) -> bool:
        """Whether one of the days has the keyboard."""
        return any(button.hasFocus() for button in self.buttons)

    def minimumSizeHint(self) -> QSize:
        """A few days: with large text in a narrow window the later ones give way (Page Down reaches them)."""
        return QSize(theme.px(FEWEST * NARROWEST), self._row.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        shown = max(FEWEST, self.width() // theme.px(NARROWEST))
        for number, button in enumerate(self.buttons):
            button.setVisible(number < shown or button.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}
        step = steps.get(event.key())
        at = next((number for number, button in enumerate(self.buttons) if button.hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        aim = self.buttons[max(0, min(len(self.buttons) - 1, at + step))]
        aim.setFocus(Qt.FocusReason.OtherFocusReason)
        aim.click()

    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, DayButton):
            self.chosen.emit(button.day)
