"""The one window: rail, sheet, status line. It owns navigation and the one signal of changes."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QDialog, QWidget

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import role_words
from livingwell_desktop.services import drafts
from livingwell_desktop.services.counts import counts
from livingwell_desktop.settings import Settings
from livingwell_desktop.storage import Changes
from livingwell_desktop.sync.state import SyncState
from livingwell_desktop.ui.pages import (
    ConnectionPlace,
    Desk,
    KeysPlace,
    Masking,
    NewPersonPlace,
    Page,
    PageAction,
    PassphrasePlace,
    PersonPlace,
    Place,
)
from livingwell_desktop.ui.shell.connection import freshness_words, status_words
from livingwell_desktop.ui.shell.gathering import Gathering
from livingwell_desktop.ui.shell.given import WindowParts
from livingwell_desktop.ui.shell.opening_words import say_copy, show_strips
from livingwell_desktop.ui.shell.palette import Palette
from livingwell_desktop.ui.shell.places import RAIL, RAIL_OF_PLACE, first_place, page_class
from livingwell_desktop.ui.shell.presence import Presence
from livingwell_desktop.ui.shell.putting_away import NO_LONGER_KEPT, is_about, put_away, without
from livingwell_desktop.ui.shell.sheet import EmergencyLine, Sheet
from livingwell_desktop.ui.widgets import ask, painting, theme
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.notify import Notices
from livingwell_desktop.ui.widgets.rail import Rail, RailCount
from livingwell_desktop.ui.widgets.status_line import StatusLine

log = logging.getLogger(__name__)

TICK_MILLISECONDS = 30_000
SHARE_EVERY = timedelta(seconds=60)
"""Typing becomes a change so often, whatever is typed: not with each key."""
MOST_PLACES_BACK = 50


class MainWindow(QWidget):
    """The window of a desk while somebody is signed in."""

    link_changed = Signal(object)

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self.parts = parts
        self.masking = Masking()
        self._pages: dict[type[Place], Page] = {}
        self._stale: set[type[Place]] = set()
        self._history: list[Place] = []
        self._place: Place | None = None
        self.desk = Desk(
            practice=parts.practice,
            settings=parts.settings,
            tasks=parts.tasks,
            masking=self.masking,
            go=self.go,
            back=self.back,
            say=self.say,
            open_palette=self.open_palette,
            link=parts.link.state,
        )
        self._link = parts.link.state()
        self._copy_shown = ""
        self._build()
        self._bind()
        theme.follow(self.update)
        self._shared = parts.practice.now()
        self.presence = Presence(parts.practice.clock, self)
        self._listening = [
            parts.practice.store.listen(Gathering(self._on_changes, self).heard.emit),
            parts.link.listen(self.link_changed.emit),
            ask.tell(self._dress_sheet),
        ]
        self.link_changed.connect(self._on_link, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MILLISECONDS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._on_link(parts.link.state())
        self.count()

    def _build(self) -> None:
        practice = self.parts.practice
        self.setWindowTitle("Living Well Desktop")
        self.resize(1440, 900)
        self.setMinimumSize(1024, 640)
        self.rail = Rail([entry.rail for entry in RAIL if practice.may(entry.act).allowed], practice.centre.value.name)
        self.rail.set_person(practice.staff.value.name, role_words(practice.staff.value.role))
        self.sheet, self.emergency = Sheet(), EmergencyLine()
        self.notices = Notices()
        self.lasting = Notices()
        self.status = StatusLine()
        right = f"{practice.device.value.name}"
        self.status.set_right(f"Key in a file, not safe for real records  ·  {right}" if self.parts.degraded else right)
        sheet_column = Column(spacing=0, margins=(0, 10, 0, 0))
        around = Row(spacing=0, margins=(14, 0, 24, 0))
        strips = Column(spacing=8)
        strips.add(self.lasting, self.notices)
        around.add(strips)
        show_strips(self.parts.strips, self.lasting, self, self.say)
        sheet_column.add(around, self.emergency)
        sheet_column.add(self.sheet, stretch=1)
        middle = Row(spacing=0)
        middle.add(self.rail)
        middle.add(sheet_column, stretch=1)
        column = Column(self, spacing=0)
        column.add(middle, stretch=1)
        column.add(self.status)
        self.palette_overlay = Palette(self.desk, self.offered, self.up_to_date)
        self.palette_overlay.setParent(self)
        self.palette_overlay.hide()

    def _bind(self) -> None:
        self.rail.chosen.connect(self._rail_chosen)
        self.rail.lock_asked.connect(self.lock)
        self.status.followed.connect(lambda: self.go(ConnectionPlace()))
        self._shortcuts: list[QShortcut] = []
        for keys, run in (
            ("Ctrl+K", lambda: self.open_palette("")),
            ("Ctrl+N", self._check_in),
            # Ctrl+L is the rail's: Qt runs neither of two shortcuts with one key.
            ("F9", lambda: self.masking.turn(not self.masking.on)),
            ("Alt+Left", self.back),
            ("Ctrl++", lambda: self.set_text_size(self.parts.settings.text_size + 10)),
            ("Ctrl+=", lambda: self.set_text_size(self.parts.settings.text_size + 10)),
            ("Ctrl+-", lambda: self.set_text_size(self.parts.settings.text_size - 10)),
            ("Ctrl+0", lambda: self.set_text_size(100)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(run)
            self._shortcuts.append(shortcut)

    # Places

    def go(self, place: Place) -> None:
        """Show a place. The one before is a step back away."""
        self._leave()
        if self._place is not None and self._place != place:
            self._history.append(self._place)
            del self._history[:-MOST_PLACES_BACK]
        self._show(place)

    def back(self) -> None:
        """Show the place before, or the first."""
        self._leave()
        self._show(self._history.pop() if self._history else self.first_place())

    def first_place(self) -> Place:
        """Where somebody of this role starts: Today, for most."""
        return first_place(self.parts.practice)

    def place(self) -> Place | None:
        """What is shown now."""
        return self._place

    def page(self) -> Page:
        """The page that shows it."""
        return self._page_for(type(self._place or self.first_place()))

    def _leave(self) -> None:
        self.notices.clear()
        if self._place is not None:
            self.page().leave()
            self._share()

    def _share(self) -> None:
        """What was typed and kept becomes a change: at another desk one goes on with it."""
        with suppress(Problem):  # on a full disk the page says so; what is kept is tried again
            drafts.share(self.parts.practice)
        self._shared = self.parts.practice.now()

    def _show(self, place: Place) -> None:
        page = self._page_for(type(place))
        before, self._place = self._place, place
        try:
            page.open_place(place)
        except Problem as problem:
            self._stay(before, place)
            self.say("error", problem.words)
            return
        self._stale.discard(type(place))
        self.emergency.has_ended(self.parts.practice, place)
        self.sheet.setCurrentWidget(page)
        self.rail.set_current(RAIL_OF_PLACE.get(type(place).__name__, ""))

    def _stay(self, before: Place | None, refused: Place) -> None:
        """The place cannot be shown: the one before is opened again, as it was left already; without one, the first."""
        self._place = before
        if before is None:
            first = self.first_place()
            self._show(first if first != refused else KeysPlace())
        else:
            if self._history and self._history[-1] == before:
                self._history.pop()
            with suppress(Problem):
                self.page().open_place(before)

    def _page_for(self, kind: type[Place]) -> Page:
        if kind not in self._pages:
            page = page_class(kind)(self.desk)
            self._pages[kind] = page
            self.sheet.addWidget(page)
        return self._pages[kind]

    def _rail_chosen(self, key: str) -> None:
        self.go(next(entry.place for entry in RAIL if entry.rail.key == key))

    # Changes

    @Slot(object)
    def _on_changes(self, changes: Changes) -> None:
        """Every open page decides whether to look again, whoever made the change; hidden pages reload when shown."""
        if not self._listening:
            return  # the window is done, and so are the records
        self.emergency.has_ended(self.parts.practice, self._place)
        self._history = without(self._history, changes.left)
        if is_about(self._place, changes.left):
            self._close_page()
        elif self._place is not None and self.page().concerned(changes):
            focus = self.focusWidget()
            had_focus = focus is not None and self.page().isAncestorOf(focus)
            try:
                self.page().refresh()
            except Problem as problem:
                self.say("error", problem.words)
            if had_focus:
                QTimer.singleShot(0, self._keep_focus)
        self.palette_overlay.changed()
        QTimer.singleShot(0, self, self.count)  # in a turn of its own: the two together would hold the window up

    def _close_page(self) -> None:
        """The person in front is no longer kept here."""
        self._place = None
        # Every page of a person: the others may still hold something of this one.
        for kind in [each for each in self._pages if "person" in each.__dataclass_fields__]:
            self.sheet.removeWidget(self._pages[kind])
            put_away(self._pages.pop(kind))
        self.notices.clear()
        self._show(self.first_place())
        self.say("info", NO_LONGER_KEPT)

    def _keep_focus(self) -> None:
        """A page that made its parts anew keeps the keyboard; it must not fall to the rail."""
        focus = self.focusWidget()
        if self.palette_overlay.isVisible():
            # Opened since: what is typed now belongs to it.
            return
        if focus is None or not self.page().isAncestorOf(focus):
            self.page().take_focus()

    @Slot(object)
    def _on_link(self, state: SyncState) -> None:
        if not self._listening:
            return  # the window is done, and so are the records
        said = status_words(state, self.parts.practice.now())
        self.status.show_state(said.state, said.words, said.more, said.link)  # type: ignore[arg-type]  # three words
        before, self._link = self._link, state
        if state.new_letter != self._copy_shown:
            self._copy_shown = state.new_letter
            say_copy(self.parts.practice, state, self.lasting)
        if (before.connected, before.to_do) != (state.connected, state.to_do) and self._place is not None:
            self.page().link_changed()

    def count(self) -> None:
        """The counts that need someone, on the rail."""
        if not self._listening:
            return
        found = counts(self.parts.practice)
        shown: Mapping[str, RailCount] = {
            "today": RailCount(found.here),
            "plans_due": RailCount(found.plans_due),
            "attention": RailCount(found.questions, urgent=True),
        }
        self.rail.set_counts({key: shown_count for key, shown_count in shown.items() if shown_count.number})

    def _tick(self) -> None:
        if self._place is not None and self.emergency.has_ended(self.parts.practice, self._place):
            # What was open is not any more: the person is shown again as somebody outside their care sees them.
            self.go(PersonPlace(getattr(self._place, "person")))  # noqa: B009 - only places of a person come here
        elif self._place is not None:
            self.page().tick()
        self._on_link(self.parts.link.state())
        if self.parts.practice.now() - self._shared >= SHARE_EVERY:
            self._share()
        idle = timedelta(minutes=self.parts.settings.idle_minutes)
        if self.presence.idle() >= idle:
            self.lock()

    # Doors

    def say(self, tone: str, words: str) -> None:
        """A strip on top of the place."""
        shown = "calm" if tone == "info" else tone
        self.notices.say(shown, words, key="page")  # type: ignore[arg-type]  # the tones a page may use

    def open_palette(self, typed: str = "") -> None:
        """The command palette."""
        self._place_palette()
        self.palette_overlay.open(typed)

    def _check_in(self) -> None:
        """Ctrl N: in the palette and on a page that says so a new person, otherwise the palette to check in."""
        if self.palette_overlay.isVisible():
            self.palette_overlay.close_palette()
            self.go(NewPersonPlace(self.palette_overlay.typed()))
            return
        own = next((each for each in self.page().actions_here() if each.key == "Ctrl N"), None)
        if own is None:
            self.open_palette("")
        elif own.reason:
            self.say("info", own.reason)
        else:
            own.run()

    def offered(self) -> tuple[PageAction, ...]:
        """Everything the palette offers besides people: what can be done here, and every place."""
        places = [
            PageAction(f"Go to {entry.rail.label}", entry.rail.shortcut, partial(self.go, entry.place))
            for entry in RAIL
            if self.parts.practice.may(entry.act).allowed
        ]
        dark = PageAction("Light or dark colours", "", lambda: self.set_dark(not theme.is_dark()))
        own = self.page().actions_here() if self._place is not None else ()
        return (
            *own,
            *places,
            PageAction("Hide or show names", "F9", lambda: self.masking.turn(not self.masking.on)),
            PageAction("Larger text", "Ctrl +", lambda: self.set_text_size(self.parts.settings.text_size + 10)),
            PageAction("Smaller text", "Ctrl -", lambda: self.set_text_size(self.parts.settings.text_size - 10)),
            dark,
            PageAction("Change your passphrase", "", lambda: self.go(PassphrasePlace())),
            PageAction("All keys", "?", lambda: self.go(KeysPlace())),
            PageAction("Lock", "Ctrl L", self.lock),
        )

    def up_to_date(self) -> str:
        """How fresh this desk's copy is."""
        return freshness_words(self.parts.link.state())

    def set_text_size(self, percent: int) -> None:
        """Larger or smaller text everywhere, 80 to 200 %."""
        size = max(80, min(200, percent))
        self._keep(replace(self.parts.settings, text_size=size))
        theme.set_scale(size)

    def set_dark(self, dark: bool) -> None:
        """Light or dark colours."""
        self._keep(replace(self.parts.settings, dark=dark))
        theme.set_dark(dark)

    def _keep(self, settings: Settings) -> None:
        self.parts = replace(self.parts, settings=settings)
        self.parts.keep_settings(settings)

    # Leaving

    def lock(self) -> None:
        """Cover everything at once, save what is typed, and end: the records leave memory with the process.

        Whatever goes wrong while saving, the desk locks: a full disk must not leave records on the screen or in memory.
        """
        self.hide()
        for above in self.findChildren(QWidget):
            if above.isWindow():
                above.hide()  # hidden, not refused: what is typed in a sheet is its page's to keep
        try:
            self._leave()
        except Problem:
            # The drafts before it are on disk; there is nobody left at the screen to tell.
            log.warning("typing could not be saved while locking")
        finally:
            self.end()
            self.parts.lock(self._place or self.first_place())

    def end(self) -> None:
        """Stop listening; the window is done."""
        for stop in self._listening:
            stop()
        self._listening = []
        self._timer.stop()
        self.presence.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window locks the desk."""
        if self._listening:
            self.lock()
        super().closeEvent(event)

    def _dress_sheet(self, sheet: QDialog) -> None:
        """Locking and hiding names work from a sheet too."""
        page = sheet.parentWidget()
        if page is None or page.window() is not self:
            return
        for keys, run in (("Ctrl+L", self.lock), ("F9", lambda: self.masking.turn(not self.masking.on))):
            QShortcut(QKeySequence(keys), sheet).activated.connect(run)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The palette covers the whole window."""
        super().resizeEvent(event)
        self._place_palette()

    def _place_palette(self) -> None:
        """Over everything but the status line: in an outage that is what people look for."""
        self.palette_overlay.setGeometry(0, 0, self.width(), self.status.y())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), theme.colour("page"))
        painter.end()
