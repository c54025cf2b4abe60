"""What those who oversee a centre find in Attention: changes that were not taken, and what the server noticed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import clock_time, local, medium_date, moment
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.refusals import RefusedOutcome
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.services import findings
from livingwell_desktop.services.findings import Answered, Findings, RefusedChange, StillHeld, refused_of
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.people.access_sheets import open_sheet
from livingwell_desktop.ui.people.words import Mask
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.cells import CellText
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.layout import Column, clear
from livingwell_desktop.ui.widgets.surfaces import Card
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import Words

_SOMEBODY = "Somebody whose record is not here"


class LinesCard(Card):
    """Things to read, one under the other: a head, a sentence, and what it is about. Hidden while there are none."""

    def __init__(self, title: str, explained: str = "") -> None:
        super().__init__(title, spacing=8)
        self.setObjectName(title.lower())
        if explained:
            self.body.add(Words(explained, "body", "secondary", wrap=True))
        lines = QWidget()
        self._lines = Column(lines, spacing=12)
        self.body.add(lines)

    def show_lines(self, lines: Sequence[tuple[str, str, str]]) -> None:
        """Show these instead of those before."""
        clear(self._lines)
        for head, sentence, about in lines:
            one = Column(spacing=2)
            one.add(Words(head, "strong", wrap=True))
            one.add(Words(f"{sentence} ({about})" if about else sentence, "body", wrap=True))
            self._lines.add(one)
        self.setVisible(bool(lines))


class FindingsCards(QWidget):
    """Enter on a change that was not taken answers it. The server is asked when the page is opened, and by button."""

    told = Signal()
    """The server has answered: there may be more to show, and to count."""

    def __init__(self, practice: Practice, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice, self._tasks = practice, tasks
        self._answered: Answered | None = None
        self._found = Findings((), (), ())
        self._asking = self._masked = False
        self.refused_card = Card("Not taken", trailing="Enter or a double click answers one")
        self.refused = RowList(
            [
                TableColumn("Person", 220),
                TableColumn("What was written", 420),
                TableColumn("Why it was not taken", 430),
            ],
            name="Changes not taken",
        )
        self.refused.setObjectName("changes not taken")
        self.refused.opened.connect(self._answer)
        self.refused_card.body.add(self.refused)
        self.notices = LinesCard("What the server noticed")
        self.owing = LinesCard(
            "Still to let go of",
            "These desks were told that records leave them, and have not answered yet. They let go when they are next "
            "connected.",
        )
        self.server_card = Card("What the server says", spacing=8)
        self.server_card.setObjectName("what the server says")
        self.line = Words("", "body", wrap=True)
        self.again = Button("Ask the server", icon="cloud-check")
        self.again.setObjectName("ask the server")
        self.again.clicked.connect(self.ask)
        self.server_card.body.add(self.line, self.again)
        Column(self, spacing=14).add(self.refused_card, self.notices, self.owing, self.server_card)

    def show_tasks(self, masked: bool) -> int:
        """Show what is for this role and say how many changes wait for an answer: the rest is to be read."""
        self._masked = masked
        allowed = self._practice.may(Act.SEE_FINDINGS).allowed
        self.server_card.setVisible(allowed)
        self._found = findings.findings(self._practice, self._answered) if allowed else Findings((), (), ())
        now, mask = self._practice.now(), Mask(masked)
        today = local(now).date()
        _fill(self.refused, self.refused_card, [self._refused_row(each, mask) for each in self._found.refused])
        self.notices.show_lines(
            [(f"{each.desk}, {moment(each.at, today)}", each.what, each.about) for each in self._found.notices]
        )
        self.owing.show_lines([(each.desk, _leaving(each, mask), "") for each in self._found.owing])
        self.line.setText(self._line_words())
        return len(self._found.refused)

    def ask(self) -> None:
        """Ask the server, if this role may."""
        if self._asking or not self._practice.may(Act.SEE_FINDINGS).allowed:
            return
        self._asking = True
        self.again.set_allowed(False, "The server is being asked.")
        self.line.setText("Asking the server …")
        self._tasks.run(lambda: findings.ask_server(self._practice), self._heard, self._failed)

    def _heard(self, answered: Answered) -> None:
        self._answered = answered
        self._asked()
        self.told.emit()

    def _failed(self, error: BaseException) -> None:
        self._asked()
        if not isinstance(error, Problem):
            raise error
        self.line.setText(error.words)

    def _asked(self) -> None:
        self._asking = False
        self.again.set_allowed(True)

    def _line_words(self) -> str:
        answered = self._answered
        if self._asking or answered is None:
            return "Asking the server …" if self._asking else "The server was not asked yet."
        at = clock_time(local(answered.at).time())
        if answered.found is None:
            return f"{answered.why} Shown is what this desk knows; the rest comes when the line is back."
        nothing = "" if self._found.count else " There is nothing to see to."
        return f"The server was asked at {at}, about all desks of this centre.{nothing}"

    def _refused_row(self, each: RefusedChange, mask: Mask) -> TableRow:
        shown = each.shown
        words = "; ".join(f"{label}: {said}" for label, said in shown.words)
        who = CellText("The centre", "Nobody’s record", strong=True)
        if shown.person or shown.somebody:
            who = _person(shown.person, mask)
        at = moment(shown.at, local(self._practice.now()).date())
        by = ", ".join(part for part in (shown.author, each.desk, at) if part)
        return TableRow(shown.change, (who, CellText(shown.what, mask.private(words)), CellText(shown.reason, by)))

    def _answer(self, key: object) -> None:
        each = refused_of(self._found.refused, key)
        if each is None:
            return
        mask, body = Mask(self._masked), QWidget()
        column = Column(body, spacing=14)
        column.add(Words(_about_words(each, mask), "body", wrap=True))
        for label, said in each.shown.words:
            column.add(Words(f"{label}: {mask.private(said)}", "body", wrap=True))
        column.add(Words(f"Why it was not taken: {each.shown.reason}", "body", "secondary", wrap=True))
        options = [CardOption(RefusedOutcome.LEFT_OUT.value, "Leave it out")]
        if each.why_not:
            column.add(Words(f"You cannot write it down yourself. {each.why_not}", "body", wrap=True))
        else:
            options.insert(0, CardOption(RefusedOutcome.ACCEPTED.value, "Write it down, in my name"))
        outcome = RadioCards(options, options[0].code)
        outcome.setObjectName("what to do with it")
        why = TextField()
        why.setObjectName("in words")
        frames = {
            "outcome": FieldFrame("What is to be done", outcome),
            "words": FieldFrame("Why", why, hint="Needed when it is left out", optional=True),
        }
        column.add(*frames.values())

        def save() -> None:
            if outcome.code() == RefusedOutcome.ACCEPTED.value:
                findings.accept(self._practice, each)
            else:
                findings.leave_out(self._practice, each, why.text())

        open_sheet(self, "A change that was not taken", body, "Save", frames, save)


def _about_words(each: RefusedChange, mask: Mask) -> str:
    person = each.shown.person
    who = mask.name(person.value.name) if person else (_SOMEBODY if each.shown.somebody else "The centre")
    return f"{who}. {each.shown.what}, written by {each.shown.author or 'somebody'} at {each.desk}."


def _leaving(each: StillHeld, mask: Mask) -> str:
    whose = mask.name(each.person.value.name) if each.person else "somebody whose record is not here"
    return f"{counted(each.records, 'record', 'records')} of {whose}"


def _person(person: Held[Person] | None, mask: Mask) -> CellText:
    if person is None:
        return CellText(_SOMEBODY, strong=True)
    born = medium_date(person.value.born) if person.value.born and not mask.on else ""
    return CellText(mask.name(person.value.name), born, strong=True)


def _fill(rows: RowList, card: Card, made: list[TableRow]) -> None:
    rows.set_rows(made)
    card.setVisible(bool(made))
    rows.setFixedHeight(min(rows.content_height() + theme.px(8), theme.px(420)))
