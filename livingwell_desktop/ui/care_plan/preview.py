"""A paper before it is printed: its real pages, the format, who gets it. Only "Save as PDF" writes to disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from livingwell_desktop.domain.dates import clock_time, local
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.notes import GivenBy
from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.services import documents, people
from livingwell_desktop.services.documents import PaperChoice, Prepared
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.care_plan import print_sheet
from livingwell_desktop.ui.care_plan.paper_view import PageImage, PaperView, render
from livingwell_desktop.ui.care_plan.preview_side import HOW_WORDS, MOST_COPIES, PreviewSide
from livingwell_desktop.ui.care_plan.words import facts, in_reading_order, sharing_line
from livingwell_desktop.ui.pages import Desk, Page, PageAction, Place, PreviewPlace
from livingwell_desktop.ui.widgets import ask, theme
from livingwell_desktop.ui.widgets.banner import PersonBanner
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.flow import Flow, Sides
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.notices import EmptyState, Notice
from livingwell_desktop.ui.widgets.words import Words

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

SIDE_WIDTH = 344
NO_PRINTER = "No printer can be reached."
NO_PRINTER_ADVICE = "Check that it is on and connected to this PC. Or save the paper as a PDF and print it elsewhere."
_FILE_NAMES = {"plan": "My plan", "earlier_plan": "My earlier plan", "change_picture": "What has changed"}


@dataclass(frozen=True, slots=True)
class _Job:
    """What was to be printed, how and for whom when Print was pressed, whatever is shown or typed afterwards."""

    printer: QPrinter
    prepared: Prepared
    to: str
    how: GivenBy
    copies: int
    """As many as the print dialog was left with."""


class PreviewPage(Page):
    """Ctrl P or Enter prints, 1 2 3 choose the format, Ctrl S saves a PDF, Ctrl G records a copy as given."""

    shows = PreviewPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._place: PreviewPlace | None = None
        self._choice = PaperChoice()
        self._round = 0
        self._stale = False
        self.prepared: Prepared | None = None
        self.banner = PersonBanner(slim=True)
        self.title, self.note = Words("", "title"), Words("", "conversation", "secondary")
        self.back = Button("Back", icon="arrow-left", key="Esc")
        self.save = Button("Save as PDF", icon="save", shortcut="Ctrl+S")
        self.print = Button("Print", "primary", icon="print", shortcut="Ctrl+P")
        self.notice = Notice("warning", "", closable=True)
        self.paper, self.side = PaperView(), PreviewSide()
        self.waiting = Words("Preparing the paper…", "lead", "secondary")
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._build()
        self._connect()

    def _build(self) -> None:
        for widget, name in (
            (self.back, "back"), (self.save, "save as pdf"), (self.print, "print"), (self.notice, "print notice"),
            (self.paper, "paper"), (self.waiting, "preparing"),
        ):  # fmt: skip
            widget.setObjectName(name)
        words, buttons = Column(spacing=2), Flow(spacing=10, right=True)
        words.add(self.title, self.note)
        buttons.add(self.back, self.save, self.print)
        head, notice = QWidget(), QWidget()
        Column(head, spacing=0, margins=(24, 14, 24, 10)).add(Sides(words, buttons))
        Column(notice, spacing=0, margins=(24, 0, 24, 8)).add(self.notice)
        self._notice_row = notice
        wait = QWidget()
        inside = Column(wait, margins=(24, 64, 24, 24))
        inside.add(self.waiting)
        inside.push()
        self._stack = QStackedWidget()
        self._hidden = QWidget()
        instead = Column(self._hidden, margins=(24, 18, 24, 24))
        instead.add(EmptyState("The paper is hidden", "Names are hidden. Press F9 to show them.", icon="eye-off"))
        instead.push()
        for part in (wait, self.paper, self._hidden):
            self._stack.addWidget(part)
        middle = Row(spacing=0)
        middle.add(self._stack, stretch=1)
        middle.add(self.side)
        column = Column(self, spacing=0)
        column.add(self.banner, head, notice)
        column.add(middle, stretch=1)
        notice.hide()

    def _connect(self) -> None:
        self.back.clicked.connect(self.desk.back)
        self.save.clicked.connect(self.save_as_pdf)
        self.print.clicked.connect(self.print_paper)
        self.notice.dismissed.connect(self._notice_row.hide)
        self.notice.followed.connect(self.save_as_pdf)
        self.paper.wanted.connect(self._draw)
        self.side.format_chosen.connect(self.choose_format)
        self.side.size_chosen.connect(self._choose_size)
        self.side.given_asked.connect(self.record_given)
        self.desk.masking.changed.connect(self._mask)
        self._shortcuts = []
        for key, run in (
            ("1", lambda: self.choose_format(PrintFormat.STANDARD)),
            ("2", lambda: self.choose_format(PrintFormat.LARGE_PRINT)),
            ("3", lambda: self.choose_format(PrintFormat.EASY_READ)),
            ("Ctrl+G", self.record_given),
            ("Esc", self.desk.back),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(run)
            self._shortcuts.append(shortcut)

    # What the shell asks

    def show_place(self, place: Place) -> None:
        assert isinstance(place, PreviewPlace)
        self._place, self.prepared = place, None
        settings = self.desk.settings
        self._choice = PaperChoice(None, settings.large_print_size, settings.born_on_paper)
        self.side.copies.set_text("1")
        self._notice_row.hide()
        self.banner.setVisible(place.person is not None)
        self._show_banner()
        self.title.setText("Paper")
        try:
            documents.opened(self.desk.practice, place.document, place.person)
        except Problem as problem:
            self._round += 1
            self._failed(self._round, problem)
        else:
            self._prepare()
        self.paper.setFocus(Qt.FocusReason.OtherFocusReason)

    def concerned(self, changes: Changes) -> bool:
        person = self._place.person if self._place else None
        mine = person is not None and person in changes.subjects
        self._stale = self._stale or (mine and changes.kinds != frozenset({"document_given"}))
        return mine

    def refresh(self) -> None:
        self._show_banner()
        self._show_copies()
        if self._stale:
            self._prepare()

    def leave(self) -> None:
        self._round += 1
        self.prepared = None
        self.paper.clear()

    def actions_here(self) -> tuple[PageAction, ...]:
        reason = "" if self.prepared else "The paper is being prepared."
        return (
            PageAction("Print this paper", "Ctrl P", self.print_paper, reason),
            PageAction("Save this paper as PDF", "Ctrl S", self.save_as_pdf, reason),
            PageAction("Record this paper as given", "Ctrl G", self.record_given, reason),
            PageAction("Paper in standard print", "1", lambda: self.choose_format(PrintFormat.STANDARD), reason),
            PageAction("Paper in large print", "2", lambda: self.choose_format(PrintFormat.LARGE_PRINT), reason),
            PageAction("Paper in easy read", "3", lambda: self.choose_format(PrintFormat.EASY_READ), reason),
        )

    # The paper

    def choose_format(self, form: PrintFormat) -> None:
        """Draw the paper in another format, if it has that one."""
        if self.prepared and form in self.prepared.formats:
            self._choice = PaperChoice(form, self._choice.size, self._choice.born_in_foot)
            self._prepare()

    def _choose_size(self, size: int) -> None:
        self._choice = PaperChoice(PrintFormat.LARGE_PRINT, size, self._choice.born_in_foot)
        self._prepare()

    def _prepare(self) -> None:
        """Draw the paper and its pictures on another thread; words stand in its place only while there is no paper."""
        place = self._place
        if place is None:
            return
        self._round += 1
        self._stale = False
        asked, practice, choice = self._round, self.desk.practice, self._choice
        width = self.paper.image_width(self._stack.width())
        if self.prepared is None:
            self._show_waiting("Preparing the paper…")

        def work() -> tuple[Prepared, tuple[PageImage, ...]]:
            prepared = documents.prepare(practice, place.document, place.person, place.record, choice)
            return prepared, render(prepared.pdf, width)

        def then(made: tuple[Prepared, tuple[PageImage, ...]]) -> None:
            if asked == self._round:
                self._show(*made)

        self.desk.tasks.run(work, then, lambda error: self._failed(asked, error))

    def _draw(self) -> None:
        """The same paper for another width."""
        prepared, asked, width = self.prepared, self._round, self.paper.image_width()
        if prepared is not None:
            self.desk.tasks.run(
                lambda: render(prepared.pdf, width),
                lambda pages: self.paper.show_pages(pages) if asked == self._round else None,
            )

    def _show(self, prepared: Prepared, pages: tuple[PageImage, ...]) -> None:
        first, self.prepared = self.prepared is None, prepared
        self.paper.show_pages(pages)
        self._show_paper()
        self.title.setText(prepared.label)
        version = f"Version {prepared.version}" if prepared.version else ""
        code = f"check code {prepared.check_code}" if prepared.check_code else ""
        self.note.setText(", ".join(part for part in (counted(len(pages), "page", "pages"), version, code) if part))
        self.side.show_paper(prepared, prepared.person.value.name if prepared.person else "")
        self._show_copies()
        for button in (self.save, self.print, self.side.record):
            button.set_allowed(True)
        if first:
            # A button that is not allowed yet cannot take the focus.
            self.print.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, asked: int, error: BaseException) -> None:
        if asked != self._round:
            return
        if not isinstance(error, Problem):
            self._show_waiting("This paper could not be drawn.")
            raise error
        self._show_waiting(error.words)

    def _show_waiting(self, words: str) -> None:
        self.waiting.setText(words)
        self.waiting.setAccessibleName(words)
        self._stack.setCurrentIndex(0)
        self.note.setText("")
        for button in (self.save, self.print, self.side.record):
            button.set_allowed(False, words)

    def _show_paper(self) -> None:
        """The paper says the name, and so does the side: nothing of them is seen while names are hidden."""
        masked = self.desk.masking.on
        self._stack.setCurrentWidget(self._hidden if masked else self.paper)
        self.side.setVisible(not masked)

    def _mask(self, _on: bool) -> None:
        self._show_banner()
        if self.prepared is not None:
            self._show_paper()

    def _show_banner(self) -> None:
        place = self._place
        if place is None or place.person is None:
            return
        banner = people.banner(self.desk.practice, place.person)
        self.banner.show_person(facts(banner.person.value, self.desk.practice.today()), self.desk.masking.on)
        self.banner.set_line(sharing_line(banner, in_reading_order(banner)))

    def _show_copies(self) -> None:
        place = self._place
        self.side.has_copy.setVisible(place is not None and place.person is not None)
        if place is not None and place.person is not None:
            given = documents.copies_of(self.desk.practice, place.person, place.document)
            self.side.show_copies(given, self.desk.practice.today())

    # Printing, saving, giving

    def print_paper(self) -> None:
        """Through the system's dialog; what is on screen is what is printed."""
        prepared = self.prepared
        if prepared is None:
            return
        copies = self._copies()
        if copies is None:
            return
        if not print_sheet.there_is_a_printer():
            self._no_printer()
            return

        to, how = self.side.given_to.text().strip(), self.side.given_by()

        def chosen(printer: QPrinter | None) -> None:
            if printer is not None:
                job = _Job(printer, prepared, to, how, max(printer.copyCount(), 1))
                dots = min(printer.resolution(), print_sheet.FINEST)
                # Everything but easy read is black on white, and greys take a quarter of the memory.
                colours = prepared.format is PrintFormat.EASY_READ
                self._say("info", "Printing…")
                self.desk.tasks.run(
                    lambda: render(prepared.pdf, dots=dots, colours=colours),
                    lambda pages: self._send(job, pages),
                )

        print_sheet.choose(self, copies, chosen)

    def _send(self, job: _Job, pages: tuple[PageImage, ...]) -> None:
        """To the printer, after it was written down: nothing is ever printed that the audit does not know."""
        try:
            documents.printing(self.desk.practice, job.prepared, job.copies)
        except Problem as problem:
            self._say("error", f"{problem.title}. Nothing was printed. {problem.what_to_do}")
            return
        if not print_sheet.draw_pages(job.printer, [page.image for page in pages], [page.points for page in pages]):
            self._no_printer()
        elif job.prepared.person is None:
            self._say("success", "Printed.")
        else:
            self._give(job.prepared, job.copies, job.to, job.how)

    def record_given(self) -> None:
        """A copy went by post or email, or was printed elsewhere."""
        copies = self._copies()
        if self.prepared is not None and self.prepared.person is None:
            self._say("info", "This paper names nobody, so nobody is written down for it.")
        elif self.prepared is not None and copies is not None:
            self._give(self.prepared, copies, self.side.given_to.text().strip(), self.side.given_by())

    def _give(self, prepared: Prepared, copies: int, to: str, how: GivenBy) -> None:
        practice = self.desk.practice
        try:
            documents.given(practice, prepared, how, to, copies)
        except Problem as problem:
            self.side.given_to_frame.set_error(problem.what_to_do)
            self._say("warning", f"{problem.advice} Then press Record as given.")
            return
        self.side.given_to_frame.clear_error()
        at = clock_time(local(practice.now()).time())
        self._say("success", f"Given {HOW_WORDS[how]} to {to}, {at}.")

    def save_as_pdf(self) -> None:
        """The one way in which a paper is written to disk."""
        prepared = self.prepared
        if prepared is None:
            return

        def chosen(path: Path | None) -> None:
            if path is not None:
                self._write(prepared, path if path.suffix else path.with_suffix(".pdf"))

        name = f"{_FILE_NAMES.get(prepared.document, prepared.label)}.pdf"
        ask.save_file(self, "Save as PDF", name, "PDF (*.pdf)", chosen)

    def _write(self, prepared: Prepared, path: Path) -> None:
        try:
            documents.saving(self.desk.practice, prepared)
            path.write_bytes(prepared.pdf)
        except Problem as problem:
            self._say("error", f"{problem.title}. Nothing was saved as a file. {problem.what_to_do}")
            return
        except OSError:
            self._say(
                "error", f"The file could not be saved in {path.parent.name or 'that folder'}. Choose another one."
            )
            return
        self._say("success", f"Saved as {path.name}. When somebody has it, press Record as given.")

    def _copies(self) -> int | None:
        copies = self.side.copies_number()
        frame = self.side.copies_frame
        if copies is None:
            frame.set_error(f"Enter a number from 1 to {MOST_COPIES}.")
            self.side.copies.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            frame.clear_error()
        return copies

    def _no_printer(self) -> None:
        self._say("warning", NO_PRINTER_ADVICE, strong=NO_PRINTER, link="Save as PDF")

    def _say(self, tone: str, words: str, strong: str = "", link: str = "") -> None:
        tones: dict[str, Callable[[], None]] = {
            "warning": lambda: self.notice.set_tone("warning"),
            "error": lambda: self.notice.set_tone("error"),
            "success": lambda: self.notice.set_tone("success"),
            "info": lambda: self.notice.set_tone("neutral"),
        }
        tones[tone]()
        self.notice.set_words(words, strong=strong, link=link)
        self._notice_row.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.setFixedWidth(min(theme.px(SIDE_WIDTH + 42), round(self.width() * 0.45)))
