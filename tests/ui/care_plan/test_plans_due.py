"""Plans whose review is due: the oldest first, Enter opens the plan."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from livingwell_desktop.domain.plans import Plan
from livingwell_desktop.domain.records import kind_of
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.care_plan import PlansDuePage
from livingwell_desktop.ui.pages import PersonPlace, PlanPlace, PlansDuePlace
from tests.ui.care_plan.rows import spoken
from tests.ui.people import centre
from tests.ui.people.centre import AMARA, AMARA_TOO, NGOZI

Opened = Callable[..., PlansDuePage]


def add(store: Store, *reviews: tuple[UUID, date]) -> None:
    plans = [(kind_of(Plan).id_for(person), Plan(person=person, review_on=day)) for person, day in reviews]
    centre.fill(store, plans)


def test_late_reviews_come_first_and_say_how_late(opened: Opened, filled: Store, around: centre.Around) -> None:
    centre.fill(filled, centre.others())
    add(filled, (AMARA, date(2026, 12, 2)), (NGOZI, date(2026, 11, 12)), (AMARA_TOO, date(2027, 2, 1)))
    page = opened(PlansDuePage, PlansDuePlace())
    keys = page.rows.model.keys()
    assert keys == (NGOZI, AMARA)
    assert "Review 11 days late" in spoken(page.rows, 1)
    assert "Maya Lindqvist, SLaM" in spoken(page.rows, 1)
    assert "Review in 9 days" in spoken(page.rows, 3)
    QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_Return)
    QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_O)
    assert around.went == [PlanPlace(NGOZI), PersonPlace(NGOZI)]


def test_nothing_due_is_said_in_words(opened: Opened) -> None:
    page = opened(PlansDuePage, PlansDuePlace())
    assert page.empty.isVisible()
    assert page.empty.fact.text() == "No plan is due"


def test_hidden_names_are_initials(opened: Opened, filled: Store) -> None:
    add(filled, (NGOZI, date(2026, 11, 12)))
    page = opened(PlansDuePage, PlansDuePlace())
    page.desk.masking.turn(True)
    assert "Ngozi" not in spoken(page.rows, 1)
    assert "1986" not in spoken(page.rows, 1)
