"""What the window says, until it is closed, of what was noticed when the records were opened."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.changes import ChainStanding
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.services import copies
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage.putting_back import OpeningReport
from livingwell_desktop.sync.state import SyncState
from livingwell_desktop.ui.sign_in.saving_unsent import SAVE_UNSENT, SavingUnsent
from livingwell_desktop.ui.widgets.colours import Tone
from livingwell_desktop.ui.widgets.notify import Notices

Say = Callable[[str, str], object]


@dataclass(frozen=True, slots=True)
class Strip:
    """One strip over every place: what happened, and what it means."""

    tone: Tone
    title: str
    words: str
    saving: SavingUnsent | None = None
    """The strip stays, and offers to save what was not sent."""


def show_strips(strips: tuple[Strip, ...], notices: Notices, window: QWidget, say: Say) -> None:
    """Put the strips over the window's places."""
    for strip in strips:
        if strip.saving is None:
            notices.say(strip.tone, strip.words, strong=strip.title)
            continue
        save = partial(strip.saving.ask, window, say)
        notices.say(strip.tone, strip.words, strong=strip.title, link=SAVE_UNSENT, action=save, closable=False)


def say_copy(practice: Practice, state: SyncState, notices: Notices) -> None:
    """This desk was found to be a copy: said over every place, after each sign-in, until somebody closes it."""
    if not copies.is_to_tell(practice, state.new_letter):
        return

    def closed() -> None:
        with suppress(Problem):  # on a full disk it is said again the next time
            copies.told(practice, state.new_letter)

    notices.say("warning", state.copy_words, key="copy").dismissed.connect(closed)


def read_only_strip(reason: Problem, saving: SavingUnsent) -> Strip:
    """Why nothing can be saved on this desk, whom to call, and a way to keep what was not sent in a second place."""
    words = f"{reason.title}. Write on paper what happens today. {reason.what_to_do}"
    return Strip("warning", "This desk can only be read now.", words, saving)


def way_strips(changed: Problem | None, *, plain_differs: bool) -> tuple[Strip, ...]:
    """What whoever opens the desk should know of the settings that say where records go."""
    if changed is not None:
        return (Strip("error", f"{changed.title}.", f"{changed.what_happened} {changed.what_to_do}"),)
    if not plain_differs:
        return ()
    words = (
        "It is not followed: the desk goes on with what was sealed. If it is right, a manager or an administrator "
        "enters it on “Staff and desks” (W). If nobody of yours wrote it, tell IT support today."
    )
    return (Strip("warning", "The file settings.json of this desk names another connection.", words),)


def strips_for(report: OpeningReport, anchored: tuple[ChainStanding, ChainStanding]) -> tuple[Strip, ...]:
    """What the person who opens the desk should know. Nothing, on all but the worst of days."""
    said = list[Strip]()
    if report.put_back:
        one = report.put_back == 1
        what = "1 change was put back" if one else f"{report.put_back:,} changes were put back"
        said.append(
            Strip(
                "warning",
                f"{what}.",
                "The disk of this PC had not kept everything; the second file had. "
                "Nothing is missing. Tell IT support that the disk may be getting old.",
            )
        )
    if report.taken_in:
        what = counted(report.taken_in, "change from a saved file is", "changes from a saved file are")
        said.append(Strip("calm", f"{what} in the records again.", "It goes to the server like everything else."))
    if report.sent_lost:
        said.append(
            Strip(
                "warning",
                "These records are older than they should be.",
                "What is missing was sent, and comes back from the server at the next connection.",
            )
        )
    if report.forked or ChainStanding.FORKED in anchored:
        said.append(
            Strip(
                "error",
                "Somebody has worked on in a copy of these records.",
                "Nothing is lost: both go to the server. Tell IT support today.",
            )
        )
    elif ChainStanding.BEHIND in anchored and not report.anything:
        said.append(
            Strip(
                "error",
                "These records are older than they were when this desk was last used.",
                "An old copy may have been put back. You can work on; what was sent comes back from the server. "
                "Tell IT support today.",
            )
        )
    if report.audit_lost:
        said.append(
            Strip(
                "warning",
                "Part of the list of who opened what is gone from this PC.",
                "The disk had lost it. The list says so itself. Your manager can see it.",
            )
        )
    if report.second_file_remade:
        said.append(
            Strip(
                "warning",
                "The second file of this desk was damaged or gone, and was made anew.",
                "Nothing is missing. Tell IT support that the disk may be getting old.",
            )
        )
    if report.other_disk_failed:
        said.append(
            Strip(
                "warning",
                "The folder on the other disk cannot be written.",
                "Your work is saved on this PC, twice. Look whether the other disk is plugged in.",
            )
        )
    return tuple(said)
