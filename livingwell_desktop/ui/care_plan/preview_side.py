"""Beside the paper: its format and size, how many copies and for whom, what it leaves out, who has one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import moment
from livingwell_desktop.domain.notes import DocumentGiven, GivenBy
from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import listed
from livingwell_desktop.services.documents import Prepared
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCard
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, TextField
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.surfaces import Card, ScrollBody
from livingwell_desktop.ui.widgets.words import Words

FORMATS = {
    PrintFormat.STANDARD: ("Standard", "14 point"),
    PrintFormat.LARGE_PRINT: ("Large print", "The same words in larger type"),
    PrintFormat.EASY_READ: ("Easy read", "Short sentences with pictures"),
}
HOW_WORDS = {GivenBy.PRINTED: "on paper", GivenBy.POST: "by post", GivenBy.EMAIL: "by email"}
SMALLEST, LARGEST = 16, 28
MOST_COPIES = 20
COPIES_SHOWN = 5


class FormatChoice(QWidget):
    """The three formats as cards; those a paper does not have are shown with the reason. Keys 1 2 3 are the page's."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        column = Column(self, spacing=8)
        self.cards: dict[PrintFormat, RadioCard] = {}
        for number, (form, (words, note)) in enumerate(FORMATS.items(), 1):
            card = RadioCard(CardOption(form.value, words, note), str(number))
            card.setObjectName(f"format {form.value}")
            card.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            card.clicked.connect(lambda _on=False, form=form: self.changed.emit(form))
            self.cards[form] = card
            column.add(card)

    def show_format(self, form: PrintFormat, formats: Sequence[PrintFormat]) -> None:
        """Mark the format in use."""
        for each, card in self.cards.items():
            card.setEnabled(each in formats)
            card.setVisible(each in formats)
            card.setChecked(each is form)
            # Tab reaches the chosen one, the arrows and keys the others, as with any group of radio buttons.
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is form else Qt.FocusPolicy.ClickFocus)


class PreviewSide(ScrollBody):
    """`side.show_paper(prepared, …)`. Typing in it stays through refreshes."""

    format_chosen = Signal(object)
    size_chosen = Signal(int)
    given_asked = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=12, margins=(18, 4, 24, 24))
        self.formats = FormatChoice()
        self.formats.changed.connect(self.format_chosen)
        self.points = ChoiceField([(str(n), f"{n} point") for n in range(SMALLEST, LARGEST + 1)], "18", nothing="Usual")
        self.points.setObjectName("size")
        self.points.changed.connect(self._size)
        self._size_frame = FieldFrame("Size", self.points)
        self.copies = TextField("1", characters=3)
        self.copies.setObjectName("copies")
        self.given_to = TextField()
        self.given_to.setObjectName("given to")
        self.how = ChoiceField([(code.value, words.capitalize()) for code, words in HOW_WORDS.items()], "printed")
        self.how.setObjectName("how it is given")
        self.copies_frame = FieldFrame("Copies", self.copies)
        self.given_to_frame = FieldFrame("For", self.given_to)
        self.record = Button("Record as given", "secondary", size="small", key="Ctrl G")
        self.record.setObjectName("record as given")
        self.record.clicked.connect(self.given_asked)
        self.leaves_out = Words("", "conversation", "secondary", wrap=True)
        self.leaves_out.setObjectName("what the paper leaves out")
        self.left_out = Card(plate="sunken", spacing=4)
        self.left_out.body.add(Words("What the paper leaves out", "conversation_strong"), self.leaves_out)
        self.has_copy = Card("Who has a copy", spacing=4)
        self.has_copy.setObjectName("who has a copy")
        self._build()
        self._for = ""

    def _build(self) -> None:
        form = Card("Format", trailing="Keys 1 2 3", spacing=10)
        form.body.add(self.formats, self._size_frame)
        copies = Card("Copies", spacing=10)
        row = Row(spacing=12)
        row.add(self.copies_frame)
        row.add(self.given_to_frame, stretch=1)
        copies.body.add(row, FieldFrame("How", self.how), self.record)
        self.body.add(form, copies, self.left_out, self.has_copy)

    def show_paper(self, prepared: Prepared, given_to: str) -> None:
        """The paper that lies at the left."""
        self.formats.show_format(prepared.format, prepared.formats)
        large = prepared.format is PrintFormat.LARGE_PRINT
        self._size_frame.setVisible(large)
        if large:
            blocked = self.points.blockSignals(True)
            self.points.set_code(str(prepared.size))
            self.points.blockSignals(blocked)
        if given_to != self._for:
            self._for = given_to
            self.given_to.set_text(given_to)
        rule = f"Never on it: {listed([each[:1].lower() + each[1:] for each in prepared.leaves_out])}."
        parts = [rule] if prepared.leaves_out else ["Nothing that this paper is about."]
        if prepared.left_out_here:
            parts.append(f"In this record now: {prepared.left_out_here[:1].lower()}{prepared.left_out_here[1:]}")
        self.leaves_out.setText("\n".join(parts))

    def show_copies(self, given: Sequence[Held[DocumentGiven]], today: date) -> None:
        """Who was given one, the newest first."""
        clear(self.has_copy.body)
        self.copies_words = [given_words(held.value, today) for held in given[:COPIES_SHOWN]]
        for words in self.copies_words or ["Nobody yet."]:
            line = Words(words, "conversation", wrap=True)
            self.has_copy.body.add(line)
            # Shown at once, not with the next event: what scrolls grows with it, and nothing above is squeezed.
            line.show()
        more = len(given) - COPIES_SHOWN
        if more > 0:
            self.has_copy.body.add(Words(f"And {more} before.", "conversation", "secondary"))

    def copies_number(self) -> int | None:
        """How many copies are typed, or None for what cannot be."""
        typed = self.copies.text().strip()
        number = int(typed) if typed.isdecimal() and len(typed) < 3 else 0
        return number if 1 <= number <= MOST_COPIES else None

    def given_by(self) -> GivenBy:
        """How it reaches them."""
        return GivenBy(self.how.code() or "printed")

    def _size(self, code: object) -> None:
        if code:
            self.size_chosen.emit(int(str(code)))


def given_words(given: DocumentGiven, today: date) -> str:
    """ "Given on paper to Ngozi Okafor, today 11:04am. Version 4, check code 7F3A 91C2." """
    how = HOW_WORDS.get(given.how, str(given.how))
    copies = f", {given.copies} copies" if given.copies > 1 else ""
    when = f", {moment(given.given_at, today)}" if given.given_at else ""
    version = ", ".join(
        part
        for part in (
            f"Version {given.version}" if given.version else "",
            f"check code {given.check_code}" if given.check_code else "",
        )
        if part
    )
    version = version[:1].upper() + version[1:]
    return f"Given {how} to {given.given_to}{copies}{when}.{f' {version}.' if version else ''}"
