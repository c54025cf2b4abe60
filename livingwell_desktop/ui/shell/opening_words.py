"""What the window says, until it is closed, of what was noticed when the records were opened."""

from dataclasses import dataclass

from livingwell_desktop.domain.changes import ChainStanding
from livingwell_desktop.storage.putting_back import OpeningReport
from livingwell_desktop.ui.widgets.colours import Tone


@dataclass(frozen=True, slots=True)
class Strip:
    """One strip over every place: what happened, and what it means."""

    tone: Tone
    title: str
    words: str


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
