"""The privacy officer's part of Attention: openings to ask about, and the check of this desk's audit."""

from collections.abc import Callable
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.unusual_views import UnusualViews
from livingwell_desktop.storage import Author, Store, create
from livingwell_desktop.ui.pages import AttentionPlace
from livingwell_desktop.ui.people import AttentionPage
from tests.ui.people import centre
from tests.ui.people.keys import visible_words, words_on

RUTH = UUID(int=0x52)
Opened = Callable[..., AttentionPage]


@pytest.fixture
def page(opened: Opened, filled: Store) -> AttentionPage:
    ruth = Staff(given_name="Ruth", family_name="Ellery", role=Role.PRIVACY_OFFICER, centre=centre.CENTRE_A)
    asked = UnusualViews(
        person=centre.NGOZI, staff=centre.ROSA, device=centre.ROOM_2_DESK, people=1, openings=4, last_at=filled.clock()
    )
    filled.write([create(RUTH, ruth), create(UUID(int=0x53), asked)], [], Author(None, None, "t"))
    return opened(AttentionPage, AttentionPlace(), RUTH)


def test_what_stands_out_is_listed_with_its_desk(page: AttentionPage) -> None:
    said = words_on(page.oversight.views)
    assert "Ngozi Okafor" in said
    assert "Rosa Mensah opened the same record 4 times" in said
    assert "Room 2 desk" in said


def test_the_check_says_what_it_found(page: AttentionPage, filled: Store, qtbot: QtBot) -> None:
    page.oversight.check.click()
    qtbot.waitUntil(lambda: "All is well" in visible_words(page.oversight.result))
    with filled._writing() as connection:
        connection.exec_driver_sql("UPDATE audit SET detail = '{}' WHERE n = 2")
    page.oversight.check.click()
    qtbot.waitUntil(lambda: "Something is wrong from entry 2 on" in visible_words(page.oversight.result))


def test_reception_is_offered_neither(opened: Opened, page: AttentionPage) -> None:
    other = opened(AttentionPage, AttentionPlace(), centre.ROSA)
    assert not other.oversight.audit_card.isVisibleTo(other)
    assert not other.oversight.views_card.isVisibleTo(other)
