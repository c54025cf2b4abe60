"""What changed since the version agreed last, as a plain list to read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.domain.dates import long_date
from livingwell_desktop.domain.plan_comparison import PlanChange, PlanDifference
from livingwell_desktop.services.plan_writing import compare_with_last
from livingwell_desktop.services.plans import PlanOnScreen
from livingwell_desktop.ui.widgets import ask
from livingwell_desktop.ui.widgets.badge import Badge
from livingwell_desktop.ui.widgets.colours import Tone
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.surfaces import Rule
from livingwell_desktop.ui.widgets.words import Words

_TONES: dict[PlanChange, tuple[Tone, str]] = {
    PlanChange.ADDED: ("success", "plus"),
    PlanChange.REMOVED: ("neutral", "minus"),
    PlanChange.CHANGED: ("action", "pencil"),
}


class Differences(QWidget):
    """The differences under the part of the plan they belong to."""

    def __init__(self, found: tuple[PlanDifference, ...]) -> None:
        super().__init__()
        self.found = found
        self.setObjectName("differences")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = Column(self, spacing=8)
        spoken = []
        about = ""
        for each in found:
            if each.about != about:
                if about:
                    column.add(Rule())
                about = each.about
                column.add(Words(about, "card", wrap=True))
            tone, icon = _TONES[each.change]
            row = Row(spacing=12)
            badge = Badge(each.change.value, tone, icon)
            row.add(badge, align=Qt.AlignmentFlag.AlignTop)
            row.add(Words(each.words, "body", wrap=True), stretch=1)
            column.add(row)
            spoken.append(f"{each.about}: {each.change.value}. {each.words}")
        if not found:
            column.add(Words("Nothing differs. How far the actions are is not part of what is agreed.", wrap=True))
        self.setAccessibleName(" ".join(spoken) or "Nothing differs")


def comparison_sheet(parent: QWidget, plan: PlanOnScreen) -> None:
    """Show it over the page."""
    last = plan.last_version
    if last is None:
        return
    of = f" of {long_date(last.value.agreed_on)}" if last.value.agreed_on else ""
    title = f"What changed since version {last.value.number}{of}"
    ask.sheet(parent, title, Differences(compare_with_last(plan)), "", lambda _yes: True)
