"""A place in a drop-in: booked by one key, its slip, the waiting list, a clash shown before and resolved after."""

from functools import partial
from uuid import UUID

import pytest

from livingwell_desktop.domain.people import Person, PrintFormat
from livingwell_desktop.domain.sessions import Booking, BookingState
from livingwell_desktop.services import bookings
from livingwell_desktop.services.bookings import FreePlace
from livingwell_desktop.ui.pages import BookingsPlace
from tests.desk import DeskWindow
from tests.office import Day
from tests.window import until

pytestmark = pytest.mark.slow


@pytest.fixture
def ines(day: Day) -> UUID:
    return day.alliance.people["Ines Carvalho"]


def open_places(desk: DeskWindow, person: UUID) -> None:
    desk.go(BookingsPlace(person))
    desk.until_shown("Open drop-in")


def place(desk: DeskWindow, person: UUID, **wanted: object) -> FreePlace:
    """The first session with those facts, chosen on the page as the arrows would choose it."""
    found = next(
        each
        for each in bookings.free_places(desk.desk.practice, person)
        if each.mine is None and all(getattr(each.capacity, name) == value for name, value in wanted.items())
    )
    desk.page().free_places.places.choose(found.session.id)  # type: ignore[attr-defined]  # the bookings page
    return found


def booked(desk: DeskWindow, person: UUID) -> dict[UUID | None, BookingState]:
    return {held.value.session: held.value.state for held in desk.desk.store.find(Booking, person=person)}


def test_the_person_is_found_and_one_key_books(rosa: DeskWindow, maya: DeskWindow, ines: UUID) -> None:
    rosa.open_record("ines carv", "Ines Carvalho").until_shown("Overview")
    open_places(rosa, ines)
    wanted = place(rosa, ines, is_full=False)
    rosa.presses = 0
    rosa.press("Enter").until_shown("Booked")
    assert rosa.presses == 1
    assert booked(rosa, ines)[wanted.session.id] is BookingState.BOOKED
    until(lambda: booked(maya, ines).get(wanted.session.id) is BookingState.BOOKED, "the booking reaches Room 2")


def test_the_slip_is_in_the_person_s_own_format(rosa: DeskWindow, day: Day) -> None:
    ngozi = day.alliance.people["Ngozi Okafor"]  # who asks for large print
    open_places(rosa, ngozi)
    place(rosa, ngozi, is_full=False)
    rosa.press("Enter").until_shown("Press P to print the slip")
    rosa.press("P")
    until(lambda: getattr(rosa.page(), "prepared", None), "the slip is prepared")
    assert rosa.page().prepared.format is PrintFormat.LARGE_PRINT  # type: ignore[attr-defined]  # the preview
    rosa.press("Esc").until_shown("Open drop-in")


def test_a_full_session_offers_its_waiting_list(rosa: DeskWindow, day: Day, ines: UUID) -> None:
    open_places(rosa, ines)
    wanted = place(rosa, ines, is_full=False)
    for person in list(day.alliance.people.values()) + [held for held, _ in day.alliance.of(Person)]:
        if place_of(rosa, wanted, ines).capacity.is_full:
            break
        if person != ines and wanted.session.id not in booked(rosa, person):
            bookings.book(rosa.desk.practice, person, wanted.session.id)
    rosa.until_shown("Full")
    rosa.page().free_places.places.choose(wanted.session.id)  # type: ignore[attr-defined]  # the bookings page
    rosa.press("Enter").until_shown("On the waiting list")
    assert booked(rosa, ines)[wanted.session.id] is BookingState.WAITING_LIST


def place_of(desk: DeskWindow, wanted: FreePlace, person: UUID) -> FreePlace:
    return next(
        each for each in bookings.free_places(desk.desk.practice, person) if each.session.id == wanted.session.id
    )


def test_a_clash_is_shown_before_and_resolved_after(rosa: DeskWindow, ines: UUID) -> None:
    open_places(rosa, ines)
    first, second = two_at_once(rosa, ines)
    bookings.book(rosa.desk.practice, ines, first.session.id)
    rosa.settle()
    assert place_of(rosa, second, ines).clash is not None
    rosa.until_shown("Also booked")
    rosa.page().free_places.places.choose(second.session.id)  # type: ignore[attr-defined]  # the bookings page
    rosa.press("Enter").until_shown("They are also booked at the same time")
    rosa.click("Cancel that one").until_shown("Cancelled")
    assert booked(rosa, ines)[first.session.id] is BookingState.CANCELLED_BY_PERSON
    assert booked(rosa, ines)[second.session.id] is BookingState.BOOKED


def two_at_once(desk: DeskWindow, person: UUID) -> tuple[FreePlace, FreePlace]:
    """Two free sessions that overlap."""
    free = [each for each in bookings.free_places(desk.desk.practice, person) if each.mine is None]
    free = [each for each in free if not each.capacity.is_full and each.clash is None]
    for one in free:
        for other in free:
            a, b = one.session.value, other.session.value
            if (
                one is not other
                and a.on == b.on
                and a.starts
                and b.starts
                and a.starts <= b.starts < (a.ends or b.starts)
            ):
                return one, other
    raise LookupError("no two sessions overlap")


def test_the_last_place_booked_on_two_desks_is_one_over_capacity_and_nobody_is_dropped(
    rosa: DeskWindow, maya: DeskWindow, day: Day, ines: UUID
) -> None:
    ngozi = day.alliance.people["Ngozi Okafor"]
    wanted = next(
        each
        for each in bookings.free_places(rosa.desk.practice, ines)
        if not each.capacity.is_full and each.mine is None and ngozi not in people_in(rosa, each)
    )
    for person, _ in day.alliance.of(Person):
        if person not in (ines, ngozi) and place_of(rosa, wanted, ines).capacity.free == 1:
            break
        if person not in (ines, ngozi) and person not in people_in(rosa, wanted):
            bookings.book(rosa.desk.practice, person, wanted.session.id)
    until(lambda: place_of(maya, wanted, ines).capacity.free == 1, "Room 2 knows that one place is left")
    with day.outage():
        for desk, person in ((rosa, ines), (maya, ngozi)):
            bookings.book(desk.desk.practice, person, wanted.session.id)
    for desk in (rosa, maya):
        until(partial(both_are_in, desk, wanted, {ines, ngozi}), "both places on both desks")
        desk.go(BookingsPlace(None, wanted.session.value.on)).until_shown("One over")


def both_are_in(desk: DeskWindow, wanted: FreePlace, people: set[UUID]) -> bool:
    return people <= people_in(desk, wanted)


def people_in(desk: DeskWindow, wanted: FreePlace) -> set[UUID | None]:
    found = desk.desk.store.find(Booking, session=wanted.session.id)
    return {held.value.person for held in found if held.value.state is BookingState.BOOKED}
