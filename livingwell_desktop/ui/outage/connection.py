"""Whether this desk is connected, what waits on it, what was not taken, and the outages there were."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt

from livingwell_desktop.domain.dates import clock_time, local, moment
from livingwell_desktop.domain.outages import Outage, duration_words
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import counted, sentence_case
from livingwell_desktop.services import outages
from livingwell_desktop.services.outages import Line
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.outage.lists import not_taken_list, person_list, show_not_taken, show_people
from livingwell_desktop.ui.pages import ConnectionPlace, Desk, OutagePlace, Page, PageAction, Place, TodayPlace
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.badge import BadgeText
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.cells import CellBadges, CellText
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.surfaces import Card, PageTitle, ScrollBody
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import Words


class ConnectionPage(Page):
    """What a receptionist reads when the line is down, and a manager the morning after."""

    shows = ConnectionPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        scroll = ScrollBody(spacing=14)
        Column(self, spacing=0).add(scroll)
        self.title = PageTitle("Connection", " ")
        self.go_on = Button("Go to Today", icon="calendar-check", key="Alt 1")
        self.go_on.setObjectName("go to today")
        self.go_on.clicked.connect(lambda: desk.go(TodayPlace()))
        self.nothing = EmptyState(
            "Nothing waits", "Every change of this desk is at the server.", self.go_on, icon="check-circle"
        )
        self.nothing.setObjectName("nothing waits")
        self.waiting = Card("Waits to be sent")
        self.waiting_rows = person_list("Waits to be sent", "The oldest was saved")
        self.waiting.body.add(self.waiting_rows)
        self.refused = Card("Not taken")
        self.refused.body.add(
            Words(
                "The words are kept on this desk. Read them, and write down again what still counts.", "body", wrap=True
            )
        )
        self.refused_rows = not_taken_list()
        self.refused.body.add(self.refused_rows)
        self.before = Card("Outages of this centre")
        self.before_rows = RowList(
            [TableColumn("When", 300), TableColumn("What happened"), TableColumn("", 230)], name="Outages"
        )
        self.before_rows.setObjectName("outages")
        self.before_rows.opened.connect(self.open_outage)
        self.before.body.add(self.before_rows)
        scroll.body.add(self.title, self.nothing, self.waiting, self.refused, self.before)
        desk.masking.changed.connect(lambda _on: self._show() if self.isVisible() else None)

    def show_place(self, place: Place) -> None:  # noqa: ARG002 - there is one such place
        self._show()
        self.take_focus()

    def concerned(self, changes: Changes) -> bool:
        return bool(changes.records)

    def refresh(self) -> None:
        self._show()

    def tick(self) -> None:
        self._show()

    def link_changed(self) -> None:
        self._show()

    def take_focus(self) -> None:
        """To the first list that has something; else to the way on."""
        for each in (self.waiting_rows, self.refused_rows, self.before_rows, self.go_on):
            if each.isVisibleTo(self):
                each.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def actions_here(self) -> tuple[PageAction, ...]:
        reason = "" if self.before_rows.current() is not None else "No outage is chosen."
        return (PageAction("Open the outage", "Enter", lambda: self.open_outage(self.before_rows.current()), reason),)

    def open_outage(self, key: object) -> None:
        """Go to the page of one outage."""
        if isinstance(key, UUID):
            self.desk.go(OutagePlace(key))

    def _show(self) -> None:
        ruling = self.desk.practice.may(Act.SEE_OUTAGES)
        if not ruling.allowed:
            self.title.set_title("Connection", ruling.reason)
            for each in (self.nothing, self.waiting, self.refused, self.before):
                each.hide()
            return
        practice, masked = self.desk.practice, self.desk.masking.on
        now = practice.now()
        line = outages.line(practice)
        waiting, refused, before = (
            outages.waiting(practice),
            outages.not_taken(practice),
            outages.outages(practice),
        )
        self.title.set_title("Connection", self._line_words(line))
        self.nothing.setVisible(not waiting and not refused)
        for card, found in ((self.waiting, waiting), (self.refused, refused), (self.before, before)):
            card.setVisible(bool(found))
        show_people(self.waiting_rows, waiting, now, masked)
        show_not_taken(self.refused_rows, refused, now, masked)
        self.before_rows.set_rows([self._outage_row(each) for each in before])
        self.before_rows.setFixedHeight(min(self.before_rows.content_height() + theme.px(8), theme.px(420)))

    def _line_words(self, line: Line) -> str:
        """The outage clock, or when the server last confirmed a change."""
        now = self.desk.practice.now()
        if line.down_since is not None:
            since = moment(line.down_since, local(now).date())
            length = duration_words(now - line.down_since)
            link = self.desk.link()
            why = f"{link.last_error} {link.to_do} " if link.to_do else ""
            return f"No connection since {since}, for {length}. {why}You can keep working. Nothing is lost."
        if line.last_receipt is None:
            return "Connected. Nothing was sent from this desk yet."
        return f"Connected. Last change confirmed by the server: {moment(line.last_receipt, local(now).date())}."

    def _outage_row(self, held: Held[Outage]) -> TableRow:
        value = held.value
        signed = (
            BadgeText("Signed off", "success", "check")
            if value.signed_by
            else BadgeText("To look at", "warning", "eye")
        )
        return TableRow(
            held.id,
            (
                CellText(*_when(value, self.desk.practice.today()), strong=True),
                CellText(*_what(value)),
                CellBadges((signed,), right=True),
            ),
        )


def _when(outage: Outage, today: date) -> tuple[str, str]:
    if outage.began is None or outage.ended is None:
        return "Not known", ""
    began, ended = local(outage.began), local(outage.ended)
    until = clock_time(ended.time()) if began.date() == ended.date() else moment(outage.ended, today)
    return sentence_case(moment(outage.began, today)), f"{duration_words(outage.ended - outage.began)}, until {until}"


def _what(outage: Outage) -> tuple[str, str]:
    sent = counted(outage.sent, "change sent", "changes sent")
    came = counted(outage.received, "change received", "changes received")
    asked = counted(outage.questions, "question", "questions")
    refused = counted(outage.refused, "change not taken", "changes not taken")
    return f"{sent}, {came}", f"{asked}, {refused}"
