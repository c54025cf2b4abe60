"""The line to the waiting room: a board comes through as it is, and nothing else comes through at all."""

import json

import pytest

from livingwell_desktop.domain.public_board import (
    LONGEST_LINE,
    MOST_CALLS,
    MOST_WAITING,
    PublicBoard,
    PublicCall,
    is_ticket,
    read_board,
    write_board,
)
from livingwell_desktop.domain.strict_json import StrictJsonError

BOARD = PublicBoard((PublicCall("A12", "Room 2"), PublicCall("B03", "")), ("A13", "AB107"), 2)


def test_a_board_comes_through_as_it_is() -> None:
    assert read_board(write_board(BOARD)) == BOARD
    assert read_board(write_board(PublicBoard())) == PublicBoard()


def test_the_fullest_board_fits_in_one_line() -> None:
    calls = (PublicCall("ABCD12345", "’" * 60),) * MOST_CALLS
    assert len(write_board(PublicBoard(calls, ("ABCD12345",) * MOST_WAITING, 9_999))) < LONGEST_LINE


@pytest.mark.parametrize("text", ["A1", "B12", "AB999"])
def test_a_ticket(text: str) -> None:
    assert is_ticket(text)


@pytest.mark.parametrize("text", ["", "Ngozi", "a1", "12", "A12 Ngozi", "A12\n", "A", "Á1"])
def test_no_ticket(text: str) -> None:
    assert not is_ticket(text)


@pytest.mark.parametrize(
    "said",
    [
        [],
        {"calls": [], "waiting": []},
        {"calls": [], "waiting": [], "more": 0, "person": "Ngozi"},
        {"calls": [["A12"]], "waiting": [], "more": 0},
        {"calls": [["A12", "Room\n2"]], "waiting": [], "more": 0},
        {"calls": [["A12", "R" * 61]], "waiting": [], "more": 0},
        {"calls": [["A12", None]], "waiting": [], "more": 0},
        {"calls": [], "waiting": ["Ngozi Okafor"], "more": 0},
        {"calls": [], "waiting": ["A1"] * (MOST_WAITING + 1), "more": 0},
        {"calls": [["A12", ""]] * (MOST_CALLS + 1), "waiting": [], "more": 0},
        {"calls": [], "waiting": "A1", "more": 0},
        {"calls": [], "waiting": [], "more": True},
        {"calls": [], "waiting": [], "more": -1},
    ],
)
def test_anything_else_is_refused(said: object) -> None:
    with pytest.raises(StrictJsonError):
        read_board(json.dumps(said).encode())


@pytest.mark.parametrize("line", [b"", b"Traceback", b"\xff", b'{"calls":[],"calls":[],"waiting":[],"more":0}'])
def test_what_is_no_strict_json_is_refused(line: bytes) -> None:
    with pytest.raises(StrictJsonError):
        read_board(line)
