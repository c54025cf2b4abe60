"""The rows of the command palette: a person in columns that the eye compares downwards, and what else can be done."""

from datetime import date

from livingwell_desktop.domain.contact_details import NO_ADDRESS, NO_PHONE, phone_words, where_words
from livingwell_desktop.domain.dates import age_words, day_and_month, long_date
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.services import finding
from livingwell_desktop.ui.pages import PageAction
from livingwell_desktop.ui.widgets.badge import BadgeText
from livingwell_desktop.ui.widgets.cells import (
    CellAvatar,
    CellBadges,
    CellIcon,
    CellKey,
    CellMarked,
    CellText,
    matched_pieces,
)
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow

LONGEST_TYPED = 24
"""Letters of what was typed that a row repeats."""

COLUMNS = (
    TableColumn("", 54),
    TableColumn("Name", 258),
    TableColumn("Born", 164),
    TableColumn("Where", 190),
    TableColumn("", right=True),
)
ACTION_COLUMNS = (TableColumn("", 54), TableColumn("Action"), TableColumn("", 120, right=True))


def person_row(match: finding.Match, typed: str, today: date) -> TableRow:
    """A person: the letters typed marked in the name, born, where, and what Enter does or why to look twice."""
    person = match.person.value
    born = long_date(person.born) if person.born else "Date of birth not known"
    age = age_words(person.born, today) if person.born else ""
    where = where_words(person.address, person.postcode, person.no_fixed_abode)
    here = match.on_board is not None
    badge = _badge(match, today)
    action = CellKey("Open" if here else "Check in", "Enter")
    last = CellBadges((badge,), right=True) if badge and not here else action
    worker = f"Key worker {match.key_worker}" if match.key_worker else "No key worker"
    if match.on_board is not None:
        worker = f"On the board, ticket {match.on_board.value.ticket}"
    return TableRow(
        str(match.person.id),
        (
            CellAvatar(person.name),
            CellMarked(matched_pieces(person.name, typed), worker),
            CellText(born, age, strong=True),
            CellText(where or NO_ADDRESS, phone_words(person.phone) or NO_PHONE),
            last,
        ),
    )


def elsewhere_row(people: int) -> TableRow:
    """People whom only other centres know: they are looked at on the People page."""
    words = f"{counted(people, 'person', 'people')} at other centres"
    return TableRow(
        "elsewhere",
        (
            CellIcon("house"),
            CellText(words, strong=True),
            CellText("Ask for the record", colour="secondary"),
            CellText(""),
            CellKey("", "Enter"),
        ),
        dense=True,
        spoken=f"{words}. Enter shows them, so that you can ask for the record.",
    )


def new_person_row(typed: str) -> TableRow:
    """Somebody who is not among the people found."""
    shown = typed if len(typed) <= LONGEST_TYPED else f"{typed[:LONGEST_TYPED]}…"
    return TableRow(
        "new",
        (
            CellIcon("plus"),
            CellText(f"New person “{shown}”", strong=True),
            CellText("Date of birth first", colour="secondary"),
            CellText(""),
            CellKey("", "Ctrl N", only_chosen=False),
        ),
        dense=True,
        spoken=f"New person {shown}. You will be asked for a date of birth first.",
    )


def nameless_row() -> TableRow:
    """Somebody who does not want to say a name."""
    return TableRow(
        "nameless",
        (
            CellIcon("person"),
            CellText("Check in without a name", strong=True),
            CellText("Gives a ticket only", colour="secondary"),
            CellText(""),
            CellText(""),
        ),
        dense=True,
    )


def action_row(key: str, action: PageAction, *, wide: bool) -> TableRow:
    """An action with its key; `wide` when no people are shown, whose columns it would have to keep."""
    between = () if wide else (CellText(""), CellText(""))
    return TableRow(
        key,
        (
            CellIcon("arrow-right", "secondary"),
            CellText(action.name, strong=not action.reason, colour="secondary" if action.reason else "text"),
            *between,
            CellKey("", action.key.replace("+", " "), only_chosen=False) if action.key else CellText(""),
        ),
        dense=True,
        spoken=f"{action.name}. {action.reason}" if action.reason else action.name,
    )


def _badge(match: finding.Match, today: date) -> BadgeText | None:
    if match.booked_today:
        return BadgeText("Booked today", "calm", "calendar")
    if match.last_seen is None:
        return BadgeText("Never seen here", "neutral")
    if (today - match.last_seen).days > 180:
        return BadgeText(
            f"Not seen since {match.last_seen.year}"
            if match.last_seen.year != today.year
            else f"Not seen since {day_and_month(match.last_seen, today)}",
            "neutral",
        )
    return None
