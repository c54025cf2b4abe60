"""The place to return to after a lock: kept in the encrypted store, like everything that could name a person."""

import dataclasses
from typing import Any
from uuid import UUID, uuid5

from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.records import Json, to_json
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Draft
from livingwell_desktop.ui import pages
from livingwell_desktop.ui.pages import Place

KIND = "place"


def remember(practice: Practice, place: Place) -> None:
    """Keep where this member of staff is."""
    body = {"name": type(place).__name__, "fields": {f.name: to_json(getattr(place, f.name)) for f in _fields(place)}}
    staff = practice.staff.id
    practice.store.save_draft(Draft(uuid5(staff, KIND), staff, KIND, staff, body, (), practice.now()))


def remembered(practice: Practice) -> Place | None:
    """Where this member of staff was when the desk locked today, or None."""
    kept = next(iter(practice.store.drafts_about(practice.staff.id, KIND)), None)
    if kept is None or local_day(kept.saved_at) != practice.today():
        return None
    return _place(kept.body)


def _place(body: Any) -> Place | None:
    """A place of a newer or older version is no place: Today is always right."""
    kind = getattr(pages, str(body.get("name")), None)
    if not (isinstance(kind, type) and issubclass(kind, Place)):
        return None
    values: dict[str, Json] = body.get("fields", {})
    hints = {f.name: str(f.type) for f in dataclasses.fields(kind)}
    try:
        return kind(
            **{name: UUID(value) if "UUID" in hints[name] and value else value for name, value in values.items()}
        )
    except (TypeError, ValueError, KeyError):
        return None


def _fields(place: Place) -> tuple[dataclasses.Field[Any], ...]:
    # A day in a place is not kept: after a night it would be the wrong one.
    return tuple(f for f in dataclasses.fields(place) if f.name != "day")
