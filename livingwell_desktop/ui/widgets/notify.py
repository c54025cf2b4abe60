"""Messages inside the window, above the page: they push nothing away and wait to be read. No toasts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets.colours import Tone
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notices import Notice


class Notices(QWidget):
    """The strips at the top of a window or a page: `notices.say("warning", "The printer has no paper.")`.

    A message with a `key` replaces the one said before with the same key.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = Column(self, spacing=8)
        self._shown: dict[str, Notice] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Messages")
        self.hide()

    def say(
        self,
        tone: Tone,
        text: str,
        *,
        strong: str = "",
        link: str = "",
        action: Callable[[], object] | None = None,
        key: str = "",
        closable: bool = True,
    ) -> Notice:
        """Show a message; `link` with `action` offers one thing to do about it."""
        key = key or text
        self.clear(key)
        notice = Notice(tone, text, strong=strong, link=link if action is not None else "", closable=closable)
        if action is not None:
            notice.followed.connect(action)
        notice.dismissed.connect(lambda: self.clear(key))
        self._shown[key] = notice
        self._column.add(notice)
        self.show()
        return notice

    def clear(self, key: str = "") -> None:
        """Take away one message, or all."""
        for name in [key] if key else list(self._shown):
            notice = self._shown.pop(name, None)
            if notice is not None:
                self._column.removeWidget(notice)
                notice.hide()
                notice.deleteLater()
        self.setVisible(bool(self._shown))

    def texts(self) -> tuple[str, ...]:
        """What is shown now, in words."""
        return tuple(notice.accessibleName() for notice in self._shown.values())
