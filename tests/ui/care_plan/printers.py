"""A door to printers that has one printer, a real one of Qt that prints into a file, or none."""

from pathlib import Path

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from livingwell_desktop.ui.care_plan.print_sheet import Chosen


class Printers:
    """`printers.file` is where the printer prints; None is a PC without a printer."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self.titles: list[str] = []
        self.asked = 0

    def there_is_a_printer(self) -> bool:
        return self.file is not None

    def choose(self, parent: QWidget, copies: int, chosen: Chosen) -> None:  # noqa: ARG002 - the door's signature
        self.asked += 1
        printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.file))
        printer.setCopyCount(copies)
        chosen(printer)
        self.printer = printer
