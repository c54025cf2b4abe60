"""The lines under a person's banner that say who may see the record: shared with whom, protected, closed to you."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import long_date
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.protection import REASON_WORDS, ProtectionReason
from livingwell_desktop.domain.wording import sentence_case
from livingwell_desktop.services import protecting
from livingwell_desktop.services.people import Banner
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.sharing import sharing_words
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.words import Words


class AccessStrip(QWidget):
    """Always there while a record is open. `sharing` asks for the details, `emergency` for opening the record."""

    sharing = Signal()
    emergency = Signal()

    def __init__(self, practice: Practice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        column = Column(self, spacing=6, margins=(24, 6, 24, 2))
        self.closed = Notice("warning", "", icon="lock")
        self.closed.setObjectName("not open to you")
        self.closed.followed.connect(self.emergency)
        self.protected = Notice("warning", "", icon="lock")
        self.protected.setObjectName("protected")
        self.shares = Words("", "conversation", "secondary", wrap=True)
        self.shares.setObjectName("shared with whom")
        self.more = Button("Sharing", "quiet", key="Ctrl 6", size="small")
        self.more.setObjectName("more about sharing")
        self.more.clicked.connect(self.sharing)
        self._line = QWidget()
        row = Row(self._line, spacing=8)
        row.add(self.shares, stretch=1)
        row.add(self.more)
        column.add(self.closed, self.protected, self._line)

    def show_person(self, banner: Banner) -> None:
        """Say it for the person who is open now."""
        practice, person = self._practice, banner.person.id
        self.shares.setText(sharing_words(banner.sharing, banner.alliance, practice.today()))
        known = practice.may(Act.RECORD_SHARING, person).allowed or bool(banner.person.heads)
        self._line.setVisible(known)
        self._show_protection(practice, banner)
        self._show_closed(practice, banner)

    def _show_protection(self, practice: Practice, banner: Banner) -> None:
        held = protecting.protection_of(practice, banner.person.id)
        self.protected.setVisible(held is not None)
        if held is None:
            return
        value = held.value
        if not banner.person.heads:
            self.protected.set_words(
                "Reception knows them by this name alone. For anything else ask their key worker.", strong="Protected."
            )
            return
        why = REASON_WORDS.get(value.reason) or sentence_case(str(value.reason).replace("_", " "))
        again = f" Look at it again on {long_date(value.review_on)}." if value.review_on else ""
        reason = f"{why}. " if value.reason is not ProtectionReason.OTHER else ""
        self.protected.set_words(
            f"{reason}Nobody may learn where they are. Reception knows them as “{value.reference}”.{again}",
            strong="Protected.",
        )

    def _show_closed(self, practice: Practice, banner: Banner) -> None:
        ruling = practice.may(Act.SEE_CLINICAL, banner.person.id)
        self.closed.setVisible(ruling.in_emergency)
        if ruling.in_emergency:
            self.closed.set_words(ruling.reason, link="Open in an emergency")
