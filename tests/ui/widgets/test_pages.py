"""Whole pages: every control has a name, a place in the tab order and a fair size; nothing makes the window grow."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.badge import Badge
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.gallery import Gallery
from tests.ui.widgets.scenes import SCENES

PAGES: dict[str, Callable[[], QWidget]] = {"gallery": Gallery, **SCENES}
EACH_PAGE = pytest.mark.parametrize("name", PAGES)


def shown(qtbot: QtBot, name: str, width: int = 1440, height: int = 900) -> QWidget:
    page = PAGES[name]()
    qtbot.addWidget(page)
    page.resize(width, height)
    page.show()
    qtbot.waitExposed(page)
    return page


def controls(page: QWidget) -> list[QWidget]:
    """Everything on the page that can take the focus."""
    return [
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy().value & 1 and widget.focusProxy() is None
    ]


@EACH_PAGE
def test_every_control_has_a_name_and_a_role(qtbot: QtBot, name: str) -> None:
    page = shown(qtbot, name)
    assert controls(page)
    for control in controls(page):
        spoken = QAccessible.queryAccessibleInterface(control)
        assert spoken.text(QAccessible.Text.Name).strip(), control
        assert spoken.role() != QAccessible.Role.Client, control


@EACH_PAGE
def test_every_target_is_at_least_28_pixels(qtbot: QtBot, name: str) -> None:
    page = shown(qtbot, name)
    for control in page.findChildren(QAbstractButton):
        if control.isVisible():
            assert control.height() >= 28, control
            assert control.width() >= 28, control


@EACH_PAGE
def test_the_tab_order_reaches_every_enabled_control(qtbot: QtBot, name: str) -> None:
    page = shown(qtbot, name)
    chain, widget = set(), page.nextInFocusChain()
    while widget is not None and widget is not page:
        chain.add(widget)
        widget = widget.nextInFocusChain()
    assert {control for control in controls(page) if control.isEnabled()} <= chain


@EACH_PAGE
@pytest.mark.parametrize(("percent", "width", "height"), [(100, 1280, 720), (200, 1280, 720), (80, 1440, 900)])
def test_no_page_makes_the_window_grow(qtbot: QtBot, name: str, percent: int, width: int, height: int) -> None:
    theme.set_scale(percent)
    page = shown(qtbot, name, width, height)
    grab = page.grab()
    assert (grab.width(), grab.height()) == (width, height)


@EACH_PAGE
@pytest.mark.parametrize("percent", [100, 150, 200])
def test_no_button_or_badge_loses_its_words(qtbot: QtBot, name: str, percent: int) -> None:
    theme.set_scale(percent)
    page = shown(qtbot, name, 1440, 900)
    for widget in page.findChildren(QWidget):
        if isinstance(widget, Button | Badge) and widget.isVisible():
            assert widget.width() >= widget.minimumSizeHint().width(), widget.accessibleName()
            assert widget.height() >= widget.minimumSizeHint().height(), widget.accessibleName()


@EACH_PAGE
def test_changing_theme_and_size_repaints_an_open_page(qtbot: QtBot, name: str) -> None:
    page = shown(qtbot, name)
    light = page.grab().toImage()
    theme.set_dark(True)
    theme.set_scale(120)
    assert page.grab().toImage() != light
    theme.set_dark(False)
    theme.set_scale(100)
    assert (page.grab().width(), page.grab().height()) == (1440, 900)


def test_at_one_and_a_half_the_grab_has_every_pixel() -> None:
    """`QT_SCALE_FACTOR` is read once at start, so this needs a process of its own."""
    program = (
        "from PySide6.QtWidgets import QApplication\n"
        "application = QApplication([])\n"
        "from livingwell_desktop.ui.widgets import theme\n"
        "from livingwell_desktop.ui.widgets.gallery import Gallery\n"
        "theme.prepare(application)\n"
        "page = Gallery()\n"
        "page.resize(1440, 900)\n"
        "page.show()\n"
        "grab = page.grab()\n"
        "print(grab.width(), grab.height())\n"
    )
    root = Path(__file__).resolve().parents[3]
    environment = os.environ | {"QT_SCALE_FACTOR": "1.5", "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["2160", "1350"]
