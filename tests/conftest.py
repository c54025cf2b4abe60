"""What every test may use: a clock that stands still, a real encrypted store, a window system without a screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")
os.environ.setdefault("QT_FONT_DPI", "96")

import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from livingwell_desktop.storage import Signer, Store

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from tests.office import Day, Office

KEY = bytes(range(32))
DESK = UUID("0195c000-0000-7000-8000-00000000000a")


class StillClock:
    """A clock that moves only when it is told to."""

    def __init__(self, at: datetime = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


def unsigned(device: UUID = DESK) -> Signer:
    """A desk whose signatures nobody checks."""
    return Signer(device, lambda _content: b"s" * 64)


@pytest.fixture
def new_store(tmp_path: Path, clock: StillClock) -> Iterator[Callable[..., Store]]:
    """Make real encrypted stores, each a desk of its own."""
    made: list[Store] = []

    def make(name: str = "desk", key: bytes = KEY, device: UUID | None = None) -> Store:
        store = Store.open(tmp_path / f"{name}.db", key, unsigned(device or UUID(int=DESK.int + len(made))), clock)
        made.append(store)
        return store

    yield make
    for store in made:
        store.close()


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[Store], object]], Path]:
    """The files of a desk as a function filled them: once in a run, because that takes longer than most tests."""
    made: dict[Callable[[Store], object], Path] = {}

    def folder(fill: Callable[[Store], object]) -> Path:
        if fill not in made:
            where = tmp_path_factory.mktemp("filled")
            store = Store.open(where / "desk.db", KEY, unsigned(), StillClock())
            fill(store)
            store.close()
            made[fill] = where
        return made[fill]

    return folder


@pytest.fixture
def furnished(
    new_store: Callable[..., Store], tmp_path: Path, filled_folder: Callable[[Callable[[Store], object]], Path]
) -> Callable[[Callable[[Store], object]], Store]:
    """A real encrypted store of its own for each test, with what a function fills it with."""

    def make(fill: Callable[[Store], object]) -> Store:
        for file in filled_folder(fill).iterdir():
            shutil.copy2(file, tmp_path)
        return new_store()

    return make


@pytest.fixture
def store(new_store: Callable[..., Store]) -> Store:
    return new_store()


@pytest.fixture(scope="session")
def qapp(qapp: "QApplication") -> "QApplication":
    """The one application, dressed as the program dresses it."""
    from livingwell_desktop.ui.widgets import theme

    theme.prepare(qapp)
    qapp.setCursorFlashTime(0)
    return qapp


class HoldingBot(QtBot):
    """Keeps its windows for as long as a test is torn down.

    The plugin holds them weakly: one that nothing else holds could be collected while Qt still paints it.
    """

    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        self._held: list[object] = []

    def addWidget(self, widget: "QWidget", **how: Any) -> None:
        self._held.append(widget)
        super().addWidget(widget, **how)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """The plugin's, with windows that last as long as the test."""
    return HoldingBot(request)


@pytest.fixture(autouse=True)
def swept(request: pytest.FixtureRequest) -> Iterator[None]:
    """Widgets end with their test: nothing left behind may answer a later one."""
    yield
    if "qapp" not in request.fixturenames and "qtbot" not in request.fixturenames:
        return
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    from livingwell_desktop.ui.widgets import theme

    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.set_dark(False)
    theme.set_scale(100)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning or an error in the log fails the test that caused it."""
    yield
    loud = [record for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert not loud, [record.getMessage() for record in loud]


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Office]":
    """A whole office, made once."""
    from tests.office import Office

    made = Office(tmp_path_factory.mktemp("office"))
    yield made
    made.close()


@pytest.fixture
def day(office: "Office", tmp_path: Path, qapp: object) -> "Iterator[Day]":
    """A copy of the office for one test: a server, two desks."""
    with office.day(tmp_path) as today:
        yield today


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have to say besides that they passed (`record_property("summary", …)`), whichever process ran them."""
    said = [
        str(words)
        for report in terminalreporter.getreports("passed")
        for name, words in report.user_properties
        if name == "summary"
    ]
    if said:
        terminalreporter.section("what was measured")
    for words in said:
        terminalreporter.write_line(words)
