"""A person's needs in three columns, each with its state as a shape and a word; and adding one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from livingwell_desktop.domain.assessments import Need, NeedGroup, NeedState
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.ui.keeping import Keeping, KeptWords
from livingwell_desktop.ui.people.words import Mask
from livingwell_desktop.ui.widgets import ask, icons, painting, theme
from livingwell_desktop.ui.widgets.action_status import status
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.cells import CellStatus
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.surfaces import Card
from livingwell_desktop.ui.widgets.words import IconMark, Words

GROUPS = (
    (NeedGroup.CLINICAL, "Clinical", "heart"),
    (NeedGroup.SOCIAL, "Social", "cup"),
    (NeedGroup.HOUSING_AND_LEGAL, "Housing and legal", "house"),
)
_GROUPS = tuple(group for group, _title, _icon in GROUPS)
_STATES = {NeedState.NOT_MET: "not_met", NeedState.IN_PLAN: "in_plan", NeedState.BEING_MET: "met"}


def _column_of(need: Need) -> NeedGroup:
    """Where a need stands; one of a group that only a newer program knows stands with the social needs, not nowhere."""
    return need.group if need.group in _GROUPS else NeedGroup.SOCIAL


def state_of(need: Need) -> CellStatus:
    """The shape and word of a need's state; a state this version does not know is shown as it is."""
    return status(_STATES.get(need.state, str(need.state)))


class NeedRow(QWidget):
    """One need: shape, name, and under it the state in words with a few words more."""

    def __init__(self, title: str, detail: str, state: CellStatus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._detail, self._state = title, detail, state
        self.setAccessibleName(", ".join(part for part in (title, state.word, detail) if part))
        self.setToolTip(theme.plain_tip(f"{title}. {state.word}. {detail}"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.line_height("medium") + theme.line_height("detail") + theme.px(2))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        size, left = theme.px(16), theme.px(25)
        high, low = theme.line_height("medium"), theme.line_height("detail")
        ink = theme.colour(self._state.colour)
        icons.paint(painter, self._state.icon, QRectF(0, 0, size, high), ink)
        first = QRectF(left, 0, self.width() - left, high)
        painting.words(painter, first, self._title, "medium", theme.colour("text"))
        second = QRectF(left, high + theme.px(1), self.width() - left, low)
        used = painting.words(painter, second, self._state.word, "detail_strong", ink)
        rest = second.adjusted(used + theme.px(7), 0, 0, 0)
        if rest.width() > theme.px(24):
            painting.words(painter, rest, self._detail, "detail", theme.colour("secondary"))
        painter.end()


class NeedsCard(Card):
    """`add_need` is asked for with the button; the page knows how."""

    add_need = Signal()

    def __init__(self) -> None:
        self.add_button = Button("Add a need", "quiet", icon="plus", size="small")
        self.add_button.setObjectName("add a need")
        super().__init__("Needs", trailing=" ", action=self.add_button, spacing=10)
        self.setObjectName("needs")
        self.add_button.clicked.connect(self.add_need)
        self._grid = QGridLayout()
        self.body.add(self._grid)
        self._columns: list[QWidget] = []
        self._across = 3
        theme.follow(self._arrange)

    def show_needs(self, needs: Sequence[Held[Need]], mask: Mask) -> None:
        """All that still are, with how many nobody meets yet."""
        not_met = sum(held.value.state is NeedState.NOT_MET for held in needs)
        words = counted(len(needs), "need", "needs")
        self.set_trailing(f"{words}, {not_met} not met yet" if not_met else words if needs else "None written down yet")
        clear(self._grid)
        self._columns = []
        for group, title, icon in GROUPS:
            whole = QWidget()
            column = Column(whole, spacing=10)
            head = Row(spacing=8)
            head.add(IconMark(icon, "secondary", 17), Words(title, "conversation_strong", "secondary"))
            head.push()
            column.add(head)
            mine = [held.value for held in needs if _column_of(held.value) is group]
            for need in mine:
                column.add(NeedRow(mask.text(need.title), mask.text(need.detail), state_of(need)))
            if not mine:
                column.add(Words("None", "detail", "secondary"))
            column.push()
            self._columns.append(whole)
        self._across = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        across = 3 if self.width() >= theme.px(540) else 1
        if across == self._across:
            return
        self._across = across
        self._grid.setHorizontalSpacing(theme.px(18))
        self._grid.setVerticalSpacing(theme.px(14))
        for number, whole in enumerate(self._columns):
            self._grid.removeWidget(whole)
            self._grid.addWidget(whole, number // across, number % across, Qt.AlignmentFlag.AlignTop)
        for number in range(3):
            self._grid.setColumnStretch(number, 1 if number < across else 0)


def ask_for_need(
    parent: QWidget,
    whose: str,
    kept: KeptWords,
    say: Callable[[str, str], object],
    add: Callable[[NeedGroup, str, str], object],
    opened: Callable[[Keeping], object],
) -> None:
    """Ask for a need in a sheet. It stays open with what was typed until it could be added.

    `opened` is given what keeps the words, for the page to use when it is left or the desk locked.
    """
    body = QWidget()
    column = Column(body, spacing=14)
    title, detail = TextField(), TextField()
    title.setObjectName("need")
    detail.setObjectName("need in a few words")
    group = RadioCards([CardOption(each.value, words) for each, words, _icon in GROUPS], across=True)
    group.setObjectName("need group")
    before = kept.words()
    title.set_text(str(before.get("title", "")))
    detail.set_text(str(before.get("detail", "")))
    group.set_code(str(before.get("group") or NeedGroup.SOCIAL.value))

    def keep() -> None:
        words = {"title": title.text(), "detail": detail.text()}
        kept.keep({**words, "group": group.code() if any(words.values()) else ""})

    keeping = Keeping(body, keep, say)
    for changed in (title.changed, detail.changed, group.changed):
        changed.connect(lambda *_what: keeping.typed())
    opened(keeping)
    frame = FieldFrame(f"What does {whose} need?", title, hint="A word or two, like Sleep or Money")
    column.add(frame, FieldFrame("In a few words", detail, optional=True), FieldFrame("Kind of need", group))

    def done(yes: bool) -> bool:
        try:
            if not yes:
                keeping.forget()
                kept.forget()
                return True
            add(NeedGroup(group.code() or NeedGroup.SOCIAL.value), title.text(), detail.text())
        except Problem as problem:
            frame.set_error(problem.fields[0].sentence if problem.fields else problem.what_happened)
            title.setFocus()
            return not yes
        keeping.forget()
        return True

    ask.sheet(parent, "Add a need", body, "Add this need", done)
