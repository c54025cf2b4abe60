"""A sheet is no way around the lock."""

from livingwell_desktop.ui.widgets import ask
from tests.office import Day


def test_locking_and_hiding_names_work_from_a_sheet(day: Day) -> None:
    rosa = day.reception()
    rosa.press("W").until_shown("Change who or where")
    rosa.press("F9")
    assert rosa.desk.window.masking.on
    rosa.press("Ctrl+L")
    assert rosa.table.locked
    assert not rosa.window.isVisible()
    assert not [sheet for sheet in rosa.window.findChildren(ask.Sheet) if sheet.isVisible()]
