"""The rows of the staff page: who works here and until when they may sign in at this desk, and the desks."""

from collections.abc import Iterable

from livingwell_desktop.domain.dates import local, long_date
from livingwell_desktop.domain.organisations import Centre
from livingwell_desktop.domain.permissions import role_words
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.desks import DeskOfAlliance
from livingwell_desktop.services.staff import MemberHere
from livingwell_desktop.ui.widgets.badge import BadgeText
from livingwell_desktop.ui.widgets.cells import CellAvatar, CellBadges, CellIcon, CellOrganisation, CellText
from livingwell_desktop.ui.widgets.marks import NOBODY, Mark
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableGroup, TableRow

COLUMNS = (
    TableColumn("", 56),
    TableColumn("Name", 300),
    TableColumn("Organisation", 210),
    TableColumn("Usual centre", 170),
    TableColumn("At this desk", 0),
)


def staff_groups(
    centre: Held[Centre], found: Iterable[MemberHere], desks: Iterable[DeskOfAlliance], serves: str = ""
) -> list[TableGroup]:
    """Colleagues of this centre first, then those of others, those who are gone, and the desks.

    `serves` names the organisation that this centre serves alone.
    """
    here, elsewhere, gone = list[TableRow](), list[TableRow](), list[TableRow]()
    for each in found:
        if not each.staff.value.active:
            gone.append(_member_row(each))
        else:
            (here if each.staff.value.centre == centre.id else elsewhere).append(_member_row(each))
    groups = (
        TableGroup(f"{centre.value.name}, for {serves} alone" if serves else centre.value.name, tuple(here)),
        TableGroup("Other centres", tuple(elsewhere)),
        TableGroup("Suspended or gone", tuple(gone)),
        TableGroup("Desks", tuple(_desk_row(each) for each in desks)),
    )
    return [group for group in groups if group.rows]


def _member_row(each: MemberHere) -> TableRow:
    value = each.staff.value
    of = each.organisation.value if each.organisation else None
    mark = Mark("organisation", of.colour, of.letters, of.short_name) if of else NOBODY
    return TableRow(
        each.staff.id,
        (
            CellAvatar(value.name),
            CellText(value.name, value.job_title or role_words(value.role), strong=True),
            CellOrganisation(mark, of.short_name if of else ""),
            CellText(each.centre.value.name if each.centre else ""),
            CellBadges(tuple(_badges(each))),
        ),
    )


def _desk_row(each: DeskOfAlliance) -> TableRow:
    value = each.device.value
    badges = [BadgeText(f"Tickets begin with {value.letter}", "neutral", "ticket")]
    if each.here:
        badges.insert(0, BadgeText("This desk", "success", "check"))
    if value.revoked:
        badges = [BadgeText("Shut out", "error", "lock")]
    return TableRow(
        each.device.id,
        (
            CellIcon("screen"),
            CellText(value.name, strong=True),
            CellText(""),
            CellText(each.centre.value.name if each.centre else ""),
            CellBadges(tuple(badges)),
        ),
    )


def _badges(each: MemberHere) -> list[BadgeText]:
    value = each.staff.value
    if not value.active:
        left = f"Left on {long_date(value.left_on)}" if value.left_on else "Suspended"
        return [BadgeText(left, "neutral", "minus")]
    badges = []
    if each.reset_by is not None:
        badges.append(BadgeText("Reset waits for a second administrator", "warning", "key"))
    if each.lease_until is None:
        badges.append(BadgeText("Not at this desk", "neutral", "dash"))
    elif each.lease_ended:
        badges.append(BadgeText("Days have run out", "error", "clock"))
    elif each.invited:
        badges.append(BadgeText("Invited", "action", "mail"))
    else:
        badges.append(BadgeText(f"Until {long_date(local(each.lease_until).date())}", "success", "check"))
    return badges
