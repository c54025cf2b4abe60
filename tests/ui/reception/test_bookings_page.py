"""Bookings by keys: one key books, full sessions have a waiting list, clashes are seen before and mended after."""

from collections.abc import Callable
from uuid import UUID

import pytest

from livingwell_desktop.domain.sessions import Booking, BookingState
from livingwell_desktop.services import bookings
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.pages import BookingsPlace, PersonPlace, PreviewPlace
from livingwell_desktop.ui.reception import BookingsPage
from livingwell_desktop.ui.widgets import theme
from tests.services.small_centre import TODAY, TOMORROW, SmallCentre
from tests.ui.reception.at_desk import AtDesk

Open = Callable[..., AtDesk]


def of(practice: Practice, person: UUID) -> list[tuple[BookingState, str]]:
    return [(held.value.state, held.value.reason) for held in practice.whole.find(Booking, person=person)]


def test_one_key_books_the_chosen_place_and_p_prints_its_slip(at: Open, rosa: Practice, centre: SmallCentre) -> None:
    ngozi = centre.ids["Ngozi Okafor"]
    desk = at(rosa, BookingsPage, BookingsPlace(ngozi))
    assert desk.lines()[0] == "Monday 23 November, 2. Today"
    assert desk.lines()[1] == "When 10am to 1pm. Session Open drop-in, Centre A. Places 5 places free"
    desk.press("Enter")
    assert of(rosa, ngozi) == [(BookingState.BOOKED, "")]
    assert "Booked Open drop-in at Centre A, Monday 23 November, 10am. Press P to print the slip." in desk.words()
    assert "This person Booked" in desk.chosen()
    desk.press("P")
    (held,) = rosa.whole.find(Booking, person=ngozi)
    assert desk.around.went == [PreviewPlace("booking_slip", ngozi, held.id)]


def test_places_of_the_other_centre_are_offered_and_the_reason_goes_with_the_booking(
    at: Open, rosa: Practice, centre: SmallCentre
) -> None:
    ngozi = centre.ids["Ngozi Okafor"]
    desk = at(rosa, BookingsPage, BookingsPlace(ngozi))
    desk.type_in("reason for coming", "Copy of the plan")
    desk.choose("Open drop-in, Centre B")
    desk.press("Enter")
    (held,) = rosa.whole.find(Booking, person=ngozi)
    assert (held.value.on, held.value.centre, held.value.reason) == (
        TOMORROW,
        centre.ids["Centre B"],
        "Copy of the plan",
    )


def test_a_full_session_offers_the_waiting_list(at: Open, rosa: Practice, centre: SmallCentre) -> None:
    bookings.book(rosa, centre.ids["Ines Carvalho"], centre.ids["Housing advice"])
    ngozi = centre.ids["Ngozi Okafor"]
    desk = at(rosa, BookingsPage, BookingsPlace(ngozi))
    desk.choose("Housing advice")
    assert "Places Full" in desk.chosen()
    assert desk.find("waiting list").isEnabled()
    desk.press("Enter")
    assert of(rosa, ngozi) == [(BookingState.WAITING_LIST, "")]
    assert "On the waiting list Housing advice at Centre A" in desk.words()


def test_a_clash_is_shown_before_and_mended_after(at: Open, rosa: Practice, centre: SmallCentre) -> None:
    ngozi = centre.ids["Ngozi Okafor"]
    bookings.book(rosa, ngozi, centre.ids["Open drop-in"])
    desk = at(rosa, BookingsPage, BookingsPlace(ngozi))
    desk.choose("Housing advice")
    assert "This person Also booked 10am" in desk.chosen()
    desk.press("Enter")
    assert "They are also booked at the same time Open drop-in at Centre A" in desk.words()
    notice = next(each for each in desk.page.notices._shown.values() if "same time" in each.accessibleName())
    notice.link.click()
    assert sorted(state for state, _reason in of(rosa, ngozi)) == ["booked", "cancelled_by_person"]
    assert "Cancelled Open drop-in at Centre A" in desk.words()


def test_cancelling_takes_two_keys_and_frees_the_place(at: Open, rosa: Practice, centre: SmallCentre) -> None:
    ngozi = centre.ids["Ngozi Okafor"]
    bookings.book(rosa, ngozi, centre.ids["Open drop-in"])
    desk = at(rosa, BookingsPage, BookingsPlace(None, TODAY))
    desk.choose("Open drop-in", "sessions")
    desk.choose("Ngozi Okafor", "people booked")
    desk.press("C")
    sheet = desk.sheet()
    assert sheet and sheet.windowTitle() == "Cancel this booking?"
    assert of(rosa, ngozi) == [(BookingState.BOOKED, "")]
    desk.press("Enter")
    assert of(rosa, ngozi) == [(BookingState.CANCELLED_BY_PERSON, "")]
    assert "Nobody is booked yet" in desk.words()


def test_a_place_that_became_free_goes_to_the_waiting_list(at: Open, rosa: Practice, centre: SmallCentre) -> None:
    housing = centre.ids["Housing advice"]
    first = bookings.book(rosa, centre.ids["Ines Carvalho"], housing)
    bookings.book(rosa, centre.ids["Ngozi Okafor"], housing, waiting_list=True)
    desk = at(rosa, BookingsPage, BookingsPlace())
    desk.choose("Housing advice", "sessions")
    desk.choose("Ngozi Okafor", "people booked")
    assert not desk.find("give a place").isEnabled()
    held = rosa.whole.get(Booking, first.booking)
    assert held
    bookings.cancel(rosa, held)
    desk.press("G")
    assert of(rosa, centre.ids["Ngozi Okafor"]) == [(BookingState.BOOKED, "")]
    assert "Ngozi Okafor has a place" in desk.words()


def test_the_day_moves_by_keys_and_this_centre_comes_first(at: Open, rosa: Practice, centre: SmallCentre) -> None:
    desk = at(rosa, BookingsPage, BookingsPlace())
    desk.press("PgDown")
    assert desk.around.went == [BookingsPlace(None, TOMORROW)]
    desk.show(BookingsPlace(None, TOMORROW))
    heads = [line for line in desk.lines("sessions") if line.startswith("Centre")]
    assert heads == ["Centre A, this centre, 1.", "Centre B, 1."]
    assert "Tuesday 24 November 2026" in desk.words()


def test_a_day_without_sessions_says_so(at: Open, rosa: Practice, centre: SmallCentre) -> None:
    desk = at(rosa, BookingsPage, BookingsPlace(None, TOMORROW.replace(day=29)))
    assert "No sessions on this day" in desk.words()


def test_names_are_hidden_here_too(at: Open, rosa: Practice, centre: SmallCentre) -> None:
    bookings.book(rosa, centre.ids["Ngozi Okafor"], centre.ids["Open drop-in"], reason="Review with Ngozi")
    desk = at(rosa, BookingsPage, BookingsPlace())
    desk.masking.turn(True)
    desk.choose("Open drop-in", "sessions")
    assert "N O, Details hidden" in desk.chosen("people booked")
    desk.show(BookingsPlace(centre.ids["Ngozi Okafor"]))
    for part in ("Ngozi", "Okafor", "1986"):
        assert part not in desk.words()


def test_a_booking_of_another_desk_appears_and_the_typed_reason_stays(
    at: Open, rosa: Practice, maya: Practice, centre: SmallCentre
) -> None:
    desk = at(rosa, BookingsPage, BookingsPlace(centre.ids["Ngozi Okafor"]))
    desk.type_in("reason for coming", "Copy of")
    for name in ("Ines Carvalho", "Amara Okeke"):
        bookings.book(maya, centre.ids[name], centre.ids["Open drop-in"])
    assert "3 places free" in desk.lines()[1]
    desk.write(" the plan")
    assert desk.page.free_places.reason.text() == "Copy of the plan"


def test_the_record_opens_and_escape_goes_back(at: Open, rosa: Practice, centre: SmallCentre) -> None:
    desk = at(rosa, BookingsPage, BookingsPlace(centre.ids["Ngozi Okafor"]))
    desk.press("O")
    assert desk.around.went == [PersonPlace(centre.ids["Ngozi Okafor"])]
    desk.press("Esc")
    assert desk.around.backs == 1


@pytest.mark.parametrize("scale", [100, 200])
def test_both_ways_fit_the_smallest_window(at: Open, rosa: Practice, centre: SmallCentre, scale: int) -> None:
    theme.set_scale(scale)
    desk = at(rosa, BookingsPage, BookingsPlace())
    for place in (BookingsPlace(), BookingsPlace(centre.ids["Ngozi Okafor"])):
        desk.show(place)
        desk.page.resize(1064, 676)
        desk.page.grab()
        assert (desk.page.width(), desk.page.height()) == (1064, 676)


def test_a_typed_reason_is_kept_for_its_person_until_it_is_booked(
    at: Open, rosa: Practice, centre: SmallCentre
) -> None:
    ngozi, yusuf = centre.ids["Ngozi Okafor"], centre.ids["Yusuf Abdi Warsame"]
    desk = at(rosa, BookingsPage, BookingsPlace(ngozi))
    desk.type_in("reason for coming", "Copy of the plan")
    desk.page.leave()
    again = at(rosa, BookingsPage, BookingsPlace(yusuf))
    assert again.page.free_places.reason.text() == ""
    again.page.leave()
    again.show(BookingsPlace(ngozi))
    assert again.page.free_places.reason.text() == "Copy of the plan"
    again.rows().setFocus()
    again.press("Enter")
    assert of(rosa, ngozi) == [(BookingState.BOOKED, "Copy of the plan")]
    assert not rosa.whole.drafts_of(rosa.staff.id)
