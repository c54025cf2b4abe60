"""The status line's words, worked out from the engine's state and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from livingwell_desktop.domain.dates import clock_time, local, moment
from livingwell_desktop.sync.state import SyncState


@dataclass(frozen=True, slots=True)
class StatusWords:
    """What the status line says."""

    state: str
    words: str
    more: str = ""
    link: str = ""


def status_words(state: SyncState, now: datetime) -> StatusWords:
    """Connected or since when not, how many changes wait, the last receipt. An outage is never red."""
    waits = _waits(state.waiting)
    if state.read_only:
        return StatusWords("no_connection", f"Read only · {waits}", "Nothing is lost.")
    if not state.connected:
        since = f" since {_at(state.since, now)}" if state.since else ""
        cut = f"No connection{since} · {waits}"
        if state.to_do:  # the link stays in a narrow window, where the second sentence gives way
            return StatusWords("no_connection", cut, state.to_do, "What to do")
        return StatusWords("no_connection", cut, "You can keep working. Nothing is lost.", "What waits")
    clock = _clock_words(state.clock_wrong_minutes)
    if state.waiting:
        return StatusWords("again", f"Connected · sending {state.sending} of {max(state.of, state.waiting)}", clock)
    sent = f"all changes sent {_at(state.last_receipt, now)}" if state.last_receipt else "nothing to send"
    if state.refused:
        what = "1 change was" if state.refused == 1 else f"{state.refused:,} changes were"
        return StatusWords("no_connection", f"Connected · {what} not taken by the server", clock, "Which")
    return StatusWords("connected", f"Connected · {sent}", clock)


def freshness_words(state: SyncState) -> str:
    """How fresh this desk's copy is, for the palette."""
    until = None if state.connected else state.since
    return f"This desk’s copy, up to date to {clock_time(local(until).time())}" if until else "This desk’s copy"


def _clock_words(minutes: int) -> str:
    if not minutes:
        return ""
    return f"This PC’s clock is {abs(minutes):,} minutes {'fast' if minutes > 0 else 'slow'}. Ring IT support."


def _waits(count: int) -> str:
    if count == 0:
        return "nothing waits on this desk"
    return f"{count:,} {'change waits' if count == 1 else 'changes wait'} on this desk"


def _at(instant: datetime, now: datetime) -> str:
    there = local(instant)
    return clock_time(there.time()) if there.date() == local(now).date() else moment(instant, local(now).date())
