"""What a waiting room may read: ticket numbers, and where somebody with one is to go. Nobody's name, nobody's person.

It goes from the desk to the screen as one line of strict JSON, and what is not exactly that is not shown.
"""

import json
import re
from dataclasses import dataclass

from livingwell_desktop.domain.records import Json
from livingwell_desktop.domain.strict_json import StrictJsonError, read_json

MOST_CALLS = 5
MOST_WAITING = 15
LONGEST_LINE = 4096
"""Bytes, the line's end included: so much is written to a pipe in one piece."""
_TICKET = re.compile(r"[A-Z]{1,4}[0-9]{1,5}")
_LONGEST_ROOM = 60


@dataclass(frozen=True, slots=True)
class PublicCall:
    """Somebody with that ticket goes there; an empty `where` is the desk."""

    ticket: str
    where: str

    @property
    def sentence(self) -> str:
        """ "Please go to Room 2"."""
        return f"Please go to {self.where}" if self.where else "Please come to the desk"


@dataclass(frozen=True, slots=True)
class PublicBoard:
    """Who was called, the newest first, and who waits, the longest first. `more` wait than there is room for."""

    calls: tuple[PublicCall, ...] = ()
    waiting: tuple[str, ...] = ()
    more: int = 0


def is_ticket(text: str) -> bool:
    """Whether that is a ticket as desks give them, and nothing else."""
    return _TICKET.fullmatch(text) is not None


def write_board(board: PublicBoard) -> bytes:
    """The line."""
    calls = [[each.ticket, each.where] for each in board.calls]
    said = {"calls": calls, "waiting": list(board.waiting), "more": board.more}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def read_board(line: bytes) -> PublicBoard:
    """Raises StrictJsonError for anything else than a board."""
    said = read_json(line)
    if not isinstance(said, dict) or said.keys() != {"calls", "waiting", "more"} or len(line) > LONGEST_LINE:
        raise StrictJsonError("it is no board")
    more = said["more"]
    if type(more) is not int or not 0 <= more < 10_000:
        raise StrictJsonError("it is no number of people")
    calls = tuple(_call(each) for each in _items(said["calls"], MOST_CALLS))
    return PublicBoard(calls, tuple(_ticket(each) for each in _items(said["waiting"], MOST_WAITING)), more)


def _call(parts: Json) -> PublicCall:
    if not isinstance(parts, list) or len(parts) != 2:
        raise StrictJsonError("it is no call")
    where = parts[1]
    if not isinstance(where, str) or len(where) > _LONGEST_ROOM or not where.isprintable():
        raise StrictJsonError("it is no room")
    return PublicCall(_ticket(parts[0]), where)


def _ticket(text: Json) -> str:
    if not isinstance(text, str) or not is_ticket(text):
        raise StrictJsonError("it is no ticket")
    return text


def _items(value: Json, most: int) -> list[Json]:
    if not isinstance(value, list) or len(value) > most:
        raise StrictJsonError("it is no such list")
    return value
