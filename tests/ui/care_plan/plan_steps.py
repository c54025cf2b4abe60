"""What a key worker does on the plan page, for its tests."""

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.records import Held
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.care_plan import PlanPage
from livingwell_desktop.ui.care_plan.answer_form import AnswerForm
from tests.ui.widgets.answers import Answers


def press(page: PlanPage, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key to whatever has the focus."""
    focus = page.window().focusWidget() or page
    QTest.keyClick(focus, key, modifier)


def the(store: Store, kind: type[Any], record: UUID) -> Held[Any]:
    found = store.get(kind, record)
    assert found is not None
    return found


def form(body: QWidget, kind: type[Any]) -> Any:
    assert isinstance(body, kind)
    return body


def agree(page: PlanPage, answers: Answers, key: str, name: str, answer: str = "agreed", reason: str = "") -> None:
    def fill(body: QWidget) -> None:
        shown = form(body, AnswerForm)
        shown.answer.set_code(answer)
        shown.reason.set_text(reason)

    answers.expect(f"What does {name} say?", True, fill)
    page.answer(key)
