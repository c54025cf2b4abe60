"""Dialogs open without waiting, answer through a callback, and can be answered by a test."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from livingwell_desktop.ui.widgets import ask
from livingwell_desktop.ui.widgets.ask import Question, Sheet
from livingwell_desktop.ui.widgets.fields import TextField
from tests.ui.widgets.answers import Answers

LEAVE = Question("Leave without saving?", "What you typed is kept as a draft.", "Leave")


def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1280, 720)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def opened(parent: QWidget) -> Sheet:
    return parent.findChildren(Sheet)[-1]


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Return, True), (Qt.Key.Key_Escape, False)])
def test_a_question_is_answered_by_key(qtbot: QtBot, key: Qt.Key, answer: bool) -> None:
    heard: list[bool] = []
    parent = window(qtbot)
    ask.confirm(parent, LEAVE, heard.append)
    sheet = opened(parent)
    assert sheet.isVisible() and heard == []
    qtbot.keyClick(sheet.yes if answer else sheet, key)
    assert heard == [answer]


def test_a_serious_question_starts_on_no(qtbot: QtBot) -> None:
    parent = window(qtbot)
    ask.confirm(parent, Question("Delete?", "It cannot be undone.", "Delete", serious=True), lambda _yes: None)
    sheet = opened(parent)
    qtbot.waitUntil(lambda: sheet.focusWidget() is sheet.no)
    sheet.reject()


def test_a_sheet_stays_open_while_there_is_a_problem(qtbot: QtBot) -> None:
    parent, field = window(qtbot), TextField()
    ask.sheet(parent, "Add a contact", field, "Add", lambda yes: not yes or bool(field.text()))
    sheet = opened(parent)
    sheet.yes.click()
    assert sheet.isVisible()
    field.set_text("Chidi")
    sheet.yes.click()
    assert not sheet.isVisible()


def test_answers_can_be_given_beforehand(qtbot: QtBot, answers: Answers) -> None:
    parent, heard = window(qtbot), []
    answers.expect("Leave without saving?", True)
    ask.confirm(parent, LEAVE, heard.append)
    answers.expect("Save", Path("slip.pdf"))
    ask.save_file(parent, "Save", "slip.pdf", "PDF (*.pdf)", heard.append)
    assert heard == [True, Path("slip.pdf")]
    assert not parent.findChildren(Sheet)


def test_an_unexpected_question_fails(qtbot: QtBot, answers: Answers) -> None:
    with pytest.raises(AssertionError, match="unexpected"):
        ask.confirm(window(qtbot), LEAVE, lambda _yes: None)
