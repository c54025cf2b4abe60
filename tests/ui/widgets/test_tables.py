"""Lists of rows: the model, the words read aloud, the choice that stays, the layout that breaks instead of cutting."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.cells import (
    CellIcon,
    CellMarked,
    CellOrganisation,
    CellStatus,
    CellText,
    matched_pieces,
    spoken,
)
from livingwell_desktop.ui.widgets.marks import Mark
from livingwell_desktop.ui.widgets.table_model import RowModel, TableColumn, TableGroup, TableRow
from livingwell_desktop.ui.widgets.tables import RowList, folded_cell, spans
from tests.ui.widgets.scenes import BOARD_COLUMNS, board_groups


def rows(qtbot: QtBot) -> RowList:
    made = RowList(BOARD_COLUMNS, name="People here today")
    qtbot.addWidget(made)
    made.resize(1176, 620)
    made.set_groups(board_groups())
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    model = RowModel(BOARD_COLUMNS)
    model.set_groups(board_groups())
    qtmodeltester.check(model)


def test_rows_are_read_with_their_columns() -> None:
    model = RowModel(BOARD_COLUMNS)
    model.set_groups(board_groups())
    read = [str(model.data(model.index(row), Qt.ItemDataRole.AccessibleTextRole)) for row in range(model.rowCount())]
    assert read[0] == "Waiting, 6. Longest wait 52 minutes. Two people need someone to see them."
    assert read[2] == (
        "Ticket A11. Person Ngozi Okafor, 14 Mar 1986, 40 years. Reason Review of plan, Booked, 10:15am. "
        "Needs Large print, Quiet room. Sees Maya Lindqvist, SLaM. Where Room 2. Time 27 min"
    )


def test_headings_cannot_be_chosen(qtbot: QtBot) -> None:
    made = rows(qtbot)
    made.choose("A15")
    made.view.setFocus()
    qtbot.keyClick(made.view, Qt.Key.Key_Down)
    assert made.current() == "A06"


def test_the_choice_stays_when_rows_move_under_it(qtbot: QtBot) -> None:
    made = rows(qtbot)
    made.choose("A13")
    groups = board_groups()
    heard: list[object] = []
    made.chosen.connect(heard.append)
    made.set_groups([groups[1], TableGroup("Waiting", groups[0].rows[1:])])
    assert made.current() == "A13" and heard == []
    made.set_groups([groups[1]])
    assert made.current() is None and heard == [None]


def test_enter_opens_and_letters_are_left_to_the_page(qtbot: QtBot) -> None:
    made = rows(qtbot)
    made.choose("A11")
    made.view.setFocus()
    with qtbot.waitSignal(made.opened) as heard:
        qtbot.keyClick(made.view, Qt.Key.Key_Return)
    assert heard.args == ["A11"]
    qtbot.keyClick(made.view, Qt.Key.Key_K)
    assert made.current() == "A11"


def test_arrows_from_a_search_field_step_through_the_rows(qtbot: QtBot) -> None:
    made = RowList(BOARD_COLUMNS)
    qtbot.addWidget(made)
    made.set_groups(board_groups())
    made.step(1)
    assert made.current() == "A09"
    made.step(1)
    assert made.current() == "A11"
    made.step(-5)
    assert made.current() == "A09"


def test_where_folds_into_sees_when_it_is_narrow(qapp: QApplication) -> None:
    row = board_groups()[0].rows[1]
    wide = [number for line in spans(BOARD_COLUMNS, 1176) for number, _left, _width in line]
    narrow = [number for line in spans(BOARD_COLUMNS, 1016) for number, _left, _width in line]
    assert wide == [0, 1, 2, 3, 4, 5, 6] and narrow == [0, 1, 2, 3, 4, 6]
    cell = folded_cell(BOARD_COLUMNS, row, 4, 1016)
    assert isinstance(cell, CellOrganisation) and cell.second == "Room 2, SLaM"


def test_columns_never_overlap_or_leave_the_list(qapp: QApplication) -> None:
    for percent in (80, 100, 150, 200):
        theme.set_scale(percent)
        for width in (500, 700, 860, 1016, 1176, 1600):
            for line in spans(BOARD_COLUMNS, width):
                right = 0.0
                for _number, left, wide in line:
                    assert left >= right - 0.5 and wide > 0
                    right = left + wide
                assert right <= width + 0.5


def test_large_text_breaks_a_row_into_lines(qapp: QApplication) -> None:
    assert len(spans(BOARD_COLUMNS, 1176)) == 1
    theme.set_scale(200)
    lines = spans(BOARD_COLUMNS, 860)
    assert len(lines) > 1
    assert [number for number, _left, _width in lines[0]][-1] == 6, "the time stays on the first line"


def test_rows_grow_with_the_text(qtbot: QtBot) -> None:
    made = rows(qtbot)
    before = made.view.sizeHintForRow(1)
    assert before == 52
    theme.set_scale(150)
    assert made.view.sizeHintForRow(1) > before


def test_matched_letters_are_marked() -> None:
    assert matched_pieces("Amara Okeke", "amara ok") == (("Amara", True), (" ", False), ("Ok", True), ("eke", False))
    assert matched_pieces("Amara", "") == (("Amara", False),)
    assert spoken(CellMarked(matched_pieces("Amara Okeke", "ok"), "36 years")) == "Amara Okeke, 36 years"


def test_cells_speak() -> None:
    assert spoken(CellText("—")) == ""
    assert spoken(CellStatus("circle", "Not started")) == "Not started"
    assert spoken(CellIcon("star")) == ""
    assert spoken(CellOrganisation(Mark("organisation", "slam"), "Maya", "SLaM")) == "Maya, SLaM"


def test_one_column_and_no_rows_are_fine(qtbot: QtBot) -> None:
    made = RowList([TableColumn("Name")], heads=False)
    qtbot.addWidget(made)
    made.set_rows([])
    assert made.current() is None
    made.set_rows([TableRow(1, (CellText("Only"),), spoken="Only one")])
    made.choose_first()
    assert made.current() == 1
    assert made.model.spoken(TableRow(1, (), spoken="Only one")) == "Only one"


def test_the_chosen_row_stays_in_view_when_the_list_becomes_lower_or_its_words_larger(qtbot: QtBot) -> None:
    made = rows(qtbot)
    last = made.model.keys()[-1]
    made.choose(last)
    made.resize(1176, 260)
    qtbot.waitUntil(lambda: in_view(made))
    theme.set_scale(200)
    qtbot.waitUntil(lambda: made.view.sizeHintForRow(1) > 60 and in_view(made))


def test_a_chosen_row_that_was_scrolled_away_is_not_fetched_back_by_a_smaller_list(qtbot: QtBot) -> None:
    made = rows(qtbot)
    made.resize(1176, 260)
    made.choose(made.model.keys()[0])
    bar = made.view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    bar.setValue(bar.maximum())
    made.resize(1176, 240)
    qtbot.waitUntil(lambda: made.view.viewport().height() < 230)
    made.view.doItemsLayout()
    assert not in_view(made)


def in_view(made: RowList) -> bool:
    """The chosen row can be read whole."""
    view = made.view
    return view.viewport().rect().contains(view.visualRect(view.currentIndex()).center())
