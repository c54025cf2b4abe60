"""Reception's verbs: who is here, calling, every way a visit ends, and what two desks do at once."""

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.sessions import Booking, BookingState, VisitState
from livingwell_desktop.services import bookings, reception
from livingwell_desktop.services.practice import Practice
from tests.services.small_centre import SmallCentre


def test_checking_in_puts_the_person_on_the_board_with_the_next_ticket(centre: SmallCentre, rosa: Practice) -> None:
    first, second = centre.here(rosa, "Ngozi Okafor"), centre.here(rosa, "Ines Carvalho")
    board = reception.board(rosa)
    assert [(row.visit.value.ticket, row.name) for row in board.waiting] == [
        ("A01", "Ngozi Okafor"),
        ("A02", "Ines Carvalho"),
    ]
    assert (first.ticket, second.ticket) == ("A01", "A02")
    assert board.waiting_sentence == "Longest wait 0 minutes. Two people need someone to see them."


def test_two_desks_never_give_the_same_ticket(centre: SmallCentre, rosa: Practice, maya: Practice) -> None:
    assert centre.here(rosa, "Ngozi Okafor").ticket == "A01"
    assert centre.here(maya, "Ines Carvalho").ticket == "B01"
    assert centre.here(rosa, "Amara Okeke").ticket == "A02"


def test_nobody_is_checked_in_twice(centre: SmallCentre, rosa: Practice) -> None:
    centre.here(rosa, "Ngozi Okafor")
    with pytest.raises(Problem) as caught:
        centre.here(rosa, "Ngozi Okafor")
    assert caught.value.title == "This person is already on the board"
    assert caught.value.what_happened == "They have ticket A01."


def test_a_booking_of_today_is_used_when_its_person_comes(centre: SmallCentre, rosa: Practice) -> None:
    booked = bookings.book(rosa, centre.ids["Ngozi Okafor"], centre.ids["Open drop-in"], reason="Review of plan")
    done = reception.check_in(rosa, centre.ids["Ngozi Okafor"])
    assert done.booking == booked.booking
    visit = centre.visit(rosa, done).value
    assert (visit.reason, visit.session) == ("Review of plan", centre.ids["Open drop-in"])
    held = rosa.whole.get(Booking, booked.booking)
    assert held and held.value.state is BookingState.ARRIVED
    drop_in = reception.board(rosa).sessions[0]
    assert (drop_in.here, drop_in.booked, drop_in.capacity.words) == (1, 0, "4 places free")


def test_a_ticket_without_a_name(rosa: Practice) -> None:
    done = reception.check_in(rosa, None)
    (row,) = reception.board(rosa).waiting
    assert (done.person, row.name, row.visit.value.ticket) == (None, "No name given", "A01")


def test_call_done_and_back_to_waiting(centre: SmallCentre, rosa: Practice, maya: Practice) -> None:
    came = centre.here(rosa, "Ngozi Okafor")
    reception.call(maya, centre.visit(maya, came), where="Room 2")
    board = reception.board(rosa)
    assert [(row.sees and row.sees.value.name, row.visit.value.where) for row in board.with_someone] == [
        ("Maya Lindqvist", "Room 2")
    ]
    assert "Room 2" not in board.free_rooms
    reception.done(maya, centre.visit(maya, came), "")
    (row,) = reception.board(rosa).done
    assert row.visit.value.outcome == "Seen"
    reception.back_to_waiting(rosa, centre.visit(rosa, came))
    visit = centre.visit(rosa, came).value
    assert (visit.state, visit.called_at, visit.ended_at, visit.outcome) == (VisitState.WAITING, None, None, "")


def test_leaving_keeps_why_and_what_we_do_next(centre: SmallCentre, rosa: Practice) -> None:
    came = centre.here(rosa, "Ngozi Okafor")
    reception.left_without_being_seen(rosa, centre.visit(rosa, came), " The wait was too long ", "Ring at 2pm")
    (row,) = reception.board(rosa).done
    assert (row.visit.value.outcome, row.visit.value.follow_up) == ("The wait was too long", "Ring at 2pm")
    assert row.visit.value.state is VisitState.DID_NOT_WAIT


def test_a_room_kept_for_somebody_who_waits_is_not_offered_as_free(centre: SmallCentre, rosa: Practice) -> None:
    came = centre.here(rosa, "Ngozi Okafor")
    reception.change_who_or_where(rosa, centre.visit(rosa, came), sees=None, where="Room 1", reason="Review")
    assert reception.board(rosa).free_rooms == ("Room 2", "Hub table 1")


@pytest.mark.parametrize("act", ["call", "change", "left"])
def test_an_act_on_a_row_that_moved_on_says_who_moved_it(
    centre: SmallCentre, rosa: Practice, maya: Practice, act: str
) -> None:
    came = centre.here(rosa, "Ngozi Okafor")
    shown = centre.visit(rosa, came)
    reception.call(maya, centre.visit(maya, came), where="Room 2")
    reception.done(maya, centre.visit(maya, came))
    acts = {
        "call": lambda: reception.call(rosa, shown),
        "change": lambda: reception.change_who_or_where(rosa, shown, sees=None, where="", reason=""),
        "left": lambda: reception.left_without_being_seen(rosa, shown, "Did not say", "Nothing"),
    }
    with pytest.raises(Problem) as caught:
        acts[act]()
    assert caught.value.title == "This visit has moved on"
    assert caught.value.what_happened == "Maya Lindqvist changed it at 10:43am. It is now: done."
    assert centre.visit(rosa, came).value.state is VisitState.DONE


def test_somebody_who_came_back_is_not_on_the_board_twice(centre: SmallCentre, rosa: Practice) -> None:
    came = centre.here(rosa, "Ngozi Okafor")
    reception.left_without_being_seen(rosa, centre.visit(rosa, came), "Did not say", "Nothing")
    centre.here(rosa, "Ngozi Okafor")
    with pytest.raises(Problem, match="on the board already"):
        reception.back_to_waiting(rosa, centre.visit(rosa, came))


@pytest.mark.parametrize("words", ["é" * 501, "x" * 10_000])
def test_words_too_long_for_a_row_are_refused_with_what_to_do(centre: SmallCentre, rosa: Practice, words: str) -> None:
    with pytest.raises(Problem) as caught:
        centre.here(rosa, "Ngozi Okafor", words)
    assert "Shorten it to 500 characters or fewer." in caught.value.what_to_do
    assert not reception.board(rosa).waiting


def test_who_may_not_call_is_told_whom_to_ask(centre: SmallCentre, rosa: Practice) -> None:
    came = centre.here(rosa, "Ngozi Okafor")
    alan = centre.at_desk("Alan Oyelaran")
    with pytest.raises(Problem) as caught:
        reception.call(alan, centre.visit(alan, came))
    assert caught.value.what_happened.startswith("Your role cannot call a person. Ask: reception")
