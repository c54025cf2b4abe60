"""Two registrations that may be of one person: a list in Attention, and the sheet where somebody answers."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.doubles import SamePerson
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.wording import listed, sentence_case
from livingwell_desktop.services import doubles
from livingwell_desktop.services.doubles import Double, OneOfTwo
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.people.words import Mask
from livingwell_desktop.ui.widgets import ask, theme
from livingwell_desktop.ui.widgets.cells import CellText
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.surfaces import Card
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import Words

_ANSWERS = {
    SamePerson.SAME: "One person, registered twice",
    SamePerson.DIFFERENT: "Two different people",
    SamePerson.OPEN: "Not known yet",
}


class Doubles(QWidget):
    """Enter on a row answers it, or takes the answer back."""

    def __init__(self, practice: Practice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._found: dict[UUID, Double] = {}
        self._masked = False
        self.card = Card("Same person?", trailing="Enter or a double click answers one")
        self.rows = RowList(
            [TableColumn("Registered as", 300), TableColumn("And as", 300), TableColumn("Why")], name="Same person?"
        )
        self.rows.setObjectName("same person")
        self.rows.opened.connect(self._answer)
        self.card.body.add(self.rows)
        Column(self, spacing=14).add(self.card)

    def show_tasks(self, masked: bool) -> int:
        """Show what is for this role and say how many wait for an answer."""
        self._masked = masked
        found = doubles.doubles(self._practice) if self._practice.may(Act.SETTLE_DOUBLES).allowed else ()
        self._found = {each.question.id: each for each in found}
        self.rows.set_rows(
            [
                TableRow(
                    each.question.id,
                    (self._cell(each.two[0]), self._cell(each.two[1]), _why(each)),
                )
                for each in found
            ]
        )
        self.card.setVisible(bool(found))
        self.rows.setFixedHeight(min(self.rows.content_height() + theme.px(8), theme.px(420)))
        return sum(1 for each in found if each.answer is SamePerson.OPEN)

    def _cell(self, one: OneOfTwo) -> CellText:
        mask = Mask(self._masked)
        facts = ", ".join(one.facts) if not self._masked else ""
        return CellText(mask.name(one.name), facts if one.here else f"{facts} (at another centre)", strong=True)

    def _answer(self, key: object) -> None:
        each = self._found.get(key) if isinstance(key, UUID) else None
        if each is None:
            return
        body = QWidget()
        column = Column(body, spacing=14)
        for one in each.two:
            cell = self._cell(one)
            column.add(Words(", ".join(filter(None, (cell.first, cell.second))), "body", wrap=True))
        column.add(
            Words(f"{each.why} Nothing is merged: both records stay, and each names the other.", "body", wrap=True)
        )
        if each.question.value.centre is not None:
            column.add(Words("If they are one person, open the new record and protect it as well.", "body", wrap=True))
        answers = RadioCards([CardOption(code.value or "open", said) for code, said in _ANSWERS.items()], "open")
        answers.set_code(each.answer.value or "open")
        answers.setObjectName("same person answer")
        frame = FieldFrame("Are they one person?", answers)
        column.add(frame)

        def done(wanted: bool) -> bool:
            if not wanted:
                return True
            code = answers.code()
            try:
                doubles.answer(self._practice, each, SamePerson("" if code in (None, "open") else code))
            except Problem as problem:
                frame.set_error(problem.advice)
                return False
            return True

        ask.sheet(self, "Same person?", body, "Save the answer", done)


def _why(each: Double) -> CellText:
    """Why it is asked; once somebody has answered, the answer and who gave it."""
    if each.answer is not SamePerson.OPEN:
        return CellText(_ANSWERS[each.answer], each.answered_by)
    first, *others = each.reasons or ("",)
    return CellText(sentence_case(first), listed(others))
