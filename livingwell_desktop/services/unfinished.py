"""Words typed into a sheet and not saved yet: kept on this desk for their writer, offered when the sheet is opened."""

from collections.abc import Mapping
from uuid import UUID

from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Json
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Draft


def keep_words(practice: Practice, act: Act, sheet: str, about: UUID, typed: Mapping[str, Json]) -> None:
    """Keep what is typed in that sheet about a record, for which `act` is needed. It is on disk when this returns."""
    there = words_kept(practice, act, sheet, about)
    draft = there.id if there else practice.new_id()
    practice.store.save_draft(Draft(draft, practice.staff.id, _kind(sheet), about, dict(typed), (), practice.now()))


def words_kept(practice: Practice, act: Act, sheet: str, about: UUID) -> Draft | None:
    """What this member of staff had typed in that sheet about that record. Nobody else is shown it."""
    practice.require(act, about)
    found = practice.store.drafts_about(about, _kind(sheet))
    return next((each for each in found if each.staff == practice.staff.id), None)


def forget_words(practice: Practice, act: Act, sheet: str, about: UUID) -> None:
    """The sheet was left on purpose."""
    there = words_kept(practice, act, sheet, about)
    if there is not None:
        practice.store.drop_draft(there.id)


def _kind(sheet: str) -> str:
    return f"sheet:{sheet}"
