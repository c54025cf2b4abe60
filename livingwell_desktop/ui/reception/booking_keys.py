"""Which keys work on the bookings page for what is chosen, and why one does not."""

from dataclasses import dataclass

from livingwell_desktop.domain.sessions import BookingState
from livingwell_desktop.services.bookings import ComingSession, FreePlace, is_open
from livingwell_desktop.ui.reception.day_view import BookedPerson
from livingwell_desktop.ui.reception.free_places_view import enter_label
from livingwell_desktop.ui.widgets.key_line import KeyAction


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why this role may not book or print; empty when it may."""

    book: str = ""
    print_slip: str = ""


def day_keys(chosen: BookedPerson | None, session: ComingSession | None, reasons: Reasons) -> list[KeyAction]:
    """The keys of a day: the chosen booking's, and the day before and after."""
    days = [KeyAction("before", "Page Up", "Day before"), KeyAction("after", "Page Down", "Day after")]
    if chosen is None:
        return days
    booking, _person = chosen
    acts = [KeyAction("open", "O", "Open record"), KeyAction("print", "P", "Print slip", reasons.print_slip)]
    if booking.value.state is BookingState.WAITING_LIST:
        full = "No place is free." if session is not None and session.capacity.is_full else ""
        acts.append(KeyAction("give", "G", "Give a place", reasons.book or full))
    if is_open(booking.value):
        acts.append(KeyAction("cancel", "C", "Cancel booking", reasons.book))
    return acts + days


def person_keys(place: FreePlace | None, has_slip: bool, reasons: Reasons) -> list[KeyAction]:
    """The keys of free places for a person. `has_slip`: there is a booking whose slip can be printed."""
    if place is None:
        return []
    acts = [KeyAction("enter", "Enter", enter_label(place), reasons.book)]
    if has_slip:
        acts.append(KeyAction("print", "P", "Print slip", reasons.print_slip))
    if place.mine is not None:
        acts.append(KeyAction("cancel", "C", "Cancel booking", reasons.book))
    return [*acts, KeyAction("open", "O", "Open record")]
