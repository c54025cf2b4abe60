"""Answering a questionnaire with the person: one large question at a time, the draft always kept."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QStackedWidget

from livingwell_desktop.domain.assessments import Answer
from livingwell_desktop.domain.dates import clock_time, day_and_month, local, local_day
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.questionnaire import Answers, progress
from livingwell_desktop.services import assessments, people
from livingwell_desktop.storage import Changes, FieldInConflictError
from livingwell_desktop.ui.assessment.asking import AskingView
from livingwell_desktop.ui.assessment.banner import AssessmentBanner, appointment_words, person_facts
from livingwell_desktop.ui.assessment.change import ChangeFacts, ChangeView, completed_facts, facts_so_far
from livingwell_desktop.ui.assessment.full_screen import FullScreenChange
from livingwell_desktop.ui.assessment.refused import RefusedView
from livingwell_desktop.ui.assessment.steps import Step, steps
from livingwell_desktop.ui.keeping import Keeping
from livingwell_desktop.ui.pages import (
    AssessmentPlace,
    Desk,
    Page,
    PageAction,
    PersonPlace,
    Place,
    PlanPlace,
    PreviewPlace,
)
from livingwell_desktop.ui.widgets.layout import Column

THE_PICTURE = "change"
"""The name, in a place or a draft, of what comes after the last question."""


class AssessmentPage(Page):
    """Any questionnaire file. The last step is the picture of what changed, or the result."""

    shows = AssessmentPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.place: AssessmentPlace | None = None
        self.assessment: assessments.Assessment | None = None
        self.completed: assessments.Completed | None = None
        self.answers: dict[str, Answer] = {}
        self.chosen: tuple[str, ...] = ()
        self.current = ""
        self.full_screen: FullScreenChange | None = None
        self._keeping = Keeping(self, self._save_draft, desk.say)
        outer = Column(self, spacing=0)
        self.banner = AssessmentBanner()
        self.banner.print_button.clicked.connect(self.print_picture)
        self.banner.full_button.clicked.connect(self.open_full_screen)
        self.banner.hide_button.clicked.connect(self._turn_mask)
        self.banner.later_button.clicked.connect(self.finish_later)
        outer.add(self.banner)
        self.stack = QStackedWidget()
        outer.add(self.stack, stretch=1)
        self.asking = AskingView()
        self.asking.answered.connect(self._answered)
        self.asking.opened.connect(self.show_item)
        self.asking.go_back.connect(self.go_back)
        self.asking.go_on.connect(self.go_on)
        self.change_view = ChangeView()
        self.change_view.chosen.connect(self._choose)
        self.change_view.go_back.connect(self.go_back)
        self.change_view.go_on.connect(self.finish)
        self._refused = RefusedView(desk.back)
        for each in (self.asking, self.change_view, self._refused):
            self.stack.addWidget(each)
        self._bind_keys()
        desk.masking.changed.connect(self._mask)

    # What the shell calls

    def show_place(self, place: Place) -> None:
        if not isinstance(place, AssessmentPlace):
            return
        self.place = place
        self.banner.show()
        practice = self.desk.practice
        try:
            practice.require(Act.ASSESS, place.person)
        except Problem as problem:
            self._refuse(problem.what_happened)
            return
        if place.questionnaire not in assessments.questionnaires():
            self._refuse("This questionnaire is not on this desk.")
            return
        self.assessment = assessments.start(practice, place.person, place.questionnaire)
        self.answers, self.chosen = dict(self.assessment.answers), self.assessment.chosen
        self.completed = None
        if not self.answers:
            self.completed = assessments.completed_in(practice, place.person, place.questionnaire, place.visit)
        names = [step.item.link_id for step in self.steps()]
        wanted = place.item or self.assessment.item
        if self.completed is not None or wanted == THE_PICTURE:
            self.show_picture()
        else:
            self.show_item(wanted if wanted in names else self._first_open(names))
        # Opening it again is nothing to save.
        self._keeping.forget()
        self._show_saved(bool(self.answers))

    def concerned(self, changes: Changes) -> bool:
        return self.place is not None and self.place.person in changes.subjects

    def refresh(self) -> None:
        if self.place is not None and self.assessment is not None:
            self._show_banner()

    def leave(self) -> None:
        self.save()
        self._close_full_screen()

    def tick(self) -> None:
        if self.place is not None and self.assessment is not None:
            self._show_banner()

    def actions_here(self) -> tuple[PageAction, ...]:
        if self.assessment is None:
            return ()
        if self.stack.currentWidget() is self.change_view:
            return (
                PageAction("Full screen", "F11", self.open_full_screen),
                PageAction(self.change_view.forward.words(), "Enter", self.finish),
                PageAction("Back to answers", "←", self.go_back, "" if self.completed is None else "It is completed."),
            )
        return (
            PageAction("Next question", "Enter", self.go_on),
            PageAction("Question before", "←", self.go_back),
            PageAction("Not answered", self.asking.clear_key(), self.clear_answer),
            PageAction("Finish later", "Ctrl S", self.finish_later),
        )

    # What a person does

    def steps(self) -> tuple[Step, ...]:
        """The questions that are asked with the answers so far."""
        return steps(self._started().questionnaire, self.answers)

    def show_item(self, name: str) -> None:
        """Open a question."""
        step = next((each for each in self.steps() if each.item.link_id == name), None)
        if step is None:
            return
        self.current = name
        assessment = self._started()
        last = assessment.last
        show_last = last is not None and self.desk.settings.show_last_answers
        at = local_day(last.value.authored_at) if last is not None and last.value.authored_at else None
        today = self.desk.practice.today()
        self.stack.setCurrentWidget(self.asking)
        self._show_banner()
        self.asking.show_question(
            assessment.questionnaire,
            step,
            self.answers,
            last.value.answers if show_last and last is not None else None,
            f"Last time, {day_and_month(at, today)}" if at else "Last time",
            self._called() or "the person",
        )
        self._show_around()
        self.asking.focus_answer()
        if self.answers:
            self._later()

    def go_on(self) -> None:
        """The next question; after the last one, what has changed."""
        names = [step.item.link_id for step in self.steps()]
        at = names.index(self.current) if self.current in names else -1
        if at + 1 < len(names):
            self.show_item(names[at + 1])
        else:
            self.show_picture()

    def go_back(self) -> None:
        """The question before; from the picture, the last question."""
        if self.completed is not None:
            return
        names = [step.item.link_id for step in self.steps()]
        if self.stack.currentWidget() is self.change_view:
            self._close_full_screen()
            self.show_item(names[-1])
        elif self.current in names and names.index(self.current) > 0:
            self.show_item(names[names.index(self.current) - 1])

    def clear_answer(self) -> None:
        """Not answered: an answer that was given by mistake, or that the person does not want to give."""
        self.asking.clear_answer()

    def finish_later(self) -> None:
        """Keep the draft and go back to where one came from."""
        self.save()
        self.desk.back()

    def save(self) -> None:
        """Keep the draft now, if anything was typed since it was kept last."""
        self._keeping.keep()

    def _save_draft(self) -> None:
        if self.assessment is None or self.completed is not None:
            return
        self.assessment = assessments.keep(self.desk.practice, self.assessment, self.answers, self.chosen, self.current)
        self._show_saved(True)

    def show_picture(self) -> None:
        """What has changed, or the result of a questionnaire without areas."""
        if self.completed is None:
            self.current = THE_PICTURE
            if self.answers:
                self._later()
        self.stack.setCurrentWidget(self.change_view)
        self._show_banner()
        self._show_buttons()
        self.change_view.show_facts(self._facts())
        self.change_view.focus_first()

    def finish(self) -> None:
        """Complete it: the signed response and the needs in one act; then the plan, or back to the person."""
        assessment, place = self.assessment, self.place
        if assessment is None or place is None:
            return
        areas = assessment.questionnaire.most_areas > 0
        if self.completed is None and not self._complete(assessment, place):
            return
        self._close_full_screen()
        self.desk.go(PlanPlace(place.person) if areas else PersonPlace(place.person, "assessments"))

    def open_full_screen(self) -> None:
        """The picture alone on the screen (F11), as the person is looking."""
        if self.stack.currentWidget() is not self.change_view or self.full_screen is not None:
            return
        self.full_screen = FullScreenChange(self._facts(), self)
        self.full_screen.chosen.connect(self._choose)
        self.full_screen.closed.connect(self._close_full_screen)
        self.full_screen.go_on.connect(self.finish)
        self.full_screen.showFullScreen()
        self.full_screen.activateWindow()
        self.full_screen.view.focus_first()

    def print_picture(self) -> None:
        """The picture on paper, once it is completed."""
        if self.completed is not None and self.place is not None:
            self.desk.go(PreviewPlace("change_picture", self.place.person, self.completed.response.id))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, wherever the focus is, unless something is typed or the focused button takes it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_typing():
            if not event.isAutoRepeat():
                self._enter()
        else:
            super().keyPressEvent(event)

    # Inside

    def _started(self) -> assessments.Assessment:
        if self.assessment is None:
            raise LookupError("no assessment is open")
        return self.assessment

    def _complete(self, assessment: assessments.Assessment, place: AssessmentPlace) -> bool:
        try:
            assessments.complete(self.desk.practice, assessment, self.answers, self.chosen, place.visit)
        except FieldInConflictError:
            self.desk.say("warning", "A need was changed on two desks. Open Attention, settle it, and try again.")
            return False
        except Problem as problem:
            names = [step.item.link_id for step in self.steps()]
            named = next((each.field for each in problem.fields if each.field in names), "")
            if named:
                self._close_full_screen()
                self.show_item(named)
            words = problem.fields[0].sentence if problem.fields else problem.advice
            self.desk.say("error", words)
            return False
        self._keeping.forget()
        return True

    def _answered(self, name: str, answer: Answer) -> None:
        if answer is None:
            self.answers.pop(name, None)
        else:
            self.answers[name] = answer
        self._show_around()
        self._later()

    def _choose(self, areas: tuple[str, ...]) -> None:
        self.chosen = tuple(areas)
        self._later()

    def _later(self) -> None:
        self.asking.show_saved("Saving…", kept=False)
        self._keeping.typed()

    def _first_open(self, names: list[str]) -> str:
        return next((name for name in names if self.answers.get(name) is None), names[0] if names else "")

    def _facts(self) -> ChangeFacts:
        today = self.desk.practice.today()
        if self.completed is not None and self.completed.questionnaire is not None:
            return completed_facts(self.completed, self._called(), today)
        return facts_so_far(self._started(), self.answers, self.chosen, self._called(), today)

    def _show_around(self) -> None:
        """The list at the left, the safety strip, the foot."""
        assessment, found = self._started(), self.steps()
        show_last = assessment.last is not None and self.desk.settings.show_last_answers
        last: Answers = assessment.last.value.answers if show_last and assessment.last is not None else {}
        areas = assessment.questionnaire.most_areas > 0
        after = "See what changed" if areas and assessment.last is not None else "See the result"
        self.asking.show_around(assessment.questionnaire, found, self.answers, last, self.current, after)
        undecided = () if self.current in self.answers else assessment.undecided.get(self.current, ())
        self.asking.show_undecided(undecided, self._banner.alliance, self.desk.practice.today())
        self._show_buttons()

    def _show_saved(self, kept: bool) -> None:
        at = local(self._started().draft.saved_at) if kept else None
        self.asking.show_saved(f"Draft saved {clock_time(at.time())} on this desk" if at else "", kept=kept)

    def _called(self) -> str:
        if self.desk.masking.on or self.place is None:
            return ""
        return self._banner.person.value.called

    def _show_banner(self) -> None:
        place = self.place
        if place is None:
            return
        practice = self.desk.practice
        self._banner = people.banner(practice, place.person)
        self.banner.show_person(person_facts(self._banner), self.desk.masking.on)
        if self.stack.currentWidget() is self.change_view:
            answers = self.completed.response.value.answers if self.completed else self.answers
            done = progress(self._started().questionnaire, answers).words
            day = day_and_month(practice.today(), practice.today())
            self.banner.set_line(f"{self._started().questionnaire.title}, {done}, {day} {practice.today().year}")
        else:
            self.banner.set_line(appointment_words(practice, self._banner))

    def _show_buttons(self) -> None:
        picture = self.stack.currentWidget() is self.change_view
        areas = self.assessment is not None and self.assessment.questionnaire.most_areas > 0
        self.banner.show_buttons(
            picture=picture, areas=areas, completed=self.completed is not None, called=self._called() or "the person"
        )

    def _mask(self, on: bool) -> None:
        self.banner.set_masked(on)
        if self.assessment is None:
            return
        if self.stack.currentWidget() is self.change_view:
            self._close_full_screen()
            self.change_view.show_facts(self._facts())
            self._show_buttons()
        else:
            self.show_item(self.current)

    def _turn_mask(self) -> None:
        self.desk.masking.turn(not self.desk.masking.on)

    def _enter(self) -> None:
        if self.stack.currentWidget() is self.change_view:
            self.finish()
        elif self.stack.currentWidget() is self.asking:
            self.go_on()

    def _step(self, by: int) -> None:
        if self.stack.currentWidget() is self.asking:
            self.go_on() if by > 0 else self.go_back()
        elif by < 0 and self.stack.currentWidget() is self.change_view:
            self.go_back()

    def _close_full_screen(self) -> None:
        if self.full_screen is not None:
            self.full_screen.hide()
            self.full_screen.deleteLater()
            self.full_screen = None
            if self.completed is None and self.stack.currentWidget() is self.change_view:
                self.change_view.show_facts(self._facts())
                self.change_view.focus_first()

    def _refuse(self, reason: str) -> None:
        self.assessment = None
        self._refused.show_reason(reason)
        self.stack.setCurrentWidget(self._refused)
        self.banner.hide_buttons()
        try:
            self._show_banner()
            self.banner.set_line("")
        except Problem:
            self.banner.hide()
        self._refused.focus_back()

    def _bind_keys(self) -> None:
        for key, by in (("Left", -1), ("Right", 1)):
            QShortcut(QKeySequence(key), self).activated.connect(lambda by=by: self._step(by))
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self._enter)


def is_typing() -> bool:
    """Whether the keys belong to a box that is typed in."""
    return isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit)
