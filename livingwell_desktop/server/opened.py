"""Who has opened a person's record, at any desk: the server holds the audit of all of them, a desk its own alone."""

from collections.abc import Iterator
from uuid import UUID

from livingwell_desktop.domain.audit import AuditRow
from livingwell_desktop.domain.audit.uses import USE_WORDS, days_of_use
from livingwell_desktop.domain.changes import fold, time_of
from livingwell_desktop.domain.dates import local, local_day
from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.domain.permissions import role_words
from livingwell_desktop.domain.records import kind_of, value_of
from livingwell_desktop.server.auditing import COLUMNS
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.states import stored_nodes


def opened(connection: Connection, person: UUID) -> Iterator[str]:
    """A line for each day and member of staff, the newest day first: when, who, what they did, at which desks.

    What a desk has not sent yet is not in it: `devices` says when each was last heard.
    """
    rows = connection.execute(
        f"SELECT d.letter, {COLUMNS} FROM audit_event e JOIN device d ON d.id = e.device WHERE subject = %s",  # noqa: S608 - own names
        (person,),
    ).fetchall()
    events = [(letter, AuditRow(*event)) for letter, *event in rows]
    names = _names(connection, {event.staff for _, event in events if event.staff})
    for each in days_of_use(event for _, event in events):
        at = {
            letter for letter, event in events if event.staff == each.staff and local_day(time_of(event.at)) == each.day
        }
        who = names.get(each.staff, str(each.staff)) if each.staff else "The program itself"
        times = f"{local(each.first):%H:%M} to {local(each.last):%H:%M}"
        did = ", ".join(USE_WORDS[use] for use in each.uses)
        yield f"{each.day:%d %b %Y}  {times}  {who}  {did}  desk {', '.join(sorted(at))}"


def _names(connection: Connection, staff: set[UUID]) -> dict[UUID, str]:
    found = {}
    for record, nodes in stored_nodes(connection, sorted(staff)).items():
        value: Staff = value_of(kind_of(Staff), fold(nodes).body)
        found[record] = f"{value.name} ({value.job_title or role_words(value.role)})"
    return found
