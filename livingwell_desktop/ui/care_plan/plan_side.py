"""Beside the goals: who agrees, what the person shares with whom, and what the paper leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from livingwell_desktop.domain.plan_rules import agreement_words
from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.services.plans import PlanOnScreen
from livingwell_desktop.services.sharing import Sharing
from livingwell_desktop.ui.care_plan.words import (
    SECTIONS,
    Whose,
    agreement,
    organisation_mark,
    organisation_name,
    quoted,
)
from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.action_status import ActionStatus, Agreement, status
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.marks import OrganisationMark
from livingwell_desktop.ui.widgets.surfaces import Card, Rule
from livingwell_desktop.ui.widgets.words import IconMark, Words


class AnswerButton(QPushButton):
    """One row of "Who agrees" as a real button: Enter, R or a click records what they say, arrows go to the next."""

    def __init__(self, key: str, shown: Agreement, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self.shown = key, shown
        self.ring_radius = 8
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._column = Column(self, spacing=0)
        self._column.add(_made_row(shown))
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            # Words in a button would else be painted as a button's.
            child.setForegroundRole(QPalette.ColorRole.WindowText)
        spoken = [shown.name, shown.how, status(shown.answer).word, shown.reason]
        self.setAccessibleName(", ".join(part for part in spoken if part))
        self.setAccessibleDescription("Press R to record what they say")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setObjectName(f"answer of {shown.name}")

    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._column.minimumSize()

    def hasHeightForWidth(self) -> bool:
        return self._column.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        return self._column.heightForWidth(width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_R) and not event.modifiers():
            self.click()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            shape = QRectF(self.rect()).adjusted(0, 2, 0, -1)
            painting.rounded(painter, shape, theme.px(8), theme.colour("sunken"))
        painting.rule(painter, 0, self.width(), 0, theme.colour("border"))
        painter.end()


def _made_row(shown: Agreement) -> Row:
    """The mark, the name with the answer at the right, and under both when and how, and the reason."""
    row = Row(spacing=12, margins=(0, 7, 0, 7))
    row.add(OrganisationMark(shown.mark, 26), align=Qt.AlignmentFlag.AlignTop)
    first = Row(spacing=8)
    first.add(Words(shown.name, "strong"), stretch=1)
    first.add(ActionStatus(shown.answer))
    words = Column(spacing=1)
    words.add(first)
    words.add(Words(shown.how, "detail", "secondary", wrap=True))
    if shown.reason:
        words.add(Words(quoted(shown.reason), "detail", wrap=True))
    row.add(words, stretch=1)
    return row


class WhoAgrees(Card):
    """Who agrees to the plan as it is worded now; `asked` carries the key of the party whose row was used."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__("Who agrees", spacing=0)
        self.setObjectName("who agrees")
        self.rows: list[AnswerButton] = []
        self._shown: tuple[tuple[str, Agreement], ...] = ()
        self._allowed: tuple[bool, str] = (True, "")
        self.body.gap(8)

    def show_parties(self, plan: PlanOnScreen, person: Whose, today: date) -> None:
        """Show each party's answer; the row with the focus keeps it."""
        shown = tuple((each.key, agreement(each, plan.alliance, person, today)) for each in plan.parties)
        self.set_trailing(agreement_words({each.key: each.standing for each in plan.parties}))
        if shown == self._shown:
            return
        held = next((row.key for row in self.rows if row.hasFocus()), "")
        self._shown = shown
        clear(self.body)
        self.body.gap(8)
        self.rows = []
        for key, words in shown:
            row = AnswerButton(key, words)
            row.clicked.connect(lambda _on=False, key=key: self.asked.emit(key))
            self.rows.append(row)
            self.body.add(row)
            row.show()
        self.allow(*self._allowed)
        for row in self.rows:
            if row.key == held:
                row.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_focus(self) -> None:
        """To the first who has not answered, or the first of all."""
        waiting = next((row for row in self.rows if row.shown.answer == "waiting"), None)
        for row in (waiting, *self.rows[:1]):
            if row is not None:
                row.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def allow(self, allowed: bool, reason: str) -> None:
        """Whether this role may record an answer."""
        self._allowed = (allowed, reason)
        for row in self.rows:
            row.setEnabled(allowed)
            row.setToolTip(theme.plain_tip("" if allowed else reason))


class SharesCard(Card):
    """Sections of the record down, organisations across, a tick where the person shares. `change_asked` is the link."""

    change_asked = Signal()

    def __init__(self) -> None:
        self.change_button = Button("Change", "quiet", size="small")
        super().__init__("Shares", action=self.change_button)
        self._shown: tuple[tuple[UUID, str, frozenset[str]], ...] | None = None
        theme.follow(self._forget)
        self.setObjectName("shares")
        self.change_button.setObjectName("change sharing")
        self.change_button.clicked.connect(self.change_asked)

    def show_sharing(self, order: Sequence[Sharing], alliance: Alliance, person: Whose) -> None:
        """The newest decision for each organisation."""
        self.set_title(f"{person.called} shares")
        self.change_button.setAccessibleName("Change what is shared")
        names = [organisation_name(alliance.organisations.get(each.organisation)) for each in order]
        shown = tuple((each.organisation, name, each.sections) for each, name in zip(order, names, strict=True))
        if shown == self._shown:
            return
        self._shown = shown
        clear(self.body)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.setRowMinimumHeight(0, theme.px(28))
        middle = Qt.AlignmentFlag.AlignCenter
        for column, each in enumerate(order, 1):
            mark = OrganisationMark(organisation_mark(alliance.organisations.get(each.organisation)), 22)
            grid.addWidget(mark, 0, column, middle)
            grid.setColumnMinimumWidth(column, theme.px(32))
        for row, (code, words) in enumerate(SECTIONS):
            grid.addWidget(Rule(), 2 * row + 1, 0, 1, len(order) + 1)
            label = Words(words, "conversation")
            label.setMinimumHeight(theme.px(26))
            grid.addWidget(label, 2 * row + 2, 0)
            for column, each in enumerate(order, 1):
                yes = code in each.sections
                tick = IconMark("check" if yes else "dash", "success" if yes else "secondary", 16)
                tick.setAccessibleName(f"{words}, {names[column - 1]}: {'shared' if yes else 'not shared'}")
                grid.addWidget(tick, 2 * row + 2, column, middle)
        self.body.add(grid)

    def _forget(self) -> None:
        """At another text size the grid is measured anew."""
        self._shown = None


class LeftOutCard(Card):
    """What the screen knows and the paper does not say."""

    def __init__(self) -> None:
        super().__init__("", plate="sunken", spacing=4)
        self.setObjectName("what the print leaves out")
        self.setAccessibleName("What the print leaves out")
        self.words = Words("", "conversation", "secondary", wrap=True)
        self.body.add(Words("What the print leaves out", "conversation_strong"), self.words)

    def show_left_out(self, here: str) -> None:
        """`here` is a sentence about this person's record; empty when there is nothing."""
        said = f"{here} The paper does not mention them." if here else "Nothing of this record so far."
        self.words.setText(said)
