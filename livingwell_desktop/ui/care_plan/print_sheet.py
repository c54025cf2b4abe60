"""The only door to the system's print dialog, and drawing pages on its printer. Tests put their own door in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QDialog, QWidget

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

JOB_TITLE = "Living Well document"
"""What the printer's queue shows: nothing about anybody."""
FINEST = 300
"""Dots an inch. Finer paper pictures need four times the memory and look the same in black and white."""

Chosen = Callable[["QPrinter | None"], object]


class PrintDoor(Protocol):
    """What opens the print dialog: the system's, or a test's."""

    def there_is_a_printer(self) -> bool: ...
    def choose(self, parent: QWidget, copies: int, chosen: Chosen) -> None: ...


class _System:
    """The real door. Loaded when somebody prints."""

    def there_is_a_printer(self) -> bool:
        from PySide6.QtPrintSupport import QPrinterInfo

        return bool(QPrinterInfo.availablePrinterNames())

    def choose(self, parent: QWidget, copies: int, chosen: Chosen) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(JOB_TITLE)
        printer.setCopyCount(copies)
        dialog = QPrintDialog(printer, parent)
        dialog.setWindowTitle("Print")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda result: chosen(printer if result else None))
        QDialog.open(dialog)


_doors: list[PrintDoor] = [_System()]


def there_is_a_printer() -> bool:
    """Whether this PC knows any printer."""
    return _doors[-1].there_is_a_printer()


def choose(parent: QWidget, copies: int, chosen: Chosen) -> None:
    """Ask which printer; `chosen(None)` when the person leaves."""
    _doors[-1].choose(parent, copies, chosen)


def use(door: PrintDoor | None) -> None:
    """Put another door in place; None puts the real one back."""
    _doors[1:] = [] if door is None else [door]


def draw_pages(printer: QPrinter, pages: Sequence[QImage], points: Sequence[tuple[float, float]]) -> bool:
    """Draw the pages, each filling its sheet. False when the printer cannot be reached.

    `points` are the sizes of the pages; the first decides the paper.
    """
    printer.setDocName(JOB_TITLE)
    size = QPageSize(QSizeF(*points[0]), QPageSize.Unit.Point)
    printer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    printer.setFullPage(True)
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    wanted = list(pages[first - 1 : last])
    rounds = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
    painter = QPainter()
    if not painter.begin(printer):
        return False
    fresh = True
    for page in wanted * rounds:
        if not fresh and not printer.newPage():
            painter.end()
            return False
        fresh = False
        sheet = printer.pageLayout().fullRectPixels(printer.resolution())
        painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), page)
    return painter.end()
