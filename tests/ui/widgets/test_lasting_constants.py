"""None must not run out, however much is painted."""

from __future__ import annotations

import sys

from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from livingwell_desktop.ui.widgets import theme


def test_many_calls_to_qt_do_not_use_up_none(qapp: QApplication) -> None:
    picture = QPixmap(10, 10)
    painter = QPainter(picture)
    for _call in range(60_000):
        painter.setPen(theme.colour("text"))
    painter.end()
    assert sys.getrefcount(None) > 1_000_000
