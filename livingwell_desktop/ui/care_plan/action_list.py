"""The actions of one goal as a list: words that wrap instead of being cut, and arrows that go on into the next goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QStyleOptionViewItem, QWidget

from livingwell_desktop.domain.dates import short_date
from livingwell_desktop.domain.plan_rules import ActionStanding, action_standing
from livingwell_desktop.domain.plans import Action
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.ui.care_plan.words import Whose, owner_of
from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.action_status import status
from livingwell_desktop.ui.widgets.cells import Cell, CellOrganisation, CellStatus, CellText, paint_cell
from livingwell_desktop.ui.widgets.colours import ColourName
from livingwell_desktop.ui.widgets.marks import Mark
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import EDGE, RowDelegate, RowList

_WHAT, _STATUS_COLUMN = TableColumn("Action"), TableColumn("Status", 112)
_WHO = TableColumn("Who", 192)
WIDE = (_WHAT, _WHO, TableColumn("By", 100), _STATUS_COLUMN)
MEDIUM = (_WHAT, TableColumn("Who", 226), _STATUS_COLUMN)
"""The date stands under who does it."""
NARROW = (_WHAT, _STATUS_COLUMN)
"""Who and when stand under the action."""
WIDE_FROM, MEDIUM_FROM = 640, 500
"""Logical pixels at 100 %."""
ROW_HEIGHT = 46
_CODES = {each: each.name.lower() for each in ActionStanding}


@dataclass(frozen=True, slots=True)
class ActionShown:
    """An action in words: who does it by when, and how it stands."""

    key: UUID
    what: str
    mark: Mark
    name: str
    organisation: str
    by: str
    late: bool
    status: CellStatus

    def row(self, columns: tuple[TableColumn, ...]) -> TableRow:
        """The cells for these columns; what has no column of its own stands in a second line."""
        due = CellText(self.by, strong=self.late, colour="error" if self.late else "text")
        what: CellText = CellText(self.what)
        cells: tuple[Cell, ...] = (what, CellOrganisation(self.mark, self.name, self.organisation), due, self.status)
        if columns == MEDIUM:
            who = CellOrganisation(self.mark, self.name, f"{self.organisation}, {self.by}")
            cells = (what, who, self.status)
        elif columns == NARROW:
            cells = (CellText(self.what, f"{self.name}, {self.organisation}, {self.by}"), self.status)
        spoken = f"{self.what}. {self.name}, {self.organisation}. By {self.by}. {self.status.word}"
        return TableRow(self.key, cells, spoken=spoken)


def action_shown(held: Held[Action], alliance: Alliance, person: Whose, today: date) -> ActionShown:
    """One action: what, who, by when, and its standing as a shape and a word."""
    action = held.value
    mark, name, organisation = owner_of(action, alliance, person)
    standing = action_standing(str(action.state), action.due, today)
    by = short_date(action.due) if action.due else "No date"
    if action.due and abs((action.due - today).days) > 300:
        by = f"{by} {action.due.year}"
    late = standing is ActionStanding.LATE
    return ActionShown(held.id, action.what, mark, name, organisation, by, late, status(_CODES[standing]))


def places(columns: tuple[TableColumn, ...], width: float) -> tuple[tuple[int, float, float], ...]:
    """(column, left, width) in a row of that width: the first column takes what the others leave."""
    rest = sum(theme.px(column.width) for column in columns)
    left = float(theme.px(EDGE))
    found = []
    for number, column in enumerate(columns):
        here = float(theme.px(column.width)) if column.width else max(80.0, width - 2 * theme.px(EDGE) - rest)
        found.append((number, left, here))
        left += here
    return tuple(found)


class _Delegate(RowDelegate):
    """Paints an action; what will happen takes as many lines as it needs."""

    def __init__(self, rows: ActionList) -> None:
        super().__init__(rows.model, ROW_HEIGHT, ROW_HEIGHT, rows.view)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        usual = super().sizeHint(option, index)
        line = self._rows.model.line(index)
        if not isinstance(line, TableRow):
            return usual
        first, second = _words(line)
        room = places(self._rows.model.columns(), self._rows.list_width())[0][2] - theme.px(12)
        tall = _wrapped(first, "body", room) + (_wrapped(second, "detail", room) if second else 0)
        return QSize(usual.width(), max(usual.height(), round(tall) + theme.px(18)))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line = self._rows.model.line(index)
        if not isinstance(line, TableRow):
            return
        rect = QRectF(option.rect)
        chosen = self._rows.view.selectionModel().isSelected(index)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        if chosen:
            painting.rounded(painter, rect, theme.px(8), theme.colour("selected"))
            bar = QRectF(rect.left(), rect.top() + rect.height() * 0.2, 3, rect.height() * 0.6)
            painting.rounded(painter, bar, 1.5, theme.colour("action"))
        else:
            edge = theme.px(EDGE)
            painting.rule(painter, rect.left() + edge, rect.right() - edge, rect.top(), theme.colour("border"))
        columns = self._rows.model.columns()
        for number, left, width in places(columns, rect.width()):
            gap = theme.px(12) if number < len(columns) - 1 else 0
            room = QRectF(rect.left() + left, rect.top(), width - gap, rect.height())
            if number == 0:
                _paint_words(painter, room, *_words(line))
            else:
                paint_cell(painter, room, line.cells[number], chosen)
        painter.restore()


def _words(row: TableRow) -> tuple[str, str]:
    cell = row.cells[0]
    return (cell.first, cell.second) if isinstance(cell, CellText) else ("", "")


def _paint_words(painter: QPainter, room: QRectF, first: str, second: str) -> None:
    high = _wrapped(first, "body", room.width())
    low = _wrapped(second, "detail", room.width()) if second else 0.0
    top = room.center().y() - (high + low) / 2
    _paint_wrapped(painter, QRectF(room.left(), top, room.width(), high + 1), first, "body", "text")
    if second:
        below = QRectF(room.left(), top + high, room.width(), low + 1)
        _paint_wrapped(painter, below, second, "detail", "secondary")


def _option() -> QTextOption:
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _wrapped(words: str, role: theme.Role, width: float) -> float:
    """Height of the words in as many lines as they need."""
    layout = QTextLayout(words, theme.font(role))
    layout.setTextOption(_option())
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(20.0, width))
        height += line.height()
    layout.endLayout()
    return height


def _paint_wrapped(painter: QPainter, rect: QRectF, words: str, role: theme.Role, colour: ColourName) -> None:
    painter.setFont(theme.font(role))
    painter.setPen(theme.colour(colour))
    painter.drawText(rect, words, _option())


class ActionList(RowList):
    """A list as tall as its rows. `left_upwards` and `left_downwards` when the arrows go past its ends."""

    left_upwards = Signal()
    left_downwards = Signal()
    entered = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(WIDE, name=name, row_height=ROW_HEIGHT, dense_height=ROW_HEIGHT, parent=parent)
        self._shown: tuple[ActionShown, ...] = ()
        self.view.setItemDelegate(_Delegate(self))
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.installEventFilter(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.follow(self.fit)

    def show_actions(self, shown: Sequence[ActionShown]) -> None:
        """Show these actions; the chosen one stays chosen."""
        self._shown = tuple(shown)
        self.fit()

    def list_width(self) -> float:
        """The width the rows have now."""
        return float(self.view.viewport().width() or self.width() or theme.px(600))

    def fit(self) -> None:
        """As many columns as the width has room for, and exactly as tall as the rows."""
        width = self.list_width()
        wanted = WIDE if width >= theme.px(WIDE_FROM) else MEDIUM if width >= theme.px(MEDIUM_FROM) else NARROW
        if self.model.columns() != wanted:
            key = self.current()
            self.set_columns(wanted)
            self.set_rows([])
            self.set_rows([each.row(wanted) for each in self._shown])
            if key is not None:
                self.choose(key, scroll=False)
        else:
            self.set_rows([each.row(wanted) for each in self._shown])
        self.heads.setVisible(bool(self._shown) and wanted != NARROW)
        self.heads.setFixedHeight(theme.line_height("head") + theme.px(8))
        self.setFixedHeight(self.content_height())

    def choose_none(self) -> None:
        """Another goal's action is the chosen one."""
        self.view.selectionModel().clear()

    def choose_last(self) -> None:
        keys = self.model.keys()
        if keys:
            self.choose(keys[-1])

    def chosen_id(self) -> UUID | None:
        key = self.current()
        return key if isinstance(key, UUID) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.FocusIn:
            if self.current() is None:
                self.choose_first()
            self.entered.emit()
        if watched is self.view and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            keys = self.model.keys()
            if event.key() == Qt.Key.Key_Down and (not keys or self.current() == keys[-1]):
                self.left_downwards.emit()
                return True
            if event.key() == Qt.Key.Key_Up and (not keys or self.current() == keys[0]):
                self.left_upwards.emit()
                return True
        return super().eventFilter(watched, event)
