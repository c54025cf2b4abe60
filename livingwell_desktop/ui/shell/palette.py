"""The command palette (Ctrl K): a person by any facts, or an action by its name; then checking in, all by keyboard."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.names import fold
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.services import elsewhere, finding, reception
from livingwell_desktop.ui.pages import Desk, NewPersonPlace, PageAction, PeoplePlace, PersonPlace, TodayPlace
from livingwell_desktop.ui.shell.check_in_card import CheckInCard
from livingwell_desktop.ui.shell.palette_rows import (
    ACTION_COLUMNS,
    COLUMNS,
    action_row,
    elsewhere_row,
    nameless_row,
    new_person_row,
    person_row,
)
from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.button import KeyHint
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.surfaces import Rule
from livingwell_desktop.ui.widgets.table_model import TableGroup, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import Words

WIDTH = 880
ROW, STATUS_LINE = 64, 34
SHADOW, SHADOW_DOWN = 26, 8
"""Logical pixels at 100 %. The shadow falls a little downwards."""
MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """What a row of the palette does."""

    row: TableRow
    run: Callable[[], None]
    open_record: Callable[[], None] | None = None


class Palette(QWidget):
    """An overlay over the whole window. Only the panel in it takes clicks; a click beside it closes it."""

    def __init__(
        self, desk: Desk, actions: Callable[[], tuple[PageAction, ...]], up_to_date: Callable[[], str]
    ) -> None:
        super().__init__()
        self.desk = desk
        self._actions = actions
        self._up_to_date = up_to_date
        self._choices: dict[str, Choice] = {}
        self._around: finding.Around | None = None
        self._below = QPixmap()
        self._painted = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Find a person or an action")
        self._build()
        self.hide()

    def _build(self) -> None:
        self.panel = QWidget(self)
        self.field = TextField(icon="search", role="lead", height=60, bare=True)
        self.field.set_spoken("Find a person or an action", "Name, date of birth, phone or NHS number")
        self.field.setObjectName("find a person or an action")
        self.hint = Words("Name, date of birth, phone or NHS number", "conversation", "secondary")
        self.strip = Notice("warning", "", icon="two-people")
        self.rows = RowList(COLUMNS, name="People and actions", heads=False, row_height=ROW, dense_height=42)
        self.rows.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.heading = Words("People", "detail_strong", "secondary")
        self.count = Words("", "detail", "secondary")
        self.card = CheckInCard()
        self.card.hide()
        self.fresh = Words("", "detail", "secondary")
        head = Row(spacing=10, margins=(12, 2, 24, 0))
        head.add(self.field, stretch=1)
        head.add(self.hint)
        self.people_line = QWidget()
        people_line = Row(self.people_line, margins=(24, 8, 24, 6))
        people_line.add(self.heading)
        people_line.push()
        people_line.add(self.count)
        column = self._column = Column(self.panel, spacing=0)
        self.strip_row = QWidget()
        Row(self.strip_row, margins=(10, 0, 10, 6)).add(self.strip, stretch=1)
        self.head = QWidget()
        Row(self.head).add(head, stretch=1)
        list_row = self._list_row = Row(margins=(10, 0, 10, 0))
        list_row.add(self.rows, stretch=1)
        self.foot = self._made_foot()
        self.line = Rule()
        column.add(self.head, self.line, self.people_line, self.strip_row)
        column.gap(4)
        column.add(list_row, self.card)
        column.gap(4)
        column.add(self.foot)
        self.field.changed.connect(self._search)
        self.field.edit.installEventFilter(self)
        # One click is enough: the list has no focus of its own, so a click can only mean the row.
        self.rows.view.clicked.connect(lambda _index: self._run())
        self.card.checked_in.connect(self._check_in)
        self.card.cancelled.connect(self._back_to_list)

    def _made_foot(self) -> QWidget:
        """What the keys do, and how fresh the copy is that was searched."""
        foot = QWidget()
        column = Column(foot, spacing=0)
        row = Row(margins=(24, 8, 24, 10), spacing=8)
        for key, words in (("↑", ""), ("↓", "Choose"), ("Enter", "Check in or open"), ("Ctrl Enter", "Open record")):
            row.add(KeyHint(key))
            if words:
                row.add(Words(words, "conversation", "secondary"))
                row.gap(8)
        row.push()
        row.add(self.fresh)
        column.add(Rule(), row)
        return foot

    def open(self, typed: str = "") -> None:
        """Show the palette over the window, ready to type."""
        self._read_around()
        self._picture_below()
        self._back_to_list()
        self.field.set_text(typed)
        self._search(typed)
        self.show()
        self.raise_()
        self.field.edit.setFocus()
        self.field.edit.selectAll()

    def close_palette(self) -> None:
        """Back to the place underneath."""
        self.hide()
        self._below = QPixmap()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus()

    def changed(self) -> None:
        """Something was written, here or at another desk, while the palette is open: look again."""
        if self.isVisible():
            self._read_around()
            if not self.card.isVisible():
                self._search(self.typed())

    def _read_around(self) -> None:
        practice = self.desk.practice
        self._around = finding.around(practice) if practice.may(Act.FIND_PEOPLE).allowed else None

    def _picture_below(self) -> None:
        """The window dimmed, kept as a picture: a see-through cover would paint the whole page at every key."""
        parent = self.parentWidget()
        if parent is None:
            return
        shown = self.isVisible()
        self.hide()
        self._below = parent.grab(self.geometry())
        painter = QPainter(self._below)
        painter.fillRect(self.rect(), QColor(20, 30, 36, 90))
        painter.end()
        self.setVisible(shown)

    def typed(self) -> str:
        """What stands in the box."""
        return self.field.text()

    # What is found

    def _search(self, typed: str) -> None:
        practice = self.desk.practice
        groups: list[TableGroup] = []
        people_asked = bool(typed.strip()) and practice.may(Act.FIND_PEOPLE).allowed
        self.rows.set_columns(COLUMNS if people_asked else ACTION_COLUMNS)
        self._choices = {}
        self.strip_row.hide()
        self.count.setText("")
        actions = self._action_rows(typed, wide=not people_asked)
        if people_asked:
            found = finding.search(practice, typed, MOST_ROWS, self._around)
            rows = [self._person_row(match, typed) for match in found.matches]
            if rows:
                more = f"{found.total_words} of"
                self.count.setText(f"{more} {found.people_here:,} records on this desk")
                groups.append(TableGroup("", tuple(rows), quiet=True))
            if found.look_alikes:
                self.strip.set_words(found.look_alikes.advice, strong=found.look_alikes.title)
                self.strip_row.show()
            others = elsewhere.known_elsewhere(practice, typed)
            if others:
                row = elsewhere_row(len(others))
                self._choices["elsewhere"] = Choice(row, self._see_elsewhere)
                groups.append(TableGroup("", (row,), quiet=True))
            heading = "If none of these is the person" if rows or others else "Nobody found"
            groups.append(TableGroup(heading, self._new_rows(typed), quiet=True))
            nothing_chosen, found_people = found.look_alikes is not None, bool(rows)
        else:
            nothing_chosen = found_people = False
        if actions:
            # With nobody found, what was typed is the name of an action.
            place = 0 if people_asked and not found_people else len(groups)
            groups.insert(place, TableGroup("Actions", actions, quiet=True))
        self.rows.set_groups([group for group in groups if group.rows])
        if nothing_chosen:
            self.rows.choose(None)
        else:
            self.rows.choose_first()
        self.people_line.setVisible(bool(self.count.text()))
        self.fresh.setText(self._up_to_date())
        self._lay_out()

    def _person_row(self, match: finding.Match, typed: str) -> TableRow:
        row = person_row(match, typed, self.desk.practice.today())
        key = str(match.person.id)

        def open_record() -> None:
            self.close_palette()
            self.desk.go(PersonPlace(match.person.id))

        def check_in() -> None:
            if match.on_board is not None:
                self.close_palette()
                self.desk.go(TodayPlace(match.on_board.id))
            else:
                self._show_card(match)

        allowed = self.desk.practice.may(Act.CHECK_IN).allowed
        self._choices[key] = Choice(row, check_in if allowed else open_record, open_record)
        return row

    def _see_elsewhere(self) -> None:
        typed = self.typed()
        self.close_palette()
        self.desk.go(PeoplePlace(typed))

    def _new_rows(self, typed: str) -> tuple[TableRow, ...]:
        practice, rows = self.desk.practice, []
        if practice.may(Act.REGISTER).allowed:
            new = new_person_row(typed)
            self._choices["new"] = Choice(new, self._new_person)
            rows.append(new)
        if practice.may(Act.CHECK_IN).allowed:
            nameless = nameless_row()
            self._choices["nameless"] = Choice(nameless, lambda: self._show_card(None))
            rows.append(nameless)
        return tuple(rows)

    def _action_rows(self, typed: str, *, wide: bool) -> tuple[TableRow, ...]:
        wanted, rows = fold(typed), []
        for number, action in enumerate(self._actions()):
            if wanted and wanted not in fold(action.name):
                continue
            key = f"action {number}"
            row = action_row(key, action, wide=wide)
            self._choices[key] = Choice(row, self._runner(action))
            rows.append(row)
        return tuple(rows[: MOST_ROWS + 2])

    def _runner(self, action: PageAction) -> Callable[[], None]:
        def run() -> None:
            self.close_palette()
            if action.reason:
                self.desk.say("info", action.reason)
            else:
                action.run()

        return run

    # What is done

    def _run(self, key: str | None = None) -> None:
        choice = self._choices.get(str(key or self.rows.current()))
        if choice:
            choice.run()

    def _new_person(self) -> None:
        typed = self.typed()
        self.close_palette()
        self.desk.go(NewPersonPlace(typed))

    def _show_card(self, match: finding.Match | None) -> None:
        self.card.show_match(self.desk.practice, match)
        for part in (self.head, self.line, self.people_line, self.strip_row, self.rows, self.foot):
            part.hide()
        self.card.show()
        self._lay_out()
        self.card.start()

    def _back_to_list(self) -> None:
        """The list as it was, the same row chosen."""
        chosen = self.rows.current()
        self.card.hide()
        for part in (self.head, self.line, self.rows, self.foot):
            part.show()
        self.field.edit.setFocus()
        self._search(self.typed())
        if chosen is not None:
            self.rows.choose(chosen)

    def _check_in(self, person: UUID | None, reason: str, sees: UUID | None) -> None:
        try:
            result = reception.check_in(self.desk.practice, person, reason=reason, sees=sees)
        except Problem as problem:
            self.card.show_problem(problem.words)
            return
        name = self.card.name()
        self.close_palette()
        self.desk.go(TodayPlace(result.visit))
        self.desk.say("success", f"{name} has ticket {result.ticket}. Press T to print it.")

    # Keys and looks

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter work from the box, so that the hands stay where they are."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.field.edit:
            key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.rows.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                choice = self._choices.get(str(self.rows.current()))
                if choice and control and choice.open_record:
                    choice.open_record()
                elif choice and not control:
                    choice.run()
                return True
            if key == Qt.Key.Key_N and control:
                self._new_person()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; from the check-in card it goes back to the list first."""
        if event.key() == Qt.Key.Key_Escape:
            if self.card.isVisible():
                self._back_to_list()
            else:
                self.close_palette()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the panel closes the palette."""
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the panel in its place when the window changes."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        width = min(theme.px(WIDTH), self.width() - theme.gap(48))
        self.hint.setVisible(width > theme.px(600))
        top = min(theme.px(92), self.height() // 10)
        room = self.height() - top - theme.px(STATUS_LINE) - theme.gap(14)
        self.panel.setFixedWidth(width)
        self.rows.setFixedHeight(0)
        listing = self.card.isHidden()
        self.foot.setVisible(listing)
        if listing and room - self._wanted_height(width) < theme.px(2 * ROW):
            # Large text in a small window: people come before the words about keys.
            self.foot.hide()
        others = self._wanted_height(width)
        listed = self.rows.content_height() + 4 if listing else 0
        self.rows.setFixedHeight(max(0, min(listed, room - others)))
        self.panel.setFixedHeight(min(self._wanted_height(width), room))
        self.panel.move((self.width() - width) // 2, top)
        # Only where the panel is or was: the rest of the cover stays as it is painted.
        around = self.panel.geometry().adjusted(-SHADOW, -SHADOW, SHADOW, SHADOW + SHADOW_DOWN)
        if around != self._painted:
            self.update(around.united(self._painted))
            self._painted = around

    def _wanted_height(self, width: int) -> int:
        """Of everything in the panel at that width; layouts keep their sums until they are told of a change."""
        for part in (self.panel, self.head, self.people_line, self.strip_row, self.strip, self.card, self.foot):
            inner = part.layout()
            if inner is not None:
                inner.invalidate()
        self._list_row.invalidate()
        return (
            self._column.heightForWidth(width) if self._column.hasHeightForWidth() else self._column.sizeHint().height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        inside = self.panel.geometry()
        if inside.adjusted(2, 14, -2, -14).contains(event.rect()):
            # A row or the box alone: nothing but white lies under it.
            painter.fillRect(event.rect(), theme.colour("surface"))
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), theme.colour("page"))
        painter.drawPixmap(0, 0, self._below)
        panel = QRectF(inside)
        painter.setClipRegion(event.region() - QRegion(inside.adjusted(14, 14, -14, -14)))
        for step in range(13, 0, -1):
            shade, out = QColor(10, 20, 26, 5), step * SHADOW / 13
            shape = panel.adjusted(-out, SHADOW_DOWN - out, out, SHADOW_DOWN + out)
            painting.rounded(painter, shape, 14 + out, shade)
        painter.setClipRegion(event.region())
        painting.rounded(painter, panel, 14, theme.colour("surface"), theme.colour("border"))
        painter.end()
