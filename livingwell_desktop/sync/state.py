"""What the status line shows of the exchange with the server."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCK_MAY_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SyncState:
    """Always an answer to: connected or since when not, what waits, how old, when was the last receipt."""

    connected: bool = False
    since: datetime | None = None
    """When the desk became connected, or when it was last connected; None when it never was."""
    sending: int = 0
    """Of what waited when sending began, so many have their receipt. 0 of 0 when nothing is being sent."""
    of: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    """When the oldest change that waits was saved."""
    last_receipt: datetime | None = None
    refused: int = 0
    """Changes of this desk that the server would not take. Their words are kept here."""
    clock_wrong_minutes: int = 0
    """How far this PC's clock is ahead of the server's (behind: negative), when that is more than 10 minutes."""
    downloaded: int = 0
    """Of a first download, so many records are here. 0 of 0 when there is none."""
    to_download: int = 0
    shut_out: bytes = b""
    """The alliance's signature, when it has shut this desk out for good."""
    read_only: bool = False
    """A gate lets this desk be read only: it sends and fetches nothing."""
    new_letter: str = ""
    """The letter under which this desk goes on since it was found to be a copy of another."""
    last_error: str = ""
    """Why the desk is not connected, in words for people."""
    to_do: str = ""
    """What somebody has to do before it can be connected again; empty for an outage, which mends itself."""

    @property
    def download_words(self) -> str:
        """ "2,400 of 31,000 records" while a first download goes on; empty otherwise."""
        return f"{self.downloaded:,} of {self.to_download:,} records" if self.to_download else ""

    @property
    def copy_words(self) -> str:
        """What staff read on a desk that was found to be a copy; empty on every other."""
        if not self.new_letter:
            return ""
        return (
            f"This PC’s records were copied or put back from an older copy. It goes on as desk {self.new_letter}, and"
            " everything saved here is kept. Tell your team manager."
        )


def clock_wrong_minutes(here: datetime, server: datetime) -> int:
    """Whole minutes by which our clock is ahead of the server's; 0 within the tolerance."""
    ahead = here - server
    return round(ahead.total_seconds() / 60) if abs(ahead) > CLOCK_MAY_DIFFER else 0
