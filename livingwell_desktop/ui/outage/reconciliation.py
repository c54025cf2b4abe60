"""What happened when a desk came back after an outage: the page that a manager goes through and signs off."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import local, moment
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.outages import Outage, duration_words
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.services import outage_file, outages
from livingwell_desktop.services.outages import Reconciliation
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.outage.lists import (
    not_taken_list,
    person_list,
    question_list,
    show_not_taken,
    show_people,
    show_questions,
)
from livingwell_desktop.ui.pages import AttentionPlace, Desk, OutagePlace, Page, PageAction, Place
from livingwell_desktop.ui.widgets import ask
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.surfaces import Card, PageTitle, ScrollBody
from livingwell_desktop.ui.widgets.words import Words


class OutagePage(Page):
    """Sent, received, questions, not taken; then a remark and the manager's name under it."""

    shows = OutagePlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._outage: UUID | None = None
        self.found: Reconciliation | None = None
        scroll = ScrollBody(spacing=14)
        Column(self, spacing=0).add(scroll)
        self.title = PageTitle("Outage", " ")
        self.export = Button("Save as a file", icon="save", shortcut="Ctrl+S")
        self.export.setObjectName("save as a file")
        self.export.clicked.connect(self.save_file)
        self.title.buttons.add(self.export)
        self.figures = Words("", "body", wrap=True)
        self.elsewhere = Words("", "body", "secondary", wrap=True)
        self.questions = Card("Questions")
        self.question_words = Words("", "body", wrap=True)
        self.open_questions = Button("Go to the questions", icon="bell")
        self.open_questions.setObjectName("go to the questions")
        self.open_questions.clicked.connect(lambda: desk.go(AttentionPlace()))
        line = Row(spacing=12)
        line.add(self.question_words, stretch=1)
        line.add(self.open_questions)
        self.question_rows = question_list()
        self.question_rows.opened.connect(self.open_question)
        self.questions.body.add(line, self.question_rows)
        self.refused = Card("Not taken")
        self.refused_rows = not_taken_list()
        self.refused.body.add(self.refused_rows)
        self.sent = Card("Sent")
        self.sent_rows = person_list("Sent", "Saved")
        self.sent.body.add(self.sent_rows)
        self.received = Card("Received")
        self.received_rows = person_list("Received", "Written")
        self.received.body.add(self.received_rows)
        self.signing = Card("Sign off")
        self.signed = Words("", "body", wrap=True)
        self.remark = TextField()
        self.remark_frame = FieldFrame("What was done about it", self.remark, optional=True)
        self.sign = Button("Sign off", "primary", icon="check", shortcut="Ctrl+Enter")
        self.sign.setObjectName("sign off")
        self.sign.clicked.connect(self.sign_off)
        self.signing.body.add(self.signed, self.remark_frame, self.sign)
        for each in (
            self.title,
            self.figures,
            self.elsewhere,
            self.questions,
            self.refused,
            self.sent,
            self.received,
            self.signing,
        ):
            scroll.body.add(each)
        desk.masking.changed.connect(lambda _on: self._show() if self.isVisible() else None)

    def show_place(self, place: Place) -> None:
        if isinstance(place, OutagePlace):
            self._outage = place.outage
            self._show()
            self.take_focus()

    def concerned(self, changes: Changes) -> bool:
        return bool(changes.records)

    def refresh(self) -> None:
        self._show()

    def take_focus(self) -> None:
        """To the first thing that needs a decision."""
        wanted: tuple[QWidget, ...] = (self.question_rows, self.refused_rows, self.sign, self.sent_rows, self.export)
        for each in wanted:
            if each.isVisibleTo(self) and each.isEnabled():
                each.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def actions_here(self) -> tuple[PageAction, ...]:
        return (
            PageAction("Sign off the outage", "Ctrl Enter", self.sign_off, self._why_not()),
            PageAction("Save the outage as a file", "Ctrl S", self.save_file),
        )

    def sign_off(self) -> None:
        """Put the manager's name under it."""
        if self.found is None or self._why_not():
            return
        try:
            outages.sign_off(self.desk.practice, self.found.outage, self.remark.text())
        except Problem as problem:
            self.desk.say("error", problem.words)
            return
        self.desk.say("success", "Signed off.")

    def open_question(self, key: object) -> None:
        """Go to where that question is settled."""
        for each in self.found.questions if self.found else ():
            if each.key == key:
                self.desk.go(AttentionPlace(*each.key))

    def save_file(self) -> None:
        """Save the whole page as a table that any office program opens."""
        if self._outage is None:
            return
        outage = self._outage

        def chosen(path: Path | None) -> None:
            if path is None:
                return
            try:
                path.write_bytes(outage_file.export(self.desk.practice, outage))
            except OSError:
                self.desk.say("error", "The file could not be saved there. Choose another folder.")
            except Problem as problem:
                self.desk.say("error", problem.words)
            else:
                self.desk.say("success", f"Saved as {path.name}.")

        ask.save_file(self, "Save what happened", "outage.csv", "Tables (*.csv)", chosen)

    def _why_not(self) -> str:
        if self.found is not None and self.found.outage.value.signed_by:
            return "It is signed off already."
        return self.desk.practice.may(Act.SIGN_OFF_OUTAGE).reason

    def _show(self) -> None:
        if self._outage is None:
            return
        practice, masked = self.desk.practice, self.desk.masking.on
        found = self.found = outages.reconciliation(practice, self._outage)
        value, now = found.outage.value, practice.now()
        self.title.set_title(f"Outage at {found.desk}", self._when(value))
        self.figures.setText(self._figures(value))
        self.elsewhere.setVisible(not found.is_here)
        self.elsewhere.setText(f"What was sent and received can be listed at {found.desk} only.")
        self.questions.setVisible(bool(value.questions or found.questions))
        self.question_words.setText(self._question_words(value.questions, len(found.questions)))
        self.open_questions.setVisible(bool(found.questions))
        self.question_rows.setVisible(bool(found.questions))
        show_questions(self.question_rows, found.questions, now, masked)
        for card, lines in ((self.sent, found.sent), (self.received, found.received), (self.refused, found.refused)):
            card.setVisible(bool(lines))
        show_people(self.sent_rows, found.sent, now, masked)
        show_people(self.received_rows, found.received, now, masked)
        show_not_taken(self.refused_rows, found.refused, now, masked)
        reason = self._why_not()
        self.remark_frame.setVisible(not reason)
        self.sign.setVisible(not reason)
        self.signed.setVisible(bool(reason))
        self.signed.setText(self._signed(value, found.signed_by) or reason)

    def _question_words(self, came_up: int, open_still: int) -> str:
        """How many there were when the desk came back, and how many of them nobody has settled."""
        asked = f"{counted(came_up, 'question', 'questions')} came up: two desks wrote different things."
        if not open_still:
            return f"{asked} None of them is open here any more."
        return f"{asked} {counted(open_still, 'needs', 'need')} a person."

    def _when(self, value: Outage) -> str:
        if value.began is None or value.ended is None:
            return ""
        today = self.desk.practice.today()
        began, ended = moment(value.began, today), moment(value.ended, today)
        return f"From {began} to {ended}, {duration_words(value.ended - value.began)}"

    def _figures(self, value: Outage) -> str:
        sent = counted(value.sent, "change", "changes")
        came = counted(value.received, "change", "changes")
        kept = counted(value.refused, "was not taken and is kept here", "were not taken and are kept here")
        rest = kept if value.refused else "Nothing waits any more"
        return f"{sent} sent, {came} received. {rest}."

    def _signed(self, value: Outage, by: str) -> str:
        if not value.signed_by or value.signed_at is None:
            return ""
        said = f" “{value.remark}”" if value.remark else ""
        return f"Signed off by {by}, {moment(value.signed_at, local(self.desk.practice.now()).date())}.{said}"
