"""What staff see of an outage: what waits, what was not taken, and the page a manager signs off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from livingwell_desktop.domain.assessments import Need, NeedState
from livingwell_desktop.domain.changes import Change
from livingwell_desktop.domain.dates import local, moment
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.outages import Outage
from livingwell_desktop.domain.people import Person
from livingwell_desktop.services import outage_file, outages
from livingwell_desktop.storage import Author, Receipt, Store, create, edit, prepare
from livingwell_desktop.sync import outages as watch
from livingwell_desktop.ui.outage import ConnectionPage, OutagePage
from livingwell_desktop.ui.pages import ConnectionPlace, OutagePlace
from livingwell_desktop.ui.widgets import ask
from tests.ui.people import centre
from tests.ui.people.keys import press, visible_words, words_on
from tests.ui.people.test_person import button

Opened = Callable[..., ConnectionPage]


def acknowledge(store: Store) -> None:
    """Everything so far is at the server."""
    store.acknowledge([Receipt(each.change.id, each.change.content_hash) for each in store.unsent(10_000)])


def ngozi_moves(store: Store, phone: str = "07700 900 999") -> None:
    held = store.get(Person, centre.NGOZI)
    assert held is not None
    store.write([edit(held, phone=phone)], [], Author(centre.MAYA, centre.CENTRE_A, "test"))


@pytest.fixture
def manager(filled: Store) -> object:
    """Maya, now a team manager."""
    maya = filled.get(Staff, centre.MAYA)
    assert maya is not None
    filled.write([edit(maya, role=Role.TEAM_MANAGER)], [], Author(centre.MAYA, centre.CENTRE_A, "test"))
    return centre.MAYA


@pytest.fixture
def outage(filled: Store, manager: object, new_store: Callable[..., Store]) -> Outage:
    """Two hours without the server: one change made here, one at another desk, one that was not taken."""
    acknowledge(filled)
    watch.begin(filled, filled.clock())
    filled.clock.pass_(hours=2, minutes=13)  # type: ignore[attr-defined]  # the still clock of the tests
    other = new_store("other")
    other.receive([prepare(number, change) for number, change in enumerate(everything(filled), 1)], "alliance")
    ngozi_moves(filled)
    amara = filled.get(Person, centre.AMARA)
    assert amara is not None
    filled.write([edit(amara, phone="07700 900 000")], [], Author(centre.MAYA, centre.CENTRE_A, "test"))
    filled.clock.pass_(minutes=1)  # type: ignore[attr-defined]  # the still clock of the tests
    ngozi_moves(other, "07700 900 111")
    sent, refused = (each.change for each in filled.unsent())
    filled.acknowledge([Receipt(sent.id, sent.content_hash)])
    filled.refused([(refused.id, "the signature is not this desk's")])
    filled.receive([prepare(900, other.unsent()[-1].change)], "alliance")
    watch.came_back(filled, filled.clock())
    over = watch.returned(filled)
    assert over is not None
    record = outages.note(centre.practice(filled, centre.MAYA), over.began, over.ended, over.link, over.held)
    held = filled.get(Outage, record)
    assert held is not None
    return held.value


def everything(store: Store) -> list[Change]:
    """Every change that the desk holds."""
    with store._reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, content, salt, content_hash, device, signature FROM change ORDER BY number"
        ).all()
    return [Change(row[0], row[1], row[2], row[3], UUID(bytes=row[4]), row[5]) for row in rows]


def test_an_outage_is_written_down_with_what_happened(outage: Outage, filled: Store) -> None:
    assert (outage.sent, outage.received, outage.questions, outage.refused) == (1, 1, 1, 1)
    assert outage.began is not None
    assert outage.ended is not None
    assert outage.ended - outage.began == timedelta(hours=2, minutes=14)


def test_the_outage_clock_and_what_waits_by_person(opened: Opened, filled: Store) -> None:
    acknowledge(filled)
    watch.begin(filled, filled.clock())
    ngozi_moves(filled)
    filled.clock.pass_(minutes=72)  # type: ignore[attr-defined]  # the still clock of the tests
    page = opened(ConnectionPage, ConnectionPlace())
    shown = visible_words(page)
    assert "for 1 hour 12 minutes. You can keep working. Nothing is lost." in shown
    said = words_on(page.waiting_rows)
    assert "Person Ngozi Okafor, 14 Mar 1986. What Their details, 1 change. The oldest was saved 1 hour ago" in said


def test_each_outage_says_on_which_day_it_began(opened: Opened, filled: Store, outage: Outage) -> None:
    ended = outage.ended
    assert ended is not None
    filled.clock.pass_(hours=72)  # type: ignore[attr-defined]  # the still clock of the tests
    for hours in (1, 30):
        away = replace(outage, began=ended + timedelta(hours=24 - hours), ended=ended + timedelta(hours=24))
        record = UUID(int=0x0195C000_0000_7000_8000_0000000E0000 + hours)
        filled.write([create(record, away)], [], Author(centre.MAYA, centre.CENTRE_A, "test"))
    said = words_on(opened(ConnectionPage, ConnectionPlace()).before_rows)
    day, day_before = (moment(ended + timedelta(hours=24 - hours), local(filled.clock()).date()) for hours in (1, 30))
    assert f"{day}, 1 hour, until" in said
    assert f"{day_before}, 1 day, until {moment(ended + timedelta(hours=24), local(filled.clock()).date())}" in said
    assert "today" not in said.lower()


def test_without_anything_waiting_it_says_so(opened: Opened, filled: Store) -> None:
    acknowledge(filled)
    assert "Nothing waits" in visible_words(opened(ConnectionPage, ConnectionPlace()))


def test_a_change_that_was_not_taken_shows_its_words_and_why(opened: Opened, outage: Outage) -> None:
    page = opened(ConnectionPage, ConnectionPlace())
    said = words_on(page.refused_rows)
    assert "Amara Okeke" in said
    assert "Phone: 07700 900 000" in said
    assert "It was damaged on this desk. Ring IT support" in said


def test_reception_is_not_shown_words_of_the_clinical_record(opened: Opened, filled: Store) -> None:
    acknowledge(filled)
    sleep = filled.get(Need, centre.uid(60))
    assert sleep is not None
    filled.write([edit(sleep, state=NeedState.NOT_MET)], [], Author(centre.MAYA, centre.CENTRE_A, "test"))
    page = opened(ConnectionPage, ConnectionPlace(), centre.ROSA)
    said = words_on(page.waiting_rows)
    assert "Something in the clinical record" in said
    assert "need" not in said.lower()


def test_a_manager_goes_through_an_outage_and_signs_it_off_by_keys(
    opened: Callable[..., OutagePage], filled: Store, outage: Outage
) -> None:
    (held,) = outages.outages(centre.practice(filled, centre.MAYA))
    page = opened(OutagePage, OutagePlace(held.id))
    shown = visible_words(page)
    assert "2 hours 14 minutes" in shown
    assert "1 change sent, 1 change received. 1 was not taken and is kept here." in shown
    assert "1 question came up: two desks wrote different things. 1 needs a person." in shown
    asked = words_on(page.question_rows)
    assert "Question Phone. One answer 07700 900 999, Maya Lindqvist" in asked
    assert "The other answer 07700 900 111, Maya Lindqvist" in asked
    assert "Ngozi Okafor" in words_on(page.sent_rows)
    assert "Ngozi Okafor" in words_on(page.received_rows)
    page.remark.set_text("Asked Amara again.")
    press("Ctrl+Return")
    signed = filled.get(Outage, held.id)
    assert signed is not None
    assert signed.value.signed_by == centre.MAYA
    assert "Signed off by Maya Lindqvist" in visible_words(page)
    with pytest.raises(Problem) as refused:
        outages.sign_off(centre.practice(filled, centre.MAYA), signed)
    assert refused.value.what_happened == "This outage is signed off already."


def test_reception_may_not_sign_off(opened: Callable[..., OutagePage], filled: Store, outage: Outage) -> None:
    (held,) = outages.outages(centre.practice(filled, centre.MAYA))
    page = opened(OutagePage, OutagePlace(held.id), centre.ROSA)
    assert not page.sign.isVisibleTo(page)
    assert "Ask: team manager" in visible_words(page)


def test_the_page_is_saved_as_a_table(
    opened: Callable[..., OutagePage], filled: Store, outage: Outage, tmp_path: Path
) -> None:
    (held,) = outages.outages(centre.practice(filled, centre.MAYA))
    page = opened(OutagePage, OutagePlace(held.id))
    written = outage_file.export(page.desk.practice, held.id).decode("utf-8-sig")
    assert "Sent,Ngozi Okafor,their details,1," in written
    assert "Not taken,Amara Okeke,Person," in written
    assert "Phone: 07700 900 000,It was damaged on this desk. Ring IT support." in written
    answers = [line for line in written.splitlines() if line.startswith("Question,Ngozi Okafor,Phone,")]
    assert [("07700 900 999" in each, "07700 900 111" in each) for each in answers] == [(True, False), (False, True)]
    assert all("Maya Lindqvist" in each for each in answers)
    assert button(page, "save as a file").isEnabled()
    assert ask.door() is not None


def test_a_short_break_with_nothing_to_send_is_no_outage(filled: Store) -> None:
    acknowledge(filled)
    watch.begin(filled, filled.clock())
    filled.clock.pass_(minutes=4)  # type: ignore[attr-defined]  # the still clock of the tests
    watch.came_back(filled, filled.clock())
    assert watch.returned(filled) is None
    assert watch.down_since(filled) is None
