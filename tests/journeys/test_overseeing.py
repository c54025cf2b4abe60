"""The manager's page: what was not taken at any desk is read, accepted or left out; who opened a record, everywhere."""

from datetime import timedelta
from uuid import UUID

import pytest

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.domain.notes import Note
from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.refusals import RefusedAnswer, RefusedOutcome
from livingwell_desktop.printing.own_record import WhoOpened, quiet_desks, whose_list
from livingwell_desktop.services import own_record
from livingwell_desktop.storage import Author, create, edit
from livingwell_desktop.ui.pages import AttentionPlace
from livingwell_desktop.ui.widgets.tables import RowList
from tests.desk import DeskWindow
from tests.office import NAMES, Day
from tests.window import until

pytestmark = pytest.mark.slow

READ = "read about your needs and your plan"


@pytest.fixture
def sunita(day: Day) -> DeskWindow:
    """The team manager, at reception desk 1."""
    return day.desk(NAMES[0]).sign_in("Sunita Marsh", demo_passphrase())


@pytest.fixture
def ngozi(day: Day) -> UUID:
    return day.alliance.people["Ngozi Okafor"]


def of_role(desk: DeskWindow, role: Role) -> Author:
    found = next(held for held in desk.desk.store.find(Staff) if held.value.role is role)
    return Author(found.id, desk.desk.practice.centre.id, "t")


def refused_phone(desk: DeskWindow, person: UUID, phone: str) -> None:
    """The desk sends a change by an administrator, who writes about nobody: the server does not take it."""
    held = desk.desk.store.get(Person, person)
    assert held is not None
    desk.desk.store.write([edit(held, phone=phone)], [], of_role(desk, Role.ADMINISTRATOR))
    until(lambda: desk.desk.store.waiting().refused, "it was refused")


def ask(desk: DeskWindow) -> DeskWindow:
    desk.go(AttentionPlace()).until_shown("The server was asked at")
    return desk


def open_first(desk: DeskWindow) -> None:
    """Enter on the first change that was not taken."""
    rows = desk.page().findChild(RowList, "changes not taken")
    assert isinstance(rows, RowList)
    rows.setFocus()
    rows.choose_first()
    desk.press("Enter")


def uses(opened: WhoOpened, who: str) -> set[str]:
    return {use for line in opened.lines if line.who == who for use in line.uses}


def phone(desk: DeskWindow, person: UUID) -> str:
    held = desk.desk.store.get(Person, person)
    assert held is not None
    return held.value.phone


def test_a_change_that_another_desk_was_refused_is_accepted_in_the_managers_name(
    sunita: DeskWindow, maya: DeskWindow, ngozi: UUID
) -> None:
    refused_phone(maya, ngozi, "07700 900 341")
    ask(sunita).until_shown("Phone: 07700 900 341").until_shown("Callum Adair, Room 2 desk")
    open_first(sunita)
    sunita.until_shown("A change that was not taken").until_shown("Write it down, in my name")
    sunita.click("Save").until_gone("Phone: 07700 900 341")
    sunita.until_sent()
    until(lambda: phone(maya, ngozi) == "07700 900 341", "the other desk has it")
    [answer] = sunita.desk.store.find(RefusedAnswer)
    assert answer.value.outcome is RefusedOutcome.ACCEPTED
    assert answer.value.answered_by == sunita.desk.practice.staff.id


def test_a_record_that_was_refused_whole_is_written_under_its_own_name(
    sunita: DeskWindow, maya: DeskWindow, ngozi: UUID
) -> None:
    record = maya.desk.practice.new_id()
    note = Note(person=ngozi, title="Rang back", words="Will come on Tuesday")
    maya.desk.store.write([create(record, note)], [], of_role(maya, Role.RECEPTION))
    until(lambda: maya.desk.store.waiting().refused, "it was refused")
    ask(sunita).until_shown("Will come on Tuesday")
    open_first(sunita)
    sunita.click("Save").until_gone("Will come on Tuesday")
    held = sunita.desk.store.get(Note, record)
    assert held is not None
    assert held.value.words == "Will come on Tuesday"
    sunita.until_sent()
    until(lambda: maya.desk.store.get(Note, record), "the desk that wrote it has it too")


def test_what_does_not_count_is_left_out_and_it_is_said_why(sunita: DeskWindow, maya: DeskWindow, ngozi: UUID) -> None:
    refused_phone(maya, ngozi, "07700 900 999")
    ask(sunita).until_shown("07700 900 999")
    open_first(sunita)
    sunita.click("Leave it out").click("Save").until_shown("It is not said why")
    sunita.fill("in words", "A number of another person").click("Save").until_gone("07700 900 999")
    assert phone(sunita, ngozi) != "07700 900 999"
    # The answer stands also when the server is asked again, and at the other desk.
    sunita.click("Ask the server").until_shown("The server was asked at")
    assert "07700 900 999" not in sunita.words()
    assert sunita.desk.store.find(RefusedAnswer)[0].value.words == "A number of another person"


def test_without_the_line_the_manager_reads_what_this_desk_knows(
    sunita: DeskWindow, maya: DeskWindow, day: Day, ngozi: UUID
) -> None:
    refused_phone(maya, ngozi, "07700 900 341")
    refused_phone(sunita, ngozi, "07700 900 314")
    with day.outage():
        sunita.go(AttentionPlace()).until_shown("Shown is what this desk knows; the rest comes when the line is back")
        sunita.until_shown("07700 900 314")
        assert "07700 900 341" not in sunita.words()
    sunita.click("Ask the server").until_shown("07700 900 341")


def test_reception_and_key_workers_have_no_such_page(maya: DeskWindow) -> None:
    maya.go(AttentionPlace())
    assert not maya.page().findings.server_card.isVisible()  # type: ignore[attr-defined]  # the attention page


def test_who_has_opened_a_record_is_of_all_desks_or_says_that_it_is_not(
    sunita: DeskWindow, maya: DeskWindow, day: Day, ngozi: UUID
) -> None:
    maya.open_record("ngo oka", "Ngozi Okafor").until_shown("In Ngozi’s words")
    with day.outage():
        alone = own_record.who_opened(sunita.desk.practice, ngozi)
        assert not alone.everywhere
        assert READ not in uses(alone, "Maya Lindqvist")
        assert "from Reception desk 1 only" in whose_list(alone)
        assert "Ask us again" in whose_list(alone)
    day.clock.at += timedelta(minutes=10)
    maya.go(AttentionPlace())
    refused = maya.desk.store.audit
    until(lambda: refused.waiting() == 0, "the other desk has sent what was done at it")
    found = own_record.who_opened(sunita.desk.practice, ngozi)
    assert found.everywhere
    assert READ in uses(found, "Maya Lindqvist")
    assert uses(found, "Sunita Marsh"), "asking for the list is in the list, sent or not"
    assert "from all our desks" in whose_list(found)
    assert quiet_desks(found) == ()
