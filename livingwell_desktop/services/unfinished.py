"""Words typed into a sheet and not saved yet: kept on this desk for their writer, offered when the sheet is opened."""

from collections.abc import Mapping
from uuid import UUID

from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Json
from livingwell_desktop.services.drafts import Drafts
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Draft


def keep_words(practice: Practice, act: Act, sheet: str, about: UUID, typed: Mapping[str, Json]) -> None:
    """Keep what is typed in that sheet about a record, for which `act` is needed. It is on disk when this returns."""
    practice.require(act, about)
    there = Drafts(practice).kept_here(about, _kind(sheet))
    draft = there.id if there else practice.new_id()
    practice.store.save_draft(Draft(draft, practice.staff.id, _kind(sheet), about, dict(typed), (), practice.now()))


def words_kept(practice: Practice, act: Act, sheet: str, about: UUID) -> Draft | None:
    """What this member of staff types in that sheet about that record at this desk. Nobody else is shown it."""
    practice.require(act, about)
    return Drafts(practice).kept_here(about, _kind(sheet))


def go_on_with_words(practice: Practice, act: Act, sheet: str, about: UUID) -> Draft | None:
    """What this member of staff had typed in that sheet when this desk or another was left: it goes on here."""
    practice.require(act, about)
    drafts = Drafts(practice)
    found = drafts.mine(about, _kind(sheet))
    return None if found is None else drafts.take_up(found).draft


def forget_words(practice: Practice, act: Act, sheet: str, about: UUID) -> None:
    """The sheet was left on purpose."""
    there = words_kept(practice, act, sheet, about)
    if there is not None:
        Drafts(practice).drop(act, there.id)


def _kind(sheet: str) -> str:
    return f"sheet:{sheet}"
