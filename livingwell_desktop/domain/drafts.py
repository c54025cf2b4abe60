"""Unfinished work that travels: what somebody typed and has not finished, so that it can go on at another desk.

A draft never settles anything in the record that it is a draft of: it only says what its writer had before them.
"""

from collections.abc import Mapping
from uuid import UUID

from livingwell_desktop.domain.records import ConflictRule, Json, field, record

TYPED = "typed."
"""What a field of a draft begins with that somebody typed: a field for each answer, so that two desks join."""

_APART = ("answers", "typed")
"""Parts of what is typed of which every piece is a field of its own."""
_AROUND = ("item", "form", "shown", "record")
"""What is kept beside what is typed, and asks nobody."""


@record(
    "draft",
    label="Draft",
    plural="Drafts",
    subject=("person", "centre"),
    as_sensitive_as="of",
    free=TYPED,
    source="FHIR R4, any resource with the status draft or in-progress",
)
class SharedDraft:
    """Typing that is not a record yet. It is as sensitive as the kind that it is a draft `of`."""

    person: UUID | None = field("Person", default=None, index=True)
    centre: UUID | None = field("Centre", default=None)
    about: UUID | None = field("About", default=None, index=True)
    what: str = field("What", default="", hint="Like assessment:dialog")
    of: str = field("Draft of", default="")
    staff: UUID | None = field("Whose", default=None, index=True, conflict=ConflictRule.LATEST)
    finished: bool = field("Finished", default=False, conflict=ConflictRule.LATEST)
    based_on: tuple[str, ...] = field("Based on", default=(), conflict=ConflictRule.LATEST)
    item: str = field("Open question", default="", conflict=ConflictRule.LATEST)
    form: str = field("Form", default="", conflict=ConflictRule.LATEST)
    record: str = field("Record", default="", conflict=ConflictRule.LATEST)
    shown: Mapping[str, Json] = field("Shown when it was opened", default=dict, conflict=ConflictRule.LATEST)


def apart(body: Mapping[str, Json]) -> dict[str, Json]:
    """What a desk keeps of typing, as the fields of a draft: one for each answer."""
    found: dict[str, Json] = {}
    for name, value in body.items():
        if name in _AROUND:
            found[name] = value
        elif name in _APART and isinstance(value, Mapping):
            found.update({f"{TYPED}{name}.{each}": inner for each, inner in value.items()})
        else:
            found[f"{TYPED}{name}"] = value
    return found


def together(fields: Mapping[str, Json]) -> dict[str, Json]:
    """The fields of a draft as a desk keeps typing: what `apart` took apart, without what was taken back."""
    found: dict[str, Json] = {}
    for name, value in fields.items():
        if name in _AROUND:
            found[name] = value
        elif name.startswith(TYPED) and value is not None:
            part, _, inner = name.removeprefix(TYPED).partition(".")
            if part in _APART and inner:
                found.setdefault(part, {})[inner] = value
            else:
                found[name.removeprefix(TYPED)] = value
    return found
