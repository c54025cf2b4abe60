"""A person's completed assessments, their scores in words, and one of them opened to read."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from livingwell_desktop.domain.assessments import Answer
from livingwell_desktop.domain.dates import clock_time, local, local_day, long_date, moment
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.questionnaire import Item, is_answered
from livingwell_desktop.domain.wording import listed
from livingwell_desktop.services import assessments
from livingwell_desktop.services.assessments import Completed, LeftByColleague
from livingwell_desktop.services.people import Banner
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.people.words import Mask, mark_of, mask_for
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.cells import CellOrganisation, CellText
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.surfaces import PageTitle
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableGroup, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import Words


class AssessmentsTab(QWidget):
    """`start` carries the name of a questionnaire to ask, `print_one` a response to print, `not_theirs` one that was
    recorded for the wrong person."""

    start = Signal(str)
    print_one = Signal(object)
    not_theirs = Signal(object)

    def __init__(self, practice: Practice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._banner: Banner | None = None
        self._found: tuple[Completed, ...] = ()
        self._mask = Mask()
        self.stack = QStackedWidget()
        Column(self, spacing=0).add(self.stack)
        self.stack.addWidget(self._made_list())
        self.stack.addWidget(self._made_reader())
        self._opened: UUID | None = None

    def show_person(self, banner: Banner, masked: bool, *, opening: bool = False) -> None:
        """Show the list; a response that is open to read stays open."""
        self._banner, self._mask = banner, mask_for(banner.person.value, masked)
        if opening:
            self._opened = None
        self._found = assessments.completed(self._practice, banner.person.id)
        self.rows.set_rows([self._row(each) for each in self._found])
        self.rows.setVisible(bool(self._found))
        self.empty.setVisible(not self._found)
        self._show_start()
        one = next((each for each in self._found if each.response.id == self._opened), None)
        if one is None:
            self.stack.setCurrentIndex(0)
        else:
            self.read(one.response.id)

    def read(self, response: UUID) -> None:
        """Open one to read. It is signed: a mistake is amended by a new one."""
        one = next((each for each in self._found if each.response.id == response), None)
        if one is None:
            return
        self._opened = response
        value = one.response.value
        at = value.authored_at
        when = f"{long_date(local_day(at))}, {clock_time(local(at).time())}" if at else ""
        who = self._banner.alliance.staff_name(value.author) if self._banner else ""
        self.reader_title.set_title(one.title, f"{when}, asked by {who}. {scores_words(one)}".strip())
        printable = one.questionnaire is not None and one.questionnaire.most_areas > 0
        self.print_button.setVisible(printable)
        ruling = self._practice.may(Act.ASSESS, value.person)
        self.wrong_button.set_allowed(ruling.allowed, ruling.reason)
        self.answers.set_groups(self._answer_groups(one))
        self.stack.setCurrentIndex(1)
        self.answers.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_reader(self) -> None:
        """Back to the list."""
        self._opened = None
        self.stack.setCurrentIndex(0)
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_theirs(self) -> None:
        one = next((each for each in self._found if each.response.id == self._opened), None)
        if one is not None:
            self.not_theirs.emit(one.response)

    def _row(self, one: Completed) -> TableRow:
        value = one.response.value
        everybody = self._banner.alliance if self._banner else None
        organisation = everybody.organisation_of(value.author) if everybody else None
        who = everybody.staff_name(value.author) if everybody else ""
        on = long_date(local_day(value.authored_at)) if value.authored_at else ""
        short = organisation.value.short_name if organisation else ""
        return TableRow(
            one.response.id,
            (
                CellText(one.title, on, strong=True),
                CellText(scores_words(one), areas_words(one)),
                CellOrganisation(mark_of(organisation), who, short),
            ),
        )

    def _answer_groups(self, one: Completed) -> list[TableGroup]:
        answers = one.response.value.answers
        before = one.before.value.answers if one.before else {}
        items = one.questionnaire.all_items() if one.questionnaire else ()
        rows: list[TableRow] = []
        named = set()
        for item in items:
            if item.is_question:
                named.add(item.link_id)
                if is_answered(answers.get(item.link_id)) or item.options:
                    rows.append(self._answer_row(item, answers.get(item.link_id), before.get(item.link_id)))
        # Answers to questions that this desk's file does not have are shown by their names, never dropped.
        for name, answer in answers.items():
            if name not in named:
                rows.append(TableRow(name, (CellText(name), CellText(self._mask.text(str(answer))), CellText(""))))
        return [TableGroup("", tuple(rows))]

    def _answer_row(self, item: Item, answer: Answer, before: Answer) -> TableRow:
        last = answer_words(item, before) if before is not None else "—"
        said = self._mask.text(answer_words(item, answer))
        return TableRow(
            item.link_id,
            (
                CellText(item.text, strong=bool(item.options)),
                CellText(said, colour="text" if answer is not None else "secondary"),
                CellText(self._mask.text(last), colour="secondary"),
            ),
            spoken=f"{item.text} {said}. Last time {last}" if before is not None else f"{item.text} {said}",
        )

    def _show_start(self) -> None:
        clear(self._start)
        ruling = self._practice.may(Act.ASSESS, self._banner.person.id if self._banner else None)
        unfinished = {each.kind for each in assessments.drafts(self._practice) if self._is_about(each.subject)}
        self._start.add(Words("Ask", "conversation_strong", "secondary"))
        for name, each in assessments.questionnaires().items():
            going_on = f"assessment:{name}" in unfinished
            button = Button(f"{each.title}, go on with the draft" if going_on else each.title, size="small")
            button.setObjectName(f"ask {name}")
            button.set_allowed(ruling.allowed, ruling.reason)
            button.clicked.connect(lambda _on=False, name=name: self.start.emit(name))
            self._start.add(button)
        for left in self._left():
            self._start.add(self._made_take_over(left))
        self._start.push()

    def _left(self) -> tuple[LeftByColleague, ...]:
        person = self._banner.person.id if self._banner else None
        if person is None or not self._practice.may(Act.ASSESS, person).allowed:
            return ()
        return assessments.left_by_colleagues(self._practice, person)

    def _made_take_over(self, left: LeftByColleague) -> Button:
        known = assessments.questionnaires().get(left.questionnaire)
        at = moment(left.at, self._practice.today())
        button = Button(f"Go on for {left.author}: {known.title if known else left.questionnaire}, {at}", size="small")
        button.setObjectName(f"take over {left.questionnaire}")
        button.set_allowed(known is not None, "This questionnaire is not on this desk.")
        button.clicked.connect(lambda: self._take_over(left.questionnaire))
        return button

    def _take_over(self, name: str) -> None:
        """A colleague’s unfinished assessment goes on here, in one's own name."""
        if self._banner is not None:
            assessments.take_over(self._practice, self._banner.person.id, name)
            self.start.emit(name)

    def _is_about(self, subject: UUID) -> bool:
        return self._banner is not None and subject == self._banner.person.id

    def _made_list(self) -> QWidget:
        whole = QWidget()
        column = Column(whole, spacing=12, margins=(24, 18, 24, 18))
        self._start = Row(spacing=8)
        self.rows = RowList(
            [TableColumn("Assessment", 210), TableColumn("Scores"), TableColumn("Asked by", 220)], name="Assessments"
        )
        self.rows.setObjectName("assessments")
        self.rows.opened.connect(self.read)
        self.empty = EmptyState("Nothing has been asked yet", "Choose what to ask above.", icon="clipboard")
        column.add(self._start)
        column.add(self.rows, stretch=1)
        column.add(self.empty)
        return whole

    def _made_reader(self) -> QWidget:
        whole = QWidget()
        column = Column(whole, spacing=10, margins=(24, 18, 24, 18))
        self.reader_title = PageTitle("")
        self.print_button = Button("Print the picture", icon="print", size="small")
        self.print_button.setObjectName("print picture")
        self.print_button.clicked.connect(lambda: self.print_one.emit(self._opened))
        back = Button("Back to the list", icon="arrow-left", shortcut="Esc", size="small")
        back.setObjectName("back to the list")
        back.clicked.connect(self.close_reader)
        self.wrong_button = Button("Recorded for the wrong person", "quiet", size="small")
        self.wrong_button.setObjectName("wrong person")
        self.wrong_button.clicked.connect(self._not_theirs)
        self.reader_title.buttons.add(self.wrong_button, self.print_button, back)
        self.answers = RowList(
            [TableColumn("Question"), TableColumn("Answer", 260), TableColumn("Time before", 200)], name="Answers",
            row_height=40,
        )  # fmt: skip
        self.answers.setObjectName("answers")
        column.add(self.reader_title)
        column.add(self.answers, stretch=1)
        return whole


def answer_words(item: Item, answer: Answer) -> str:
    """An answer as it is read."""
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return "Not answered"
    if isinstance(answer, bool):
        return "Yes" if answer else "No"
    option = item.option(answer)
    if option is None:
        return str(answer)
    return f"{option.value}, {option.display}" if isinstance(option.value, int) else option.display


def scores_words(one: Completed) -> str:
    """Scores in words with what they were: "My life 3.6, was 3.4. My treatment 5.7, was 4.7"."""
    before = {}
    if one.before is not None and one.questionnaire is not None:
        earlier = Completed(one.questionnaire, one.before, None)
        before = {each.id: each.shown for each in earlier.scores}
    said = []
    for score in one.scores:
        if not score.shown:
            said.append(f"{score.title}: {score.answered_words}")
            continue
        was = f", was {before[score.id]}" if before.get(score.id) else ""
        meaning = f", {score.words}" if score.method == "sum" and score.words else ""
        said.append(f"{score.title} {score.shown}{meaning}{was}")
    return ". ".join(said)


def areas_words(one: Completed) -> str:
    """Which areas were chosen to work on."""
    if not one.response.value.chosen or one.questionnaire is None:
        return ""
    items = [one.questionnaire.item(name) for name in one.response.value.chosen]
    return f"Chosen: {listed([item.short_name or item.text for item in items if item]).lower()}"
