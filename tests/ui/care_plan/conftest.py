"""Ngozi with needs and no plan yet in a store of this desk, and plan pages that hear of its changes."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from livingwell_desktop.storage import Changes, Store
from livingwell_desktop.ui.care_plan import PlanPage, print_sheet
from livingwell_desktop.ui.pages import Page, Place, PlanPlace
from livingwell_desktop.ui.widgets import ask
from tests.ui.care_plan.ngozi import fill, with_plan
from tests.ui.care_plan.printers import Printers
from tests.ui.people import centre
from tests.ui.people.centre import NGOZI
from tests.ui.widgets.answers import Answers


@pytest.fixture
def answers() -> Iterator[Answers]:
    spy = Answers()
    ask.use(spy)
    yield spy
    ask.use(None)
    spy.check()


@pytest.fixture
def printers() -> Iterator[Printers]:
    door = Printers()
    print_sheet.use(door)
    yield door
    print_sheet.use(None)


@pytest.fixture
def around() -> Iterator[centre.Around]:
    yield centre.Around()


@pytest.fixture
def filled(furnished: Callable[..., Store]) -> Store:
    return furnished(fill)


@pytest.fixture
def opened(qtbot: QtBot, filled: Store, around: centre.Around) -> Iterator[Callable[..., Page]]:
    """Open a page of a class at a place, in an active window."""
    ends: list[Callable[[], None]] = []

    def open_page(page_class: type[Page], place: Place, staff: UUID = centre.MAYA) -> Page:
        desk = around.desk(centre.practice(filled, staff))
        page = page_class(desk)
        qtbot.addWidget(page)
        page.resize(1224, 866)

        def hear(changes: Changes) -> None:
            if page.concerned(changes):
                page.refresh()

        ends.extend((filled.listen(hear), desk.tasks.close))
        with qtbot.waitActive(page):
            page.show()
        page.show_place(place)
        return page

    yield open_page
    for end in ends:
        end()


@pytest.fixture
def draft(opened: Callable[..., PlanPage], filled: Store) -> Callable[[], PlanPage]:
    """Opens the plan page with Ngozi's draft. Opened in the test, as a window made before it loses the focus."""

    def open_draft() -> PlanPage:
        with_plan(filled)
        return opened(PlanPage, PlanPlace(NGOZI))

    return open_draft
