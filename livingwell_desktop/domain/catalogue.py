"""Every record kind, in one import: whoever needs the whole registry imports this."""

from livingwell_desktop.domain import (
    assessments,
    doubles,
    drafts,
    emergency_opening,
    membership,
    notes,
    organisations,
    outages,
    people,
    plans,
    protection,
    record_requests,
    refusals,
    sessions,
    unusual_views,
)
from livingwell_desktop.domain.records import kinds

__all__ = [
    "assessments",
    "doubles",
    "drafts",
    "emergency_opening",
    "kinds",
    "membership",
    "notes",
    "organisations",
    "outages",
    "people",
    "plans",
    "protection",
    "record_requests",
    "refusals",
    "sessions",
    "unusual_views",
]
