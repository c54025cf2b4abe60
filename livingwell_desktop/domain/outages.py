"""Outages as a manager sees them afterwards: since when, until when, what was sent, what came, what needs a person."""

from datetime import datetime, timedelta
from uuid import UUID

from livingwell_desktop.domain.records import ConflictRule, field, record

SHORTEST = timedelta(minutes=5)
"""A shorter break in the line with nothing waiting is no outage: nobody needs to look at it."""


@record("outage", label="Outage", plural="Outages", subject=("centre",), source="FHIR R4 AuditEvent")
class Outage:
    """One desk without its server, and what happened when it came back. A manager signs it off.

    The numbers of links and arrivals are the desk's own: with them that desk finds again what was sent and what came.
    """

    centre: UUID | None = field("Centre", default=None, index=True)
    desk: UUID | None = field("Desk", default=None)
    began: datetime | None = field("Began", default=None)
    ended: datetime | None = field("Ended", default=None, index=True)
    sent: int = field("Sent", default=0)
    received: int = field("Received", default=0)
    questions: int = field("Questions", default=0)
    refused: int = field("Not taken", default=0)
    first_sent: int = field("First link sent", default=0)
    last_sent: int = field("Last link sent", default=0)
    first_received: int = field("First change received", default=0)
    last_received: int = field("Last change received", default=0)
    signed_by: UUID | None = field("Signed off by", default=None)
    signed_at: datetime | None = field("Signed off", default=None)
    remark: str = field("Remark", default="", conflict=ConflictRule.ASK, hint="What was done about it")


def duration_words(length: timedelta) -> str:
    """ "16 weeks", "3 days", "2 hours 14 minutes", "7 minutes": as people say how long something lasted."""
    minutes = max(0, int(length.total_seconds() // 60))
    days = minutes // (24 * 60)
    if days >= 14:
        return f"{days // 7} weeks"
    if days:
        return _count(days, "day")
    hours, rest = divmod(minutes, 60)
    parts = [_count(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(_count(rest, "minute") if rest else "less than a minute")
    return " ".join(parts)


def _count(number: int, what: str) -> str:
    return f"{number} {what if number == 1 else f'{what}s'}"
