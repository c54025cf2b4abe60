"""What needs a person: questions between desks, settled one at a time in place, and what waits on this desk."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.contact_details import phone_words, where_words
from livingwell_desktop.domain.dates import ago, clock_time, local, long_date, medium_date
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.services import attention, people
from livingwell_desktop.services.attention import Attention, OnThisDesk, Question
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.pages import AttentionPlace, Desk, Page, PageAction, PersonPlace, Place, TodayPlace
from livingwell_desktop.ui.people.access_tasks import AccessTasks
from livingwell_desktop.ui.people.between_desks import QuestionStrip
from livingwell_desktop.ui.people.doubles import Doubles
from livingwell_desktop.ui.people.findings import FindingsCards
from livingwell_desktop.ui.people.oversight import Oversight
from livingwell_desktop.ui.people.words import Mask, mask_for
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.cells import CellText
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.surfaces import Card, PageTitle, ScrollBody
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import Words


class AttentionPage(Page):
    """One question stands open; the others wait in the list under it. Alt ↓ and Alt ↑ go through them."""

    shows = AttentionPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: Attention | None = None
        self._current: object = None
        self.strip: QuestionStrip | None = None
        self._said: object = None
        scroll = ScrollBody(spacing=14)
        self._scroll = scroll
        Column(self, spacing=0).add(scroll)
        self.title = PageTitle("Attention", " ")
        self.go_on = Button("Go to Today", icon="calendar-check", key="Alt 1")
        self.go_on.setObjectName("go to today")
        self.go_on.clicked.connect(lambda: desk.go(TodayPlace()))
        self.nothing = EmptyState(
            "Nothing needs you",
            "When two desks write different things, it is asked here.",
            self.go_on,
            icon="check-circle",
        )
        self.nothing.setObjectName("nothing needs you")
        self.one = QWidget()
        self._place = Column(self.one, spacing=8)
        self.others = Card("Questions")
        self.rows = RowList(
            [TableColumn("Person", 240), TableColumn("What"), TableColumn("Answers", 330)], name="Questions"
        )
        self.rows.setObjectName("questions")
        self.rows.opened.connect(self.open_question)
        self.rows.chosen.connect(self._row_chosen)
        self.others.body.add(self.rows)
        self.hidden = Words("", "body", "secondary", wrap=True)
        self.hidden.setObjectName("clinical questions")
        self.desk_card = Card("On this desk", spacing=4)
        self.desk_card.setObjectName("on this desk")
        self.access = AccessTasks(desk.practice)
        self.access.person_wanted.connect(lambda person: desk.go(PersonPlace(person, "sharing")))
        self.doubles = Doubles(desk.practice)
        self.oversight = Oversight(desk.practice, desk.tasks)
        self.findings = FindingsCards(desk.practice, desk.tasks)
        self.findings.told.connect(self._show)
        scroll.body.add(self.title, self.nothing, self.one, self.others, self.hidden)
        self._task_lists = (self.doubles, self.access, self.findings, self.oversight)
        scroll.body.add(*self._task_lists, self.desk_card)
        desk.masking.changed.connect(lambda _on: self._masked())
        for key, by in (("Alt+Down", 1), ("Alt+Up", -1)):
            QShortcut(QKeySequence(key), self).activated.connect(lambda by=by: self.step(by))

    def show_place(self, place: Place) -> None:
        if not isinstance(place, AttentionPlace):
            return
        self._current, self._said = (place.record, place.field) if place.record else None, None
        try:
            self.desk.practice.require(Act.SEE_ATTENTION)
        except Problem as problem:
            self._show_refusal(problem.what_happened)
            return
        self._show()
        self.findings.ask()
        self.take_focus()

    def concerned(self, changes: Changes) -> bool:
        return bool(changes.records)

    def refresh(self) -> None:
        self._show()

    def take_focus(self) -> None:
        """To the open question; when there is none, to the way on."""
        if self.strip is not None:
            self.strip.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.nothing.isVisibleTo(self) and self.go_on.isVisibleTo(self):
            self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.access.openings_card.isVisibleTo(self):
            self.access.openings.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def tick(self) -> None:
        if self._found is not None and self.desk.practice.may(Act.SETTLE).allowed:
            self._show_desk(attention.on_this_desk(self.desk.practice))

    def actions_here(self) -> tuple[PageAction, ...]:
        reason = "" if self._questions() else "There is no question."
        return (
            PageAction("Next question", "Alt ↓", lambda: self.step(1), reason),
            PageAction("Question before", "Alt ↑", lambda: self.step(-1), reason),
            PageAction("Decide later", "", lambda: self.step(1), reason),
        )

    def open_question(self, key: object) -> None:
        """Open one of the questions."""
        self._current = key
        self._show()
        if self.strip is not None:
            self._scroll.show_whole(self.strip)
            self.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, by: int) -> None:
        """The next question, or the one before; the last is followed by the first."""
        keys = [each.key for each in self._questions()]
        if keys:
            at = keys.index(self._current) if self._current in keys else 0
            self.open_question(keys[(at + by) % len(keys)])

    def _questions(self) -> tuple[Question, ...]:
        return self._found.questions if self._found else ()

    def _show(self) -> None:
        ruling = self.desk.practice.may(Act.SEE_ATTENTION)
        if not ruling.allowed:
            self._show_refusal(ruling.reason)
            return
        masked = self.desk.masking.on
        tasks = sum(each.show_tasks(masked) for each in self._task_lists)
        for each in self._task_lists:
            each.setVisible(any(card.isVisibleTo(each) for card in each.findChildren(Card)))
        if not self.desk.practice.may(Act.SETTLE).allowed:
            self._show_tasks_alone(tasks)
            return
        before = [each.key for each in self._questions()]
        self._found = attention.attention(self.desk.practice)
        found = self._found.questions
        keys = [each.key for each in found]
        if self._current not in keys:
            # The one after a settled question comes next.
            at = before.index(self._current) if self._current in before else 0
            self._current = keys[min(at, len(keys) - 1)] if keys else None
        self.title.set_title("Attention", _summary(len(found), tasks))
        self.nothing.setVisible(not found and not self._found.hidden and not tasks)
        self.one.setVisible(bool(found))
        self.others.setVisible(len(found) > 1)
        hidden = self._found.hidden
        self.hidden.setVisible(bool(hidden))
        self.hidden.setText(
            f"{counted(hidden, 'question is', 'questions are')} about needs, assessments or plans. "
            "Those are for key workers."
        )
        self._show_one(next((each for each in found if each.key == self._current), None))
        self._show_rows(found)
        self._show_desk(self._found.desk)

    def _show_tasks_alone(self, tasks: int) -> None:
        """For a role that settles nothing between desks: only what the care of access asks."""
        self.title.set_title("Attention", _tasks(tasks) if tasks else "No tasks")
        self.nothing.setVisible(not tasks)
        self.go_on.hide()
        for each in (self.one, self.others, self.hidden, self.desk_card):
            each.hide()

    def _show_one(self, question: Question | None) -> None:
        if question is None:
            clear(self._place)
            self.strip, self._said = None, None
            return
        said = (question.key, question.choices, self.desk.masking.on)
        if said == self._said and self.strip is not None:
            self.strip.question = question
            return
        self._said = said
        focused = self.strip is not None and self.strip.isAncestorOf(self.focusWidget() or self)
        clear(self._place)
        mask = self._mask(question)
        self._place.add(self._head(question, mask))
        whose = mask.called(question.person.value) if question.person else "Somebody"
        self.strip = QuestionStrip(question, whose, mask, self.desk.practice.today())
        self.strip.decided.connect(self._decide)
        self.strip.later.connect(lambda: self.step(1))
        self._place.add(self.strip)
        self.strip.show()
        if focused:
            self.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def _head(self, question: Question, mask: Mask) -> Row:
        head = Row(spacing=10)
        if question.person is not None:
            person = question.person.value
            born = f"Born {long_date(person.born)}" if person.born and not mask.on else ""
            where = where_words(person.address, person.postcode, person.no_fixed_abode)
            fact = "" if mask.on else where or phone_words(person.phone)
            head.add(Words(mask.name(person.name), "card"))
            head.add(Words(", ".join(part for part in (born, fact) if part), "conversation", "secondary"))
            head.push()
            opener = Button("Open the record", "quiet", icon="person", size="small")
            opener.setObjectName("open the record")
            record = question.person.id
            tab = "details" if question.which == "" else "overview"
            opener.clicked.connect(lambda: self.desk.go(PersonPlace(record, tab)))
            head.add(opener)
        else:
            head.add(Words(question.kind.label, "card"))
            head.push()
        return head

    def _show_rows(self, found: tuple[Question, ...]) -> None:
        rows = []
        for question in found:
            mask = self._mask(question)
            person = question.person.value if question.person else None
            born = medium_date(person.born) if person and person.born and not mask.on else ""
            about = f"“{mask.text(question.which)}”" if question.which else ""
            values = " or ".join(mask.text(choice.words) for choice in question.choices)
            authors = " and ".join(dict.fromkeys(choice.author for choice in question.choices))
            rows.append(
                TableRow(
                    question.key,
                    (
                        CellText(mask.name(person.name) if person else question.kind.label, born, strong=True),
                        CellText(question.field.label, about),
                        CellText(values, authors),
                    ),
                )
            )
        blocked = self.rows.blockSignals(True)
        self.rows.set_rows(rows)
        if self._current is not None:
            self.rows.choose(self._current)
        self.rows.blockSignals(blocked)
        self.rows.setFixedHeight(min(self.rows.content_height() + theme.px(8), theme.px(420)))

    def _show_desk(self, desk: OnThisDesk) -> None:
        clear(self.desk_card.body)
        for line in desk_lines(desk, self.desk):
            self.desk_card.body.add(Words(line, "body", wrap=True))

    def _row_chosen(self, key: object) -> None:
        if key is not None and key != self._current:
            self._current = key
            self._show()

    def _decide(self, value: object) -> None:
        strip = self.strip
        if strip is None:
            return
        try:
            people.settle_field(self.desk.practice, strip.question.held, strip.question.field.name, value)
        except Problem as problem:
            strip.show_problem(problem.fields[0].sentence if problem.fields else problem.what_happened)
            return
        if self.strip is not None and self.strip is not strip:
            self.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mask(self, question: Question) -> Mask:
        on = self.desk.masking.on
        return mask_for(question.person.value, on) if question.person else Mask(on)

    def _masked(self) -> None:
        if self._found is not None or self.access.isVisibleTo(self):
            self._show()

    def _show_refusal(self, reason: str) -> None:
        self.title.set_title("Attention", reason)
        for each in (self.one, self.others, self.hidden, self.nothing, *self._task_lists, self.desk_card):
            each.hide()


def _tasks(number: int) -> str:
    return counted(number, "task", "tasks")


def _summary(questions: int, tasks: int) -> str:
    """ "1 question between desks, 2 tasks": together the number on the rail."""
    asked = f"{counted(questions, 'question', 'questions') if questions else 'No questions'} between desks"
    return f"{asked}, {_tasks(tasks)}" if tasks else asked


def desk_lines(desk: OnThisDesk, around: Desk) -> tuple[str, ...]:
    """What waits, in plain lines: how many, since when, and when the server last confirmed."""
    now, today = around.practice.now(), around.practice.today()
    lines = []
    if desk.waiting:
        what = counted(desk.waiting, "change waits", "changes wait")
        lines.append(f"{what} to be sent. Nothing is lost.")
        if desk.oldest is not None:
            lines.append(f"The oldest was saved {ago(desk.oldest, now)}.")
    elif not desk.refused:
        lines.append("Every change was sent.")
    if desk.refused:
        what = counted(desk.refused, "change was", "changes were")
        lines.append(f"{what} not taken by the server and {'is' if desk.refused == 1 else 'are'} on this desk only.")
        lines.append("Your team manager finds them here, and says what becomes of them.")
    if desk.last_receipt is not None:
        here = local(desk.last_receipt)
        day = "today" if here.date() == today else f"on {long_date(here.date())}"
        lines.append(f"The server confirmed a change last {day} at {clock_time(here.time())}.")
    return tuple(lines)
