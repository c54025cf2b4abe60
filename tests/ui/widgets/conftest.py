"""A prepared application for the widget tests, swept after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from livingwell_desktop.ui.widgets import ask, theme
from tests.ui.widgets.answers import Answers


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    theme.prepare(qapp)
    qapp.setCursorFlashTime(0)
    return qapp


@pytest.fixture(autouse=True)
def swept(request: pytest.FixtureRequest) -> Iterator[None]:
    """No window outlives its test, and the look is back to light at 100 %."""
    yield
    if "qapp" in request.fixturenames or "qtbot" in request.fixturenames:
        for widget in QApplication.topLevelWidgets():
            widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        theme.set_dark(False)
        theme.set_scale(100)


@pytest.fixture
def answers() -> Iterator[Answers]:
    """Answers to questions the test expects; an unexpected question fails it."""
    spy = Answers()
    ask.use(spy)
    yield spy
    ask.use(None)
    spy.check()
