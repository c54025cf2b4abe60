"""The small centre, and reception's pages in an active window."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.pages import Page, Place
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import theme
from tests.conftest import StillClock
from tests.services.small_centre import SmallCentre, made_centre
from tests.ui.reception.at_desk import AtDesk


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.prepare(qapp)
    qapp.setCursorFlashTime(0)
    yield
    theme.set_dark(False)
    theme.set_scale(100)
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def centre(store: Store, clock: StillClock) -> SmallCentre:
    return made_centre(store, clock)


@pytest.fixture
def rosa(centre: SmallCentre) -> Practice:
    return centre.at_desk("Rosa Mensah")


@pytest.fixture
def maya(centre: SmallCentre) -> Practice:
    return centre.at_desk("Maya Lindqvist", "Room 2 desk")


@pytest.fixture
def at(qtbot: QtBot) -> Iterator[Callable[..., AtDesk]]:
    """Open a page at somebody's desk: `at(rosa, TodayPage, TodayPlace())`."""
    tasks = Tasks()

    def open_page(practice: Practice, page_class: type[Page], place: Place) -> AtDesk:
        made = AtDesk(practice, page_class, tasks, qtbot)
        qtbot.addWidget(made.page)
        with qtbot.waitActive(made.page):
            made.page.show()
        return made.show(place)

    yield open_page
    tasks.close()
