"""What can be done about the desks in the list, all of it at the server: shut one out, see what it held, a new code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Device
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services import desk_keeping
from livingwell_desktop.services.desk_keeping import HeldByDesk, NewDeskCode
from livingwell_desktop.services.desks import DeskOfAlliance
from livingwell_desktop.ui.admin.desk_sheets import HeldShown, NewDeskForm, ServerForm, ShutOutForm, code_sentences
from livingwell_desktop.ui.admin.forms import CodeShown
from livingwell_desktop.ui.pages import Page, PageAction
from livingwell_desktop.ui.widgets import ask

T = TypeVar("T")

NOT_CONNECTED = "This needs the server, and this desk is not connected."


class DeskKeys:
    """X, H and D. `page` shows the list, `chosen` is the desk that is chosen in it."""

    def __init__(self, page: Page, chosen: Callable[[], DeskOfAlliance | None]) -> None:
        self._page, self._desk, self._chosen = page, page.desk, chosen

    def actions(self) -> tuple[PageAction, ...]:
        """Every key, with the reason why it cannot be used now."""
        return (
            PageAction("Shut out", "X", self.shut_out, self._why_not_shut_out()),
            PageAction("What it held", "H", self.show_held, self._chosen_or(self._why_not(Act.SEE_DESKS))),
            PageAction("Code for a new desk", "D", self.make_code, self._why_not(Act.ENROL_DESK)),
        )

    def shut_out(self) -> None:
        """Say why and shut the chosen desk out; then what it held is shown."""
        chosen = self._chosen()
        if chosen is None or self._refused(self._why_not_shut_out()):
            return
        practice, device = self._desk.practice, chosen.device
        form = ShutOutForm()

        def typed() -> Callable[[], None]:
            reason, said = form.chosen(), form.said.text()
            return lambda: desk_keeping.shut_out(practice, device, reason, said)

        def done(_none: None) -> None:
            self._page.refresh()
            self._show_held(device)

        self._ask(f"Shut out {_name(device)}?", form, "Shut it out", typed, done)

    def show_held(self) -> None:
        """What the chosen desk held at most."""
        chosen = self._chosen()
        if chosen is None or self._refused(self._why_not(Act.SEE_DESKS)):
            return
        self._show_held(chosen.device)

    def _show_held(self, device: Held[Device]) -> None:
        practice = self._desk.practice
        self._desk.tasks.run(lambda: desk_keeping.held_by(practice, device), self._held, self._failed)

    def make_code(self) -> None:
        """A one-time code with which a new PC becomes a desk of this centre."""
        if self._refused(self._why_not(Act.ENROL_DESK)):
            return
        practice = self._desk.practice
        form = NewDeskForm(practice.centre.value.name, desk_keeping.own_sensitivity(practice))

        def typed() -> Callable[[], NewDeskCode]:
            level = form.sensitivity()
            return lambda: desk_keeping.make_code(practice, level)

        self._ask("A code for a new desk", form, "Make the code", typed, self._code)

    def _held(self, held: HeldByDesk) -> None:
        title = f"What {_name(held.device)} held"
        ask.sheet(
            self._page,
            title,
            HeldShown(held, self._desk.practice.today(), masked=self._desk.masking.on),
            "",
            lambda _yes: True,
        )

    def _code(self, made: NewDeskCode) -> None:
        shown = CodeShown(made.code, code_sentences(made))
        ask.sheet(self._page, "The code for a new desk", shown, "", lambda _yes: True)

    def _why_not(self, act: Act) -> str:
        ruling = self._desk.practice.may(act)
        return ruling.reason or ("" if self._desk.link().connected else NOT_CONNECTED)

    def _chosen_or(self, reason: str) -> str:
        return reason or ("" if self._chosen() else "No desk is chosen.")

    def _why_not_shut_out(self) -> str:
        chosen = self._chosen()
        reason = self._desk.practice.may(Act.SHUT_OUT_DESK).reason
        if reason or chosen is None:
            return self._chosen_or(reason)
        return desk_keeping.why_not_shut_out(self._desk.practice, chosen.device) or self._why_not(Act.SHUT_OUT_DESK)

    def _refused(self, reason: str) -> bool:
        if reason:
            self._desk.say("error", reason)
        return bool(reason)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, Problem):
            raise error
        self._desk.say("error", error.words)

    def _ask(
        self, title: str, form: ServerForm, yes: str, typed: Callable[[], Callable[[], T]], then: Callable[[T], None]
    ) -> None:
        """A sheet that stays until the server has answered, and then makes room for what it said.

        `typed` reads the form on this thread and gives the work for another one.
        """
        state = {"asking": False, "left": False}

        def answered(answer: T) -> None:
            if not state["left"]:
                form.window().close()
            then(answer)

        def failed(error: BaseException) -> None:
            state["asking"] = False
            if state["left"] or not isinstance(error, Problem):
                self._failed(error)
                return
            form.show_asking("")
            form.show_problem(error)

        def done(wanted: bool) -> bool:
            if not wanted:
                state["left"] = True
                self._page.take_focus()
                return True
            if not state["asking"]:
                state["asking"] = True
                form.show_asking("Asking the server …")
                self._desk.tasks.run(typed(), answered, failed)
            return False

        ask.sheet(self._page, title, form, yes, done)


def _name(device: Held[Device]) -> str:
    return device.value.name or "a desk"
