"""A store with Ngozi in it, and pages that hear of its changes as the shell would tell them."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from livingwell_desktop.settings import Settings
from livingwell_desktop.storage import Changes, Store
from livingwell_desktop.ui.pages import Page, Place
from livingwell_desktop.ui.widgets import ask, theme
from tests.ui.people import centre
from tests.ui.widgets.answers import Answers


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.prepare(qapp)
    yield
    theme.set_dark(False)
    theme.set_scale(100)
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def around() -> centre.Around:
    return centre.Around()


@pytest.fixture
def filled(furnished: Callable[..., Store]) -> Store:
    return furnished(centre.fill)


@pytest.fixture
def opened(qtbot: QtBot, filled: Store, around: centre.Around) -> Callable[..., Page]:
    """Open a page of a class at a place, in an active window."""

    def open_page(
        page_class: type[Page], place: Place, staff: object = centre.MAYA, settings: Settings | None = None
    ) -> Page:
        page = page_class(around.desk(centre.practice(filled, staff), settings))  # type: ignore[arg-type]  # a UUID
        qtbot.addWidget(page)
        page.resize(1224, 866)

        def hear(changes: Changes) -> None:
            if page.concerned(changes):
                page.refresh()

        end = filled.listen(hear)
        page.destroyed.connect(end)
        with qtbot.waitActive(page):
            page.show()
        page.show_place(place)
        return page

    return open_page


@pytest.fixture
def answers() -> Iterator[Answers]:
    """Sheets are answered as a test expects, and only those."""
    spy = Answers()
    ask.use(spy)
    yield spy
    ask.use(None)
    spy.check()
