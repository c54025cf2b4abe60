"""Every page that is registered: named controls, a way round by keyboard, targets to hit, nothing cut off."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from livingwell_desktop.domain.outages import Outage
from livingwell_desktop.ui.pages import (
    AssessmentPlace,
    AttentionPlace,
    BookingsPlace,
    ConnectionPlace,
    KeysPlace,
    NewPersonPlace,
    OutagePlace,
    PassphrasePlace,
    PeoplePlace,
    PersonPlace,
    Place,
    PlanPlace,
    PlansDuePlace,
    PreviewPlace,
    StaffPlace,
    TodayPlace,
)
from livingwell_desktop.ui.shell.places import PAGES, RAIL_OF_PLACE, page_class
from livingwell_desktop.ui.widgets import theme
from tests.desk import DeskWindow
from tests.office import Day, Office
from tests.window import until

CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView)
SMALLEST_TARGET = 28


def places(office: Office) -> list[Place]:
    """A place for every registered page, full of records."""
    ngozi = office.alliance.people["Ngozi Okafor"]
    tabs = ("overview", "visits", "assessments", "details", "sharing", "documents")
    return [
        TodayPlace(),
        BookingsPlace(),
        BookingsPlace(ngozi),
        NewPersonPlace("Ana"),
        PeoplePlace(),
        *(PersonPlace(ngozi, tab) for tab in tabs),
        AssessmentPlace(ngozi),
        AssessmentPlace(ngozi, "phq9"),
        PlanPlace(ngozi),
        PlansDuePlace(),
        AttentionPlace(),
        ConnectionPlace(),
        OutagePlace(office.alliance.of(Outage)[0][0]),
        PreviewPlace("plan", ngozi),
        StaffPlace(),
        PassphrasePlace(),
        KeysPlace(),
    ]


@pytest.fixture
def maya(day: Day) -> DeskWindow:
    return day.room_2()


def visible(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, CONTROLS) and not widget.objectName().startswith("qt_"):
            yield widget


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface else ""


def test_every_registered_page_has_a_place_here(office: Office) -> None:
    shown = {type(place) for place in places(office)}
    assert shown == set(PAGES)
    assert all(page_class(place).shows is place for place in PAGES)
    assert set(RAIL_OF_PLACE) <= {kind.__name__ for kind in shown}


@pytest.mark.slow
def test_every_control_on_every_page_has_a_name_and_can_be_hit(maya: DeskWindow, office: Office) -> None:
    for place in places(office):
        maya.desk.window.go(place)
        maya.settle()
        for widget in visible(maya.window):
            where = f"{place}: {type(widget).__name__} {widget.objectName()}"
            assert name_of(widget), f"{where} has no name"
            if isinstance(widget, QAbstractButton):
                assert min(widget.width(), widget.height()) >= SMALLEST_TARGET, f"{where} {name_of(widget)} is small"


@pytest.mark.slow
def test_the_tab_key_reaches_every_control_of_every_page(maya: DeskWindow, office: Office) -> None:
    maya.bring_to_front()
    for place in places(office):
        maya.desk.window.go(place)
        maya.settle()
        page = maya.page()
        wanted = {
            widget
            for widget in visible(page)
            if widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        }
        reached: set[QWidget] = set()
        for _ in range(4 * len(list(visible(maya.window))) + 20):
            focus: QWidget | None = maya.window.focusWidget()
            if focus is not None:
                reached.add(focus)
                while focus is not None and focus is not page:
                    reached.add(focus)
                    focus = focus.parentWidget()
            if wanted <= reached:
                break
            # Ctrl+Tab leaves a text area, where Tab is a letter of its own.
            maya.press("Tab")
        missed = [f"{type(widget).__name__} {name_of(widget)}" for widget in wanted - reached]
        assert not missed, f"{place}: Tab never reaches {missed}"


def both_heard(one: QShortcut, other: QShortcut) -> bool:
    """Whether one key press can reach both: Qt then runs neither."""
    inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
    if one.context() is not inside or other.context() is not inside:
        return True
    first, second = one.parent(), other.parent()
    assert isinstance(first, QWidget)
    assert isinstance(second, QWidget)
    return first is second or first.isAncestorOf(second) or second.isAncestorOf(first)


@pytest.mark.slow
def test_no_key_is_bound_twice_on_any_page(maya: DeskWindow, office: Office) -> None:
    for place in places(office):
        maya.desk.window.go(place)
        maya.settle()
        live = [
            each
            for each in maya.window.findChildren(QShortcut)
            if each.isEnabled()
            and isinstance(owner := each.parent(), QWidget)
            and owner.isVisible()
            and owner.isEnabled()
        ]
        for one, other in combinations(live, 2):
            if set(one.keys()) & set(other.keys()):
                assert not both_heard(one, other), f"{place}: {one.key().toString()} is bound twice"


@pytest.mark.slow
@pytest.mark.parametrize(("size", "scale"), [((1280, 720), 100), ((1440, 900), 200)])
def test_no_page_makes_the_window_grow(maya: DeskWindow, office: Office, size: tuple[int, int], scale: int) -> None:
    theme.set_scale(scale)
    maya.window.resize(*size)
    for place in places(office):
        maya.desk.window.go(place)
        maya.settle()
        until(maya.window.isVisible, "the window")
        assert (maya.window.width(), maya.window.height()) == size, f"{place} at {scale} %"
