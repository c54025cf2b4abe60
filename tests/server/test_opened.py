"""Who has opened a record, from the audits of all desks."""

from collections.abc import Callable
from uuid import UUID

from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.server.commands import who_opened
from livingwell_desktop.storage import Event, create
from livingwell_desktop.sync.audit_upload import AuditUpload
from tests.central import STAFF, JoinedDesk
from tests.sync.test_two_desks import AUTHOR, NGOZI, register


def test_every_desk_is_in_the_list_by_day_and_colleague(join: Callable[..., JoinedDesk], database_url: str) -> None:
    one, other = join(), join()
    maya = Staff(given_name="Maya", family_name="Lindqvist", role=Role.KEY_WORKER)
    one.store.write([create(STAFF, maya)], [], AUTHOR)
    register(one)
    one.exchange()
    stranger = UUID(int=0x77)
    one.store.record_events([Event(f"view: {Act.SEE_CLINICAL}", NGOZI)], STAFF)
    other.store.record_events([Event(f"view: {Act.SEE_DETAILS}", NGOZI), Event("refused", NGOZI)], STAFF)
    other.store.record_events([Event(f"view: {Act.SEE_DETAILS}", NGOZI)], stranger)
    other.store.record_events([Event(f"view: {Act.SEE_DETAILS}", UUID(int=0x78))], STAFF)
    for desk in (one, other):
        AuditUpload(desk.store, desk.client, desk.store.clock).send_all()
    said: list[str] = []
    who_opened(database_url, NGOZI, said.append)
    mine = next(line for line in said if "Maya Lindqvist (Key worker)" in line)
    assert "tried to open it and was not let in, wrote in it, read about your needs and your plan" in mine
    assert mine.endswith("desk A, B")
    theirs = next(line for line in said if str(stranger) in line)
    assert theirs.endswith("read who you are and how to reach you  desk B")
    assert said[-1].startswith("Lines: 2.")
    who_opened(database_url, UUID(int=0x79), said.append)
    assert said[-1].startswith("Lines: 0.")
