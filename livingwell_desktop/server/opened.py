"""Who has opened a person's record, at any desk: the server holds the audit of all of them, a desk its own alone."""

from collections.abc import Iterator
from uuid import UUID

from livingwell_desktop.domain.audit import AuditRow
from livingwell_desktop.domain.audit.uses import USE_WORDS, Use, days_of_use
from livingwell_desktop.domain.changes import fold, milliseconds_of, time_of
from livingwell_desktop.domain.dates import local, local_day
from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.domain.permissions import role_words
from livingwell_desktop.domain.records import kind_of, value_of
from livingwell_desktop.server.auditing import COLUMNS
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.states import stored_nodes
from livingwell_desktop.sync.overseeing import OpenedDay


def opened_days(connection: Connection, person: UUID) -> list[OpenedDay]:
    """What each member of staff did on each day and at which desks, the newest day first."""
    rows = connection.execute(
        f"SELECT device, {COLUMNS} FROM audit_event WHERE subject = %s",  # noqa: S608 - own names
        (person,),
    ).fetchall()
    events = [(device, AuditRow(*event)) for device, *event in rows]
    at: dict[tuple[object, object], set[UUID]] = {}
    for device, event in events:
        at.setdefault((event.staff, local_day(time_of(event.at))), set()).add(device)
    return [
        OpenedDay(
            each.staff,
            each.day,
            milliseconds_of(each.first),
            milliseconds_of(each.last),
            tuple(use.value for use in each.uses),
            tuple(sorted(at[each.staff, each.day])),
        )
        for each in days_of_use(event for _, event in events)
    ]


def opened(connection: Connection, person: UUID) -> Iterator[str]:
    """The same as lines of text, the desks by their letters.

    What a desk has not sent yet is not in it: `devices` says when each was last heard.
    """
    days = opened_days(connection, person)
    names = _names(connection, {each.staff for each in days if each.staff})
    letters: dict[UUID, str] = dict(connection.execute("SELECT id, letter FROM device").fetchall())
    for each in days:
        who = names.get(each.staff, str(each.staff)) if each.staff else "The program itself"
        times = f"{local(time_of(each.first)):%H:%M} to {local(time_of(each.last)):%H:%M}"
        did = ", ".join(USE_WORDS[Use(use)] for use in each.uses)
        at = ", ".join(sorted(letters[desk] for desk in each.desks))
        yield f"{each.day:%d %b %Y}  {times}  {who}  {did}  desk {at}"


def _names(connection: Connection, staff: set[UUID]) -> dict[UUID, str]:
    found = {}
    for record, nodes in stored_nodes(connection, sorted(staff)).items():
        value: Staff = value_of(kind_of(Staff), fold(nodes).body)
        found[record] = f"{value.name} ({value.job_title or role_words(value.role)})"
    return found
