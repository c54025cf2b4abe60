"""Today: the sessions with their places, and the board of who waits, who is with someone and who is done."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import clock_time, full_weekday_date, local, time_range
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.sessions import VisitState
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.services import reception
from livingwell_desktop.services.reception import Board, BoardRow, SessionOnBoard
from livingwell_desktop.storage import Changes, FieldInConflictError
from livingwell_desktop.ui.pages import (
    Desk,
    KeysPlace,
    Page,
    PageAction,
    PersonPlace,
    Place,
    PreviewPlace,
    TodayPlace,
)
from livingwell_desktop.ui.reception.board_rows import COLUMNS, Look, groups, subject
from livingwell_desktop.ui.reception.roomy import Roomy
from livingwell_desktop.ui.reception.search_button import SearchButton
from livingwell_desktop.ui.reception.session_cards import SessionCards
from livingwell_desktop.ui.reception.two_desks import say_that_two_desks_differ
from livingwell_desktop.ui.reception.visit_sheets import Call, Done, Left, VisitSheet, WhoAndWhere
from livingwell_desktop.ui.widgets import ask, theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.key_line import KeyAction, KeyLine
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.notify import Notices
from livingwell_desktop.ui.widgets.surfaces import PageTitle
from livingwell_desktop.ui.widgets.tables import RowList

CONCERNS = {"visit", "booking", "session", "person", "communication_need", "room", "staff", "organisation"}


class TodayPage(Page):
    """The board of this centre. The chosen row and its keys stay where they are, whatever arrives."""

    shows = TodayPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setObjectName("today")
        self._rows: dict[UUID, BoardRow] = {}
        self._show_done = False
        self._sheet: VisitSheet | None = None
        self._build()
        self._bind()
        desk.masking.changed.connect(self._mask)

    def _build(self) -> None:
        whole = Column(self, spacing=0)
        middle = Roomy()
        column = Column(middle.content, spacing=0, margins=(24, 18, 24, 0))
        self.title = PageTitle("Today", " ")
        self.search = SearchButton()
        self.search.setObjectName("find a person or an action")
        self.hide_names = Button("Hide names", icon="eye-off", key="F9")
        self.hide_names.setObjectName("hide names")
        self.check_in = Button("Check in", "primary", icon="plus", key="Ctrl N")
        self.check_in.setObjectName("check in")
        self.title.buttons.add(self.search, self.hide_names, self.check_in)
        self.notices = Notices()
        self.sessions = SessionCards()
        self.rows = RowList(COLUMNS, name="The board")
        self.rows.setObjectName("the board")
        self.empty_check_in = Button("Check in", icon="plus", key="Ctrl N")
        self.empty = EmptyState("No one is waiting", " ", self.empty_check_in, icon="cup")
        self.nobody = QWidget()
        self.nobody.setObjectName("no one is waiting")
        self.keys = KeyLine()
        for widget in (self.title, self.notices, self.sessions):
            column.add(widget)
            column.gap(8 if widget is self.notices else 10 if widget is self.title else 2)
        spaced = Column(self.nobody, spacing=0, margins=(0, 10, 0, 8))
        spaced.add(self.empty)
        column.add(self.nobody)
        column.add(self.rows, stretch=1)
        foot = Column(spacing=0, margins=(24, 0, 24, 0))
        foot.add(self.keys)
        whole.add(middle, stretch=1)
        whole.add(foot)

    def _bind(self) -> None:
        self.search.clicked.connect(lambda: self.desk.open_palette(""))
        self.check_in.clicked.connect(lambda: self.desk.open_palette(""))
        self.empty_check_in.clicked.connect(lambda: self.desk.open_palette(""))
        self.hide_names.clicked.connect(lambda: self.desk.masking.turn(not self.desk.masking.on))
        self.rows.chosen.connect(lambda _key: self._show_keys())
        self.rows.opened.connect(lambda _key: self._use("enter"))
        self.keys.used.connect(self._use)
        self._verbs: dict[str, Callable[[], None]] = {
            "enter": self._call_or_done,
            "open": self._open_record,
            "change": lambda: self._ask(WhoAndWhere, "Change who or where"),
            "ticket": self._print_ticket,
            "left": lambda: self._ask(Left, "Left without being seen"),
            "undo": self._back_to_waiting,
            "done": self._toggle_done,
            "keys": lambda: self.desk.go(KeysPlace()),
        }
        letters = (("O", "open"), ("W", "change"), ("T", "ticket"), ("L", "left"), ("U", "undo"), ("D", "done"))
        for key, action in (*letters, ("?", "keys")):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda name=action: self._use(name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The search box gives way first, so that title and buttons stay in one line."""
        super().resizeEvent(event)
        self.search.set_room("wide" if self.width() >= theme.px(1160) else "narrow" if self._tight() else "usual")
        self._name_mask_button()

    def _tight(self) -> bool:
        return self.width() < theme.px(900)

    def _name_mask_button(self) -> None:
        verb = "Show" if self.desk.masking.on else "Hide"
        self.hide_names.set_text(verb if self._tight() else f"{verb} names")
        self.hide_names.setAccessibleName(f"{verb} names")
        self.hide_names.set_icon("eye" if self.desk.masking.on else "eye-off")

    # The page

    def show_place(self, place: Place) -> None:
        """Show the board, with the visit of the place chosen if it is there."""
        assert isinstance(place, TodayPlace)
        self.notices.clear()
        board = self._read()
        if place.visit and any(row.visit.id == place.visit for row in board.done):
            self._show_done = True
        self._show(board)
        if not (place.visit and self.rows.choose(place.visit)) and self.rows.current() is None:
            self.rows.choose_first()
        self._show_keys()
        self.take_focus()

    def concerned(self, changes: Changes) -> bool:
        """Visits, bookings, sessions, and whatever a row says about people and staff."""
        return bool(changes.kinds & CONCERNS)

    def refresh(self) -> None:
        """Read the board again. An open sheet is told, and keeps its typing."""
        self._show(self._read())
        if self._sheet is not None:
            self._sheet.arrived(self._rows.get(self._sheet.row.visit.id))

    def tick(self) -> None:
        """Waiting times and the clock move on."""
        self._show(self._read())

    def leave(self) -> None:
        """What is typed in a sheet is kept."""
        if self._sheet is not None:
            self._sheet.keeping.keep()

    def take_focus(self) -> None:
        """The board, where its keys work; without anybody on it, the blue button."""
        (self.rows if self._rows else self.check_in).setFocus(Qt.FocusReason.OtherFocusReason)

    def actions_here(self) -> tuple[PageAction, ...]:
        """The chosen row's keys, by name."""
        row = self._chosen()
        done = PageAction("Show or hide who is done today", "D", partial(self._use, "done"))
        if row is None:
            return (done,)
        who = subject(row, self.desk.masking.on)
        return (
            *(
                PageAction(f"{each.label}: {who}", each.key, partial(self._use, each.action), each.reason)
                for each in self._actions(row)
            ),
            done,
        )

    def _read(self) -> Board:
        return reception.board(self.desk.practice)

    def _show(self, board: Board) -> None:
        now = local(self.desk.practice.now())
        self.title.set_title("Today", f"{full_weekday_date(now.date())}, {clock_time(now.time())}")
        self.sessions.show_sessions([_card(each) for each in board.sessions])
        everybody = (*board.waiting, *board.with_someone, *board.done)
        self._rows = {row.visit.id: row for row in everybody}
        look = Look(now.date(), self.desk.masking.on, self._show_done)
        nobody = not board.waiting and not board.with_someone
        self.nobody.setVisible(nobody)
        self.rows.setVisible(bool(everybody))
        if nobody:
            coming = counted(len(board.expected), "person is", "people are")
            rest = f" {coming} booked for today and not here yet." if board.expected else ""
            self.empty.next_step.setText(f"Check someone in with Ctrl N.{rest}")
        self.rows.set_groups(groups(board, look))
        self._name_mask_button()
        self.check_in.set_allowed(*_ruling(self.desk, Act.CHECK_IN))
        self._show_keys()

    def _mask(self, _on: bool) -> None:
        self.notices.clear()
        if self.isVisible():
            self._show(self._read())

    # The chosen row

    def _chosen(self) -> BoardRow | None:
        key = self.rows.current()
        return self._rows.get(key) if isinstance(key, UUID) else None

    def _show_keys(self) -> None:
        row = self._chosen()
        all_keys = KeyAction("keys", "?", "All keys")
        if row is None:
            self.keys.show_keys("", [], all_keys)
        else:
            self.keys.show_keys(subject(row, self.desk.masking.on), self._actions(row), all_keys)
        for button in self.keys.buttons:
            button.setObjectName(button.action.label.lower())

    def _actions(self, row: BoardRow) -> list[KeyAction]:
        calls, ends, opens, prints = (
            _ruling(self.desk, act)[1] for act in (Act.CALL, Act.END_VISIT, Act.SEE_DETAILS, Act.PRINT_SLIP)
        )
        nameless = "" if row.person else "No name was given, so there is no record to open."
        record = KeyAction("open", "O", "Open record", opens or nameless)
        ticket = KeyAction("ticket", "T", "Print ticket", prints)
        who = KeyAction("change", "W", "Change who or where", calls)
        undo = KeyAction("undo", "U", "Back to waiting", calls)
        match row.visit.value.state:
            case VisitState.WAITING:
                left = KeyAction("left", "L", "Left without being seen", ends)
                return [KeyAction("enter", "Enter", "Call", calls), record, who, ticket, left]
            case VisitState.WITH_SOMEONE:
                return [KeyAction("enter", "Enter", "Done", ends), record, who, ticket, undo]
            case VisitState.DONE | VisitState.DID_NOT_WAIT:
                return [record, ticket, undo]
            case _:
                # A newer program's state: it is shown, and the program that knows it moves it on.
                return [record, ticket]

    def _use(self, action: str) -> None:
        if action in ("done", "keys"):
            self._verbs[action]()
            return
        row = self._chosen()
        offered = next((each for each in self._actions(row) if each.action == action), None) if row else None
        if offered is None:
            return
        if offered.reason:
            self.notices.say("warning", offered.reason, key="row")
            return
        self.notices.clear("row")
        self._attempt(self._verbs[action])

    def _attempt(self, verb: Callable[[], None]) -> None:
        """Do it; what a person can act on is said in a strip, and the board shows how things stand now."""
        try:
            verb()
        except FieldInConflictError:
            say_that_two_desks_differ(self.notices, self.desk, "visit")
        except Problem as problem:
            self._say_problem(problem)

    def _say_problem(self, problem: Problem) -> None:
        self.notices.say("error", problem.advice, strong=problem.title, key="row")
        self._show(self._read())

    # What the keys do

    def _call_or_done(self) -> None:
        row = self._chosen()
        if row is not None and row.visit.value.state is VisitState.WAITING:
            self._ask(Call, "Call")
        elif row is not None:
            self._ask(Done, "Done with")

    def _ask(self, kind: type[VisitSheet], title: str) -> None:
        row = self._chosen()
        if row is None:
            return
        sheet = kind(self.desk.practice, row, self.desk.say)
        self._sheet = sheet
        name = subject(row, self.desk.masking.on)
        words = f"{title} {name}" if kind in (Call, Done) else f"{title}: {name}"

        def answered(yes: bool) -> bool:
            if yes and not sheet.attempt():
                return False
            self._sheet = None
            sheet.keeping.forget()
            if not yes:
                self._attempt(sheet.forget)
            return True

        ask.sheet(self, words, sheet, sheet.yes, answered)

    def _open_record(self) -> None:
        row = self._chosen()
        if row is not None and row.person is not None:
            self.desk.go(PersonPlace(row.person.id))

    def _print_ticket(self) -> None:
        row = self._chosen()
        if row is not None:
            self.desk.go(PreviewPlace("ticket", row.person.id if row.person else None, row.visit.id))

    def _back_to_waiting(self) -> None:
        row = self._chosen()
        if row is not None:
            reception.back_to_waiting(self.desk.practice, row.visit)

    def _toggle_done(self) -> None:
        self._show_done = not self._show_done
        self._show(self._read())
        if self._show_done:
            self.rows.view.scrollToBottom()


def _card(each: SessionOnBoard) -> tuple[str, str, tuple[int, int, int, int]]:
    session = each.session.value
    when = time_range(session.starts, session.ends) if session.starts and session.ends else ""
    return session.title, when, (session.places, each.here, each.booked, each.waiting_list)


def _ruling(desk: Desk, act: Act) -> tuple[bool, str]:
    ruling = desk.practice.may(act)
    return ruling.allowed, ruling.reason
