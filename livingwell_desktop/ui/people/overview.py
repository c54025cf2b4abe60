"""The first tab of a person: their words, needs, story; beside them the next appointment, the plan, who to contact."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from livingwell_desktop.domain.dates import long_date
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.services import people, plans, story
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.people.cards import AppointmentCard, ContactsCard, PlanCard
from livingwell_desktop.ui.people.needs import NeedsCard
from livingwell_desktop.ui.people.story import FIRST, StoryCard
from livingwell_desktop.ui.people.visits import visit_rows
from livingwell_desktop.ui.people.words import FOR_KEY_WORKERS, NOT_OPEN, mask_for
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.surfaces import Card, Panel, ScrollBody
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import IconMark, Words

_SIDE = 376


class WordsCard(Panel):
    """What matters most to the person, in their words, and to whom it was told."""

    def __init__(self) -> None:
        super().__init__("calm")
        self.setObjectName("in their words")
        column = Column(self, spacing=6, margins=(18, 12, 18, 16))
        head = Row(spacing=8)
        self._title = Words("", "strong", "calm")
        self._told = Words("", "conversation", "secondary")
        head.add(IconMark("chat", "calm", 18), self._title)
        head.push()
        head.add(self._told)
        self._words = Words("", "lead", wrap=True)
        column.add(head, self._words)

    def show_words(self, called: str, words: str, told: str) -> None:
        """Show them as they were said."""
        self._title.setText(f"In {called}’s words")
        self._told.setText(told)
        self._words.setText(words)
        self.setAccessibleName(f"In {called}’s words: {words}. {told}")


class OverviewTab(QWidget):
    """Signals say what was asked for; the page knows where that leads."""

    add_need = Signal()
    open_plan = Signal()
    book = Signal()

    def __init__(self, practice: Practice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._length = FIRST
        self._banner: people.Banner | None = None
        self._masked = False
        scroll = ScrollBody(margins=(24, 18, 24, 24))
        Column(self, spacing=0).add(scroll)
        self._grid = QGridLayout()
        self._left, self._right = QWidget(), QWidget()
        left, right = Column(self._left, spacing=12), Column(self._right, spacing=12)
        self.notice = Notice("calm", FOR_KEY_WORKERS)
        self.notice.setObjectName("for key workers")
        self.words, self.needs, self.story = WordsCard(), NeedsCard(), StoryCard()
        self.visits = Card("Visits")
        self.visit_list = RowList(visit_rows.columns, name="Visits")
        self.visits.body.add(self.visit_list)
        left.add(self.notice, self.words, self.needs, self.story, self.visits)
        left.push()
        self.appointment, self.plan, self.contacts = AppointmentCard(), PlanCard(), ContactsCard()
        right.add(self.appointment, self.plan, self.contacts)
        right.push()
        scroll.body.add(self._grid)
        self._side_by_side: bool | None = None
        self.needs.add_need.connect(self.add_need)
        self.plan.opened.connect(self.open_plan)
        self.appointment.book.connect(self.book)
        self.story.more.connect(self._more)
        theme.follow(self._restyle)
        self._arrange()

    def show_person(self, banner: people.Banner, masked: bool, *, opening: bool = False) -> None:
        """Read and show. What the role may not see is not read at all."""
        self._banner, self._masked = banner, masked
        if opening:
            self._length = FIRST
        practice, person = self._practice, banner.person
        today, clinical = practice.today(), practice.may(Act.SEE_CLINICAL, person.id).allowed
        contacts = people.contacts(practice, person.id)
        mask = mask_for(person.value, masked, (held.value.name for held in contacts))
        self.contacts.show_contacts(contacts, mask)
        self.appointment.show_next(story.next_appointment(practice, person.id), today)
        for card in (self.needs, self.story, self.plan):
            card.setVisible(clinical)
        self.notice.setVisible(not clinical)
        anybody = practice.may(Act.SEE_CLINICAL).allowed
        self.notice.set_words(NOT_OPEN if anybody else FOR_KEY_WORKERS)
        self.visits.setVisible(not clinical)
        if not clinical:
            self.words.hide()
            self._show_visits()
            return
        told = people.about_me(practice, person.id)
        self.words.setVisible(told is not None and bool(told.value.most_important))
        if told is not None:
            to = banner.alliance.staff_name(told.value.told_to) if told.value.told_to else ""
            on = long_date(told.value.told_on) if told.value.told_on else ""
            said = f"Told to {to}, {on}" if to and on else on
            self.words.show_words(mask.called(person.value), mask.text(told.value.most_important), said)
        self.needs.show_needs(story.needs(practice, person.id), mask)
        assesses = practice.may(Act.ASSESS, person.id)
        self.needs.add_button.set_allowed(assesses.allowed, assesses.reason)
        self.plan.show_plan(plans.plan_of(practice, person.id), today, mask)
        self._show_story()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _show_story(self) -> None:
        if self._banner is None:
            return
        person = self._banner.person
        mask = mask_for(person.value, self._masked)
        found = story.story(self._practice, person.id, self._length)
        self.story.show_story(found, self._banner.alliance.organisations, self._practice.today(), mask)

    def _show_visits(self) -> None:
        if self._banner is None:
            return
        found, total = story.visits(self._practice, self._banner.person.id, 6)
        mask = mask_for(self._banner.person.value, self._masked)
        self.visit_list.set_rows(visit_rows(found, self._banner.alliance, self._practice.today(), mask))
        self.visit_list.setFixedHeight(self.visit_list.content_height() + theme.px(8))
        self.visits.set_trailing(f"{total:,} in all" if total else "None yet")

    def _more(self, length: int) -> None:
        self._length = length
        self._show_story()

    def _arrange(self) -> None:
        beside = self.width() >= theme.px(_SIDE + 440)
        if beside == self._side_by_side:
            return
        self._side_by_side = beside
        self._grid.setHorizontalSpacing(theme.px(14))
        self._grid.setVerticalSpacing(theme.px(12))
        for part in (self._left, self._right):
            self._grid.removeWidget(part)
        self._grid.addWidget(self._left, 0, 0)
        self._grid.addWidget(self._right, 0 if beside else 1, 1 if beside else 0)
        self._grid.setColumnStretch(0, 1)
        self._right.setFixedWidth(theme.px(_SIDE)) if beside else self._right.setMaximumWidth(16777215)
        if not beside:
            self._right.setMinimumWidth(0)

    def _restyle(self) -> None:
        self._side_by_side = None
        self._arrange()
