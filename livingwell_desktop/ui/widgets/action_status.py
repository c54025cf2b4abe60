"""States as a shape and a word: actions of a plan, answers to it, needs."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import cells, painting, theme
from livingwell_desktop.ui.widgets.cells import CellStatus
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.marks import Mark, OrganisationMark
from livingwell_desktop.ui.widgets.words import Words

STATUSES: dict[str, CellStatus] = {
    "not_started": CellStatus("circle", "Not started", "secondary"),
    "doing": CellStatus("half-circle", "Doing", "action"),
    "done": CellStatus("check-circle", "Done", "success"),
    "late": CellStatus("warning-triangle", "Late", "error"),
    "stopped": CellStatus("minus", "Stopped", "secondary"),
    "agreed": CellStatus("check", "Agreed", "success"),
    "waiting": CellStatus("clock", "Waiting", "warning"),
    "declined": CellStatus("cross", "Declined", "error"),
    "met": CellStatus("check-circle", "Being met", "success"),
    "in_plan": CellStatus("half-circle", "In the plan", "action"),
    "not_met": CellStatus("circle", "Not met yet", "warning"),
}
"""Known states. Pages may add a word of their own with `ActionStatus(CellStatus(…))`."""


def status(code: str) -> CellStatus:
    """The mark of a code; an unknown code is shown as it is, in words."""
    return STATUSES.get(code, CellStatus("info", code.replace("_", " "), "secondary"))


class ActionStatus(QWidget):
    """`ActionStatus("doing")` or `ActionStatus(CellStatus("check", "Answered", "success"))`."""

    def __init__(self, shown: str | CellStatus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = CellStatus("circle", "")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_status(shown)
        theme.follow(self.updateGeometry)

    def set_status(self, shown: str | CellStatus) -> None:
        self._status = status(shown) if isinstance(shown, str) else shown
        self.setAccessibleName(self._status.word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(cells.cell_width(self._status)) + 1, max(theme.px(20), theme.line_height("body")))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        cells.paint_cell(painter, QRectF(self.rect()), self._status)
        painter.end()


@dataclass(frozen=True, slots=True)
class Agreement:
    """One answer to a plan, in words: who, where and how, the answer's code, and their reason."""

    mark: Mark
    name: str
    how: str
    answer: str
    reason: str = ""


class AgreementRow(QWidget):
    """Who, organisation, when and how; Agreed, Waiting or Declined; the reason in their words below."""

    def __init__(self, agreement: Agreement, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = Row(self, spacing=12, margins=(0, 6, 0, 6))
        row.add(OrganisationMark(agreement.mark, 26), align=Qt.AlignmentFlag.AlignTop)
        words = Column(spacing=1)
        words.add(Words(agreement.name, "strong"), Words(agreement.how, "detail", "secondary"))
        if agreement.reason:
            words.add(Words(f"“{agreement.reason.strip('“”')}”", "detail", wrap=True))
        words.push()
        row.add(words, stretch=1)
        row.add(ActionStatus(agreement.answer), align=Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        answer = status(agreement.answer).word
        spoken = [agreement.name, agreement.how, answer, agreement.reason]
        self.setAccessibleName(", ".join(part for part in spoken if part))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painting.rule(painter, 0, self.width(), 0, theme.colour("border"))
        painter.end()
