"""What those who look at how records are used find in Attention: unusual openings, and the check of the audit."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import clock_time, local, long_date
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.services import watching
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.watching import AuditCheck, ToAsk
from livingwell_desktop.ui.people.access_sheets import ask_review
from livingwell_desktop.ui.people.words import Mask
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.cells import CellText
from livingwell_desktop.ui.widgets.layout import Column, clear
from livingwell_desktop.ui.widgets.surfaces import Card
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import Words


class Oversight(QWidget):
    """Enter on an unusual opening answers it. The check walks the whole audit on another thread."""

    def __init__(self, practice: Practice, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice, self._tasks = practice, tasks
        self._found: dict[UUID, ToAsk] = {}
        self._masked = False
        column = Column(self, spacing=14)
        self.views_card = Card("Openings to ask about")
        self.views = RowList(
            [TableColumn("Person", 240), TableColumn("What stands out"), TableColumn("Where", 300)],
            name="Openings to ask about",
        )
        self.views.setObjectName("openings to ask about")
        self.views.opened.connect(self._answer)
        self.views_card.body.add(self.views)
        self.audit_card = Card("What was done on this desk", spacing=8)
        self.audit_card.setObjectName("audit of this desk")
        self.result = QWidget()
        self._lines = Column(self.result, spacing=4)
        self.check = Button("Check that nothing was changed", icon="shield")
        self.check.setObjectName("check the audit")
        self.check.clicked.connect(self.check_now)
        self.audit_card.body.add(self.result, self.check)
        self._say(("Every time a record is opened or changed, it is written down here.",))
        column.add(self.views_card, self.audit_card)

    def show_tasks(self, masked: bool) -> int:
        """Show what is for this role and say how much waits for an answer."""
        self._masked = masked
        practice, mask = self._practice, Mask(masked)
        self.audit_card.setVisible(practice.may(Act.VERIFY_AUDIT).allowed)
        found = watching.unusual_views(practice) if practice.may(Act.REVIEW_OPENINGS).allowed else ()
        self._found = {each.finding.id: each for each in found}
        self.views.set_rows(
            [
                TableRow(
                    each.finding.id,
                    (
                        CellText(mask.name(each.person.value.name) if each.person else "Several people", strong=True),
                        CellText(each.sentence),
                        CellText(each.desk, _when(each)),
                    ),
                )
                for each in found
            ]
        )
        self.views_card.setVisible(bool(found))
        self.views.setFixedHeight(min(self.views.content_height() + theme.px(8), theme.px(420)))
        return len(found)

    def check_now(self) -> None:
        """Walk the whole audit and say what was found."""
        self.check.set_allowed(False, "The check is running.")
        self._say(("Checking …",))
        self._tasks.run(lambda: watching.check_audit(self._practice), self._checked, self._failed)

    def _checked(self, found: AuditCheck) -> None:
        self.check.set_allowed(True)
        self._say(found.lines)

    def _failed(self, error: BaseException) -> None:
        self.check.set_allowed(True)
        if not isinstance(error, Problem):
            raise error
        self._say((error.what_happened, error.advice))

    def _say(self, lines: tuple[str, ...]) -> None:
        clear(self._lines)
        for line in lines:
            self._lines.add(Words(line, "body", wrap=True))

    def _answer(self, key: object) -> None:
        each = self._found.get(key) if isinstance(key, UUID) else None
        if each is None:
            return
        who = Mask(self._masked).name(each.person.value.name) if each.person else "Several people"
        finding = each.finding
        ask_review(
            self,
            (f"{who}.", each.sentence, f"At {each.desk}, {_when(each)}."),
            lambda outcome, words: watching.answer(self._practice, finding, outcome, words),
        )


def _when(each: ToAsk) -> str:
    here = local(each.finding.value.last_at or each.finding.changed_at)
    return f"{long_date(here.date())}, {clock_time(here.time())}"
