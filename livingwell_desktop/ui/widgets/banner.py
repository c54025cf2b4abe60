"""The person banner: who is open, always in the same place, never absent while a record is open."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.badge import Badge, BadgeText, at_most
from livingwell_desktop.ui.widgets.flow import Flow, Sides
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.marks import Avatar, Mark, OrganisationMark, initials
from livingwell_desktop.ui.widgets.words import Words

FULL_BADGES = 4


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the banner shows, already in words ("14 March 1986", "40 years")."""

    name: str
    born: str
    age: str = ""
    pronouns: str = ""
    nhs_number: str = ""
    nhs_checked: bool = False
    flags: tuple[BadgeText, ...] = ()
    shares_with: tuple[Mark, ...] = ()


def grouped(nhs_number: str) -> str:
    """The NHS number as 3-3-4: "9990040109" → "999 004 0109". Anything but ten digits is shown as it is."""
    digits = nhs_number.replace(" ", "").replace("-", "")
    if len(digits) != 10 or not digits.isdecimal():
        return nhs_number
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def masked_name(name: str) -> str:
    """Initials only, for a screen others can see: "Ngozi Okafor" → "N O"."""
    return " ".join(initials(name))


class PersonBanner(QWidget):
    """Full above a record (with `set_tabs`), slim (76 px) inside a task.

    `banner.show_person(facts)`, `banner.buttons.add(Button(...))`, `banner.set_line("Appointment since 10:44am")`.
    """

    def __init__(self, *, slim: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slim = slim
        self._facts: PersonFacts | None = None
        self._masked = False
        self._low = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        outer = Column(self, spacing=6, margins=(24, 16, 24, 16) if slim else (24, 14, 24, 0))
        row = Row(spacing=14)
        outer.add(row)
        self.avatar = Avatar("", 42 if slim else 60)
        row.add(self.avatar, align=Qt.AlignmentFlag.AlignTop)
        self.buttons = Flow(spacing=10, right=True)
        self._shares = Flow(spacing=6, right=True)
        side = Column(spacing=10)
        side.add(self.buttons)
        side.push()
        if not slim:
            side.add(self._shares)
        row.add(Sides(self._made_words(), side), stretch=1)
        self._tabs = Row(spacing=0)
        if not slim:
            outer.add(self._tabs)

    def _made_words(self) -> Column:
        slim = self._slim
        self.name = Words("", "card" if slim else "name")
        self.pronouns = Words("", "conversation" if slim else "body", "secondary")
        self.born_head, self.born = Words("Born", "conversation", "secondary"), Words("", "strong")
        self.age = Words("", "conversation", "secondary")
        self.nhs_head, self.nhs = Words("NHS number", "conversation", "secondary"), Words("", "strong")
        self.nhs_note = Words("", "conversation", "secondary")
        name, born, number = Row(spacing=8), Row(spacing=8), Row(spacing=8)
        name.add(self.name, self.pronouns)
        born.add(self.born_head, self.born, self.age)
        number.add(self.nhs_head, self.nhs, self.nhs_note)
        words = Column(spacing=2 if slim else 6)
        facts = Flow(spacing=16, between=2)
        if slim:
            facts.add(name)
        else:
            name.push()
            words.add(name)
        facts.add(born, number)
        words.add(facts)
        self._flags = Flow(spacing=8)
        self.line = Words("", "conversation", "secondary", wrap=True)
        words.add(self.line if slim else self._flags)
        return words

    def set_tabs(self, tabs: QWidget) -> None:
        """The tab bar under the facts (full banner only)."""
        clear(self._tabs)
        # The whole width: at its own width a QTabBar shows scroll arrows for want of a pixel.
        self._tabs.add(tabs, stretch=1)

    def set_low(self, low: bool) -> None:
        """With large text in a low window: the round plate and the sharing give way, so that the record has room."""
        if low != self._low:
            self._low = low
            self.avatar.setVisible(not low)
            self.name.set_role("card" if low or self._slim else "name")
            if self._facts is not None:
                self.show_person(self._facts)

    def set_line(self, text: str) -> None:
        """The second line of a slim banner: where we are in the task, or who it is shared with."""
        self.line.setText(text)

    def show_person(self, facts: PersonFacts, masked: bool | None = None) -> None:
        """Show a person; `masked` shows initials and no date or number (F9)."""
        self._facts = facts
        self._masked = self._masked if masked is None else masked
        hidden = self._masked
        name = masked_name(facts.name) if hidden else facts.name
        self.avatar.set_name(facts.name)
        self.name.setText(name)
        self.pronouns.setText("" if hidden else facts.pronouns)
        self.born.setText("hidden" if hidden else facts.born)
        self.age.setText("" if hidden or self._slim else facts.age)
        number = grouped(facts.nhs_number)
        self.nhs_head.setVisible(bool(number))
        self.nhs.setVisible(bool(number))
        self.nhs.setText("hidden" if hidden else number)
        self.nhs_note.setText("" if facts.nhs_checked or not number or hidden else "not checked")
        for words in (self.pronouns, self.age, self.nhs_note):
            words.setVisible(bool(words.text()))
        if not self._slim:
            clear(self._flags)
            self._flags.add(*(Badge(flag.text, flag.tone, flag.icon) for flag in at_most(facts.flags, FULL_BADGES)))
        self._show_shares(facts.shares_with)
        spoken = [name, "details hidden"] if hidden else [name, f"born {facts.born}", facts.age]
        self.setAccessibleName(", ".join(part for part in spoken if part))
        self.updateGeometry()

    def set_masked(self, masked: bool) -> None:
        if self._facts is not None:
            self.show_person(self._facts, masked)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painting.rule(painter, 0, self.width(), self.height() - 1, theme.colour("border"))
        painter.end()

    def _show_shares(self, marks: tuple[Mark, ...]) -> None:
        clear(self._shares)
        if self._slim or self._low or not marks:
            return
        whole = [mark for mark in marks if mark.kind != "part"]
        part = [mark for mark in marks if mark.kind == "part"]
        for heading, group in (("Shares with", whole), ("in part", part)):
            if group:
                row = Row(spacing=6)
                row.add(Words(heading, "conversation", "secondary"))
                row.add(*(OrganisationMark(mark, 22) for mark in group))
                self._shares.add(row)
