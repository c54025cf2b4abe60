"""What lies on the quiet desk: the white sheet of the place, and over it the line of a record open in an emergency."""

from uuid import UUID

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QStackedWidget

from livingwell_desktop.domain.dates import clock_time, local
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.pages import Place
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.notices import Notice


class Sheet(QStackedWidget):
    """White paper on a quiet desk, its top-left corner rounded."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        shape = QRectF(self.rect()).adjusted(0.5, 0.5, 20, 20)
        path.addRoundedRect(shape, 14, 14)
        painter.setPen(theme.colour("border"))
        painter.setBrush(theme.colour("surface"))
        painter.drawPath(path)
        painter.end()


class EmergencyLine(Notice):
    """Stands over every place of a person whose record this member of staff opened in an emergency, until it ends."""

    def __init__(self) -> None:
        super().__init__("error", "", icon="lock")
        self.setObjectName("open in an emergency")
        self._about: UUID | None = None
        self.hide()

    def has_ended(self, practice: Practice, place: Place | None) -> bool:
        """Look again at how it stands for the person of that place. True when it was open and is not any more."""
        person = getattr(place, "person", None)
        standing = practice.opened_in_emergency(person) if person is not None else None
        before, self._about = self._about, person if standing is not None else None
        self.setVisible(standing is not None)
        if standing is not None and standing.value.until is not None:
            until = clock_time(local(standing.value.until).time())
            words = "The privacy officer looks at every opening."
            self.set_words(words, strong=f"This record is open in an emergency until {until}.")
        return standing is None and before is not None and before == person
