"""The board as rows: what each column says about a visit, with names or with initials only."""

from dataclasses import dataclass
from datetime import date

from livingwell_desktop.domain.dates import age_words, clock_time, local, medium_date
from livingwell_desktop.domain.names import initials
from livingwell_desktop.domain.people import NeedArranged
from livingwell_desktop.domain.sessions import VisitState
from livingwell_desktop.domain.waiting import WaitLevel
from livingwell_desktop.services.arriving import is_here
from livingwell_desktop.services.reception import Board, BoardRow, state_words
from livingwell_desktop.ui.widgets.badge import BadgeText
from livingwell_desktop.ui.widgets.cells import Cell, CellBadges, CellOrganisation, CellText
from livingwell_desktop.ui.widgets.colours import Tone
from livingwell_desktop.ui.widgets.marks import NOBODY, Mark
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableGroup, TableRow

COLUMNS = (
    TableColumn("Ticket", 58),
    TableColumn("Person", 192),
    TableColumn("Reason", 222),
    TableColumn("Needs", 232),
    TableColumn("Sees", 172),
    TableColumn("Where", 102, folds_into="Sees"),
    TableColumn("Time", right=True),
)

_ARRANGED: dict[NeedArranged, Tone] = {
    NeedArranged.NOTHING_TO_ARRANGE: "neutral",
    NeedArranged.NONE_BOOKED: "warning",
    NeedArranged.BOOKED: "calm",
    NeedArranged.BY_PHONE: "calm",
    NeedArranged.HERE: "calm",
}
_WAITS: dict[WaitLevel, tuple[Tone, str]] = {
    WaitLevel.PLAIN: ("neutral", ""),
    WaitLevel.AMBER: ("warning", "clock"),
    WaitLevel.RED: ("error", "warning-triangle"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How the board is shown now."""

    today: date
    masked: bool = False
    """Initials only (F9)."""
    show_done: bool = False


def shown_name(row: BoardRow, masked: bool) -> str:
    """The person's name, or only their initials with spaces between: "N O"."""
    if not masked or row.person is None:
        return row.name
    return " ".join(initials(row.name)) or "Hidden"


def subject(row: BoardRow, masked: bool) -> str:
    """ "A11 Ngozi Okafor", for the key line and messages."""
    return f"{row.visit.value.ticket} {shown_name(row, masked)}".strip()


def groups(board: Board, look: Look) -> list[TableGroup]:
    """Waiting, with someone, and done today, which shows its rows only when asked."""
    free = f"Free now: {_rooms(board.free_rooms)}" if board.free_rooms else "No room is free"
    done = tuple(_row(row, look, dense=True) for row in board.done) if look.show_done else ()
    finished = TableGroup("Done today", done, _done_note(board, look), count=len(board.done))
    if not board.waiting and not board.with_someone:
        return [finished]
    return [
        TableGroup("Waiting", tuple(_row(row, look) for row in board.waiting), board.waiting_sentence),
        TableGroup("With someone", tuple(_row(row, look, dense=True) for row in board.with_someone), free),
        finished,
    ]


def _done_note(board: Board, look: Look) -> str:
    if not board.done:
        return "Nobody yet"
    last = board.done[0]
    at = last.visit.value.ended_at
    left = f"Last: {subject(last, look.masked)}" + (f", left {clock_time(local(at).time())}" if at else "")
    return f"{left}. Press D to {'hide' if look.show_done else 'show'} them."


def _rooms(rooms: tuple[str, ...]) -> str:
    """ "Room 4, Hub tables 1 and 3": rooms of one name and several numbers are said together."""
    families: dict[str, list[str]] = {}
    for room in rooms:
        name, _space, number = room.rpartition(" ")
        family = name if name and number.isdigit() else room
        families.setdefault(family, []).append(number if family == name else "")
    said = []
    for family, numbers in families.items():
        if len(numbers) == 1:
            said.append(f"{family} {numbers[0]}".strip())
        else:
            said.append(f"{family}s {', '.join(numbers[:-1])} and {numbers[-1]}")
    return ", ".join(said)


def _row(row: BoardRow, look: Look, *, dense: bool = False) -> TableRow:
    visit = row.visit.value
    cells: tuple[Cell, ...] = (
        CellText(visit.ticket, role="ticket"),
        _person(row, look),
        CellText("Reason hidden" if look.masked and visit.reason else visit.reason or "No reason given", _came(row)),
        CellBadges(_badges(row)),
        _sees(row),
        CellText(visit.where or "—", colour="text" if visit.where else "secondary"),
        _time(row),
    )
    return TableRow(row.visit.id, cells, dense)


def _person(row: BoardRow, look: Look) -> CellText:
    name = shown_name(row, look.masked)
    born = row.person.value.born if row.person else None
    if look.masked:
        second = "Details hidden" if row.person else ""
    elif born and row.person:
        about = "about " if row.person.value.born_is_estimate else ""
        second = f"{medium_date(born)}, {about}{age_words(born, look.today)}"
    else:
        second = "Date of birth not known" if row.person else "Ticket only"
    return CellText(name, second, strong=True)


def _came(row: BoardRow) -> str:
    visit = row.visit.value
    if visit.booking or visit.booked_for:
        return f"Booked, {clock_time(visit.booked_for)}" if visit.booked_for else "Booked"
    return f"Walk-in, {clock_time(local(visit.arrived_at).time())}" if visit.arrived_at else "Walk-in"


def _badges(row: BoardRow) -> tuple[BadgeText, ...]:
    differs = (BadgeText("Two desks differ", "warning", "warning-triangle"),) if row.visit.conflicts else ()
    open_first = NeedArranged.NONE_BOOKED
    needs = sorted(row.needs, key=lambda held: (held.value.arranged is not open_first, held.value.position))
    return differs + tuple(
        BadgeText(
            ", ".join(part for part in (held.value.words, str(held.value.arranged)) if part),
            _ARRANGED.get(held.value.arranged, "neutral"),
            held.value.icon,
        )
        for held in needs
    )


def _sees(row: BoardRow) -> CellOrganisation:
    if row.visit.value.sees is None:
        return CellOrganisation(NOBODY, "First free")
    if row.sees is None:
        return CellOrganisation(Mark("nobody", name="Not on this desk"), "Somebody at another centre")
    if row.organisation is None:
        return CellOrganisation(Mark("nobody", name=row.sees.value.name), row.sees.value.name)
    organisation = row.organisation.value
    name = organisation.short_name or organisation.name
    return CellOrganisation(
        Mark("organisation", organisation.colour, organisation.letters, name), row.sees.value.name, name
    )


def _time(row: BoardRow) -> Cell:
    visit = row.visit.value
    if row.wait is not None:
        tone, icon = _WAITS[row.wait.level]
        if tone == "neutral":
            return CellText(row.wait.words, role="time", right=True)
        return CellBadges((BadgeText(row.wait.words, tone, icon, large=True),), right=True)
    if visit.state is VisitState.WITH_SOMEONE and visit.called_at:
        return CellText(f"since {clock_time(local(visit.called_at).time())}", role="detail", colour="secondary",
                        right=True)  # fmt: skip
    if is_here(visit):
        return CellText(state_words(visit.state), role="detail", colour="secondary", right=True)
    left = clock_time(local(visit.ended_at).time()) if visit.ended_at else ""
    words = "did not wait" if visit.state is VisitState.DID_NOT_WAIT else f"left {left}".strip()
    second = left if visit.state is VisitState.DID_NOT_WAIT else ""
    return CellText(words, second, role="detail", colour="secondary", right=True)
