"""How old a record may be: said on the person's page while the desk is not connected, and only then."""

from dataclasses import replace
from datetime import timedelta

from pytestqt.qtbot import QtBot

from livingwell_desktop.storage import Store
from livingwell_desktop.sync.state import SyncState
from livingwell_desktop.ui.pages import PersonPlace
from livingwell_desktop.ui.people import PersonPage
from tests.ui.people import centre
from tests.ui.people.keys import visible_words


def test_a_record_says_of_when_it_is_while_there_is_no_connection(
    qtbot: QtBot, filled: Store, around: centre.Around
) -> None:
    now = filled.clock()
    link = [SyncState(connected=True, since=now)]
    page = PersonPage(replace(around.desk(centre.practice(filled)), link=lambda: link[-1]))
    qtbot.addWidget(page)
    page.show()
    page.show_place(PersonPlace(centre.NGOZI))
    assert "As of" not in visible_words(page)
    for since, said in (
        (now, "As of 10:43am"),
        (now - timedelta(days=3), "As of 20 November, 10:43am"),
        (None, "As of when this desk was last connected"),
    ):
        link.append(SyncState(connected=False, since=since))
        page.link_changed()
        assert said in visible_words(page)
    link.append(SyncState(connected=True, since=now))
    page.link_changed()
    assert "As of" not in visible_words(page)
