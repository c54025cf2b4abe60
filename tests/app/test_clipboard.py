"""What is copied from a record does not stay on the clipboard, and no history keeps it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from livingwell_desktop.app.clipboard import MARKS, CopiedWords
from tests.window import Window, until


@pytest.fixture
def owner(qapp: object) -> Iterator[QObject]:
    """A window of ours that has the keyboard."""
    made = QWidget()
    Window(made).bring_to_front()
    yield made
    made.close()
    QGuiApplication.clipboard().clear()


def test_copied_words_are_marked_and_gone_after_a_while(owner: QObject) -> None:
    clipboard = QGuiApplication.clipboard()
    words = CopiedWords(owner, cleared_after=0.2)
    clipboard.setText("07700 900 341")
    assert clipboard.text() == "07700 900 341"
    assert set(MARKS) <= set(clipboard.mimeData().formats())
    until(lambda: clipboard.text() == "", "the clipboard is empty")
    clipboard.setText("SE11 4QX")
    words.clear()
    assert clipboard.text() == ""
    clipboard.setText("SE11 4QX")
    clipboard.blockSignals(True)
    clipboard.setText("Copied in another program")
    clipboard.blockSignals(False)
    words.clear()
    assert clipboard.text() == "Copied in another program"


def test_no_core_dumps_in_any_process() -> None:
    script = (
        "from livingwell_desktop.app.no_dumps import no_core_dumps; no_core_dumps();"
        "import resource, ctypes, sys;"
        "print(resource.getrlimit(resource.RLIMIT_CORE),"
        " ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == 'linux' else 0)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "(0, 0) 0"
