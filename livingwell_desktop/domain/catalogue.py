"""Every record kind, in one import: whoever needs the whole registry imports this."""

from livingwell_desktop.domain import assessments, notes, organisations, people, plans, sessions
from livingwell_desktop.domain.records import kinds

__all__ = ["assessments", "kinds", "notes", "organisations", "people", "plans", "sessions"]
