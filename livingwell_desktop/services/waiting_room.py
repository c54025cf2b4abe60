"""The waiting room's screen: of today's visits the tickets alone, and of rooms their names."""

from datetime import UTC, datetime

from livingwell_desktop.domain.organisations import Room
from livingwell_desktop.domain.public_board import MOST_CALLS, MOST_WAITING, PublicBoard, PublicCall, is_ticket
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Visit, VisitState
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.standing import is_protected

_NEVER = datetime.min.replace(tzinfo=UTC)


def public_board(practice: Practice) -> PublicBoard:
    """Who was called and who waits at this centre now, by ticket, whoever is signed in.

    Protected people are not on it: staff fetch them. Where somebody goes is said if it is one of the centre's rooms;
    what else was typed there could be anything.
    """
    store, here = practice.whole, practice.centre.id
    visits = [held for held in store.find(Visit, on=practice.today()) if _is_public(practice, held)]
    rooms = {held.value.name for held in store.find(Room, centre=here)}
    called = sorted(
        (held for held in visits if held.value.state is VisitState.WITH_SOMEONE and held.value.called_at),
        key=lambda held: (held.value.called_at or _NEVER, held.value.ticket),
        reverse=True,
    )
    waiting = sorted(
        (held for held in visits if held.value.state is VisitState.WAITING),
        key=lambda held: (held.value.arrived_at or _NEVER, held.value.ticket),
    )
    tickets = tuple(held.value.ticket for held in waiting)
    calls = (
        PublicCall(held.value.ticket, held.value.where if held.value.where in rooms else "")
        for held in called[:MOST_CALLS]
    )
    return PublicBoard(tuple(calls), tickets[:MOST_WAITING], max(0, len(tickets) - MOST_WAITING))


def _is_public(practice: Practice, held: Held[Visit]) -> bool:
    visit = held.value
    hidden = visit.person is not None and is_protected(practice.whole, visit.person)
    return visit.centre == practice.centre.id and is_ticket(visit.ticket) and not hidden
