"""The rail at the left: where one can go, what needs someone, who is here, and Lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import icons, painting, theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.marks import Avatar
from livingwell_desktop.ui.widgets.surfaces import ScrollBody
from livingwell_desktop.ui.widgets.words import Words

_WIDTH = 216


@dataclass(frozen=True, slots=True)
class RailPlace:
    """One place: key, words, icon, and its shortcut if it has one ("Ctrl+1")."""

    key: str
    label: str
    icon: str
    shortcut: str = ""


@dataclass(frozen=True, slots=True)
class RailCount:
    """A plain number says how many; `urgent` makes it a red pill: someone must act."""

    number: int
    urgent: bool = False


class RailItem(QPushButton):
    """One place in the rail."""

    def __init__(self, place: RailPlace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self._count: RailCount | None = None
        self.ring_radius = 8
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setText(place.label.replace("&", "&&"))
        if place.shortcut:
            QShortcut(QKeySequence(place.shortcut), self).activated.connect(self.click)
            self.setToolTip(place.shortcut.replace("+", " "))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(None)
        theme.follow(self.updateGeometry)

    def set_count(self, count: RailCount | None) -> None:
        self._count = count if count is not None and count.number else None
        needs = "" if self._count is None else f", {self._count.number}"
        urgent = " need someone" if self._count is not None and self._count.urgent else ""
        self.setAccessibleName(f"{self.place.label}{needs}{urgent}")
        self.update()

    def nextCheckState(self) -> None:
        """A press never unchecks; the rail decides which place is open."""

    def needed_width(self) -> int:
        return round(theme.px(20 + 10 + 14) + theme.width("strong", self.place.label) + theme.px(34))

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width(), max(38, theme.line_height("body") + 20))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        here, shape = self.isChecked(), QRectF(self.rect())
        if here:
            painting.rounded(painter, shape, theme.px(8), theme.colour("surface"), theme.colour("border"))
            bar = QRectF(0, shape.height() * 0.24, 3, shape.height() * 0.52)
            painting.rounded(painter, bar, 1.5, theme.colour("action"))
        elif self.underMouse():
            painting.rounded(painter, shape, theme.px(8), theme.colour("chip"))
        left, size = 14.0, theme.px(20)
        ink = theme.colour("action" if here else "secondary")
        icons.paint(painter, self.place.icon, QRectF(left, 0, size, shape.height()), ink)
        left += size + theme.px(10)
        room = shape.right() - left - theme.px(34)
        space = QRectF(left, 0, room, shape.height())
        painting.words(painter, space, self.place.label, "strong" if here else "body", theme.colour("text"))
        if self._count is not None:
            self._paint_count(painter, self._count, shape, here)
        painter.end()

    def _paint_count(self, painter: QPainter, count: RailCount, shape: QRectF, here: bool) -> None:
        text = "99+" if count.number > 99 else str(count.number)
        if count.urgent:
            height = theme.line_height("detail_strong") + 6
            width = max(height, theme.width("detail_strong", text) + 12)
            pill = QRectF(shape.right() - width - 12, shape.center().y() - height / 2, width, height)
            painting.rounded(painter, pill, height / 2, theme.colour("error_line"))
            painting.words(painter, pill, text, "detail_strong", theme.colour("on_error_line"), painting.CENTRE)
        else:
            space = QRectF(0, 0, shape.right() - 17, shape.height())
            ink = theme.colour("text" if here else "secondary")
            painting.words(painter, space, text, "conversation_strong", ink, painting.RIGHT)


class Brand(QWidget):
    """The mark of the program, its name and the centre."""

    def __init__(self, title: str = "Living Well", centre: str = "", *, size: int = 32) -> None:
        super().__init__()
        row = Row(self, spacing=10)
        self._plate = _LogoPlate(size)
        words = Column(spacing=0)
        self.title = Words(title, "strong" if size < 40 else "card")
        self.centre = Words(centre, "conversation" if size < 40 else "body", "secondary")
        words.add(self.title, self.centre)
        row.add(self._plate)
        row.add(words, stretch=1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)


class _LogoPlate(QWidget):
    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        shape = QRectF(self.rect())
        painting.rounded(painter, shape, theme.px(self._size) * 0.25, theme.colour("calm"))
        inset = shape.width() * 0.13
        icons.paint(painter, "logo", shape.adjusted(inset, inset, -inset, -inset), theme.colour("on_calm"))
        painter.end()


class Rail(QWidget):
    """`rail = Rail(places)`; `set_places`, `set_counts`, `set_current`, `set_person`, `set_centre`.

    `chosen(key)` when a place is pressed, `lock_asked` for Lock (Ctrl+L).
    """

    chosen = Signal(str)
    lock_asked = Signal()

    def __init__(self, places: Sequence[RailPlace] = (), centre: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Places")
        column = Column(self, spacing=12, margins=(0, 18, 0, 14))
        top = Row(spacing=0, margins=(22, 0, 8, 0))
        self.brand = Brand(centre=centre)
        top.add(self.brand)
        self._scroll = ScrollBody(spacing=4, margins=(8, 8, 8, 8))
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.items: list[RailItem] = []
        self.lock = Button("Lock", icon="lock", shortcut="Ctrl+L", size="small", wide=True)
        self.lock.clicked.connect(self.lock_asked)
        person = Row(spacing=10, margins=(20, 0, 8, 0))
        self._avatar = Avatar("", 34)
        words = Column(spacing=0)
        self._name, self._role = Words("", "conversation_strong"), Words("", "detail", "secondary")
        words.add(self._name, self._role)
        person.add(self._avatar)
        person.add(words, stretch=1)
        self._foot = Row(spacing=0, margins=(18, 0, 12, 0))
        self._foot.add(self.lock)
        column.add(top)
        column.add(self._scroll, stretch=1)
        column.add(person, self._foot)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.set_places(places)
        theme.follow(self._measure)

    def set_places(self, places: Sequence[RailPlace]) -> None:
        """The places this role may use, in order."""
        clear(self._scroll.body)
        self.items = [RailItem(place) for place in places]
        for item in self.items:
            item.clicked.connect(self._pressed)
            self._scroll.body.add(item)
        # A widget that changes its parent goes to the end of the tab order: Lock stays behind the places.
        self._foot.removeWidget(self.lock)
        self.lock.setParent(None)
        self._foot.add(self.lock)
        self.lock.setVisible(True)
        self._measure()

    def set_counts(self, counts: Mapping[str, RailCount]) -> None:
        for item in self.items:
            item.set_count(counts.get(item.place.key))

    def set_current(self, key: str) -> None:
        for item in self.items:
            item.setChecked(item.place.key == key)

    def current(self) -> str:
        return next((item.place.key for item in self.items if item.isChecked()), "")

    def set_person(self, name: str, role: str) -> None:
        self._name.setText(name)
        self._role.setText(role)
        self._avatar.set_name(name)

    def set_centre(self, centre: str) -> None:
        self.brand.centre.setText(centre)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), theme.colour("page"))
        painter.end()

    def _pressed(self) -> None:
        item = self.sender()
        if isinstance(item, RailItem):
            self.chosen.emit(item.place.key)

    def _measure(self) -> None:
        # Large text widens the rail only as far as its words need: the page keeps the rest.
        needed = max((item.needed_width() for item in self.items), default=0) + theme.px(16)
        self.setFixedWidth(max(min(_WIDTH, theme.px(_WIDTH)), needed, self.lock.sizeHint().width() + theme.px(30)))
