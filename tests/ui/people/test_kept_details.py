"""Details that are typed and not saved: kept while somebody types steadily, each box on what was shown for it."""

from collections.abc import Callable

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from livingwell_desktop.domain.people import Person
from livingwell_desktop.services import people
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.pages import PersonPlace
from livingwell_desktop.ui.people import PersonPage
from livingwell_desktop.ui.widgets.fields import TextField
from tests.storage.test_full_disk import most_pages
from tests.ui.people import centre
from tests.ui.people.keys import focused, type_in, visible_words
from tests.ui.people.test_person import button, change_at_once, ngozi

Opened = Callable[..., PersonPage]
DETAILS = PersonPlace(centre.NGOZI, "details")


def retype(page: PersonPage, name: str, words: str) -> None:
    button(page, f"change {name}").click()
    focused().selectAll()  # type: ignore[attr-defined]  # a line edit
    type_in(words)


def test_each_box_of_a_draft_keeps_what_was_shown_when_it_was_opened(opened: Opened, filled: Store) -> None:
    """The address stands before the phone on the page, and was opened after the other desk's phone had come."""
    page = opened(PersonPage, DETAILS)
    retype(page, "phone", "07700 900 341")
    change_at_once(filled, phone="07700 900 314", phone_e164="+447700900314")
    retype(page, "address", "9 Acre Lane")
    page.leave()
    again = opened(PersonPage, DETAILS)
    assert again.details.rows["phone"].raw() == "07700 900 341"
    assert again.details.rows["address"].raw() == "9 Acre Lane"
    assert "Tunde Bakare changed this to “07700 900 314” while you were typing." in visible_words(again)
    button(again, "save address").click()
    button(again, "save phone").click()
    held = filled.get(Person, centre.NGOZI)
    assert held is not None
    assert set(held.conflicts) == {"phone", "phone_e164"}
    assert {each.value for each in held.conflicts["phone"]} == {"07700 900 341", "07700 900 314"}
    assert held.value.address == "9 Acre Lane"


def test_a_box_that_was_opened_and_not_touched_writes_nothing_over_another_desk(opened: Opened, filled: Store) -> None:
    page = opened(PersonPage, DETAILS)
    retype(page, "address", "9 Acre Lane")
    button(page, "change phone").click()
    page.leave()
    change_at_once(filled, phone="07700 900 314", phone_e164="+447700900314")
    again = opened(PersonPage, DETAILS)
    button(again, "save phone").click()
    assert ngozi(filled).phone == "07700 900 314"
    held = filled.get(Person, centre.NGOZI)
    assert held is not None
    assert not held.conflicts


def test_what_is_typed_is_kept_while_somebody_types_steadily(opened: Opened, filled: Store, qtbot: QtBot) -> None:
    """Key after key without a pause: the clock that keeps it is not put back by each."""
    page = opened(PersonPage, DETAILS)
    button(page, "change address").click()

    box = page.details.rows["address"].editor
    assert isinstance(box, TextField)

    def kept_while_typing() -> bool:
        QTest.keyClicks(box.edit, "a")
        return people.typing_of(centre.practice(filled), centre.NGOZI) is not None

    qtbot.waitUntil(kept_while_typing, timeout=2000)


def test_a_full_disk_is_told_once_and_the_typing_stays(opened: Opened, filled: Store, around: centre.Around) -> None:
    page = opened(PersonPage, DETAILS)
    retype(page, "address", "9 Acre Lane")
    box = page.details.rows["address"].editor
    assert isinstance(box, TextField)
    most_pages(filled, 1)
    for words in ("9 Acre Lane " * 2000, "9 Acre Lane, " * 2000):
        box.edit.setText(words)
        page.details.keep()
    assert [tone for tone, _words in around.said] == ["error"]
    assert "disk is full" in around.said[0][1]
    most_pages(filled, 1_000_000)
    page.details.keep()
    kept = people.typing_of(centre.practice(filled), centre.NGOZI)
    assert kept is not None
    assert kept.body["address"]["raw"] == box.text()
