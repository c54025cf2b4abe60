"""Half a year without the server: managers keep everybody's sign-in alive, nothing stops, and afterwards one page says
what was sent, what came, what is asked and what was not taken. Each of its figures is checked against store and server.
"""

import csv
import io
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from installer.demo.accounts import demo_passphrase
from installer.demo.protected import PROTECTED
from livingwell_desktop.domain.outages import Outage
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services import outages, people
from livingwell_desktop.ui.admin import StaffPage
from livingwell_desktop.ui.outage import ConnectionPage, OutagePage
from livingwell_desktop.ui.pages import AttentionPlace, ConnectionPlace, OutagePlace, StaffPlace
from livingwell_desktop.ui.widgets import ask
from tests.desk import DeskOnTable, DeskWindow
from tests.office import NAMES, Day
from tests.ui.widgets.answers import Answers
from tests.window import until

pytestmark = pytest.mark.slow

CHANGES = int(os.environ.get("LIVINGWELL_OFFLINE_CHANGES", "1000"))
"""On one desk. The long run has 20,000: `LIVINGWELL_OFFLINE_CHANGES=20000`, eight minutes of processor time."""
MONTHS = 6
ROSA_WORKS = (0, 2, 4)
ELSEWHERE, ASKED, SPOILT = 30, 10, 2
"""Changes of the other desk meanwhile, those of them about what was changed here too, and changes a bad disk spoilt."""
PATIENCE = 60.0 + CHANGES / 20
PAGE_SECONDS = 0.5
"""What reading the page may cost, of the thread's own processor time, however many changes there are."""


@dataclass
class Reception:
    """Reception desk 1, and what was saved there while there was no server, kept by the test itself."""

    day: Day
    table: DeskOnTable
    everybody: list[UUID]
    changes: Counter[UUID] = field(default_factory=Counter)
    refused_sign_ins: list[int] = field(default_factory=list)
    """The months in which Rosa's days had ended."""

    def manager(self) -> DeskWindow:
        """Sunita signs in."""
        return self.table.sign_in("Sunita Marsh", demo_passphrase())

    def rosa(self, month: int) -> DeskWindow:
        """Rosa signs in; when her days have ended, the manager gives her more first, without any connection."""
        handed: list[object] = []
        page = self.table.sign_in_page()
        assert self.table.signing_in is not None
        self.table.signing_in.signed_in.connect(handed.append)
        page.fill("your name", "Rosa Mensah").press("Enter").type(demo_passphrase()).press("Enter")
        until(lambda: handed or page.shows("Your sign-in on this computer has run out"), "an answer")
        self.table.close_sign_in()
        if not handed:
            self.refused_sign_ins.append(month)
            give_more_days(self.manager(), self.day.alliance.staff["Rosa Mensah"], "Rosa Mensah").lock()
        return self.table.sign_in("Rosa Mensah", demo_passphrase())

    def month(self, month: int, changes: int, others: DeskWindow) -> None:
        """A month's work: details of people, an hour or so between them."""
        rosa, pause = self.rosa(month), timedelta(days=20) / changes
        for _ in range(changes):
            place = self.changes.total()
            person = self.everybody[place % len(self.everybody)]
            people.change_details(rosa.desk.practice, held(rosa, person), gp_practice=f"Surgery {place}")
            self.changes[person] += 1
            self.day.clock.at += pause
        somebody_is_there(rosa, others)
        rosa.until_status(f"{self.changes.total():,} changes wait on this desk")
        rosa.until_status("You can keep working. Nothing is lost.")
        rosa.lock()


@pytest.fixture
def answers() -> Iterator[Answers]:
    spy = Answers()
    ask.use(spy)
    yield spy
    ask.use(None)
    spy.check()


@pytest.fixture
def reception(day: Day) -> Reception:
    table = day.desk(NAMES[0])
    sunita = table.sign_in("Sunita Marsh", demo_passphrase())
    sunita.until_status("Connected")
    here = [person for person, _ in day.alliance.of(Person) if sunita.desk.store.get(Person, person) is not None]
    sunita.lock()
    return Reception(day, table, [person for person in here if person != day.alliance.people[PROTECTED]])


def held(desk: DeskWindow, person: UUID) -> Held[Person]:
    found = desk.desk.store.get(Person, person)
    assert found is not None
    return found


def somebody_is_there(*desks: DeskWindow) -> None:
    """A key at each desk: the clock ran on between two of them, which is no pause that locks a desk."""
    for desk in desks:
        QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Shift)


def give_more_days(desk: DeskWindow, member: UUID, name: str) -> DeskWindow:
    """A manager chooses a colleague on Staff and desks and presses E: no connection is needed."""
    page = desk.go(StaffPlace()).page()
    assert isinstance(page, StaffPage)
    page.rows.choose(member)
    page.rows.setFocus()
    desk.press("E").until_shown(f"{name} may sign in here until")
    return desk


def spoil(desk: DeskWindow) -> set[bytes]:
    """The last waiting changes lose their signature to a bad disk: the server will not take them."""
    spoilt = {each.change.id for each in desk.desk.store.unsent(CHANGES)[-SPOILT:]}
    with desk.desk.store._writing() as connection:
        for change in spoilt:
            connection.exec_driver_sql("UPDATE change SET signature = ? WHERE id = ?", (bytes(64), change))
    return spoilt


def meanwhile_in_room_2(maya: DeskWindow, everybody: list[UUID]) -> None:
    """Some of the people whom reception wrote about, too: the same field for a few, another one for the rest."""
    for number, person in enumerate(everybody[:ELSEWHERE]):
        detail = {"gp_practice": f"Practice {number}"} if number < ASKED else {"language": f"Language {number}"}
        people.change_details(maya.desk.practice, held(maya, person), **detail)


def at_server(day: Day, sql: str, *parameters: object) -> set[bytes]:
    with psycopg.connect(day.central.database_url) as connection:
        return {bytes(row[0]) for row in connection.execute(sql, parameters).fetchall()}


def test_half_a_year_offline_ends_in_one_page_that_a_manager_signs(
    day: Day,
    reception: Reception,
    answers: Answers,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    maya, began = day.room_2(), day.clock()
    maya.until_status("Connected")
    sunita_id, room_2 = day.alliance.staff["Sunita Marsh"], maya.desk.practice.device.id
    maya.until_sent()
    before = at_server(day, "SELECT id FROM change WHERE standing = 1 AND device = %s", room_2)
    with day.outage():
        for month in range(MONTHS):
            day.clock.at = began + timedelta(days=30 * month)
            somebody_is_there(maya)
            sunita = reception.manager().until_status("No connection")
            give_more_days(sunita, sunita_id, "Sunita Marsh").lock()
            if month in ROSA_WORKS:
                share = CHANGES // len(ROSA_WORKS)
                reception.month(month, share + (CHANGES % share if month == 0 else 0), maya)
        assert reception.refused_sign_ins == [2, 4], "35 days, and then a manager gives 35 more"
        day.clock.at = began + timedelta(weeks=26)
        somebody_is_there(maya)
        meanwhile_in_room_2(maya, reception.everybody)
        sunita = reception.manager().until_status(f"{CHANGES:,} changes wait on this desk")
        sunita.go(ConnectionPlace()).until_shown("No connection since 23 November 2026, 10:43am, for 26 weeks.")
        page = sunita.page()
        assert isinstance(page, ConnectionPage)
        waiting = outages.waiting(sunita.desk.practice)
        assert Counter({line.person.id: line.changes for line in waiting if line.person}) == reception.changes
        assert page.waiting_rows.model.rowCount() == len(waiting) == len(reception.changes)
        saved = [each.change.id for each in sunita.desk.store.unsent(CHANGES + 1)]
        assert len(saved) == CHANGES
        spoilt = spoil(sunita)
        sunita.lock()
    # Room 2 is back first, so that what it wrote is there when reception is.
    maya.desk.engine.sync_now()
    until(lambda: maya.desk.store.find(Outage), "Room 2 writes its outage down", PATIENCE)
    maya.until_sent()
    sunita = reception.manager()
    until(lambda: sunita.desk.store.waiting().count == 0, "everything is sent", PATIENCE)
    sunita.until_status(f"{SPOILT} changes were not taken by the server")
    here = sunita.desk.practice.device.id
    until(
        lambda: [each for each in outages.outages(sunita.desk.practice) if each.value.desk == here],
        "the outage",
        PATIENCE,
    )
    (outage,) = (each for each in outages.outages(sunita.desk.practice) if each.value.desk == here)

    # What the record says, against the server.
    taken = at_server(day, "SELECT id FROM change WHERE standing = 1 AND device = %s", here)
    assert taken >= set(saved) - spoilt
    assert not taken & spoilt
    assert at_server(day, "SELECT change FROM quarantine WHERE device = %s", here) == spoilt
    from_room_2 = at_server(day, "SELECT id FROM change WHERE standing = 1 AND device = %s", room_2) - before
    value = outage.value
    assert (value.began, value.ended) == (began, day.clock())
    assert (value.sent, value.refused, value.questions) == (CHANGES - SPOILT, SPOILT, ASKED)
    assert value.received == len(from_room_2), "what Room 2 wrote about people, and that it was away"

    begun = time.thread_time()
    outages.reconciliation(sunita.desk.practice, outage.id)
    cost = time.thread_time() - begun
    record_property("summary", f"{CHANGES:,} changes: reading the page costs {1000 * cost:.0f} ms of processor time")
    assert cost < PAGE_SECONDS

    # What the page says, against the store and what the test kept.
    page = sunita.go(OutagePlace(outage.id)).page()
    assert isinstance(page, OutagePage)
    assert page.found is not None
    lost = Counter(reception.everybody[place % len(reception.everybody)] for place in range(CHANGES - SPOILT, CHANGES))
    sent = Counter({line.person.id: line.changes for line in page.found.sent if line.person})
    assert sent == reception.changes - lost
    assert sum(line.changes for line in page.found.received) == value.received
    assert {line.person.id for line in page.found.received if line.person} == set(reception.everybody[:ELSEWHERE])
    assert {each.id for each in sunita.desk.store.in_conflict()} == set(reception.everybody[:ASKED])
    assert {each.held.id for each in page.found.questions} == set(reception.everybody[:ASKED])
    for question in page.found.questions:
        assert {choice.author for choice in question.choices} == {"Rosa Mensah", "Maya Lindqvist"}
        assert all(choice.organisation and choice.desk and choice.at for choice in question.choices)
    assert {each.change for each in page.found.refused} == spoilt
    sunita.until_shown(f"{CHANGES - SPOILT:,} changes sent, {value.received} changes received.")
    sunita.until_shown(f"{SPOILT} were not taken and are kept here")
    sunita.until_shown(f"{ASKED} questions came up: two desks wrote different things. {ASKED} need a person.")
    for rows, lines in (
        (page.sent_rows, len(sent)),
        (page.received_rows, len(page.found.received)),
        (page.question_rows, ASKED),
        (page.refused_rows, SPOILT),
    ):
        assert rows.model.rowCount() == lines

    # One question is settled by a key, from the page; the page says how many are left.
    page.question_rows.setFocus()
    page.question_rows.choose_first()
    sunita.press("Enter").until_shown("Two people changed")
    assert isinstance(sunita.desk.window.place(), AttentionPlace)
    sunita.press("1").press("Enter")
    until(lambda: len(sunita.desk.store.in_conflict()) == ASKED - 1, "one question is settled")
    sunita.go(OutagePlace(outage.id)).until_shown(f"{ASKED - 1} need a person.")

    # Signed off, and saved as a file.
    sunita.fill("What was done about it", "Asked everybody again.").press("Ctrl+Enter")
    sunita.until_shown("Signed off by Sunita Marsh")
    answers.expect("Save what happened", tmp_path / "outage.csv")
    sunita.click("save as a file").until_shown("Saved as outage.csv.")
    lines = list(csv.DictReader(io.StringIO((tmp_path / "outage.csv").read_text("utf-8-sig"))))
    said = {line["What"]: line["Changes"] for line in lines if line["Part"] == "Outage" and line["Changes"]}
    expected = {"sent": CHANGES - SPOILT, "received": value.received, "questions": ASKED, "not taken": SPOILT}
    assert said == {name: str(number) for name, number in expected.items()}
    assert sum(int(line["Changes"]) for line in lines if line["Part"] == "Sent") == CHANGES - SPOILT
    assert sum(int(line["Changes"]) for line in lines if line["Part"] == "Received") == value.received
    assert Counter(line["Part"] for line in lines)["Question"] == 2 * (ASKED - 1)
    assert Counter(line["Part"] for line in lines)["Not taken"] == SPOILT
    assert any(line["Who"] == "Sunita Marsh" and line["What was written"] == "Asked everybody again." for line in lines)

    # Nothing is lost, and both desks and the server hold the same.
    sunita.until_sent()
    until(lambda: maya.desk.store.counts() == sunita.desk.store.counts() == day.central.counts(), "the same", PATIENCE)
    for person in reception.everybody:
        assert held(maya, person).value == held(sunita, person).value
