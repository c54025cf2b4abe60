"""The status line's words."""

from datetime import UTC, datetime, timedelta

import pytest

from livingwell_desktop.sync.state import SyncState
from livingwell_desktop.sync.troubles import (
    CertificateNotTrustedError,
    ForkedDeskError,
    NoServerError,
    NotKnownError,
    NotTheServerError,
    OtherGenerationError,
    ServerTroubleError,
    SyncError,
    VersionsDifferError,
)
from livingwell_desktop.ui.shell.connection import status_words

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)
MORNING = NOW - timedelta(hours=1, minutes=30)


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        (SyncState(connected=True, last_receipt=NOW), "connected", "Connected · all changes sent 10:42am"),
        (SyncState(connected=True), "connected", "Connected · nothing to send"),
        (SyncState(connected=True, sending=9, of=14, waiting=5), "again", "Connected · sending 9 of 14"),
        (
            SyncState(connected=False, since=MORNING, waiting=14),
            "no_connection",
            "No connection since 9:12am · 14 changes wait on this desk",
        ),
        (
            SyncState(connected=False, since=MORNING, waiting=1),
            "no_connection",
            "No connection since 9:12am · 1 change waits on this desk",
        ),
        (SyncState(connected=False), "no_connection", "No connection · nothing waits on this desk"),
        (
            SyncState(connected=False, since=NOW - timedelta(days=3), waiting=1200),
            "no_connection",
            "No connection since 20 November, 10:42am · 1,200 changes wait on this desk",
        ),
    ],
)
def test_the_status_line_always_answers(state: SyncState, kind: str, words: str) -> None:
    said = status_words(state, NOW)
    assert (said.state, said.words) == (kind, words)


def test_an_outage_says_that_nothing_is_lost_and_leads_to_what_waits() -> None:
    said = status_words(SyncState(connected=False, waiting=2), NOW)
    assert "Nothing is lost" in said.more
    assert said.link == "What waits"


def test_what_does_not_mend_itself_says_what_to_do() -> None:
    said = status_words(SyncState(connected=False, waiting=2, last_error="Why.", to_do="Ring IT support."), NOW)
    assert said.words == "No connection · 2 changes wait on this desk"
    assert (said.more, said.link) == ("Ring IT support.", "What to do")


@pytest.mark.parametrize(
    "trouble",
    [NotTheServerError, CertificateNotTrustedError, NotKnownError, ForkedDeskError, VersionsDifferError],
)
def test_each_trouble_that_needs_somebody_says_whom_or_where(trouble: type[SyncError]) -> None:
    error = trouble()
    assert error.words == f"{error.happened} {error.to_do}"
    assert "ing IT support and say “" in error.to_do or "web browser" in error.to_do


@pytest.mark.parametrize("trouble", [NoServerError, ServerTroubleError, OtherGenerationError])
def test_what_mends_itself_asks_nobody(trouble: type[SyncError]) -> None:
    assert trouble().to_do == ""


def test_what_the_server_would_not_take_is_never_called_sent() -> None:
    said = status_words(SyncState(connected=True, last_receipt=NOW, refused=2), NOW)
    assert said.words == "Connected · 2 changes were not taken by the server"
    assert said.link


def test_a_wrong_clock_is_said() -> None:
    said = status_words(SyncState(connected=True, clock_wrong_minutes=-25), NOW)
    assert said.more == "This PC’s clock is 25 minutes slow. Ring IT support."
