"""The keeper process: no keys, no records. Standard library and Qt only: it starts at once and knows nothing."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from livingwell_desktop.app.asked_to_end import AskedToEnd
from livingwell_desktop.ui.sign_in.keeper import Keeper, tray
from livingwell_desktop.ui.widgets.lasting_constants import keep_constants


def run_keeper(folder: Path) -> int:
    """The keeper process: no keys, no records."""
    keep_constants()
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    keeper = Keeper(folder)
    keeper.ended.connect(application.quit)
    shown = tray(application, keeper, application.windowIcon())
    asked = AskedToEnd(keeper.close)
    keeper.start()
    code = application.exec()
    asked.close()
    if shown is not None:
        shown.hide()
    return code
