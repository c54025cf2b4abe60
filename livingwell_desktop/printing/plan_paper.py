"""A plan as it stands on paper: everything decided, nothing drawn. Every format starts here."""

from dataclasses import dataclass
from datetime import date, time

from livingwell_desktop.domain.dates import day_and_month, long_date
from livingwell_desktop.domain.plan_rules import is_review_late
from livingwell_desktop.printing.marks import Status

NO_BREAK = "\u00a0"
DRAFT = "Draft, not agreed"
NOT_THE_NEWEST = "This is not the newest plan"


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something or answers: the person, or somebody with an organisation."""

    name: str
    called: str
    """First name, for easy read."""
    organisation: str = ""
    letters: str = ""
    is_person: bool = False

    @property
    def in_a_line(self) -> str:
        """ "Tunde Bakare, Lambeth Council" or "Me"."""
        return ", ".join(part for part in (self.name, self.organisation) if part)


@dataclass(frozen=True, slots=True)
class PaperAction:
    """One action. `status` is "late" already worked out for the day of printing."""

    what: str
    doer: Doer
    by: date | None
    status: Status | None
    """None where it is not told: in an earlier version."""

    @property
    def is_open(self) -> bool:
        return self.status is None or self.status in (Status.NOT_STARTED, Status.DOING, Status.LATE)


@dataclass(frozen=True, slots=True)
class PaperGoal:
    """A goal in the person's words with its actions."""

    words: str
    about: str
    group: str
    actions: tuple[PaperAction, ...]


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """What somebody said when asked to agree."""

    doer: Doer
    status: Status
    when_and_how: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KeyWorkerBox:
    """How the person reaches their key worker."""

    name: str
    called: str
    phone: str
    hours: str


@dataclass(frozen=True, slots=True)
class AppointmentBox:
    """The next time the person comes."""

    on: date
    at: time | None
    until: time | None
    place: str
    sees: str
    """First name of whom to ask for at the desk."""


@dataclass(frozen=True, slots=True)
class SharedSection:
    """A part of the record, and for each organisation by its short name whether it can see it."""

    words: str
    seen_by: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """Somebody who has a paper of the plan."""

    who: str
    how: str
    on: date | None
    version: str


@dataclass(frozen=True, slots=True)
class PlanPaper:
    """The whole plan for one printing."""

    name: str
    called: str
    born: date | None
    printed_on: date
    version: str
    """ "4"; agreed or not is `is_agreed`."""
    is_agreed: bool
    is_newest: bool
    dated: date
    """The day it was agreed, or of this draft."""
    replaces: date | None
    in_own_words: str
    key_worker: KeyWorkerBox | None
    appointment: AppointmentBox | None
    goals: tuple[PaperGoal, ...]
    answers: tuple[PaperAnswer, ...]
    review_on: date | None
    reviewer: str
    sharing: tuple[SharedSection, ...]
    copies: tuple[Copy, ...]

    @property
    def is_review_late(self) -> bool:
        """Whether the review should have been by the day of printing: no paper promises a day that has passed."""
        return is_review_late(self.review_on, self.printed_on)

    @property
    def version_words(self) -> str:
        """ "Version 4" or "Version 4, draft"."""
        return f"Version {self.version}" if self.is_agreed else f"Version {self.version}, draft"

    @property
    def notice(self) -> str:
        """What each page says at its top; empty for the newest agreed plan."""
        if not self.is_newest:
            return NOT_THE_NEWEST
        return "" if self.is_agreed else DRAFT

    @property
    def next_steps(self) -> tuple[PaperAction, ...]:
        """The three open actions that come first. Those without a date come last."""
        still_open = [action for goal in self.goals for action in goal.actions if action.is_open]
        return tuple(sorted(still_open, key=lambda action: action.by or date.max)[:3])

    def day(self, day: date) -> str:
        """ "25 November", with the year when it is not the year of printing."""
        return day_and_month(day, self.printed_on)


def by_words(action: PaperAction, paper: PlanPaper) -> str:
    """ "by 25 November", or nothing for an action without a date."""
    return f"by {paper.day(action.by)}".replace(" ", NO_BREAK) if action.by else ""


def quoted(words: str) -> str:
    """The person's words in quotation marks. Words that bring their own keep them."""
    bare = words.strip()
    return bare if not bare or bare[0] in '“"‘«' else f"“{bare}”"


def foot_lines(paper: PlanPaper, check_code: str, printed: str) -> tuple[str, ...]:
    """The lines at the foot of each page, under the name."""
    state = "" if paper.is_agreed else ", not agreed"
    old = "" if paper.is_newest else f" {NOT_THE_NEWEST}."
    code = f" Check code {check_code.replace(' ', NO_BREAK)}." if check_code else ""
    return (f"{paper.version_words}{state}, {long_date(paper.dated)}.{old}{code}", printed)
