"""A desk whose disk gave up: the person at it is offered Rescue, and works on with everything that was saved."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from livingwell_desktop.app.desk import open_desk
from livingwell_desktop.app.rescuing import DamagedDesk
from livingwell_desktop.domain.people import Person
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.storage.database import DamagedStore
from livingwell_desktop.sync.audit_upload import AuditUpload
from livingwell_desktop.ui.sign_in.rescue import RescueWindow
from livingwell_desktop.ui.tasks import Tasks
from tests.desk import DeskWindow
from tests.office import Day
from tests.storage.damage import PAGE, flipped
from tests.window import Window, until

pytestmark = pytest.mark.slow

DOWNLOAD_SECONDS = 120.0


@pytest.fixture
def ngozi(day: Day) -> UUID:
    return day.alliance.people["Ngozi Okafor"]


def email(desk: DeskWindow, person: UUID) -> str:
    held = desk.desk.store.get(Person, person)
    assert held is not None
    return held.value.email


def keys_of(desk: DeskWindow) -> Handover:
    """What sign-in would hand over again."""
    assert desk.table.handed is not None
    return desk.table.handed


def spoil(path: Path, times: int = 40) -> None:
    """Flipped bits all over the file, as a dying disk leaves it."""
    chance, content = Random(3), path.read_bytes()
    for _ in range(times):
        content = flipped(content, chance, PAGE)
    # The first page too, and the head of the log that might have a newer one: nothing can be read any more.
    path.write_bytes(flipped(content, chance, 0, PAGE))
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        log.write_bytes(flipped(log.read_bytes(), chance, 0, 32))


def damaged(rosa: DeskWindow, ngozi: UUID, day: Day) -> DamagedDesk:
    """Work that was not sent when the disk gave up."""
    rosa.change_detail(ngozi, "address", "1 Acre Lane, London")
    rosa.change_detail(ngozi, "email", "ngozi@example.org")
    assert rosa.desk.store.waiting().count == 2
    desk = DamagedDesk(rosa.table.folder, keys_of(rosa), day.clock)
    rosa.table.kill()
    spoil(rosa.table.folder.records)
    with pytest.raises(DamagedStore):
        open_desk(desk.handover, desk.folder, day.clock, lambda: None)
    return desk


def until_said(page: Window, words: str) -> None:
    """A first download takes as long as it takes."""
    until(lambda: page.shows(words), words, DOWNLOAD_SECONDS)


def offered(desk: DamagedDesk) -> tuple[Window, list[bool], Callable[[], None]]:
    tasks, finished = Tasks(), list[bool]()
    window = RescueWindow(desk, tasks)
    window.finished.connect(finished.append)
    window.show()

    def close() -> None:
        tasks.close()
        window.close()

    return Window(window), finished, close


def test_rescue_brings_a_damaged_desk_back_with_all_that_was_not_sent(
    rosa: DeskWindow, maya: DeskWindow, ngozi: UUID, day: Day
) -> None:
    rosa.until_sent()
    with day.outage():
        desk = damaged(rosa, ngozi, day)
    page, finished, close = offered(desk)
    page.until_shown("This desk’s records are damaged")
    page.until_shown("Nothing is deleted")
    page.press("Enter")
    until_said(page, "The records are back")
    page.until_shown("Saved: 2 changes that were not sent")
    page.press("Enter")
    until(lambda: finished == [True], "the desk can open")
    close()
    (aside,) = desk.folder.path.glob("damaged records *")
    assert {"records.db", "records.db-second"} < {path.name for path in aside.iterdir()}
    assert list(aside.glob("unsent *.rescue"))
    again = day.reception()
    held = again.desk.store.get(Person, ngozi)
    assert held is not None
    assert (held.value.address, held.value.email) == ("1 Acre Lane, London", "ngozi@example.org")
    again.until_sent()
    until(lambda: email(maya, ngozi) == "ngozi@example.org", "Maya sees it")
    assert again.desk.store.counts() == maya.desk.store.counts()
    again.change_detail(ngozi, "email", "n.okafor@example.org").until_sent()
    assert again.desk.store.soundness.damage() == ()
    # The audit goes on at the server too, after what is known to be lost with the disk.
    AuditUpload(again.desk.store, again.desk.engine._client, day.clock).send_all()
    assert again.desk.store.audit.waiting() == 0
    assert again.desk.store.audit.contradicted_at() is None


def test_rescue_without_a_connection_saves_first_and_can_be_tried_again(
    rosa: DeskWindow, ngozi: UUID, day: Day
) -> None:
    rosa.until_sent()
    with day.outage():
        desk = damaged(rosa, ngozi, day)
        before = desk.folder.records.read_bytes()
        page, finished, close = offered(desk)
        page.press("Enter")
        page.until_shown("There is no fresh copy yet")
        page.until_shown("The server does not answer")
        page.until_shown("Saved: 2 changes that were not sent")
        assert len(list(desk.folder.path.glob("unsent *.rescue"))) == 1
        assert desk.folder.records.read_bytes() == before
    page.press("Enter")
    until_said(page, "The records are back")
    page.press("Enter")
    until(lambda: finished == [True], "the desk can open")
    close()
    again = day.reception()
    held = again.desk.store.get(Person, ngozi)
    assert held is not None
    assert held.value.email == "ngozi@example.org"
    again.until_sent()


def test_closing_the_offer_leaves_everything_as_it_is(rosa: DeskWindow, ngozi: UUID, day: Day) -> None:
    rosa.until_sent()
    with day.outage():
        desk = damaged(rosa, ngozi, day)
    files = {path: path.read_bytes() for path in desk.folder.path.iterdir() if path.is_file()}
    page, finished, close = offered(desk)
    page.press("Esc")
    until(lambda: finished == [False], "closed")
    close()
    after = {path: path.read_bytes() for path in desk.folder.path.iterdir() if path.is_file()}
    # Whoever noticed the damage first left a mark, so that the next opening looks the whole file through.
    mark = desk.folder.records.with_name("records.db-damaged")
    assert {**after, mark: b""} == {**files, mark: b""}


def test_records_that_are_gone_are_damaged_records_and_not_a_new_desk(rosa: DeskWindow, day: Day) -> None:
    rosa.until_sent()
    handover, folder = keys_of(rosa), rosa.table.folder
    rosa.table.close()
    for path in folder.path.glob("records.db*"):
        path.unlink()
    with pytest.raises(DamagedStore):
        open_desk(handover, folder, day.clock, lambda: None)
    assert not folder.records.exists()
    page, finished, close = offered(DamagedDesk(folder, handover, day.clock))
    page.press("Enter")
    until_said(page, "Everything had been sent already")
    page.press("Enter")
    until(lambda: finished == [True], "the desk can open")
    close()
    day.reception().until_status("Connected · nothing to send")


def test_what_was_put_back_at_opening_is_said(rosa: DeskWindow, ngozi: UUID, day: Day) -> None:
    with day.outage():
        rosa.desk.engine.stop()  # or it may move the log into the file before the power goes
        rosa.change_detail(ngozi, "email", "ngozi@example.org")
        rosa.table.kill()
        log = rosa.table.folder.records.with_name("records.db-wal")
        log.write_bytes(flipped(log.read_bytes(), Random(1), 0, 32))
        again = day.reception()
        again.until_shown("was put back")
