"""The sign-in window: who are you, and your passphrase. It holds no records, so it can say nothing about them."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop import VERSION
from livingwell_desktop.domain.changes import time_of
from livingwell_desktop.domain.dates import Clock, ago, full_weekday_date, local
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.names import fold
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.security.alliance_card import AllianceCard, not_known_alliance
from livingwell_desktop.security.argon2 import Argon2Parameters
from livingwell_desktop.security.first_sign_in import (
    OpenedEnvelope,
    SignInDesk,
    is_invited,
    is_recovery_code,
    recover,
    take_up,
)
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.security.keyrings import DeviceSecretStore
from livingwell_desktop.security.lost_secret import LostDesk, reopen, secret_is_lost
from livingwell_desktop.security.sign_in import sign_in
from livingwell_desktop.security.slot_files import SlotFolder, UnreadableSlot
from livingwell_desktop.security.slot_format import Slot
from livingwell_desktop.security.slots import DEFAULT_PARAMETERS, Unlocked
from livingwell_desktop.security.tries import Tries, in_words
from livingwell_desktop.settings import DeskCard, WaitingNote
from livingwell_desktop.ui.sign_in.first_passphrase import PassphraseSheet, RecoverySheet
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import ask, theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.cells import CellAvatar, CellOrganisation, CellText
from livingwell_desktop.ui.widgets.choices import TickBox
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.marks import Mark, OrganisationMark
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.rail import Brand
from livingwell_desktop.ui.widgets.skyline import SkylineArt
from livingwell_desktop.ui.widgets.status_line import StatusLine
from livingwell_desktop.ui.widgets.surfaces import Rule
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import IconMark, Words

MOST_SHOWN = 7
ART_WIDTH = 520


class SignInWindow(QWidget):
    """Choose a name, type the passphrase. `signed_in` carries the keys, once."""

    signed_in = Signal(object)

    def __init__(
        self,
        card: DeskCard,
        slots: SlotFolder,
        tries: Tries,
        secrets: Callable[[], DeviceSecretStore],
        clock: Clock,
        tasks: Tasks,
        alliance: Callable[[], AllianceCard] | None = None,
        parameters: Argon2Parameters = DEFAULT_PARAMETERS,
        lost: Callable[[], LostDesk] | None = None,
    ) -> None:
        super().__init__()
        self._alliance, self._parameters, self._lost = alliance, parameters, lost
        self._card, self._slots, self._tries, self._secrets = card, slots, tries, secrets
        self._clock, self._tasks = clock, tasks
        entries = slots.entries()
        whole = [each for each in entries if isinstance(each, Slot)]
        self._members = {each.member.member_id: each for each in whole if not is_recovery_code(each)}
        self._recovery = next((each for each in whole if is_recovery_code(each)), None)
        self._unreadable = [each for each in entries if isinstance(each, UnreadableSlot)]
        self._showing_all = False
        self._busy = False
        self.setWindowTitle("Living Well Desktop")
        self.resize(1440, 900)
        self.setMinimumSize(1024, 640)
        self._build()
        self._wait_timer = QTimer(self)
        self._wait_timer.setInterval(1000)
        self._wait_timer.timeout.connect(self._show_wait)
        self._list("")
        self.names.choose_first()
        theme.follow(self.update)

    def _build(self) -> None:
        self._make_controls()
        body = Row(spacing=48, margins=(64, 140, 64, 24))
        body.add(self._who(), stretch=1)
        body.add(self._secret(), stretch=1)
        whole = Row(spacing=0)
        whole.add(self._art())
        whole.add(body, stretch=1)
        self.status = StatusLine()
        self.show_waiting(WaitingNote())
        self.status.set_right(f"Living Well Desktop {VERSION}")
        column = Column(self, spacing=0)
        column.add(whole, stretch=1)
        column.add(self.status)
        self._connect()

    def show_waiting(self, note: WaitingNote) -> None:
        """Say how many changes of this desk the server does not have yet: nobody need sign in to learn that."""
        if not note.count:
            self.status.show_state("not_said", self._card.note or "Your records stay encrypted until you sign in.")
            return
        what = counted(note.count, "change waits", "changes wait")
        since = f" The oldest was saved {ago(time_of(note.oldest), self._clock())}." if note.oldest else ""
        self.status.show_state("no_connection", f"{what} on this desk to be sent", f"Nothing is lost.{since}")

    def _make_controls(self) -> None:
        self.search = TextField(icon="search", placeholder="Type your name")
        self.search.set_spoken("Who are you? Type your name")
        self.search.setObjectName("your name")
        self.names = RowList(
            [TableColumn("", 56), TableColumn("Name"), TableColumn("", 44)], name="Staff", heads=False, row_height=58
        )
        self.show_all = Button("", "quiet")
        self.person = Words("", "title")
        self.mark = OrganisationMark(Mark(), 22)
        self.role = Words("", "body", "secondary")
        self.passphrase = TextField(secret=True, height=52)
        self.passphrase.setObjectName("passphrase")
        self.passphrase_frame = FieldFrame("Your passphrase", self.passphrase, hint="Four words. Spaces count.")
        self.shown = TickBox("Show the passphrase")
        self.button = Button("Sign in", "primary", key="Enter", size="sign_in")
        self.button.setObjectName("sign in")
        self.problem = Notice("error", "")
        self.problem.hide()
        self.recover = Button("Use the recovery code", "quiet", icon="key", size="small")
        self.recover.setVisible(self._recovery is not None and self._alliance is not None)

    def _who(self) -> Column:
        left = Column(spacing=12)
        left.add(Words("Who are you?", "card"), self.search)
        left.add(self.names, stretch=1)
        left.add(self.show_all)
        return left

    def _secret(self) -> Column:
        right = Column(spacing=10)
        role = Row(spacing=8)
        role.add(self.mark)
        role.add(self.role, stretch=1)
        right.add(self.person, role)
        right.gap(18)
        right.add(self.passphrase_frame, self.shown, self.problem)
        button_row = Row()
        button_row.add(self.button)
        button_row.push()
        right.add(button_row)
        right.gap(12)
        right.add(Rule())
        for icon, words in (
            ("lock", "After 5 wrong tries you wait a little. Nothing is ever wiped."),
            ("wifi-off", "You can sign in with no connection."),
            ("key", "Forgotten it? Ask your manager to ring IT support."),
        ):
            row = Row(spacing=10)
            row.add(IconMark(icon, "secondary", 18))
            row.add(Words(words, "conversation", "secondary", wrap=True), stretch=1)
            right.add(row)
        recovery = Row()
        recovery.add(self.recover)
        recovery.push()
        right.add(recovery)
        right.push()
        return right

    def _connect(self) -> None:
        self.search.changed.connect(self._list)
        self.search.submitted.connect(self.passphrase.edit.setFocus)
        self.names.chosen.connect(self._chosen)
        self.names.opened.connect(lambda _key: self.passphrase.edit.setFocus())
        self.show_all.clicked.connect(self._all)
        self.shown.toggled.connect(lambda on: self.passphrase.set_secret(not on))
        self.passphrase.submitted.connect(self._sign_in)
        self.button.clicked.connect(self._sign_in)
        self.recover.clicked.connect(self._use_recovery_code)

    def _art(self) -> QWidget:
        art = SkylineArt()
        art.setFixedWidth(theme.px(ART_WIDTH))
        self._skyline = art
        theme.follow(self._measure)
        now = local(self._clock())
        words = Column(art, spacing=10, margins=(48, 44, 24, 24))
        words.add(Brand("Living Well", f"{self._card.centre}, {self._card.desk}", size=44))
        words.gap(48)
        part = "morning" if now.hour < 12 else "afternoon" if now.hour < 18 else "evening"
        words.add(Words(f"Good {part}", "greeting"))
        words.add(Words(full_weekday_date(now.date()), "card"))
        words.push()
        return art

    def _measure(self) -> None:
        self._skyline.setFixedWidth(theme.px(ART_WIDTH))

    # Choosing a name

    def _list(self, typed: str) -> None:
        wanted = fold(typed)
        found = [slot for slot in self._members.values() if wanted in fold(slot.grant.name)]
        found.sort(key=lambda slot: (slot.grant.lease_until < self._clock(), slot.grant.name.casefold()))
        shown = found if self._showing_all or wanted else found[:MOST_SHOWN]
        self.names.set_rows([self._row(slot) for slot in shown])
        self.show_all.setVisible(len(shown) < len(found))
        self.show_all.set_text(f"Show all {len(found)} staff")
        if wanted:
            self.names.choose_first()

    def _row(self, slot: Slot) -> TableRow:
        grant = slot.grant
        token, letters, name = organisation(grant.organisation)
        return TableRow(
            slot.member.member_id,
            (
                CellAvatar(grant.name),
                CellText(grant.name, grant.role, strong=False),
                CellOrganisation(Mark("organisation", token, letters, name), ""),
            ),
            spoken=f"{grant.name}, {grant.role}, {name}",
        )

    def _all(self) -> None:
        self._showing_all = True
        self._list(self.search.text())
        self.names.view.setFocus()

    def _chosen(self, key: str | None) -> None:
        slot = self._members.get(key or "")
        if slot is None:
            return
        token, letters, name = organisation(slot.grant.organisation)
        self.person.setText(slot.grant.name)
        self.role.setText(f"{slot.grant.role}, {name}")
        self.mark.set_mark(Mark("organisation", token, letters, name))
        self.passphrase_frame.clear_error()
        self.problem.hide()
        invited = is_invited(slot)
        self.passphrase_frame.set_label("Your invitation code" if invited else "Your passphrase")
        self.passphrase_frame.set_hint(
            "16 letters and digits, from your administrator." if invited else "Four words. Spaces count."
        )
        self._show_wait()

    def choose(self, member_id: str) -> None:
        """Choose a member of staff by id, as after a lock."""
        self.names.choose(member_id)
        self.passphrase.edit.setFocus()

    def offer(self, name: str) -> bool:
        """Choose by name; False when nobody of that name may sign in here."""
        for slot in self._members.values():
            if slot.grant.name == name:
                self._showing_all = True
                self._list("")
                self.choose(slot.member.member_id)
                return True
        return False

    # Signing in

    def _sign_in(self) -> None:
        member = self._member()
        if self._busy or not member:
            return
        if not self.passphrase.text():
            self.passphrase_frame.set_error("Enter your passphrase.")
            self.passphrase.edit.setFocus()
            return
        typed, now = self.passphrase.text(), self._clock()
        if is_invited(self._members[member]):
            self._choose_first(member, typed)
            return

        def work() -> Handover:
            unlocked = sign_in(
                self._slots,
                self._tries,
                self._secrets(),
                member_id=member,
                device_id=self._card.device_id,
                passphrase=typed,
                now=now,
            )
            return Handover(self._card.device_id, unlocked)

        self._open(work)

    def _choose_first(self, member: str, code: str) -> None:
        """An invitation opens nothing by itself: first a passphrase of one's own."""
        form = PassphraseSheet("Welcome. Choose the passphrase that only you will know.")

        def done(chosen: bool) -> bool:
            if chosen and not form.is_complete():
                return False
            if chosen:
                new, offered, now = form.new.text(), form.offered, self._clock()
                self._open(lambda: self._handed(take_up(self._desk(), member, code, new, offered, now)))
            return True

        ask.sheet(self, "Choose your passphrase", form, "Sign in", done)

    def _use_recovery_code(self) -> None:
        """A new passphrase for the chosen name, with the code from the sealed envelope."""
        slot, recovery = self._members.get(self._member()), self._recovery
        if self._busy or slot is None or recovery is None:
            return
        form = RecoverySheet(f"A new passphrase for {slot.grant.name}. Two people open the envelope together.")
        member = slot.member.member_id

        def done(chosen: bool) -> bool:
            if chosen and not form.is_complete():
                return False
            if chosen:
                names, now = (form.first.text(), form.second.text()), self._clock()
                code, new, offered = form.code.text(), form.new.text(), form.offered
                envelope = OpenedEnvelope(recovery.member.member_id, code, member, new, offered, names, now)
                self._open(lambda: self._recovered(slot, envelope))
            return True

        ask.sheet(self, "Use the recovery code", form, "Change passphrase", done)

    def _recovered(self, slot: Slot, envelope: OpenedEnvelope) -> Handover:
        """With the computer's own key or, where that is lost, without it."""
        if self._lost is not None and secret_is_lost(slot, self._secrets()):
            return self._handed(reopen(self._lost(), envelope))
        return self._handed(recover(self._desk(), envelope))

    def _desk(self) -> SignInDesk:
        """What a first passphrase is made with. Raises Problem on a desk that does not know its alliance."""
        if self._alliance is None:
            raise not_known_alliance()
        key = self._alliance().alliance_key
        return SignInDesk(self._slots, self._tries, self._secrets(), self._card.device_id, key, self._parameters)

    def _handed(self, unlocked: Unlocked) -> Handover:
        return Handover(self._card.device_id, unlocked)

    def _open(self, work: Callable[[], Handover]) -> None:
        """Hash and open, off the window's thread."""
        self._busy = True
        self.passphrase_frame.clear_error()
        self.problem.hide()
        self.button.set_text("Opening…")
        self.button.setEnabled(False)
        self._tasks.run(work, self._done, self._failed)

    def _done(self, handover: Handover) -> None:
        self._busy = False
        self.passphrase.set_text("")
        self.signed_in.emit(handover)

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        self.button.set_text("Sign in")
        self.button.setEnabled(True)
        if not isinstance(error, Problem):
            raise error
        self.problem.set_words(error.advice, strong=error.title)
        self.problem.show()
        self.passphrase.edit.setFocus()
        self.passphrase.edit.selectAll()
        self._show_wait()

    def _member(self) -> str:
        return str(self.names.current() or "")

    def _show_wait(self) -> None:
        member = self._member()
        wait = self._tries.waiting(member) if member else timedelta()
        self.button.setEnabled(not wait and not self._busy)
        if wait:
            self.passphrase_frame.set_error(f"Too many wrong tries. Wait {in_words(wait)}, then try again.")
            self._wait_timer.start()
        elif self._wait_timer.isActive():
            self._wait_timer.stop()
            self.passphrase_frame.clear_error()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.end()


def organisation(packed: str) -> tuple[str, str, str]:
    """Colour, letters and name of an organisation as a slot's grant carries them: "slam|SL|SLaM"."""
    token, _, rest = packed.partition("|")
    letters, _, name = rest.partition("|")
    return (token, letters, name) if name else ("", packed[:2], packed)
