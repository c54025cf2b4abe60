"""The line goes. Nothing stops, the status line says so, and afterwards nothing is lost, doubled or overwritten."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.app.network import set_up_way
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services import people
from livingwell_desktop.ui.pages import AttentionPlace, ConnectionPlace, PersonPlace
from tests.desk import DeskWindow
from tests.office import NAMES, Day
from tests.sync.link import Link
from tests.sync.test_wire import somebody
from tests.window import until

pytestmark = pytest.mark.slow

LONG_OUTAGE_EDITS = 50


@pytest.fixture
def ngozi(day: Day) -> UUID:
    return day.alliance.people["Ngozi Okafor"]


def held(desk: DeskWindow, person: UUID) -> Held[Person]:
    found = desk.desk.store.get(Person, person)
    assert found is not None
    return found


def same_everywhere(day: Day, *desks: DeskWindow) -> None:
    """Every desk has sent all it had, is as far in the stream, and holds as many records of each kind as the server."""
    for desk in desks:
        desk.until_sent()
    # An edit moves no count: how far each has come in the server's streams says that it has it.
    with psycopg.connect(day.central.database_url) as connection:
        reached = dict(connection.execute("SELECT name, number FROM stream").fetchall())
    for name in desks[0].desk.store.cursors():
        until(
            lambda name=name: all(desk.desk.store.cursor(name) >= reached[name] for desk in desks),
            "all have the whole stream",
        )
    # Counted anew each time: a desk that is back writes down that it was away.
    until(lambda: all(desk.desk.store.counts() == day.central.counts() for desk in desks), "the counts are equal")


def test_both_desks_say_since_when_and_what_waits_and_go_on(rosa: DeskWindow, maya: DeskWindow, day: Day) -> None:
    for desk in (rosa, maya):
        desk.until_status("Connected · all changes sent")
    with day.outage():
        for desk in (rosa, maya):
            desk.until_status("No connection since 10:43am · nothing waits on this desk")
        day.clock.at += timedelta(minutes=7)
        rosa.check_in("pilar zu")
        rosa.until_status("No connection since 10:43am · 2 changes wait on this desk")
        rosa.until_status("You can keep working. Nothing is lost.")
        rosa.find("").until_shown("This desk’s copy, up to date to 10:43am").press("Esc")
        maya.open_record("ngo oka", "Ngozi Okafor").until_shown("In Ngozi’s words")
        maya.until_shown("As of 10:43am")
    same_everywhere(day, rosa, maya)
    for desk in (rosa, maya):
        desk.until_status("Connected")
    maya.until_gone("As of ")


def test_two_answers_to_one_question_are_both_kept_shown_and_settled_once(
    rosa: DeskWindow, maya: DeskWindow, day: Day, ngozi: UUID
) -> None:
    with day.outage():
        rosa.change_detail(ngozi, "phone", "07700 900 341")
        day.clock.at += timedelta(minutes=4)
        maya.change_detail(ngozi, "phone", "07700 900 314")
    for desk in (rosa, maya):
        desk.until_shown("Two people changed Ngozi’s phone")
        for typed in ("07700 900 341", "07700 900 314", "Rosa Mensah", "Maya Lindqvist"):
            desk.until_shown(typed)
    rosa.go(AttentionPlace()).until_shown("Two people changed Ngozi’s phone")
    # Another detail of the same person can be changed meanwhile, and settles nothing.
    people.change_details(rosa.desk.practice, held(rosa, ngozi), email="ngozi@example.org")
    assert "phone" in held(rosa, ngozi).conflicts
    maya.press("1")
    chosen = "07700 900 341"
    maya.press("Enter").until_gone("Two people changed")
    rosa.until_gone("Two people changed")
    until(
        lambda: held(rosa, ngozi).value.phone == held(maya, ngozi).value.phone == chosen, "both show what was settled"
    )
    same_everywhere(day, rosa, maya)
    assert not rosa.desk.store.in_conflict()
    assert not maya.desk.store.in_conflict()


def test_different_details_written_on_two_desks_join_by_themselves(
    rosa: DeskWindow, maya: DeskWindow, day: Day, ngozi: UUID
) -> None:
    with day.outage():
        rosa.change_detail(ngozi, "phone", "07700 900 341")
        maya.change_detail(ngozi, "address", "9 Acre Lane, London")
    same_everywhere(day, rosa, maya)
    for desk in (rosa, maya):
        found = held(desk, ngozi)
        assert (found.value.phone, found.value.address) == ("07700 900 341", "9 Acre Lane, London")
        assert not found.conflicts


def test_a_long_outage_drains(rosa: DeskWindow, maya: DeskWindow, day: Day) -> None:
    everybody = [person for person, _ in day.alliance.of(Person)][:LONG_OUTAGE_EDITS]
    with day.outage():
        rosa.until_status("No connection since 10:43am")  # before the clock moves: the desk says when it noticed
        for number, person in enumerate(everybody):
            people.change_details(rosa.desk.practice, held(rosa, person), gp_practice=f"Surgery {number}")
            day.clock.at += timedelta(hours=9)
        rosa.until_status(f"{LONG_OUTAGE_EDITS} changes wait on this desk")
        rosa.until_status("No connection since 23 November, 10:43am")
    same_everywhere(day, rosa, maya)
    for number, person in enumerate(everybody):
        assert held(maya, person).value.gp_practice == f"Surgery {number}"


def test_an_answer_that_is_lost_gives_no_doubles(maya: DeskWindow, day: Day) -> None:
    with Link(day.central.server.port) as link:
        table = day.desk(NAMES[0])
        set_up_way(table.folder, server_url=link.url)
        rosa = table.sign_in("Rosa Mensah", demo_passphrase())
        rosa.until_status("Connected")
        visits = maya.desk.store.count(Visit)
        link.lose_answers()
        rosa.check_in("pilar zu")
        # It reached the server, which told Room 2; Rosa's desk heard nothing and will send it again.
        until(lambda: maya.desk.store.count(Visit) == visits + 1, "the check-in reaches Room 2")
        rosa.until_status("No connection")
        assert rosa.desk.store.waiting().count > 0
        link.restore()
        same_everywhere(day, rosa, maya)
        assert maya.desk.store.count(Visit) == rosa.desk.store.count(Visit) == visits + 1
        table.close()


def test_a_network_that_wants_a_sign_in_says_so_and_what_to_do(day: Day) -> None:
    with somebody(200, "text/html", b"<html>Sign in to our wifi</html>") as url:
        table = day.desk(NAMES[0])
        set_up_way(table.folder, server_url=url)
        rosa = table.sign_in("Rosa Mensah", demo_passphrase())
        rosa.until_status("Sign in to this network, in a web browser.")
        rosa.check_in("pilar zu")
        rosa.until_status("2 changes wait on this desk")
        rosa.click("What to do").until_shown("This network answers instead of the server. Sign in to this network")
        rosa.until_shown("You can keep working. Nothing is lost.")
        table.close()


def test_the_page_says_what_waits_and_that_all_was_sent(rosa: DeskWindow, day: Day, ngozi: UUID) -> None:
    with day.outage():
        rosa.change_detail(ngozi, "phone", "07700 900 341")
        rosa.until_status("1 change waits on this desk")
        rosa.click("What waits").until_shown("1 change")
        assert isinstance(rosa.desk.window.place(), ConnectionPlace)
    rosa.until_status("Connected · all changes sent")
    rosa.go(PersonPlace(ngozi, "details")).until_shown("07700 900 341")
