"""Bookings: the sessions of a day with who is booked, or, with a person, free places to book for them."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import age_words, full_weekday_date, long_date
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking, BookingState
from livingwell_desktop.services import bookings, people
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.bookings import FreePlace
from livingwell_desktop.storage import Changes, FieldInConflictError
from livingwell_desktop.ui.keeping import Keeping, KeptWords
from livingwell_desktop.ui.pages import (
    BookingsPlace,
    Desk,
    KeysPlace,
    Page,
    PageAction,
    PersonPlace,
    Place,
    PreviewPlace,
)
from livingwell_desktop.ui.reception.booking_keys import Reasons, day_keys, person_keys
from livingwell_desktop.ui.reception.day_strip import DayStrip
from livingwell_desktop.ui.reception.day_view import DayView
from livingwell_desktop.ui.reception.free_places_view import FreePlacesView
from livingwell_desktop.ui.reception.roomy import Roomy
from livingwell_desktop.ui.reception.session_words import booking_words, person_name
from livingwell_desktop.ui.reception.two_desks import say_that_two_desks_differ
from livingwell_desktop.ui.widgets import ask, theme
from livingwell_desktop.ui.widgets.banner import PersonBanner, PersonFacts
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.key_line import KeyAction, KeyLine
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notify import Notices
from livingwell_desktop.ui.widgets.surfaces import PageTitle

CONCERNS = {"session", "booking", "visit", "person", "centre"}


class BookingsPage(Page):
    """Without a person a day of every centre; with one, what they can be booked into."""

    shows = BookingsPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setObjectName("bookings")
        self._place = BookingsPlace()
        self._person: people.Banner | None = None
        self._reason: KeptWords | None = None
        self._keeping = Keeping(self, self._keep_reason, desk.say)
        self._last: Held[Booking] | None = None
        """What was booked last here, so that P prints its slip at once."""
        self._build()
        self._bind()
        desk.masking.changed.connect(self._mask)

    def _build(self) -> None:
        column = Column(self, spacing=0)
        self.banner = PersonBanner(slim=True)
        self.close_person = Button("Close", key="Esc", size="small")
        self.close_person.setObjectName("close")
        self.banner.buttons.add(self.close_person)
        middle = Roomy()
        inside = Column(middle.content, spacing=12, margins=(24, 18, 24, 0))
        self.title = PageTitle("Bookings", " ")
        self.find_person = Button("Find a person to book", "primary", icon="search", key="Ctrl K")
        self.find_person.setObjectName("find a person to book")
        self.title.buttons.add(self.find_person)
        self.notices = Notices()
        self.days = DayStrip()
        self.day_view = DayView(self.desk.practice)
        self.free_places = FreePlacesView(self.desk.practice)
        self.keys = KeyLine()
        inside.add(self.title, self.notices, self.days)
        inside.add(self.day_view, stretch=1)
        inside.add(self.free_places, stretch=1)
        foot = Column(spacing=0, margins=(24, 0, 24, 0))
        foot.add(self.keys)
        column.add(self.banner)
        column.add(middle, stretch=1)
        column.add(foot)
        self.banner.hide()
        self.free_places.hide()

    def _bind(self) -> None:
        self.find_person.clicked.connect(lambda: self.desk.open_palette(""))
        self.close_person.clicked.connect(self.desk.back)
        self.days.chosen.connect(self._go_day)
        self.free_places.reason.changed.connect(self._keeping.typed)
        for view in (self.day_view, self.free_places):
            view.chosen.connect(self._show_keys)
            view.opened.connect(partial(self._use, "enter"))
        self.keys.used.connect(self._use)
        self._verbs: dict[str, Callable[[], None]] = {
            "enter": self._enter,
            "open": self._open_record,
            "print": self._print_slip,
            "cancel": self._ask_cancel,
            "give": self._give_place,
            "before": partial(self._step_day, -1),
            "after": partial(self._step_day, 1),
            "keys": lambda: self.desk.go(KeysPlace()),
            "close": self._close,
        }
        letters = {"O": "open", "P": "print", "C": "cancel", "G": "give", "?": "keys", "Esc": "close"}
        for key, action in {**letters, "PgUp": "before", "PgDown": "after"}.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._use, action))

    # The page

    def show_place(self, place: Place) -> None:
        """Show a day, or free places for a person. Raises Problem when this desk does not hold the person."""
        assert isinstance(place, BookingsPlace)
        self._person = people.banner(self.desk.practice, place.person) if place.person else None
        self._place, self._last = place, None
        self.notices.clear()
        self._reason = None
        if place.person is not None:
            self._reason = KeptWords(self.desk.practice, Act.BOOK, "booking", place.person)
        kept = self._reason.words() if self._reason else {}
        self.free_places.reason.set_text(str(kept.get("reason", "")))
        self._keeping.forget()
        in_days = self.days.has_focus()
        self.refresh()
        if in_days and place.person is None:
            # The arrows go on through the days.
            return
        self.take_focus()

    def leave(self) -> None:
        """The reason that is typed is kept for this person."""
        self._keeping.keep()

    def _keep_reason(self) -> None:
        if self._reason is not None:
            self._reason.keep({"reason": self.free_places.reason.text()})

    def concerned(self, changes: Changes) -> bool:
        """Sessions, bookings, visits and the people in them."""
        return bool(changes.kinds & CONCERNS)

    def refresh(self) -> None:
        """Read again; chosen rows and the typed reason stay."""
        with_person = self._place.person is not None
        ways: tuple[tuple[QWidget, bool], ...] = (
            (self.banner, with_person),
            (self.free_places, with_person),
            (self.days, not with_person),
            (self.day_view, not with_person),
            (self.find_person, not with_person),
            (self.title, not with_person or not self._tight()),
        )
        for widget, shown in ways:
            widget.setVisible(shown)
        if self._place.person:
            self._person = people.banner(self.desk.practice, self._place.person)
            self._show_person(self._person)
        else:
            self._show_day()
        self._show_keys()

    def take_focus(self) -> None:
        """The list where the keys work."""
        view: QWidget = self.free_places.places if self._person else self.day_view
        view.setFocus(Qt.FocusReason.OtherFocusReason)

    def tick(self) -> None:
        """Sessions end; the list of free places gets shorter."""
        self.refresh()

    def actions_here(self) -> tuple[PageAction, ...]:
        """What the keys do, by name."""
        return tuple(
            PageAction(each.label, each.key, partial(self._use, each.action), each.reason) for each in self._actions()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the list of places comes before the title."""
        super().resizeEvent(event)
        self.title.setVisible(self._place.person is None or not self._tight())

    def _tight(self) -> bool:
        return self.height() < theme.px(480)

    def _day(self) -> date:
        return self._place.day or self.desk.practice.today()

    def _show_day(self) -> None:
        day = self._day()
        self.title.set_title("Bookings", full_weekday_date(day))
        self.days.show_days(self.desk.practice.today(), day)
        self.day_view.show_day(bookings.sessions_on(self.desk.practice, day), self.desk.masking.on)

    def _show_person(self, shown: people.Banner) -> None:
        value, masked = shown.person.value, self.desk.masking.on
        self.title.set_title("Book a place", "Every centre, two weeks. Enter books the chosen session.")
        self.banner.show_person(
            PersonFacts(
                # Initials already here: the banner's round plate would say the whole name aloud.
                person_name(shown.person, masked),
                long_date(value.born) if value.born else "not known",
                age_words(value.born, self.desk.practice.today()) if value.born else "",
                value.pronouns,
                value.nhs_number,
            ),
            masked,
        )
        coming = bookings.next_booking(self.desk.practice, shown.person.id)
        self.banner.set_line(f"Next booking: {self._words(coming)}" if coming else "No booking yet")
        self.free_places.show_places(bookings.free_places(self.desk.practice, shown.person.id))

    def _mask(self, _on: bool) -> None:
        self.notices.clear()
        if self.isVisible():
            self.refresh()

    def _close(self) -> None:
        if self._person is not None:
            self.desk.back()

    # Keys

    def _actions(self) -> list[KeyAction]:
        reasons = Reasons(*(self.desk.practice.may(act).reason for act in (Act.BOOK, Act.PRINT_SLIP)))
        if self._person is not None:
            return person_keys(self.free_places.current(), self._slip() is not None, reasons)
        return day_keys(self.day_view.current(), self.day_view.session(), reasons)

    def _show_keys(self) -> None:
        self.keys.show_keys(self._subject(), self._actions(), KeyAction("keys", "?", "All keys"))
        for button in self.keys.buttons:
            button.setObjectName(button.action.label.lower())

    def _subject(self) -> str:
        if self._person is not None:
            place = self.free_places.current()
            return place.session.value.title if place else ""
        chosen = self.day_view.current()
        return person_name(chosen[1], self.desk.masking.on) if chosen else ""

    def _use(self, action: str) -> None:
        always = action in ("keys", "close") or (action in ("before", "after") and self._person is None)
        offered = next((each for each in self._actions() if each.action == action), None)
        if action == "enter" and self._person is None:
            offered = next((each for each in self._actions() if each.action == "open"), None)
        if not always and offered is None:
            return
        if offered is not None and offered.reason:
            self.notices.say("warning", offered.reason, key="row")
            return
        try:
            self._verbs[action]()
        except FieldInConflictError:
            say_that_two_desks_differ(self.notices, self.desk, "booking")
        except Problem as problem:
            self.notices.say("error", problem.advice, strong=problem.title, key="row")
            self.refresh()

    # What the keys do

    def _enter(self) -> None:
        if self._person is None:
            self._open_record()
            return
        place = self.free_places.current()
        if place is None:
            return
        if place.mine is None:
            self._book(self._person.person.id, place)
        elif place.mine.value.state is BookingState.BOOKED:
            self._print(place.mine)
        else:
            self.desk.go(BookingsPlace(None, place.session.value.on))

    def _book(self, person: UUID, place: FreePlace) -> None:
        full = place.capacity.is_full
        made = bookings.book(
            self.desk.practice,
            person,
            place.session.id,
            reason=self.free_places.reason.text(),
            waiting_list=full,
            forget=self._reason.draft() if self._reason else None,
        )
        self._keeping.forget()
        self._last = bookings.booking_of(self.desk.practice, made.booking)
        words = self._words(self._last)
        self.notices.clear()
        if made.state is BookingState.WAITING_LIST:
            self.notices.say("success", f"{words}.", strong="On the waiting list", key="booked")
        else:
            self.notices.say(
                "success", f"{words}. Press P to print the slip.", strong="Booked", link="Print slip",
                action=partial(self._use, "print"), key="booked",
            )  # fmt: skip
        if place.clash is not None:
            self._offer_to_resolve(place.clash)
        self._show_keys()

    def _offer_to_resolve(self, clash: Held[Booking]) -> None:
        self.notices.say(
            "warning",
            f"{self._words(clash)}.",
            strong="They are also booked at the same time",
            link="Cancel that one",
            action=partial(self._attempt_cancel, clash),
            key="clash",
        )

    def _attempt_cancel(self, booking: Held[Booking]) -> None:
        try:
            self._cancel(booking)
        except FieldInConflictError:
            say_that_two_desks_differ(self.notices, self.desk, "booking")
        except Problem as problem:
            self.notices.say("error", problem.advice, strong=problem.title, key="row")

    def _cancel(self, booking: Held[Booking]) -> None:
        bookings.cancel(self.desk.practice, booking)
        self.notices.clear()
        self.notices.say("success", f"{self._words(booking)}.", strong="Cancelled", key="booked")
        if self._last is not None and self._last.id == booking.id:
            self._last = None

    def _chosen_booking(self) -> Held[Booking] | None:
        if self._person is not None:
            place = self.free_places.current()
            return place.mine if place else None
        chosen = self.day_view.current()
        return chosen[0] if chosen else None

    def _ask_cancel(self) -> None:
        booking = self._chosen_booking()
        if booking is None:
            return
        name = person_name(self._chosen_person(), self.desk.masking.on)
        question = ask.Question(
            "Cancel this booking?",
            f"{name}: {self._words(booking)}. The place becomes free for somebody else.",
            "Cancel booking",
            "Keep it",
        )

        def answered(yes: bool) -> None:
            if yes:
                self._attempt_cancel(booking)

        ask.confirm(self, question, answered)

    def _chosen_person(self) -> Held[Person] | None:
        if self._person is not None:
            return self._person.person
        chosen = self.day_view.current()
        return chosen[1] if chosen else None

    def _give_place(self) -> None:
        chosen = self.day_view.current()
        if chosen is not None:
            bookings.give_place(self.desk.practice, chosen[0])
            name = person_name(chosen[1], self.desk.masking.on)
            self.notices.say("success", f"{self._words(chosen[0])}.", strong=f"{name} has a place", key="booked")

    def _slip(self) -> Held[Booking] | None:
        """The booking whose slip P prints: the chosen row's, or the one just made."""
        mine = self._chosen_booking()
        if mine is not None and mine.value.state is BookingState.BOOKED:
            return mine
        return self._last if self._last and self._last.value.state is BookingState.BOOKED else None

    def _print_slip(self) -> None:
        booking = self._slip() if self._person is not None else self._chosen_booking()
        if booking is not None:
            self._print(booking)

    def _print(self, booking: Held[Booking]) -> None:
        self.desk.go(PreviewPlace("booking_slip", booking.value.person, booking.id))

    def _open_record(self) -> None:
        person = self._chosen_person()
        if person is not None:
            self.desk.go(PersonPlace(person.id))

    def _go_day(self, day: date) -> None:
        self.desk.go(BookingsPlace(None, day))

    def _step_day(self, by: int) -> None:
        self._go_day(self._day() + timedelta(days=by))

    def _words(self, booking: Held[Booking] | None) -> str:
        if booking is None:
            return ""
        session = bookings.session_of(self.desk.practice, booking)
        centre = alliance(self.desk.practice).centres.get(booking.value.centre) if booking.value.centre else None
        title = session.value.title if session else "An appointment"
        return booking_words(booking.value, title, centre.value.name if centre else "")
