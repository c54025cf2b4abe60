"""The controls do what they show, by mouse, by key and for a screen reader."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.action_status import STATUSES, status
from livingwell_desktop.ui.widgets.answer_scale import AnswerScale
from livingwell_desktop.ui.widgets.badge import BadgeRow, BadgeText, at_most
from livingwell_desktop.ui.widgets.banner import PersonBanner, PersonFacts, grouped
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.capacity import CapacityBar, ProgressBlocks, capacity_words
from livingwell_desktop.ui.widgets.change_picture import ChangeLine, ChangePicture, change_words, spoken
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards, TickBox, YesNo
from livingwell_desktop.ui.widgets.conflict_card import differing
from livingwell_desktop.ui.widgets.field_frame import ErrorSummary, FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, DateFields, TextArea, TextField
from livingwell_desktop.ui.widgets.gallery import DIALOG_ANSWERS, phone_conflict
from livingwell_desktop.ui.widgets.key_line import KeyAction, KeyLine
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.marks import Mark, OrganisationMark, initials
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.notify import Notices
from livingwell_desktop.ui.widgets.rail import Rail, RailCount, RailPlace
from livingwell_desktop.ui.widgets.status_line import StatusLine
from livingwell_desktop.ui.widgets.surfaces import ScrollBody
from livingwell_desktop.ui.widgets.tab_bar import Tab, TabBar

Key = Qt.Key
KEPT: list[QWidget] = []


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    KEPT.clear()


def in_window(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    """The widgets in an active window, so that the focus and shortcuts work."""
    window = QWidget()
    column = Column(window, margins=12)
    column.add(*widgets)
    qtbot.addWidget(window)
    # Python owns a window without a parent, and would end it as soon as a test forgets it.
    KEPT.append(window)
    window.resize(900, 600)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return, Key.Key_Enter])
def test_a_button_answers_to_space_and_enter(qtbot: QtBot, key: Qt.Key) -> None:
    button = Button("Check in", "primary")
    in_window(qtbot, button)
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)


def test_a_shortcut_works_and_is_shown(qtbot: QtBot) -> None:
    button = Button("Check in", shortcut="Ctrl+N")
    plain = Button("Check in")
    in_window(qtbot, button, plain)
    assert button.sizeHint().width() > plain.sizeHint().width()
    with qtbot.waitSignal(button.clicked):
        QTest.keySequence(button.window(), "Ctrl+N")


def test_words_with_an_ampersand_stay_words(qtbot: QtBot) -> None:
    button = Button("Bed & board", shortcut="Ctrl+B")
    qtbot.addWidget(button)
    assert button.accessibleName() == button.words() == "Bed & board"
    assert button.text() == "Bed && board"


def test_a_barred_button_says_why(qtbot: QtBot) -> None:
    button = Button("Complete")
    qtbot.addWidget(button)
    button.set_allowed(False, "Answer all 11 questions first.")
    assert not button.isEnabled()
    assert button.accessibleDescription() == "Answer all 11 questions first."
    assert "Answer all 11" in button.toolTip()
    button.set_allowed(True)
    assert button.isEnabled() and not button.toolTip()


def test_a_narrow_button_gives_up_its_key_before_its_words(qtbot: QtBot) -> None:
    button = Button("Start appointment", key="Ctrl Enter")
    qtbot.addWidget(button)
    assert button.minimumSizeHint().width() >= theme.width("button", "Start appointment")
    assert button.minimumSizeHint().width() < button.sizeHint().width()


def test_the_focus_ring_goes_with_the_focus(qtbot: QtBot) -> None:
    button, field = Button("Print"), TextField("x")
    window = in_window(qtbot, button, field)
    field.setFocus()
    ring = [child for child in window.findChildren(QWidget, "focus ring") if child.isVisible()]
    assert len(ring) == 1
    assert ring[0].geometry() == field.geometry().adjusted(-theme.RING, -theme.RING, theme.RING, theme.RING)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    ring = [child for child in window.findChildren(QWidget, "focus ring") if child.isVisible()]
    assert [one.geometry().center() for one in ring] == [button.geometry().center()]


def test_the_focus_ring_scrolls_with_the_page(qtbot: QtBot) -> None:
    page = ScrollBody()
    button = Button("Print")
    page.body.add(button)
    in_window(qtbot, page)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    ring = page.widget().findChild(QWidget, "focus ring")
    assert ring is not None and ring.parentWidget() is page.widget()


def test_at_most_two_badges_then_a_count(qtbot: QtBot) -> None:
    badges = [BadgeText("Large print"), BadgeText("Quiet room"), BadgeText("BSL"), BadgeText("Step-free")]
    assert [badge.text for badge in at_most(badges)] == ["Large print", "Quiet room", "+2"]
    row = BadgeRow(badges)
    qtbot.addWidget(row)
    assert row.accessibleName() == "Large print, Quiet room, BSL, Step-free"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Yusuf Abdi Warsame", "YW"), ("Dr Leo Hartmann", "LH"), ("Cher", "C"), ("", ""), ("Élodie Ó Briain", "ÉB")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_marks_speak(qtbot: QtBot) -> None:
    mark = OrganisationMark(Mark("part", "thames_reach", name="Thames Reach"))
    qtbot.addWidget(mark)
    assert mark.accessibleName() == "Thames Reach, in part"
    assert Mark("organisation", "new_partner", name="New Partner").shown_letters() == "NP"


def test_text_fields_give_what_was_typed(qtbot: QtBot) -> None:
    field, area = TextField(), TextArea()
    in_window(qtbot, field, area)
    with qtbot.waitSignal(field.changed):
        qtbot.keyClicks(field.edit, " 0770 ")
    assert field.text() == " 0770 "
    with qtbot.waitSignal(field.submitted):
        qtbot.keyClick(field.edit, Key.Key_Return)
    area.edit.setFocus()
    with qtbot.waitSignal(area.changed):
        qtbot.keyClicks(area.edit, "words")
    qtbot.keyClick(area.edit, Key.Key_Tab)
    assert not area.edit.hasFocus() and area.text() == "words"


def test_a_date_is_three_boxes_and_no_guess(qtbot: QtBot) -> None:
    date = DateFields()
    qtbot.addWidget(date)
    date.set_spoken("Date of birth")
    for box, typed in ((date.day, " 31"), (date.month, "Feb "), (date.year, "1986")):
        qtbot.keyClicks(box.edit, typed)
    assert date.value() == ("31", "Feb", "1986")
    assert date.month.edit.accessibleName() == "Date of birth, month"


def test_an_unknown_code_survives_the_form(qtbot: QtBot) -> None:
    field = ChoiceField([("en", "English")], "xx-new")
    qtbot.addWidget(field)
    assert field.code() == "xx-new"
    field.set_options([("en", "English"), ("so", "Somali")])
    assert field.code() == "xx-new"
    field.set_code(None)
    assert field.code() is None


def test_a_choice_changes_by_key_and_not_by_wheel(qtbot: QtBot) -> None:
    field = ChoiceField([("en", "English"), ("so", "Somali")])
    in_window(qtbot, field)
    field.combo.setFocus()
    with qtbot.waitSignal(field.changed) as heard:
        qtbot.keyClick(field.combo, Key.Key_Down)
    assert heard.args == ["en"]


def test_a_frame_says_label_hint_and_error(qtbot: QtBot) -> None:
    field = TextField("0770 090")
    frame = FieldFrame("Phone number", field, hint="We text you.")
    qtbot.addWidget(frame)
    frame.set_error("Enter a phone number, like 01632 960 001")
    assert field.text() == "0770 090"
    assert field.edit.accessibleName() == "Phone number"
    assert field.edit.accessibleDescription() == "Enter a phone number, like 01632 960 001. We text you."
    frame.clear_error()
    assert frame.error_text() == "" and field.edit.accessibleDescription() == "We text you."


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(qtbot: QtBot) -> None:
    frame, summary = FieldFrame("Date of birth", DateFields()), ErrorSummary()
    in_window(qtbot, summary, frame)
    summary.show_errors([("Enter a date of birth", frame)])
    assert summary.isVisible() and summary.links[0].hasFocus()
    qtbot.keyClick(summary.links[0], Key.Key_Return)
    field = frame.field
    assert isinstance(field, DateFields) and field.day.edit.hasFocus()
    summary.show_errors([])
    assert not summary.isVisible()


def test_tick_boxes_and_radio_cards_are_real(qtbot: QtBot) -> None:
    tick = TickBox("Show the passphrase")
    cards = RadioCards([CardOption("a", "Standard"), CardOption("b", "Large print")])
    in_window(qtbot, tick, cards)
    tick.setFocus()
    qtbot.keyClick(tick, Key.Key_Space)
    assert tick.isChecked()
    assert QAccessible.queryAccessibleInterface(tick).role() == QAccessible.Role.CheckBox
    assert cards.code() is None
    cards.cards[0].setFocus()
    qtbot.keyClick(cards.cards[0], Key.Key_Space)
    with qtbot.waitSignal(cards.changed) as heard:
        qtbot.keyClick(cards.cards[0], Key.Key_Down)
    assert heard.args == ["b"] and cards.code() == "b"


def test_yes_no_or_not_answered(qtbot: QtBot) -> None:
    choice, notes = YesNo("Yes, more help"), TextField()
    window = in_window(qtbot, choice, notes)
    choice.yes.setFocus()
    QTest.keySequence(window, "N")
    assert choice.value() is False
    QTest.keySequence(window, "N")
    assert choice.value() is None
    notes.setFocus()
    qtbot.keyClicks(notes.edit, "yny")
    assert choice.value() is None and notes.text() == "yny"


def test_number_keys_answer_a_question(qtbot: QtBot) -> None:
    scale = AnswerScale(DIALOG_ANSWERS)
    window = in_window(qtbot, scale)
    scale.set_last(3, "Last time, 12 August")
    scale.buttons[0].setFocus()
    with qtbot.waitSignal(scale.answered) as heard:
        QTest.keySequence(window, "2")
    assert heard.args == [2] and scale.value() == 2
    with qtbot.waitSignal(scale.answered) as heard:
        QTest.keySequence(window, "0")
    assert heard.args == [None] and scale.value() is None


def test_a_question_with_zero_keeps_zero_as_an_answer(qtbot: QtBot) -> None:
    scale = AnswerScale([(0, "Not at all"), (1, "Several days")])
    window = in_window(qtbot, scale)
    scale.buttons[1].setFocus()
    QTest.keySequence(window, "0")
    assert scale.value() == 0


def test_a_narrow_question_stands_its_answers_above_one_another(qtbot: QtBot) -> None:
    scale = AnswerScale(DIALOG_ANSWERS)
    qtbot.addWidget(scale)
    scale.resize(1100, 200)
    scale.show()
    assert not scale.lying()
    scale.resize(400, 600)
    assert scale.lying()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [(3, 4, "Up 1"), (5, 4, "Down 1"), (4, 4, "Same"), (None, 4, "First time"), (4, None, "Not answered")],
)
def test_a_change_is_said_in_words(old: int | None, new: int | None, words: str) -> None:
    line = ChangeLine("sleep", "Sleep", old, new)
    assert change_words(line)[1] == words
    assert words.lower() in spoken(line)


def test_up_to_three_areas_can_be_chosen(qtbot: QtBot) -> None:
    picture = ChangePicture([ChangeLine(key, key, 3, 4) for key in "abcd"], most=3)
    in_window(qtbot, picture)
    for box in picture.boxes[:3]:
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    assert picture.chosen() == ("a", "b", "c")
    assert not picture.boxes[3].isEnabled()
    assert "up to 3" in picture.boxes[3].accessibleDescription()


@pytest.mark.parametrize(
    ("one", "two", "marked"),
    [
        ("07700 900 341", "07700 900 314", "41"),
        ("12 Ferndale Road", "14 Ferndale Road", "2"),
        ("Flat 4", "Flat 41", ""),
        ("same", "same", ""),
    ],
)
def test_what_differs_is_between_the_shared_ends(one: str, two: str, marked: str) -> None:
    start, end = differing(one, [two])
    assert one[start:end] == marked


def test_a_conflict_is_settled_by_keys_and_nothing_is_chosen_beforehand(qtbot: QtBot) -> None:
    strip = phone_conflict()
    window = in_window(qtbot, strip)
    assert strip.choice() is None and not strip.use_button.isEnabled()
    strip.later_button.setFocus()
    QTest.keySequence(window, "1")
    assert strip.use_button.words() == "Use 07700 900 341"
    with qtbot.waitSignal(strip.chosen) as heard:
        strip.use_button.click()
    assert heard.args == ["07700900341"]


def test_a_conflict_takes_a_third_value(qtbot: QtBot) -> None:
    strip = phone_conflict()
    window = in_window(qtbot, strip)
    strip.cards[0].setChecked(True)
    strip.cards[0].setFocus()
    QTest.keySequence(window, "3")
    qtbot.keyClicks(strip.another.edit, "07700 900 999")
    assert not any(card.isChecked() for card in strip.cards)
    with qtbot.waitSignal(strip.chosen) as heard:
        qtbot.keyClick(strip.another.edit, Key.Key_Return)
    assert heard.args == ["07700 900 999"]
    with qtbot.waitSignal(strip.later):
        strip.later_button.click()


def test_tabs_move_by_arrow_keys(qtbot: QtBot) -> None:
    tabs = TabBar([Tab("overview", "Overview"), Tab("plan", "Plan", "v3")])
    in_window(qtbot, tabs)
    tabs.setFocus()
    with qtbot.waitSignal(tabs.chosen) as heard:
        qtbot.keyClick(tabs, Key.Key_Right)
    assert heard.args == ["plan"] and tabs.current() == "plan"
    tabs.set_chip("plan", "v4")
    assert tabs.current() == "plan" and tabs.accessibleTabName(1) == "Plan v4"


def test_the_rail_says_where_one_is_and_what_needs_someone(qtbot: QtBot) -> None:
    rail = Rail([RailPlace("today", "Today", "calendar"), RailPlace("attention", "Attention", "bell")])
    in_window(qtbot, rail)
    rail.set_counts({"attention": RailCount(2, urgent=True)})
    rail.set_current("today")
    assert rail.items[1].accessibleName() == "Attention, 2 need someone"
    with qtbot.waitSignal(rail.chosen) as heard:
        rail.items[1].click()
    assert heard.args == ["attention"] and rail.current() == "today"
    rail.items[0].setFocus()
    qtbot.keyClick(rail.items[0], Key.Key_Down)
    assert rail.items[1].hasFocus()
    with qtbot.waitSignal(rail.lock_asked):
        QTest.keySequence(rail.window(), "Ctrl+L")


def test_the_key_line_can_be_clicked_too(qtbot: QtBot) -> None:
    line = KeyLine()
    in_window(qtbot, line)
    line.show_keys("A11", [KeyAction("call", "Enter", "Call"), KeyAction("left", "L", "Left", "She is with someone.")])
    with qtbot.waitSignal(line.used) as heard:
        line.buttons[0].click()
    assert heard.args == ["call"]
    assert not line.buttons[1].isEnabled()


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((24, 11, 4, 0), ("9 places free", "11 here, 4 booked")),
        ((6, 0, 6, 2), ("Full", "2 people on the waiting list")),
        ((6, 0, 6, 1), ("Full", "1 person on the waiting list")),
        ((6, 5, 0, 0), ("1 place free", "5 here")),
        ((6, 5, 3, 0), ("Full", "5 here, 3 booked")),
    ],
)
def test_a_session_is_always_in_words(counts: tuple[int, int, int, int], words: tuple[str, str]) -> None:
    assert capacity_words(*counts) == words


def test_blocks_speak(qtbot: QtBot) -> None:
    bar, blocks = CapacityBar(24, 11, 4), ProgressBlocks(2, 3)
    qtbot.addWidget(bar)
    qtbot.addWidget(blocks)
    assert bar.accessibleName() == "9 places free, 11 here, 4 booked"
    assert blocks.accessibleName() == "2 of 3 done"


def test_the_status_line_tells_of_an_outage_without_red(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(1440, 34)
    line.show_state("no_connection", "No connection since 9:12am", "Nothing is lost.", "What waits")
    line.show()
    assert line.accessibleName() == "No connection since 9:12am. Nothing is lost."
    assert line.grab().toImage().pixelColor(700, 30) == theme.colour("warning_tint")
    with qtbot.waitSignal(line.followed):
        line.link.click()


@pytest.mark.parametrize(("raw", "shown"), [("9990040109", "999 004 0109"), ("999", "999"), ("", "")])
def test_nhs_numbers_are_grouped(raw: str, shown: str) -> None:
    assert grouped(raw) == shown


@pytest.mark.parametrize("slim", [False, True])
def test_a_masked_banner_shows_initials_only(qtbot: QtBot, slim: bool) -> None:
    banner = PersonBanner(slim=slim)
    qtbot.addWidget(banner)
    banner.show_person(PersonFacts("Ngozi Okafor", "14 March 1986", "40 years", "she/her", "9990040109"))
    assert banner.nhs.text() == "999 004 0109" and banner.nhs_note.text() == "not checked"
    banner.set_masked(True)
    words = " ".join(label.text() for label in (banner.name, banner.born, banner.age, banner.nhs, banner.pronouns))
    assert "Ngozi" not in words and "1986" not in words and "999" not in words
    assert "Ngozi" not in banner.accessibleName()


def test_states_are_never_colour_alone() -> None:
    assert all(mark.icon and mark.word for mark in STATUSES.values())
    assert status("from_a_newer_desk").word == "from a newer desk"


def test_notices_replace_and_go(qtbot: QtBot) -> None:
    notices = Notices()
    in_window(qtbot, notices)
    done: list[str] = []
    notices.say("warning", "The printer has no paper.", key="printer")
    notices.say("error", "The printer is off.", link="Try again", action=lambda: done.append("again"), key="printer")
    assert notices.texts() == ("The printer is off.",)
    notice = next(iter(notices.findChildren(Notice)), None)
    assert notice is not None
    notices.findChildren(Notice)[-1].link.click()
    assert done == ["again"]
    notices.clear()
    assert not notices.isVisible()
