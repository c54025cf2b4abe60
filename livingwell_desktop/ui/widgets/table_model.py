"""The model behind a `RowList`: groups of rows, each row a tuple of cells."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from livingwell_desktop.ui.widgets import cells
from livingwell_desktop.ui.widgets.cells import Cell

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column. Widths are logical pixels at 100 %; 0 takes what is left (the last such column aligns right).

    `folds_into` names the column that says this one in its second line when the list is narrower than `fold_below`.
    """

    title: str
    width: int = 0
    right: bool = False
    folds_into: str = ""
    fold_below: int = 1040


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row. `key` identifies it across refreshes; `spoken` replaces the words read aloud."""

    key: Hashable
    cells: tuple[Cell, ...]
    dense: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class TableGroup:
    """A heading with a count and a line of words; an empty title draws no heading."""

    title: str
    rows: tuple[TableRow, ...]
    note: str = ""
    count: int | None = None
    quiet: bool = False
    """A small heading without a count, as over a part of a menu."""

    def shown_count(self) -> int:
        return len(self.rows) if self.count is None else self.count


Line = TableGroup | TableRow
LINE_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class RowModel(QAbstractListModel):
    """Groups flattened to lines. Headings cannot be chosen; every line has accessible text."""

    def __init__(self, columns: Sequence[TableColumn] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._lines: tuple[Line, ...] = ()

    def set_groups(self, groups: Sequence[TableGroup]) -> None:
        """Replace everything shown."""
        lines: list[Line] = []
        for group in groups:
            if group.title:
                lines.append(group)
            lines.extend(group.rows)
        if tuple(lines) == self._lines:
            return
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def columns(self) -> tuple[TableColumn, ...]:
        return self._columns

    def set_columns(self, columns: Sequence[TableColumn]) -> None:
        self.beginResetModel()
        self._columns = tuple(columns)
        self.endResetModel()

    def line(self, index: Index) -> Line | None:
        return self._lines[index.row()] if index.isValid() and index.row() < len(self._lines) else None

    def row_of(self, key: Hashable) -> int:
        """The line number of a key, or -1."""
        for number, line in enumerate(self._lines):
            if isinstance(line, TableRow) and line.key == key:
                return number
        return -1

    def first_row(self) -> int:
        return next((number for number, line in enumerate(self._lines) if isinstance(line, TableRow)), -1)

    def keys(self) -> tuple[Hashable, ...]:
        """The keys of all rows, from the top."""
        return tuple(line.key for line in self._lines if isinstance(line, TableRow))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.line(index), TableRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemNeverHasChildren if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        line = self.line(index)
        if line is None:
            return None
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(line)
        return None

    def spoken(self, line: Line) -> str:
        """The line in words: "Ticket A11. Person Ngozi Okafor, 14 Mar 1986. …"."""
        if isinstance(line, TableGroup):
            return f"{line.title}, {line.shown_count()}. {line.note}".strip()
        if line.spoken:
            return line.spoken
        parts: list[str] = []
        for number, cell in enumerate(line.cells):
            words = cells.spoken(cell)
            title = self._columns[number].title if number < len(self._columns) else ""
            if words:
                parts.append(f"{title} {words}".strip())
        return ". ".join(parts)
