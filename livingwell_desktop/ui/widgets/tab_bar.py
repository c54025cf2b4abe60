"""The tabs of a record: words, a blue line under the open one. Arrow keys move, as in every tab bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from livingwell_desktop.ui.widgets import focus_ring, painting, theme

_GAP = 28


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab; `chip` is a small fact beside the words ("v3")."""

    key: str
    label: str
    chip: str = ""


class TabBar(QTabBar):
    """`TabBar([Tab("overview", "Overview"), Tab("plan", "Plan", "v3")])`; `chosen` carries the key."""

    chosen = Signal(str)

    def __init__(self, tabs: Sequence[Tab], current: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs: tuple[Tab, ...] = ()
        self.ring_radius = 6
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Parts of this page")
        self.setFont(theme.font("medium"))
        self.set_tabs(tabs)
        if current:
            self.set_current(current)
        self.currentChanged.connect(self._changed)
        theme.follow(self._restyle)

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Replace the tabs and stay on the open one if it is still there."""
        current = self.current()
        blocked = self.blockSignals(True)
        while self.count():
            self.removeTab(0)
        self._tabs = tuple(tabs)
        for index, tab in enumerate(self._tabs):
            self.addTab(tab.label.replace("&", "&&"))
            self.setAccessibleTabName(index, f"{tab.label} {tab.chip}".strip())
        self.blockSignals(blocked)
        self.set_current(current)

    def set_chip(self, key: str, chip: str) -> None:
        self.set_tabs([Tab(tab.key, tab.label, chip) if tab.key == key else tab for tab in self._tabs])

    def current(self) -> str:
        """The key of the open tab, or "" when there is none."""
        index = self.currentIndex()
        return self._tabs[index].key if 0 <= index < len(self._tabs) else ""

    def set_current(self, key: str) -> None:
        """Open a tab; `chosen` follows when it was another one."""
        for index, tab in enumerate(self._tabs):
            if tab.key == key:
                self.setCurrentIndex(index)
        # Also when signals are blocked: the ring must never stay around another tab.
        focus_ring.ring_moved(self)

    def ring_rect(self) -> QRect:
        rect = self.tabRect(self.currentIndex())
        return QRect(rect.left() - 4, rect.top() + 4, round(self._width(self.currentIndex())) + 8, rect.height() - 12)

    def tabSizeHint(self, index: int) -> QSize:
        gap = theme.gap(_GAP) if index < self.count() - 1 else 2
        return QSize(round(self._width(index)) + gap, max(theme.gap(46), theme.line_height("medium") + theme.gap(22)))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        for index, tab in enumerate(self._tabs):
            rect = QRectF(self.tabRect(index))
            here = index == self.currentIndex()
            ink = theme.colour("text" if here else "secondary")
            label = QRectF(rect.left(), rect.top(), theme.width("strong", tab.label) + 2, rect.height() - 4)
            painting.words(painter, label, tab.label, "strong" if here else "body", ink)
            if tab.chip:
                height = theme.line_height("detail_strong") + theme.px(4)
                chip = QRectF(label.right() + theme.px(6), label.center().y() - height / 2, self._chip(tab), height)
                painting.rounded(painter, chip, height / 2, theme.colour("chip"))
                painting.words(painter, chip, tab.chip, "detail_strong", theme.colour("text"), painting.CENTRE)
            if here:
                line = QRectF(rect.left(), rect.bottom() - 3, self._width(index), 3)
                painting.rounded(painter, line, 1.5, theme.colour("action"))
        painter.end()

    def _width(self, index: int) -> float:
        if not 0 <= index < len(self._tabs):
            return 0
        tab = self._tabs[index]
        return theme.width("strong", tab.label) + 1 + (theme.px(6) + self._chip(tab) if tab.chip else 0)

    def _chip(self, tab: Tab) -> float:
        return theme.width("detail_strong", tab.chip) + theme.px(14)

    def _changed(self) -> None:
        focus_ring.ring_moved(self)
        self.chosen.emit(self.current())

    def _restyle(self) -> None:
        self.setFont(theme.font("medium"))
        # QTabBar measures its tabs only when they change.
        self.set_tabs(self._tabs)
        self.updateGeometry()
        self.update()
