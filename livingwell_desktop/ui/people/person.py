"""One person: who they are on top, everything about them in tabs below."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget
from shiboken6 import isValid

from livingwell_desktop.domain.assessments import NeedGroup
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Visit, VisitState
from livingwell_desktop.domain.wording import listed
from livingwell_desktop.services import assessments, people, reception, story, wrong_person
from livingwell_desktop.services.arriving import visit_today
from livingwell_desktop.services.doubles import linked
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.wrong_person import Movable
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.keeping import Keeping, KeptWords
from livingwell_desktop.ui.pages import (
    AssessmentPlace,
    BookingsPlace,
    Desk,
    Page,
    PageAction,
    PersonPlace,
    Place,
    PlanPlace,
    PreviewPlace,
    TodayPlace,
)
from livingwell_desktop.ui.people.access import access_actions, open_in_emergency, record_sharing
from livingwell_desktop.ui.people.access_strip import AccessStrip
from livingwell_desktop.ui.people.as_of import AsOf
from livingwell_desktop.ui.people.assessed import AssessmentsTab
from livingwell_desktop.ui.people.details import DetailsTab
from livingwell_desktop.ui.people.needs import ask_for_need
from livingwell_desktop.ui.people.overview import OverviewTab
from livingwell_desktop.ui.people.papers import DocumentsTab, SharingTab
from livingwell_desktop.ui.people.visits import VisitsTab
from livingwell_desktop.ui.people.words import FOR_KEY_WORKERS, NOT_OPEN, Mask, mask_for, person_facts
from livingwell_desktop.ui.people.wrong_person import ask_whose, moved_words
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.banner import PersonBanner
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, clear
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.surfaces import ScrollBody
from livingwell_desktop.ui.widgets.tab_bar import Tab, TabBar
from livingwell_desktop.ui.widgets.words import Words

TABS = (
    Tab("overview", "Overview"),
    Tab("visits", "Visits"),
    Tab("assessments", "Assessments"),
    Tab("plan", "Plan"),
    Tab("details", "Details"),
    Tab("sharing", "Sharing"),
    Tab("documents", "Documents"),
)
LOW_BELOW = 400
"""Logical pixels of height at 100 %."""
CLINICAL_TABS = ("assessments", "plan")


class PersonPage(Page):
    """Tabs are part of the page: changing one opens nothing new. Each opening is written down once."""

    shows = PersonPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._open: UUID | None = None
        self._adding: Keeping | None = None
        """Keeps the words of a need that is being added."""
        self._banner: people.Banner | None = None
        self._arrived = False
        self._chip = ""
        self._details_shown = False
        self._last_tab = "overview"
        outer = Column(self, spacing=0)
        self.banner = PersonBanner()
        self._add_buttons()
        self.tabs = TabBar(TABS, "overview")
        self.tabs.setObjectName("tabs")
        self.banner.set_tabs(self.tabs)
        outer.add(self.banner)
        self.access = AccessStrip(desk.practice)
        self.stack = QStackedWidget()
        # Every tab scrolls: the banner keeps its height, however little is left.
        self.stack.setMinimumHeight(1)
        self.twice = Words("", "body", "secondary", wrap=True)
        self.twice.setObjectName("registered twice")
        self.as_of = AsOf(desk)
        outer.add(self.access, self.as_of, self.twice)
        outer.add(self.stack, stretch=1)
        practice = desk.practice
        self.overview = OverviewTab(practice)
        self.visits, self.assessments = VisitsTab(practice), AssessmentsTab(practice)
        self.details = DetailsTab(practice, desk.say)
        self.sharing, self.documents = SharingTab(practice), DocumentsTab(practice, desk.go)
        self._calm = ScrollBody()
        self._by_tab: dict[str, QWidget] = {
            "overview": self.overview,
            "visits": self.visits,
            "assessments": self.assessments,
            "details": self.details,
            "sharing": self.sharing,
            "documents": self.documents,
        }
        for widget in (*self._by_tab.values(), self._calm):
            self.stack.addWidget(widget)
        self._connect()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.banner.set_low(event.size().height() < theme.px(LOW_BELOW))

    # What the shell calls

    def show_place(self, place: Place) -> None:
        if not isinstance(place, PersonPlace):
            return
        try:
            self._banner = people.banner(self.desk.practice, place.person)
        except Problem as problem:
            self._cannot_show(problem)
            return
        wanted = place.tab if any(tab.key == place.tab for tab in TABS) and place.tab != "plan" else "overview"
        self._open = place.person
        self._arrived = False
        blocked = self.tabs.blockSignals(True)
        self.tabs.set_current(wanted)
        self.tabs.blockSignals(blocked)
        self.banner.show()
        self.access.show()
        self._show(opening=True)
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def concerned(self, changes: Changes) -> bool:
        mine = self._open is not None and self._open in changes.subjects
        alliance = bool(changes.kinds & {"staff", "organisation", "centre", "possible_double"})
        self._arrived = self._arrived or (mine and changes.arrived)
        return mine or (alliance and self._open is not None)

    def refresh(self) -> None:
        if self._open is None:
            return
        try:
            self._banner = people.banner(self.desk.practice, self._open)
        except Problem as problem:
            self._cannot_show(problem)
            return
        self._show()

    def leave(self) -> None:
        self.details.keep()
        if self._adding is not None and isValid(self._adding):
            self._adding.keep()
        self._open = None

    def take_focus(self) -> None:
        """The tabs: everything about the person is reached from there."""
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def tick(self) -> None:
        """Waiting times move on; nothing else does, and boxes that are typed into are left alone."""
        if self._open is None:
            return
        if self._banner is not None:
            self.access.show_person(self._banner)
        if self.tabs.current() in ("overview", *CLINICAL_TABS):
            self.refresh()

    def link_changed(self) -> None:
        if self._open is not None:
            self.as_of.look()

    def actions_here(self) -> tuple[PageAction, ...]:
        if self._banner is None:
            return ()
        print_reason = "" if self.print_button.isEnabled() else self.print_button.accessibleDescription()
        start_reason = "" if self.start_button.isEnabled() else self.start_button.accessibleDescription()
        return (
            PageAction(self.start_button.words(), "Ctrl Enter", self.start, start_reason),
            PageAction("Print the plan", "Ctrl P", self.print_plan, print_reason),
            PageAction("Add a need", "", self.add_need, self.desk.practice.may(Act.ASSESS, self._open).reason),
            *access_actions(self, self.desk.practice, self._banner, self.desk.masking.on),
            *self._tab_actions(),
        )

    # What a person does

    def open_tab(self, key: str) -> None:
        """Open a part of the record. The plan is a place of its own."""
        self.tabs.set_current(key)

    def start(self) -> None:
        """The blue button: an appointment for who may ask; otherwise check in, or book a place."""
        person, practice = self._open, self.desk.practice
        if person is None:
            return
        try:
            if practice.may(Act.ASSESS, person).allowed:
                visit = visit_today(practice, person)
                if visit is not None and visit.value.state is VisitState.WAITING:
                    reception.call(practice, visit)
                self.desk.go(AssessmentPlace(person, "dialog", visit.id if visit else None))
            elif visit_today(practice, person) is None:
                given = reception.check_in(practice, person)
                self.desk.go(TodayPlace(given.visit))
            else:
                self.desk.go(BookingsPlace(person))
        except Problem as problem:
            self.desk.say("error", problem.advice)

    def print_plan(self) -> None:
        """The plan before it is printed."""
        if self._open is not None and self.print_button.isEnabled():
            self.desk.go(PreviewPlace("plan", self._open))

    def add_need(self) -> None:
        """Write down a need that was said."""
        banner, practice = self._banner, self.desk.practice
        if banner is None:
            return
        mask = mask_for(banner.person.value, self.desk.masking.on)
        person = banner.person.id
        kept = KeptWords(practice, Act.ASSESS, "need", person)

        def add(group: NeedGroup, title: str, detail: str) -> None:
            assessments.add_need(practice, person, group, title, detail, forget=kept.draft())

        def opened(keeping: Keeping) -> None:
            self._adding = keeping

        ask_for_need(self, mask.called(banner.person.value), kept, self.desk.say, add, opened)

    # Inside

    def _about_access(self, run: Callable[[QWidget, Practice, people.Banner, bool], object]) -> None:
        if self._banner is not None:
            run(self, self.desk.practice, self._banner, self.desk.masking.on)

    def _show(self, *, opening: bool = False) -> None:
        banner, practice = self._banner, self.desk.practice
        if banner is None:
            return
        masked = self.desk.masking.on
        self.banner.show_person(person_facts(banner, practice.today()), masked)
        self._show_buttons(banner)
        self.access.show_person(banner)
        self.as_of.look()
        names = [Mask(masked).name(each.name) for each in linked(practice, banner.person.id)]
        self.twice.setText(f"Also registered as {listed(names)}. Attention says who found that out." if names else "")
        self.twice.setVisible(bool(names))
        key = self.tabs.current()
        clinical = practice.may(Act.SEE_CLINICAL, banner.person.id)
        if key in CLINICAL_TABS and not clinical.allowed:
            anybody = practice.may(Act.SEE_CLINICAL).allowed
            self._show_calm("lock", NOT_OPEN if anybody else FOR_KEY_WORKERS, clinical.reason)
            return
        arrived, self._arrived = self._arrived, False
        if opening:
            self._details_shown = False
        if key == "details" or self._details_shown:
            # Typing is kept up with every change, also while another tab is open.
            self.details.show_person(banner, masked, opening=not self._details_shown, arrived=arrived)
            self._details_shown = True
        if key == "overview":
            self.overview.show_person(banner, masked, opening=opening)
        elif key == "visits":
            self.visits.show_person(banner, masked, opening=opening)
        elif key == "assessments":
            self.assessments.show_person(banner, masked, opening=opening)
        elif key == "sharing":
            self.sharing.show_person(banner, masked)
        elif key == "documents":
            self.documents.show_person(banner, masked)
        self.stack.setCurrentWidget(self._by_tab.get(key, self.overview))

    def _show_buttons(self, banner: people.Banner) -> None:
        practice, person = self.desk.practice, banner.person.id
        if practice.may(Act.ASSESS, person).allowed:
            self.start_button.set_text("Start appointment")
            self.start_button.set_allowed(True)
        else:
            here = visit_today(practice, person) is not None
            self.start_button.set_text("Book a place" if here else "Check in")
            ruling = practice.may(Act.BOOK if here else Act.CHECK_IN, person)
            self.start_button.set_allowed(ruling.allowed, ruling.reason)
        ruling = practice.may(Act.PRINT_PLAN, person)
        glance = story.plan_glance(practice, person) if practice.may(Act.SEE_CLINICAL, person).allowed else None
        reason = ruling.reason or ("" if glance and glance.there else "There is no plan to print yet.")
        self.print_button.set_allowed(not reason, reason)
        chip = f"v{glance.version}" if glance and glance.version else ""
        if chip != self._chip:
            self._chip = chip
            self.tabs.set_chip("plan", chip)

    def _tab_chosen(self, key: str) -> None:
        if self._open is None:
            return
        if key == "plan" and self.desk.practice.may(Act.SEE_CLINICAL, self._open).allowed:
            blocked = self.tabs.blockSignals(True)
            self.tabs.set_current(self._last_tab)
            self.tabs.blockSignals(blocked)
            self.desk.go(PlanPlace(self._open))
            return
        self._last_tab = key
        self.details.keep()
        self._show(opening=False)

    def _cannot_show(self, problem: Problem) -> None:
        self._banner, self._open = None, None
        self.banner.hide()
        self.access.hide()
        self.as_of.hide()
        self.twice.hide()
        self._show_calm("people", problem.title, problem.advice)

    def _tab_actions(self) -> tuple[PageAction, ...]:
        return tuple(
            PageAction(tab.label, f"Ctrl {number}", partial(self.open_tab, tab.key))
            for number, tab in enumerate(TABS, 1)
        )

    def _show_calm(self, icon: str, fact: str, next_step: str) -> None:
        clear(self._calm.body)
        empty = EmptyState(fact, next_step, icon=icon)
        empty.setObjectName("for key workers")
        self._calm.body.add(empty)
        self.stack.setCurrentWidget(self._calm)

    def _print_response(self, response: object) -> None:
        if self._open is not None and isinstance(response, UUID):
            self.desk.go(PreviewPlace("change_picture", self._open, response))

    def _ask(self, questionnaire: str) -> None:
        if self._open is None:
            return
        visit = visit_today(self.desk.practice, self._open)
        self.desk.go(AssessmentPlace(self._open, questionnaire, visit.id if visit else None))

    def _not_theirs(self, held: Held[Movable]) -> None:
        """What stands here belongs to somebody else: ask whose it is, and move it."""
        banner, practice = self._banner, self.desk.practice
        if banner is None:
            return

        def move(right: UUID | None) -> None:
            moved = wrong_person.move(practice, held, right)
            self.assessments.close_reader()
            tone = "warning" if moved.papers or moved.needs else "success"
            self.desk.say(tone, moved_words(moved, Mask(self.desk.masking.on)))

        what = "This visit" if isinstance(held.value, Visit) else "This assessment"
        ask_whose(self, practice, banner.person.id, what, self.desk.masking.on, move)

    def _mask(self, _on: bool) -> None:
        self._show()

    def _go_to_plan(self) -> None:
        if self._open is not None:
            self.desk.go(PlanPlace(self._open))

    def _go_to_bookings(self) -> None:
        if self._open is not None:
            self.desk.go(BookingsPlace(self._open))

    def _add_buttons(self) -> None:
        self.print_button = Button("Print", icon="print", shortcut="Ctrl+P")
        self.print_button.setObjectName("print")
        self.print_button.clicked.connect(self.print_plan)
        self.start_button = Button("Start appointment", "primary", shortcut="Ctrl+Enter")
        self.start_button.setObjectName("start")
        self.start_button.clicked.connect(self.start)
        self.banner.buttons.add(self.print_button, self.start_button)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._tab_chosen)
        self.overview.add_need.connect(self.add_need)
        self.access.sharing.connect(lambda: self.open_tab("sharing"))
        self.access.emergency.connect(lambda: self._about_access(open_in_emergency))
        self.sharing.record.connect(lambda: self._about_access(record_sharing))
        self.overview.open_plan.connect(self._go_to_plan)
        self.overview.book.connect(self._go_to_bookings)
        self.assessments.start.connect(self._ask)
        self.assessments.print_one.connect(self._print_response)
        self.assessments.not_theirs.connect(self._not_theirs)
        self.visits.not_theirs.connect(self._not_theirs)
        self.desk.masking.changed.connect(self._mask)
        for number, tab in enumerate(TABS, 1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self).activated.connect(lambda key=tab.key: self.open_tab(key))
