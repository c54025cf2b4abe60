"""What the waiting room may read: tickets and rooms, and of a protected person nothing."""

from datetime import timedelta

from livingwell_desktop.domain.organisations import Role, Room
from livingwell_desktop.domain.protection import ProtectionReason
from livingwell_desktop.domain.public_board import MOST_CALLS, MOST_WAITING, PublicBoard, PublicCall, write_board
from livingwell_desktop.services import protecting, reception
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.waiting_room import public_board
from tests.contracts.test_audit import as_role
from tests.services.small_centre import SmallCentre

NOBODY = PublicBoard()


def test_who_waits_and_who_was_called_by_ticket(centre: SmallCentre, rosa: Practice, maya: Practice) -> None:
    centre.add("Room 7", Room(centre=centre.ids["Centre A"], name="Room 7"))
    assert public_board(rosa) == NOBODY
    first, _second, _third = (centre.here(rosa, each) for each in ("Ngozi Okafor", "Ines Carvalho", "Amara Okeke"))
    assert public_board(rosa) == PublicBoard((), ("A01", "A02", "A03"))
    reception.call(maya, centre.visit(rosa, first), where="Room 7")
    board = public_board(rosa)
    assert board == PublicBoard((PublicCall("A01", "Room 7"),), ("A02", "A03"))
    assert board.calls[0].sentence == "Please go to Room 7"
    reception.done(maya, centre.visit(rosa, first), outcome="Seen")
    assert public_board(rosa) == PublicBoard((), ("A02", "A03"))


def test_the_newest_call_comes_first(centre: SmallCentre, rosa: Practice, maya: Practice) -> None:
    for name in ("Ngozi Okafor", "Ines Carvalho"):
        here = centre.here(rosa, name)
        centre.clock.at += timedelta(minutes=1)
        reception.call(maya, centre.visit(rosa, here))
    assert [each.ticket for each in public_board(rosa).calls] == ["A02", "A01"]


def test_no_word_of_anybody_gets_out(centre: SmallCentre, rosa: Practice, maya: Practice) -> None:
    here = centre.here(rosa, "Ngozi Okafor", reason="Was hit by her partner")
    reception.call(maya, centre.visit(rosa, here), where="with Ngozi’s mother")
    board = public_board(rosa)
    assert board == PublicBoard((PublicCall("A01", ""),), ())
    assert board.calls[0].sentence == "Please come to the desk"
    said = write_board(board).decode()
    assert not [each for each in ("Ngozi", "Okafor", "mother", "hit", "Maya") if each in said]


def test_a_protected_person_is_not_on_it(centre: SmallCentre, rosa: Practice, maya: Practice) -> None:
    here = centre.here(rosa, "Ngozi Okafor")
    assert public_board(rosa).waiting == ("A01",)
    manager = as_role(maya, Role.TEAM_MANAGER)
    protecting.protect(manager, centre.ids["Ngozi Okafor"], ProtectionReason.STALKED, "Dana")
    assert public_board(rosa) == NOBODY
    reception.call(maya, centre.visit(rosa, here))
    assert public_board(rosa) == NOBODY
    assert public_board(as_role(rosa, Role.ADMINISTRATOR)) == NOBODY


def test_a_full_room_says_how_many_more(centre: SmallCentre, rosa: Practice) -> None:
    for _ in range(MOST_WAITING + 2):
        reception.check_in(rosa, None)
    board = public_board(rosa)
    assert len(board.waiting) == MOST_WAITING
    assert board.more == 2
    assert MOST_CALLS == 5
