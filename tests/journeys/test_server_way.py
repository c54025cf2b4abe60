"""The settings that say where records go: taken over once, sealed, and changed by nobody but who looks after desks."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.settings import DeskFolder, load_settings, save_settings
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.pages import StaffPlace
from tests.desk import DeskOnTable, DeskWindow
from tests.office import NAMES, Day
from tests.sync.test_wire import somebody
from tests.window import until

pytestmark = pytest.mark.slow

ELSEWHERE = "https://elsewhere.example"


def events(store: Store) -> list[str]:
    with store._engine.connect() as connection:
        return [name for (name,) in connection.exec_driver_sql("SELECT event FROM audit ORDER BY n")]


def edited(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"box":"', b'"box":"A', 1))


def sunita_at(table: DeskOnTable) -> DeskWindow:
    return table.sign_in("Sunita Marsh", demo_passphrase())


def as_of_the_release_before(folder: DeskFolder) -> None:
    folder.server_way.unlink()
    folder.key_file.with_name(f"{folder.key_file.name}.settings").unlink()


def test_a_plain_file_of_the_release_before_is_taken_over_once(day: Day) -> None:
    table = day.desk(NAMES[0])
    as_of_the_release_before(table.folder)
    rosa = table.sign_in("Rosa Mensah", demo_passphrase())
    rosa.until_status("Connected")
    assert "connection settings taken over" in events(rosa.desk.store)
    assert table.folder.server_way.exists()
    table = rosa.lock()
    # From now on an edited plain file is said, and not followed.
    plain = load_settings(table.folder.settings)
    save_settings(table.folder.settings, replace(plain, server_url=ELSEWHERE))
    rosa = table.sign_in("Rosa Mensah", demo_passphrase())
    rosa.until_shown("The file settings.json of this desk names another connection.")
    rosa.until_status("Connected")
    assert events(rosa.desk.store).count("connection settings taken over") == 1
    assert "connection settings not followed" in events(rosa.desk.store)
    rosa.desk.window.set_text_size(110)
    assert load_settings(table.folder.settings).server_url == ELSEWHERE, "who looks into it finds it as it was"


@pytest.mark.parametrize("harm", [edited, Path.unlink], ids=["edited", "deleted"])
def test_a_changed_file_sends_nothing_anywhere_until_a_manager_has_looked(
    day: Day, harm: Callable[[Path], None]
) -> None:
    with somebody(200, "text/html", b"<html>Give me everything</html>") as url:
        table = day.desk(NAMES[0])
        harm(table.folder.server_way)
        right = load_settings(table.folder.settings).server_url
        save_settings(table.folder.settings, replace(load_settings(table.folder.settings), server_url=url))
        rosa = table.sign_in("Rosa Mensah", demo_passphrase())
        rosa.until_shown("The connection settings of this desk were changed.")
        rosa.until_status("connection settings")
        rosa.check_in("pilar zu")
        waiting = rosa.desk.store.waiting().count
        assert waiting > 0, "work goes on, and is kept"
        sunita = sunita_at(rosa.lock())
        sunita.until_status("connection settings")
        sunita.go(StaffPlace()).press("W").until_shown("Ask IT support for the right ones")
        sunita.fill("server", "http://server.example")
        sunita.click("Save").until_shown("It begins with https://")
        sunita.fill("server", right)
        sunita.click("Save")
        until(lambda: "connection settings changed" in events(sunita.desk.store), "it is in the audit")
        assert load_settings(table.folder.settings).server_url == right
        again = sunita_at(sunita.lock())
        again.until_status("Connected · all changes sent")
        assert not again.desk.store.waiting().count, "what waited meanwhile was sent"


def test_that_the_server_has_proved_itself_is_known_beside_the_records_too(day: Day) -> None:
    rosa = day.reception()
    rosa.until_status("Connected")
    assert rosa.desk.store.own.server_is_proven()
    vault = rosa.desk.practice.vault
    assert vault is not None
    way = vault.way
    assert way is not None
    vault.keep_proof(server_is_proven=True)
    known = way.load()
    assert known is not None
    assert known.proven
