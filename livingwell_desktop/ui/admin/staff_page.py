"""Staff and desks: who works here, who may sign in at this desk and until when, and what a manager can do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from livingwell_desktop.domain.dates import local, long_date
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.wording import listed
from livingwell_desktop.services import recovery_codes, staff
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.desks import DeskOfAlliance, desks, serve_alone, serves
from livingwell_desktop.services.server_way import change_way, way_here
from livingwell_desktop.services.staff import Invitation, MemberHere
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.admin.desk_keys import DeskKeys
from livingwell_desktop.ui.admin.forms import CodeShown, Form, KeepersForm, ServesForm, StaffForm, WayForm
from livingwell_desktop.ui.admin.staff_rows import COLUMNS, staff_groups
from livingwell_desktop.ui.pages import Desk, Page, PageAction, PassphrasePlace, Place, PreviewPlace, StaffPlace
from livingwell_desktop.ui.widgets import ask
from livingwell_desktop.ui.widgets.key_line import KeyAction, KeyLine
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notices import EmptyState, Notice
from livingwell_desktop.ui.widgets.surfaces import PageTitle
from livingwell_desktop.ui.widgets.tables import RowList

_KINDS = frozenset({"staff", "device", "organisation", "centre", "member_certificate", "locked_keys", "recovery_use"})
_OF_NOBODY = ("invite", "recovery", "serves", "way")
"""Keys for which nobody need be chosen."""
T = TypeVar("T")


class StaffPage(Page):
    """A list with keys: A admits, E extends, N invites, C changes, S suspends, L leaves, R resets, K makes the code.

    On a desk: X shuts it out, H says what it held, D makes a code for a new one.
    """

    shows = StaffPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._members: dict[UUID, MemberHere] = {}
        self._desks: dict[UUID, DeskOfAlliance] = {}
        self._desk_keys = DeskKeys(self, self.chosen_desk)
        self._chosen: UUID | None = None
        self._busy = False
        self.title = PageTitle("Staff and desks")
        self.recovery = Notice("neutral", "")
        self.refused = EmptyState("This page is for managers", "", icon="lock")
        self.rows = RowList(COLUMNS, name="Staff", row_height=58)
        self.rows.setObjectName("staff")
        self.rows.chosen.connect(lambda _key: self._show_keys())
        self.rows.opened.connect(lambda _key: self.change())
        self.keys = KeyLine()
        self.keys.used.connect(self._use)
        column = Column(self, spacing=12, margins=(24, 18, 24, 0))
        column.add(self.title, self.recovery, self.refused)
        column.add(self.rows, stretch=1)
        column.add(self.keys)
        self._shortcuts = [self._bind(key, run) for run, _words, key in self._runs().values()]
        self._shortcuts += [self._bind(each.key, each.run) for each in self._desk_keys.actions()]

    def _runs(self) -> dict[str, tuple[Callable[[], None], str, str]]:
        """What each key does: the verb, its words, the key."""
        return {
            "admit": (self.admit, "Admit to this desk", "A"),
            "extend": (self.extend, "More days", "E"),
            "change": (self.change, "Change", "C"),
            "suspend": (self.suspend, "Suspend or bring back", "S"),
            "leave": (self.leaves, "Does not work here any more", "L"),
            "reset": (self.reset, "Reset passphrase", "R"),
            "invite": (self.invite, "Invite somebody", "N"),
            "recovery": (self.make_code, "Recovery code", "K"),
            "serves": (self.serves, "Whom this centre serves", "O"),
            "way": (self.way, "How this desk reaches the server", "W"),
            "own": (lambda: self.desk.go(PassphrasePlace()), "Your passphrase", "P"),
        }

    def _use(self, name: str) -> None:
        runs = {each.name: each.run for each in self._desk_keys.actions()}
        (runs.get(name) or self._runs()[name][0])()

    def _bind(self, key: str, run: Callable[[], None]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(run)
        return shortcut

    # Showing

    def show_place(self, place: Place) -> None:  # noqa: ARG002 - there is one such place
        self._read()
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.rows.current() is None:
            self.rows.choose_first()
        self._show_keys()

    def concerned(self, changes: Changes) -> bool:
        return bool(changes.kinds & _KINDS)

    def refresh(self) -> None:
        self._read()
        self._show_keys()

    def tick(self) -> None:
        """A lease may have ended meanwhile."""
        self.refresh()

    def link_changed(self) -> None:
        """What needs the server can be done now, or not any more."""
        self._show_keys()

    def actions_here(self) -> tuple[PageAction, ...]:
        reason = self._reason()
        chosen = reason or ("" if self.member() else "Nobody is chosen.")
        actions = tuple(
            PageAction(words, key, run, reason if name in _OF_NOBODY else "" if name == "own" else chosen)
            for name, (run, words, key) in self._runs().items()
        )
        return actions + self._desk_keys.actions()

    def member(self) -> MemberHere | None:
        """Who is chosen."""
        key = self.rows.current()
        return self._members.get(key) if isinstance(key, UUID) else None

    def chosen_desk(self) -> DeskOfAlliance | None:
        """The desk that is chosen."""
        key = self.rows.current()
        return self._desks.get(key) if isinstance(key, UUID) else None

    def _reason(self) -> str:
        return self.desk.practice.may(Act.KEEP_ALLIANCE).reason

    def _read(self) -> None:
        practice, keeps = self.desk.practice, not self._reason()
        reason = practice.may(Act.SEE_DESKS).reason
        self.refused.setVisible(bool(reason))
        self.rows.setVisible(not reason)
        self.recovery.setVisible(keeps)
        if reason:
            self.refused.next_step.setText(self._reason())
            self.refused.next_step.show()
            return
        # Whoever oversees sees the desks and what they held, and nothing else.
        found = staff.members(practice) if keeps else ()
        self._members = {each.staff.id: each for each in found}
        self._desks = {each.device.id: each for each in desks(practice)}
        serves_alone = self._serves_alone() if keeps else ""
        self.rows.set_groups(staff_groups(practice.centre, found, self._desks.values(), serves_alone))
        if keeps:
            self._show_recovery()

    def _serves_alone(self) -> str:
        """The organisation that this centre serves alone, by name; empty for the whole alliance."""
        chosen = serves(self.desk.practice)
        held = alliance(self.desk.practice).organisations.get(chosen) if chosen else None
        return (held.value.short_name or held.value.name) if held else ""

    def _show_recovery(self) -> None:
        state = recovery_codes.recovery_state(self.desk.practice)
        if not state.made:
            self.recovery.set_tone("warning")
            self.recovery.set_words(
                "Without it, a passphrase that is forgotten in an outage stays lost until the line is back.",
                strong="This centre has no recovery code.",
            )
        elif state.used is not None:
            when = long_date(local(state.used.opened_at).date()) if state.used.opened_at else ""
            self.recovery.set_tone("error")
            self.recovery.set_words(
                f"{listed(state.used.opened_by)} opened it on {when} for {state.used_for}. Make a new one (K).",
                strong="The recovery code was used.",
            )
        self.recovery.setVisible(not state.made or state.used is not None)

    def _show_keys(self) -> None:
        each, desk = self.member(), self.chosen_desk()
        if each is None:
            able = [KeyAction(one.name, one.key, one.name, one.reason) for one in self._desk_keys.actions()]
            self.keys.show_keys(desk.device.value.name if desk else "", able if desk else [])
            return
        active, runs = each.staff.value.active, self._runs()
        wanted = ["change"]
        if active:
            wanted += ["extend" if each.lease_until else "admit", "suspend", "reset"]
        else:
            wanted += ["suspend"]
        wanted += ["invite"]
        said = {
            "suspend": "Suspend" if active else "Bring back",
            "reset": "Confirm reset" if self._confirms(each) else "Reset",
        }
        actions = [KeyAction(name, runs[name][2], said.get(name, runs[name][1])) for name in wanted]
        self.keys.show_keys("", actions)

    def _confirms(self, each: MemberHere) -> bool:
        return each.reset_by is not None and each.reset_by != self.desk.practice.staff.id

    # Doing

    def admit(self) -> None:
        """Let the chosen colleague sign in at this desk."""
        each = self.member()
        if each:
            self._do(lambda: staff.admit(self.desk.practice, each.staff), f"{_name(each)} may sign in at this desk.")

    def extend(self) -> None:
        """A whole new lease."""
        each = self.member()
        if each is None:
            return
        until = self._try(lambda: staff.extend(self.desk.practice, each.staff))
        if until is not None:
            day = long_date(local(until).date())
            self.desk.say("success", f"{_name(each)} may sign in here until {day}, with or without a connection.")
            self.refresh()

    def suspend(self) -> None:
        """Suspend, or bring back."""
        each = self.member()
        if each is None:
            return
        practice = self.desk.practice
        if not each.staff.value.active:
            self._do(lambda: staff.comes_back(practice, each.staff), f"{_name(each)} works here again.")
            return
        text = "They cannot sign in at this desk from now on, and at the others from their next contact."
        self._confirm(f"Suspend {_name(each)}?", text, "Suspend", lambda: staff.suspend(practice, each.staff))

    def leaves(self) -> None:
        """The chosen colleague does not work here any more."""
        each = self.member()
        if each is None or not each.staff.value.active:
            return
        text = (
            "Their sign-in is deleted and this desk gets a new key, so that nothing they may have kept opens it. "
            "Other desks do the same at their next contact. What they wrote stays."
        )
        practice = self.desk.practice
        title = f"{_name(each)} does not work here any more?"
        self._confirm(title, text, "Delete their sign-in", lambda: staff.leaves(practice, each.staff))

    def change(self) -> None:
        """Name, job, organisation, centre; for administrators the role."""
        each = self.member()
        if each is None:
            return
        practice = self.desk.practice
        form = StaffForm(alliance(practice), each.staff.value, may_give_roles=practice.may(Act.CERTIFY).allowed)
        self._sheet(
            f"Change {_name(each)}", form, "Save", lambda: staff.change_staff(practice, each.staff, form.fields())
        )

    def invite(self) -> None:
        """A new member of staff."""
        practice = self.desk.practice
        if not self._allowed(Act.CERTIFY):
            return
        form = StaffForm(alliance(practice), Staff(centre=practice.centre.id), may_give_roles=True)
        self._sheet(
            "Invite somebody",
            form,
            "Make the invitation",
            lambda: self._show_code(staff.invite(practice, Staff(**form.fields())), confirmed=True),
        )

    def reset(self) -> None:
        """Begin a reset, or confirm one that another administrator began."""
        each = self.member()
        if each is None or not self._allowed(Act.RESET_PASSPHRASE):
            return
        practice = self.desk.practice
        if self._confirms(each):
            text = "Another administrator has given them a code. With your signature they choose a new passphrase."
            self._confirm(
                f"Confirm the reset of {_name(each)}?",
                text,
                "Confirm",
                lambda: staff.confirm_reset(practice, each.staff),
            )
            return
        text = "They get a code with which they choose a new passphrase, once another administrator has confirmed it."
        self._confirm(
            f"Reset {_name(each)}’s passphrase?",
            text,
            "Make the code",
            lambda: self._show_code(staff.begin_reset(practice, each.staff), confirmed=False),
        )

    def serves(self) -> None:
        """Whether the desks of this centre serve one organisation alone."""
        practice = self.desk.practice
        if not self._allowed(Act.KEEP_ALLIANCE):
            return
        form = ServesForm(alliance(practice), serves(practice))
        self._sheet("Whom this centre serves", form, "Save", lambda: serve_alone(practice, form.chosen()))

    def way(self) -> None:
        """Where this desk sends its records."""
        practice = self.desk.practice
        if not self._allowed(Act.KEEP_ALLIANCE):
            return
        known = self._try(lambda: (way_here(practice),))
        if known is None:
            return
        form = WayForm(known[0])
        self._sheet("How this desk reaches the server", form, "Save", lambda: change_way(practice, *form.typed()))

    def make_code(self) -> None:
        """The centre's recovery code, to be printed and sealed."""
        if not self._allowed(Act.MAKE_RECOVERY_CODE):
            return
        form = KeepersForm()

        def make() -> None:
            recovery_codes.make_recovery_code(self.desk.practice, form.names())
            self.desk.go(PreviewPlace("recovery_code", None))

        self._sheet("Make the recovery code", form, "Make it", make)

    def _show_code(self, invitation: Invitation, *, confirmed: bool) -> None:
        sentences = (
            f"Tell {invitation.name} in person. It is not shown again.",
            "They choose their name in the sign-in window of this desk, type the code and choose a passphrase.",
            *(() if confirmed else ("It works as soon as another administrator has confirmed it on this page.",)),
        )
        ask.sheet(self, f"The code for {invitation.name}", CodeShown(invitation.code, sentences), "", lambda _yes: True)

    def _allowed(self, act: Act) -> bool:
        ruling = self.desk.practice.may(act)
        if not ruling.allowed:
            self.desk.say("error", ruling.reason)
        return ruling.allowed

    def _try(self, do: Callable[[], T]) -> T | None:
        try:
            return do()
        except Problem as problem:
            self.desk.say("error", problem.words)
            return None

    def _do(self, do: Callable[[], None], said: str) -> None:
        def work() -> bool:
            do()
            return True

        if self._try(work):
            self.desk.say("success", said)
            self.refresh()

    def _confirm(self, title: str, text: str, yes: str, do: Callable[[], None]) -> None:
        def answered(confirmed: bool) -> None:
            if confirmed:
                self._do(do, "Done.")
            self.take_focus()

        ask.confirm(self, ask.Question(title, text, yes, serious=True), answered)

    def _sheet(self, title: str, form: Form, yes: str, do: Callable[[], None]) -> None:
        def done(saved: bool) -> bool:
            if not saved:
                return True
            try:
                do()
            except Problem as problem:
                form.show_problem(problem)
                return False
            self.refresh()
            return True

        ask.sheet(self, title, form, yes, done)


def _name(each: MemberHere) -> str:
    return each.staff.value.name
