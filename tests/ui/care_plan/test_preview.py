"""The paper before it is printed: its pages, its format, printing with and without a printer, who has a copy."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.notes import DocumentGiven, GivenBy
from livingwell_desktop.domain.people import Person, PrintFormat
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.storage import Event, Store, edit
from livingwell_desktop.ui.care_plan import PreviewPage
from livingwell_desktop.ui.care_plan.print_sheet import JOB_TITLE
from livingwell_desktop.ui.pages import PreviewPlace
from tests.storage.test_full_disk import most_pages
from tests.ui.care_plan.ngozi import with_plan
from tests.ui.care_plan.printers import Printers
from tests.ui.people import centre
from tests.ui.people.centre import NGOZI, ROSA
from tests.ui.widgets.answers import Answers

Preview = Callable[[], PreviewPage]


@pytest.fixture
def preview(opened: Callable[..., PreviewPage], filled: Store, qtbot: QtBot, printers: Printers) -> Preview:
    """Opens the preview of Ngozi's draft and waits until its pages are there."""

    def open_preview() -> PreviewPage:
        with_plan(filled)
        page = opened(PreviewPage, PreviewPlace("plan", NGOZI))
        assert page.waiting.text() == "Preparing the paper…"
        qtbot.waitUntil(lambda: page.prepared is not None)
        return page

    return open_preview


def press(page: PreviewPage, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(page.window().focusWidget() or page, key, modifier)


def given(store: Store) -> list[DocumentGiven]:
    return [held.value for held in store.find(DocumentGiven, person=NGOZI)]


def test_the_real_pages_are_shown_with_version_and_check_code(preview: Preview) -> None:
    page = preview()
    assert page.prepared is not None
    assert len(page.paper.pages) == len(PdfReader(io.BytesIO(page.prepared.pdf)).pages)
    assert "Ask the landlord to wait" in page.paper.pages[0].page.words
    assert page.note.text().endswith(f"Version 1, check code {page.prepared.check_code}")
    assert page.paper.pages[0].width() > 600
    assert page.print.hasFocus()


def test_the_format_is_what_the_person_has_recorded_until_another_is_chosen(
    opened: Callable[..., PreviewPage], filled: Store, qtbot: QtBot
) -> None:
    with_plan(filled)
    held = filled.get(Person, NGOZI)
    assert held is not None
    at = centre.practice(filled)
    at.write(Act.CHANGE_DETAILS, [edit(held, print_format=PrintFormat.LARGE_PRINT)])
    page = opened(PreviewPage, PreviewPlace("plan", NGOZI))
    qtbot.waitUntil(lambda: page.prepared is not None)
    assert page.prepared is not None
    assert (page.prepared.format, page.prepared.size) == (PrintFormat.LARGE_PRINT, 18)
    large = len(page.paper.pages)
    press(page, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: page.prepared is not None and page.prepared.format is PrintFormat.STANDARD)
    assert len(page.paper.pages) < large
    press(page, Qt.Key.Key_3)
    qtbot.waitUntil(lambda: page.prepared is not None and page.prepared.format is PrintFormat.EASY_READ)
    assert page.side.formats.cards[PrintFormat.EASY_READ].isChecked()


def test_without_a_printer_it_says_so_and_offers_a_pdf(
    preview: Preview, answers: Answers, tmp_path: Path, filled: Store
) -> None:
    page = preview()
    press(page, Qt.Key.Key_Return)
    assert page.notice.isVisible()
    assert page.notice.accessibleName().startswith("No printer can be reached.")
    file = tmp_path / "My plan.pdf"
    answers.expect("Save as PDF", file)
    page.notice.link.click()
    assert page.prepared is not None
    assert file.read_bytes() == page.prepared.pdf
    assert "Saved as My plan.pdf" in page.notice.accessibleName()
    assert not given(filled)


def test_a_folder_that_cannot_be_written_is_said(preview: Preview, answers: Answers, tmp_path: Path) -> None:
    page = preview()
    answers.expect("Save as PDF", tmp_path / "not there" / "plan.pdf")
    press(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "could not be saved" in page.notice.accessibleName()


def test_printed_pages_come_out_and_who_has_a_copy_is_recorded_with_the_check_code(
    preview: Preview, printers: Printers, tmp_path: Path, filled: Store, qtbot: QtBot
) -> None:
    page = preview()
    printers.file = tmp_path / "printed.pdf"
    page.side.copies.set_text("2")
    press(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(given(filled)))
    printed = PdfReader(printers.file)
    assert page.prepared is not None
    assert len(printed.pages) % len(page.paper.pages) == 0
    assert printed.metadata is not None
    assert printed.metadata.title == JOB_TITLE
    copy = given(filled)[0]
    assert (copy.given_to, copy.copies, copy.version, copy.how) == ("Ngozi Okafor", 2, "1", GivenBy.PRINTED)
    assert copy.check_code == page.prepared.check_code
    assert page.notice.accessibleName().strip() == "Given on paper to Ngozi Okafor, 10:43am."
    assert page.side.copies_words == [
        f"Given on paper to Ngozi Okafor, 2 copies, today 10:43am. Version 1, check code {copy.check_code}."
    ]


def test_a_copy_by_post_is_recorded_and_somebody_must_be_named(preview: Preview, filled: Store) -> None:
    page = preview()
    page.side.how.set_code("post")
    page.side.given_to.set_text("")
    press(page, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert page.side.given_to_frame.error_text() == "Write who has this copy."
    page.side.given_to.set_text("Chidi Okafor")
    press(page, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert [(each.how, each.given_to) for each in given(filled)] == [(GivenBy.POST, "Chidi Okafor")]


def test_impossible_numbers_of_copies_are_mended_first(preview: Preview, printers: Printers, tmp_path: Path) -> None:
    page = preview()
    printers.file = tmp_path / "printed.pdf"
    for typed in ("0", "two", "21", ""):
        page.side.copies.set_text(typed)
        page.print_paper()
        assert page.side.copies_frame.error_text() == "Enter a number from 1 to 20."
    assert not printers.asked


def test_the_screen_says_what_the_paper_leaves_out_and_the_paper_does_not(preview: Preview) -> None:
    page = preview()
    assert "1 note and the address" in page.side.leaves_out.text()
    assert "safeguarding" in page.side.leaves_out.text()
    words = " ".join(view.page.words for view in page.paper.pages).casefold()
    assert "safeguarding" not in words
    assert "ferndale" not in words


def test_reception_reads_why_it_may_not_print_a_plan(
    opened: Callable[..., PreviewPage], filled: Store, qtbot: QtBot
) -> None:
    with_plan(filled)
    page = opened(PreviewPage, PreviewPlace("plan", NGOZI), ROSA)
    qtbot.waitUntil(lambda: page.waiting.text().startswith("You cannot do this"))
    assert not page.print.isEnabled()


def test_a_missing_plan_is_said_in_words(opened: Callable[..., PreviewPage], filled: Store, qtbot: QtBot) -> None:
    page = opened(PreviewPage, PreviewPlace("plan", NGOZI))
    qtbot.waitUntil(lambda: page.waiting.text().startswith("This paper cannot be made yet"))


def test_leaving_lets_go_of_the_paper(preview: Preview, around: centre.Around) -> None:
    page = preview()
    press(page, Qt.Key.Key_Escape)
    assert len(around.backs) == 1
    page.leave()
    assert page.prepared is None
    assert not page.paper.pages


def test_the_arrows_choose_the_format_too(preview: Preview, qtbot: QtBot) -> None:
    page = preview()
    page.side.formats.cards[PrintFormat.STANDARD].setFocus()
    press(page, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.prepared is not None and page.prepared.format is PrintFormat.LARGE_PRINT)
    assert page.side.formats.cards[PrintFormat.LARGE_PRINT].focusPolicy() & Qt.FocusPolicy.TabFocus


def prints(store: Store) -> list[tuple[str, dict[str, object]]]:
    with store._engine.connect() as connection:  # the audit has no reader yet
        found = connection.exec_driver_sql("SELECT event, detail FROM audit WHERE event LIKE 'print:%'").all()
    return [(str(event), json.loads(detail)) for event, detail in found]


def test_printing_is_written_down_before_the_pages_go_also_when_nobody_is_named(
    preview: Preview, printers: Printers, tmp_path: Path, filled: Store, qtbot: QtBot
) -> None:
    page = preview()
    assert page.prepared is not None
    printers.file = tmp_path / "printed.pdf"
    page.side.given_to.set_text("")
    page.print_paper()
    qtbot.waitUntil(lambda: "Write who has this copy" in page.notice.accessibleName())
    assert printers.file.exists()
    ((event, detail),) = prints(filled)
    assert event == "print: plan"
    assert (detail["check_code"], detail["copies"]) == (page.prepared.check_code, 1)
    assert not given(filled)


@pytest.mark.qt_log_ignore("QPainter::begin\\(\\): Returned false")
def test_a_printer_that_fails_leaves_the_print_written_down_and_nobody_with_a_copy(
    preview: Preview, printers: Printers, tmp_path: Path, filled: Store, qtbot: QtBot
) -> None:
    page = preview()
    printers.file = tmp_path / "no such folder" / "printed.pdf"
    page.print_paper()
    qtbot.waitUntil(lambda: page.notice.accessibleName().startswith("No printer can be reached."))
    assert [event for event, _detail in prints(filled)] == ["print: plan"]
    assert not given(filled)


def test_a_full_disk_prints_nothing(
    preview: Preview, printers: Printers, tmp_path: Path, filled: Store, qtbot: QtBot
) -> None:
    page = preview()
    printers.file = tmp_path / "printed.pdf"
    most_pages(filled, 1)
    fill_up(filled)
    page.print_paper()
    qtbot.waitUntil(lambda: "Nothing was printed." in page.notice.accessibleName())
    assert not printers.file.exists()
    assert not prints(filled)


def fill_up(store: Store) -> None:
    """Use what is left of the pages that the file has already."""
    for size, events in ((20, 5), (1, 1)):  # many at once, then one by one into what is left of the last page
        with suppress(Problem):
            while True:
                store.record_events([Event("x" * size, None, None, {"filling": "y" * size})] * events, None)


def test_what_was_typed_when_print_was_pressed_is_recorded_for_the_paper_of_then(
    preview: Preview, printers: Printers, tmp_path: Path, filled: Store, qtbot: QtBot
) -> None:
    page = preview()
    shown = page.prepared
    assert shown is not None
    printers.file = tmp_path / "printed.pdf"
    page.side.given_to.set_text("Chidi Okafor")
    page.side.how.set_code("post")
    page.print_paper()
    page.side.given_to.set_text("Ebele Okafor")
    page.side.how.set_code("email")
    page.side.copies.set_text("9")
    page.choose_format(PrintFormat.LARGE_PRINT)
    qtbot.waitUntil(lambda: bool(given(filled)))
    copy = given(filled)[0]
    assert (copy.given_to, copy.how, copy.copies, copy.format) == ("Chidi Okafor", GivenBy.POST, 1, "standard")
