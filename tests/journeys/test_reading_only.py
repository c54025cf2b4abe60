"""A gate that fails leaves a desk that can be read, whose unsent work can be saved and brought in again."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from livingwell_desktop.app.desk import open_desk
from livingwell_desktop.app.exporting import Unsent
from livingwell_desktop.app.opening import open_store, saving_unsent
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.storage.database import open_engine
from livingwell_desktop.storage.migrate import NewerRecords
from livingwell_desktop.storage.reading_only import ReadOnlyStore
from livingwell_desktop.ui.pages import PersonPlace
from livingwell_desktop.ui.sign_in.problem import ProblemWindow
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import ask
from tests.desk import DeskWindow
from tests.office import Day
from tests.storage.damage import Files
from tests.ui.widgets.answers import Answers
from tests.window import Window

pytestmark = pytest.mark.slow

EMAIL = "ngozi@example.org"


@pytest.fixture
def ngozi(day: Day) -> UUID:
    return day.alliance.people["Ngozi Okafor"]


@pytest.fixture
def answers() -> Iterator[Answers]:
    made = Answers()
    ask.use(made)
    yield made
    ask.use(None)
    made.check()


def keys_of(desk: DeskWindow) -> Handover:
    assert desk.table.handed is not None
    return desk.table.handed


def run_sql(path: Path, handover: Handover, statement: str) -> None:
    """What another program did to the file."""
    engine = open_engine(path, handover.unlocked.database_key.key)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def worked_offline(rosa: DeskWindow, ngozi: UUID) -> Files:
    """Work that is not sent; the files as they were before it."""
    rosa.until_sent()
    rosa.desk.engine.stop()
    rosa.table.close()
    return Files.of(rosa.table.folder.records)


def test_records_of_a_newer_program_can_be_read_their_unsent_saved_and_brought_in_again(
    rosa: DeskWindow, ngozi: UUID, day: Day, answers: Answers, tmp_path: Path
) -> None:
    handover, folder = keys_of(rosa), rosa.table.folder
    before = worked_offline(rosa, ngozi)
    with day.outage():
        again = day.reception()
        again.change_detail(ngozi, "email", EMAIL)
        again.table.close()
        run_sql(folder.records, handover, "PRAGMA user_version = 99")
        reading = day.reception()
        reading.until_shown("This desk can only be read now")
        reading.until_shown("Call the IT help desk")
        reading.until_status("Read only · 1 change waits on this desk")
        reading.go(PersonPlace(ngozi, "details")).until_shown(EMAIL)
        reading.click("change email").fill("type email", "no@example.org").click("save email")
        reading.until_shown("Nothing was saved")
        saved = tmp_path / Unsent(folder, handover, day.clock).file_name()
        answers.expect("Save what was not sent", saved)
        reading.click("Save what was not sent")
        reading.until_shown("Saved: 1 change that was not sent")
        reading.table.close()
        assert saved.exists()
        # The disk gave up since, and IT support put back a copy from before all that.
        before.lay(folder.records)
        saved.replace(folder.path / saved.name)
        back = day.reception()
        back.until_shown("1 change from a saved file is in the records again")
        held = back.desk.store.get(Person, ngozi)
        assert held is not None
        assert held.value.email == EMAIL
        assert (folder.path / f"taken in, {saved.name}").exists()
    back.until_sent()


def test_records_that_cannot_even_be_read_say_so_and_their_unsent_can_be_saved(
    rosa: DeskWindow, ngozi: UUID, day: Day, answers: Answers, tmp_path: Path
) -> None:
    handover, folder = keys_of(rosa), rosa.table.folder
    with day.outage():
        rosa.desk.engine.stop()
        rosa.change_detail(ngozi, "email", EMAIL)
        rosa.table.close()
        run_sql(folder.records, handover, "ALTER TABLE record RENAME COLUMN body TO content")
        run_sql(folder.records, handover, "PRAGMA user_version = 99")
        with pytest.raises(NewerRecords) as told:
            open_desk(handover, folder, day.clock, lambda: None)
    tasks = Tasks()
    window = ProblemWindow(told.value, saving_unsent(Unsent(folder, handover, day.clock), tasks))
    window.show()
    page = Window(window)
    page.until_shown("A newer program made these records")
    answers.expect("Save what was not sent", tmp_path / "unsent.rescue")
    page.click("save what was not sent")
    page.until_shown("Saved: 1 change that was not sent")
    tasks.close()
    window.close()


def test_a_database_library_that_is_too_old_only_reads_and_none_at_all_refuses(rosa: DeskWindow, day: Day) -> None:
    handover, folder, signer = keys_of(rosa), rosa.table.folder, rosa.desk.store.signer
    rosa.table.close()
    key, lies = handover.unlocked.database_key.key, folder.records.read_bytes()
    store = open_store(folder.records, key, signer, day.clock, None, ("0.6.4", "3.40.0", "4.5"))
    assert isinstance(store, ReadOnlyStore)
    assert "too old to write safely" in store.reason.what_happened
    assert store.counts()
    store.close()
    with pytest.raises(Problem, match="not installed correctly"):
        open_store(folder.records, key, signer, day.clock, None, ("0.6.4", "3.51.3", ""))
    assert folder.records.read_bytes() == lies
