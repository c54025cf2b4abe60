"""Dense lists of two-line rows with groups: one list view, one delegate, column heads that follow the same widths."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.cells import Cell, CellOrganisation, CellText, cell_height, paint_cell, spoken
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.table_model import Line, RowModel, TableColumn, TableGroup, TableRow

EDGE = 12
_GAP = 12
_LOOSE = 112
_LEAD = 90
_TIGHTEST = 0.8
"""How far fixed columns may shrink before a row breaks into further lines."""

Spans = tuple[tuple[int, float, float], ...]


def spans(columns: Sequence[TableColumn], width: float) -> tuple[Spans, ...]:
    """The lines of a row in a list `width` logical pixels wide, each as (column number, left, width) of its columns.

    Usually one line. Columns that fold are left out when it is narrow; fixed columns then shrink a little together;
    when that is not enough (large text in a small window), the row breaks into lines and loose columns stay on the
    first, at the right.
    """
    shown = [(number, column) for number, column in enumerate(columns) if not _folded(column, width)]
    edge, room = float(theme.px(EDGE)), width - 2 * theme.px(EDGE)
    fixed = sum(theme.px(column.width) for _number, column in shown)
    loose = [number for number, column in shown if column.width == 0]
    kept = theme.px(_LOOSE) * len(loose)
    factor = min(1.0, (room - kept) / fixed) if fixed else 1.0
    if factor < _TIGHTEST:
        return _broken(shown, edge, room)
    share = max(float(kept), room - fixed * factor) / len(loose) if loose else 0.0
    made, left = [], edge
    for number, column in shown:
        here = share if column.width == 0 else theme.px(column.width) * factor
        made.append((number, left, here))
        left += here
    return (tuple(made),)


def _broken(shown: Sequence[tuple[int, TableColumn]], edge: float, room: float) -> tuple[Spans, ...]:
    """Columns packed into lines; a first narrow column (the ticket) keeps its own margin on every line."""
    lead = theme.px(shown[0][1].width) if shown and 0 < shown[0][1].width <= _LEAD else 0
    loose = [number for number, column in shown if column.width == 0]
    share = min(theme.px(_LOOSE) * 1.2, room * 0.3)
    lines: list[list[tuple[int, float, float]]] = [[]]
    left, end = edge, edge + room - share * len(loose)
    for number, column in shown:
        if column.width == 0:
            continue
        here = min(float(theme.px(column.width)), room - lead)
        if lines[-1] and left + here * _TIGHTEST > end and number != shown[0][0]:
            lines.append([])
            left, end = edge + lead, edge + room
        lines[-1].append((number, left, min(here, end - left)))
        left += here
    for place, number in enumerate(loose):
        lines[0].append((number, edge + room - share * (len(loose) - place), share))
    return tuple(tuple(line) for line in lines)


def _folded(column: TableColumn, width: float) -> bool:
    return bool(column.folds_into) and width < column.fold_below * max(1.0, theme.scale_percent() / 100)


def folded_cell(columns: Sequence[TableColumn], row: TableRow, number: int, width: float) -> Cell:
    """The cell of a column, with the columns folded into it said in its second line."""
    cell = row.cells[number]
    extra = [
        spoken(row.cells[other])
        for other, column in enumerate(columns)
        if other < len(row.cells) and _folded(column, width) and column.folds_into == columns[number].title
    ]
    words = ", ".join(part for part in extra if part)
    if words and isinstance(cell, CellText | CellOrganisation):
        # An organisation has its mark already: what folds into it is said first, and not cut off.
        said = (words, cell.second) if isinstance(cell, CellOrganisation) else (cell.second, words)
        return replace(cell, second=", ".join(part for part in said if part))
    return cell


class RowDelegate(QStyledItemDelegate):
    """Paints the lines of a `RowModel`."""

    def __init__(self, model: RowModel, row_height: int, dense_height: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._heights = (row_height, dense_height)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002 - Qt's
        line = self._model.line(index)
        if isinstance(line, TableGroup):
            return QSize(100, max(theme.px(38), theme.line_height("ticket") + theme.px(12)))
        if isinstance(line, TableRow):
            return QSize(100, round(sum(self._band_heights(line))))
        return QSize(100, theme.px(self._heights[0]))

    def _band_heights(self, row: TableRow) -> list[float]:
        """Height of each line of a row, at the width of the view."""
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else 1000
        bands = spans(self._model.columns(), width)
        least = self._heights[1 if row.dense else 0]
        heights = []
        for band in bands:
            needed = max(
                (cell_height(row.cells[number]) for number, _x, _w in band if number < len(row.cells)), default=0
            )
            heights.append(float(needed + theme.px(8)))
        if len(bands) == 1:
            return [max(float(theme.px(least)) if theme.scale_percent() <= 100 else float(least), heights[0])]
        return heights

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        view = self.parent()
        rect, chosen = QRectF(option.rect), _chosen(view, index)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        line: Line | None = self._model.line(index)
        if isinstance(line, TableGroup):
            _paint_group(painter, rect, line)
        elif isinstance(line, TableRow):
            self._paint_row(painter, rect, line, chosen)
        painter.restore()

    def _paint_row(self, painter: QPainter, rect: QRectF, row: TableRow, chosen: bool) -> None:
        edge = theme.px(EDGE)
        if chosen:
            painting.rounded(painter, rect, theme.px(8), theme.colour("selected"))
            bar = QRectF(rect.left(), rect.top() + rect.height() * 0.2, 3, rect.height() * 0.6)
            painting.rounded(painter, bar, 1.5, theme.colour("action"))
        else:
            painting.rule(painter, rect.left() + edge, rect.right() - edge, rect.bottom() - 1, theme.colour("border"))
        columns = self._model.columns()
        top = rect.top()
        for band, height in zip(spans(columns, rect.width()), self._band_heights(row), strict=True):
            for number, left, width in band:
                if number < len(row.cells):
                    room = width if columns[number].right else width - theme.px(_GAP)
                    cell = folded_cell(columns, row, number, rect.width())
                    paint_cell(painter, QRectF(rect.left() + left, top, room, height - 1), cell, chosen)
            top += height


def _chosen(view: QObject | None, index: QModelIndex | QPersistentModelIndex) -> bool:
    return isinstance(view, QListView) and view.selectionModel().isSelected(index)


def _paint_group(painter: QPainter, rect: QRectF, group: TableGroup) -> None:
    left = rect.left() + theme.px(EDGE)
    title = QRectF(left, rect.top(), rect.right() - left, rect.height())
    if group.quiet:
        painting.words(painter, title, group.title, "detail_strong", theme.colour("secondary"))
        return
    left += painting.words(painter, title, group.title, "ticket", theme.colour("text")) + theme.px(10)
    count = str(group.shown_count())
    height = theme.line_height("detail_strong") + theme.px(4)
    pill = QRectF(
        left, rect.center().y() - height / 2, max(height, theme.width("detail_strong", count) + theme.px(14)), height
    )
    painting.rounded(painter, pill, height / 2, theme.colour("chip"))
    painting.words(painter, pill, count, "detail_strong", theme.colour("text"), painting.CENTRE)
    note = QRectF(pill.right() + theme.px(10), rect.top(), rect.right() - pill.right() - theme.px(22), rect.height())
    painting.words(painter, note, group.note, "conversation", theme.colour("secondary"))


class ColumnHeads(QWidget):
    """The words above the columns; they follow the widths of the rows."""

    def __init__(self, columns: Sequence[TableColumn], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self.rows_width: Callable[[], int] = self.width
        """How wide the rows are now: less than the heads when a scroll bar stands beside them."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def set_columns(self, columns: Sequence[TableColumn]) -> None:
        self._columns = tuple(columns)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, max(theme.px(34), theme.line_height("head") + theme.px(12)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        for number, left, width in spans(self._columns, self.rows_width())[0]:
            column = self._columns[number]
            align = painting.RIGHT if column.right else painting.LEFT
            inset = theme.px(8) if column.right else 0
            space = QRectF(left, 0, width - inset, self.height())
            painting.words(painter, space, column.title, "head", theme.colour("secondary"), align)
        painter.end()


class _View(QListView):
    """The list itself: Enter opens, letters go to the page (they are keys), the focus lands on a row."""

    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.ring_on_list = False
        self._seen = QRect()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """A row is shown with the head of its group when it is the first under it."""
        above = index.sibling(index.row() - 1, 0)
        if above.isValid() and not above.flags() & Qt.ItemFlag.ItemIsSelectable:
            super().scrollTo(above, hint)
        super().scrollTo(index, hint)

    def doItemsLayout(self) -> None:
        """Rows have other heights, or the list another: a chosen row that was in view stays in view."""
        chosen = self.currentIndex()
        was_in_view = chosen.isValid() and self._seen.intersects(self.visualRect(chosen))
        super().doItemsLayout()
        self._seen = self.viewport().rect()
        if was_in_view:
            self.scrollTo(chosen)

    def keyboardSearch(self, search: str) -> None:
        """Letters are the page's keys (see `KeyLine`), never a search."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
            return
        if event.text() and event.text().isprintable() and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)


class RowList(QWidget):
    """A list of rows in columns.

    `rows = RowList(columns)`, `rows.set_groups([TableGroup("Waiting", (TableRow("a", cells), …))])`.
    `chosen(key)` when another row is chosen (None: no row), `opened(key)` on Enter or a double click.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        columns: Sequence[TableColumn],
        *,
        name: str = "List",
        heads: bool = True,
        row_height: int = 52,
        dense_height: int = 46,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = RowModel(columns, self)
        self.view = _View()
        self.view.setAccessibleName(name)
        self.view.setModel(self.model)
        self.view.setItemDelegate(RowDelegate(self.model, row_height, dense_height, self.view))
        self.heads = ColumnHeads(columns)
        self.heads.setVisible(heads)
        self.heads.rows_width = lambda: self.view.viewport().width()
        self.view.verticalScrollBar().rangeChanged.connect(self.heads.update)
        box = Column(self, spacing=0)
        box.add(self.heads)
        box.add(self.view, stretch=1)
        self.setFocusProxy(self.view)
        self._filling = False
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        self.view.opened.connect(self._open)
        self.view.doubleClicked.connect(self._open)
        theme.follow(self._restyle)

    def set_groups(self, groups: Sequence[TableGroup]) -> None:
        """Show these rows; the chosen row stays chosen if it is still there, wherever it moved."""
        key = self.current()
        scrolled = self.view.verticalScrollBar().value()
        self._filling = True
        self.model.set_groups(groups)
        if key is not None:
            self.choose(key, scroll=False)
        self._filling = False
        self.view.verticalScrollBar().setValue(scrolled)
        if key != self.current():
            self.chosen.emit(self.current())

    def set_rows(self, rows: Sequence[TableRow]) -> None:
        """Rows without groups."""
        self.set_groups([TableGroup("", tuple(rows))])

    def set_columns(self, columns: Sequence[TableColumn]) -> None:
        self.model.set_columns(columns)
        self.heads.set_columns(columns)

    def current(self) -> Hashable | None:
        """The key of the chosen row, or None."""
        line = self.model.line(self.view.currentIndex())
        return line.key if isinstance(line, TableRow) else None

    def choose(self, key: Hashable, *, scroll: bool = True) -> bool:
        """Choose a row by its key; False when it is not there."""
        row = self.model.row_of(key)
        if row < 0:
            return False
        index = self.model.index(row)
        self.view.setCurrentIndex(index)
        if scroll:
            self.view.scrollTo(index)
        return True

    def choose_first(self) -> None:
        row = self.model.first_row()
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))

    def step(self, by: int) -> None:
        """Choose the row `by` places further down (or up), for a field that keeps the focus while arrows move."""
        keys = self.model.keys()
        if not keys:
            return
        current = self.current()
        at = keys.index(current) + by if current in keys else (0 if by > 0 else len(keys) - 1)
        self.choose(keys[max(0, min(len(keys) - 1, at))])

    def content_height(self) -> int:
        """Height of all lines, for a list that shows itself whole."""
        hint = sum(self.view.sizeHintForRow(row) for row in range(self.model.rowCount()))
        return hint + (self.heads.sizeHint().height() if self.heads.isVisibleTo(self) else 0)

    def minimumSizeHint(self) -> QSize:
        """Room for three rows: below that the page scrolls, not the list."""
        heads = self.heads.sizeHint().height() if self.heads.isVisibleTo(self) else 0
        return QSize(theme.px(200), heads + theme.px(3 * 52))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.heads.update()
        self.view.scheduleDelayedItemsLayout()

    def _current_changed(self) -> None:
        if not self._filling:
            self.chosen.emit(self.current())

    def _open(self) -> None:
        key = self.current()
        if key is not None:
            self.opened.emit(key)

    def _restyle(self) -> None:
        self.view.scheduleDelayedItemsLayout()
        self.view.viewport().update()
