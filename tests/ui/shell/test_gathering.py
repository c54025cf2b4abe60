"""While much arrives, pages look again a few times a second, and in the end at everything."""

from uuid import UUID

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.shell.gathering import Gathering


def arrived(number: int) -> Changes:
    record = frozenset({UUID(int=number)})
    return Changes(frozenset({f"kind {number}"}), record, record, arrived=True)


def test_the_first_word_is_passed_on_at_once_and_the_rest_together(qtbot: QtBot) -> None:
    heard: list[Changes] = []
    parent = QObject()
    gathering = Gathering(heard.append, parent)
    for number in range(1, 201):
        gathering.take(arrived(number))
    assert heard == [arrived(1)]
    qtbot.waitUntil(lambda: len(heard) > 1)
    assert len(heard) == 2
    assert heard[1].records == {UUID(int=number) for number in range(2, 201)}
    assert heard[1].arrived


def test_what_is_saved_here_never_waits(qtbot: QtBot) -> None:
    heard: list[Changes] = []
    parent = QObject()
    gathering = Gathering(heard.append, parent)
    gathering.take(arrived(1))
    gathering.take(arrived(2))
    own = Changes(frozenset({"visit"}), frozenset(), frozenset({UUID(int=3)}))
    gathering.take(own)
    assert heard == [arrived(1), own]
