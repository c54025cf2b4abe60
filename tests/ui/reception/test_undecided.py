"""What two desks wrote differently and nobody decided yet: every daily act says so in words, and changes nothing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from livingwell_desktop.domain.sessions import Booking, BookingState
from livingwell_desktop.services import bookings
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Author, edit
from livingwell_desktop.ui.pages import BookingsPlace, NewPersonPlace
from livingwell_desktop.ui.reception import BookingsPage, NewPersonPage
from tests.conftest import StillClock
from tests.services.small_centre import SmallCentre
from tests.ui.reception.at_desk import AtDesk

Open = Callable[..., AtDesk]


@pytest.fixture
def booked(rosa: Practice, centre: SmallCentre, clock: StillClock) -> UUID:
    """Ngozi is booked for today; two desks differ in whether she still is."""
    session = centre.ids["Open drop-in"]
    booking = bookings.book(rosa, centre.ids["Ngozi Okafor"], session).booking
    held: Any = rosa.whole.get(Booking, booking)
    for state in (BookingState.CANCELLED_BY_PERSON, BookingState.WAITING_LIST):
        clock.pass_(minutes=1)
        rosa.whole.write([edit(held, state=state)], [], Author(rosa.staff.id, None, "book"))
    again: Any = rosa.whole.get(Booking, booking)
    assert again.conflicts
    return booking


def test_cancelling_a_booking_says_who_must_decide(at: Open, rosa: Practice, booked: UUID, centre: SmallCentre) -> None:
    desk = at(rosa, BookingsPage, BookingsPlace())
    held: Any = rosa.whole.get(Booking, booked)
    desk.page._attempt_cancel(held)
    assert "Somebody needs to say which is right." in desk.words()
    assert rosa.whole.get(Booking, booked) == held


def test_a_known_person_with_such_a_booking_is_not_checked_in_half(
    at: Open, rosa: Practice, centre: SmallCentre, clock: StillClock
) -> None:
    session, ngozi = centre.ids["Open drop-in"], centre.ids["Ngozi Okafor"]
    booking = bookings.book(rosa, ngozi, session).booking
    held: Any = rosa.whole.get(Booking, booking)
    rosa.whole.write([edit(held, state=BookingState.WAITING_LIST)], [], Author(rosa.staff.id, None, "book"))
    held = rosa.whole.get(Booking, booking)
    for state in (BookingState.CANCELLED_BY_PERSON, BookingState.BOOKED):
        clock.pass_(minutes=1)
        rosa.whole.write([edit(held, state=state)], [], Author(rosa.staff.id, None, "book"))
    desk = at(rosa, NewPersonPage, NewPersonPlace("Ngozi"))
    desk.page._choose_known(ngozi)
    assert "Two desks wrote different things here" in desk.words()
    assert "Decide it first: open Attention, or the record." in desk.words()
    assert not desk.around.went
    assert desk.page.form.given_name.text() == "Ngozi"
