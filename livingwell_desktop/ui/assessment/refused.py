"""Instead of the questions: why nothing can be asked here, and the way back."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import clear
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.surfaces import ScrollBody


class RefusedView(ScrollBody):
    """`show_reason` says why; the only button goes back."""

    def __init__(self, back: Callable[[], None]) -> None:
        super().__init__()
        self._back, self._button = back, Button("Go back", key="")

    def show_reason(self, reason: str) -> None:
        """Say why nothing can be asked."""
        clear(self.body)
        self._button = Button("Go back", key="")
        self._button.clicked.connect(self._back)
        self.body.add(EmptyState("Nothing can be asked here", reason, self._button, icon="clipboard"))

    def focus_back(self) -> None:
        """Put the focus on the way back: a button in a layout is shown by a posted event, too late for the focus."""
        self._button.show()
        self._button.setFocus(Qt.FocusReason.OtherFocusReason)
