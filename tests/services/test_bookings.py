"""Bookings: free places, the waiting list, clashes, and giving places back."""

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.sessions import Booking, BookingState
from livingwell_desktop.services import bookings
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import edit
from tests.conftest import StillClock
from tests.services.small_centre import TODAY, TOMORROW, SmallCentre


def held(practice: Practice, booked: bookings.Booked):  # noqa: ANN201 - a held booking
    found = practice.whole.get(Booking, booked.booking)
    assert found
    return found


def test_free_places_come_in_order_of_time_from_every_centre(centre: SmallCentre, rosa: Practice) -> None:
    found = bookings.free_places(rosa, centre.ids["Ngozi Okafor"])
    assert [(each.session.value.on, each.session.value.title) for each in found] == [
        (TODAY, "Open drop-in"),
        (TODAY, "Housing advice"),
        (TOMORROW, "Open drop-in"),
        (TOMORROW, "Open drop-in"),
    ]
    assert {each.centre.value.name for each in found if each.centre} == {"Centre A", "Centre B"}


def test_a_session_that_is_over_is_not_offered(centre: SmallCentre, rosa: Practice, clock: StillClock) -> None:
    clock.pass_(hours=4)
    assert all(each.session.value.on == TOMORROW for each in bookings.free_places(rosa, centre.ids["Ngozi Okafor"]))


def test_a_clash_is_seen_before_booking(centre: SmallCentre, rosa: Practice) -> None:
    ngozi = centre.ids["Ngozi Okafor"]
    mine = bookings.book(rosa, ngozi, centre.ids["Open drop-in"])
    found = {each.session.value.title: each for each in bookings.free_places(rosa, ngozi)[:2]}
    assert found["Open drop-in"].mine and found["Open drop-in"].mine.id == mine.booking
    assert found["Open drop-in"].clash is None
    assert found["Housing advice"].clash and found["Housing advice"].clash.id == mine.booking


def test_a_full_session_has_a_waiting_list_and_a_place_that_is_given_back_can_be_given_on(
    centre: SmallCentre, rosa: Practice
) -> None:
    housing = centre.ids["Housing advice"]
    first = bookings.book(rosa, centre.ids["Ngozi Okafor"], housing)
    with pytest.raises(Problem, match="This session is full"):
        bookings.book(rosa, centre.ids["Ines Carvalho"], housing)
    waits = bookings.book(rosa, centre.ids["Ines Carvalho"], housing, waiting_list=True)
    assert waits.state is BookingState.WAITING_LIST
    with pytest.raises(Problem, match="This session is still full"):
        bookings.give_place(rosa, held(rosa, waits))
    bookings.cancel(rosa, held(rosa, first))
    bookings.give_place(rosa, held(rosa, waits))
    assert held(rosa, waits).value.state is BookingState.BOOKED


def test_nobody_is_booked_twice_into_one_session(centre: SmallCentre, rosa: Practice) -> None:
    bookings.book(rosa, centre.ids["Ngozi Okafor"], centre.ids["Open drop-in"])
    with pytest.raises(Problem, match="This person is booked already"):
        bookings.book(rosa, centre.ids["Ngozi Okafor"], centre.ids["Open drop-in"])


def test_a_booking_that_another_desk_changed_is_not_cancelled_blindly(
    centre: SmallCentre, rosa: Practice, maya: Practice
) -> None:
    booked = bookings.book(rosa, centre.ids["Ngozi Okafor"], centre.ids["Open drop-in"])
    shown = held(rosa, booked)
    maya.write(bookings.Act.BOOK, [edit(shown, state=BookingState.ARRIVED)])
    with pytest.raises(Problem) as caught:
        bookings.cancel(rosa, shown)
    assert (caught.value.title, caught.value.what_happened) == (
        "This booking has changed",
        "Maya Lindqvist changed it a moment ago.",
    )


def test_cancelled_bookings_leave_the_list_and_free_the_place(centre: SmallCentre, rosa: Practice) -> None:
    housing = centre.ids["Housing advice"]
    booked = bookings.book(rosa, centre.ids["Ngozi Okafor"], housing)
    bookings.cancel(rosa, held(rosa, booked))
    (shown,) = [each for each in bookings.sessions_on(rosa, TODAY) if each.session.id == housing]
    assert (shown.booked, shown.capacity.words) == ((), "1 place free")
