"""A person is told who opened their record and given a copy of it; the privacy officer is told what stands out."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from livingwell_desktop.domain.audit import Tampering
from livingwell_desktop.domain.emergency_opening import OpeningReview, ReviewOutcome
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import kinds
from livingwell_desktop.domain.unusual_views import UnusualViews
from livingwell_desktop.services import documents, own_record, people, watching
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Author, Event, Store, create
from tests.conftest import StillClock
from tests.ui.care_plan.ngozi import fill, with_plan
from tests.ui.people import centre
from tests.ui.people.centre import NGOZI

SUNITA = UUID("0195c000-0000-7000-8000-0000000000f9")
STRANGER = UUID("0195c000-0000-7000-8000-0000000000e1")


@pytest.fixture
def maya(store: Store) -> Practice:
    fill(store)
    with_plan(store)
    return centre.practice(store)


@pytest.fixture
def officer(maya: Practice) -> Practice:
    """The privacy officer at the same desk."""
    value = Staff(given_name="Ruth", family_name="Ellery", role=Role.PRIVACY_OFFICER, job_title="Privacy officer")
    maya.whole.write([create(SUNITA, value)], [], Author(None, None, "t"))
    held = maya.whole.get(Staff, SUNITA)
    assert held is not None
    return replace(maya, staff=held, openings=type(maya.openings)())


def test_the_list_names_who_when_and_what(maya: Practice, officer: Practice) -> None:
    people.banner(maya, NGOZI)
    documents.printing(maya, documents.prepare(maya, "plan", NGOZI))
    found = own_record.who_opened(officer, NGOZI)
    line = next(each for each in found.lines if each.who == "Maya Lindqvist")
    assert line.day == maya.today()
    assert "printed a paper" in line.uses
    assert "read about your needs and your plan" in line.uses
    assert "Ruth Ellery" in [each.who for each in found.lines], "asking for the list is in the list"
    assert found.desk == "Room 2 desk"


def test_the_copy_holds_every_kind_and_says_it_in_words(maya: Practice, officer: Practice) -> None:
    copy = own_record.everything_about(officer, NGOZI)
    headings = [heading for heading, _ in copy.parts]
    held = [kind for kind in kinds() if "person" in kind.fields and maya.whole.find(kind.type, person=NGOZI)]
    assert len(held) > 6
    for kind in held:
        assert kind.label in headings or kind.plural in headings
    said = [fact for _, parts in copy.parts for part in parts for fact in part.facts]
    assert ("First name", "Ngozi") in said
    assert ("Key worker", "Maya Lindqvist") in said
    assert not [words for _, words in said if "UUID" in words or "{" in words or words == ""]


def test_what_is_asked_of_staff_is_not_in_the_copy(maya: Practice, officer: Practice) -> None:
    asked = UnusualViews(person=NGOZI, staff=centre.ROSA, people=1, openings=4)
    maya.whole.write([create(maya.new_id(), asked)], [], Author(None, None, "t"))
    headings = [heading for heading, _ in own_record.everything_about(officer, NGOZI).parts]
    assert "Unusual openings" not in headings


@pytest.mark.parametrize("name", ["who_opened", "everything"])
def test_both_are_papers_like_any_other(officer: Practice, maya: Practice, name: str) -> None:
    prepared = documents.prepare(officer, name, NGOZI)
    assert prepared.pdf.startswith(b"%PDF")
    documents.printing(officer, prepared)
    event = [row.event for row in officer.whole.audit.about(NGOZI)][-1]
    assert event == f"print: {name}"
    with pytest.raises(Problem, match="You cannot do this"):
        documents.prepare(maya, name, NGOZI)


def test_a_person_who_is_not_here_has_no_list(officer: Practice) -> None:
    for verb in (own_record.who_opened, own_record.everything_about):
        with pytest.raises(Problem, match="not on this desk"):
            verb(officer, STRANGER)


# The watch


def stranger(maya: Practice) -> UUID:
    """Somebody with a key worker at another centre, who never came here."""
    far = maya.new_id()
    worker = Staff(given_name="Ola", family_name="Far", role=Role.KEY_WORKER, centre=UUID(int=77))
    person = Person(given_name="Kit", family_name="Farrow", key_worker=far)
    maya.whole.write([create(far, worker), create(STRANGER, person)], [], Author(None, None, "t"))
    return STRANGER


def look_at(maya: Practice, person: UUID, clock: StillClock, times: int) -> None:
    for _ in range(times):
        maya.whole.record_events([Event(f"view: {Act.SEE_DETAILS.value}", person)], maya.staff.id)
        clock.pass_(hours=2)


def test_looking_again_and_again_reaches_the_privacy_officer_once(
    maya: Practice, officer: Practice, clock: StillClock
) -> None:
    person = stranger(maya)
    look_at(maya, person, clock, 4)
    look_at(maya, NGOZI, clock, 4)
    assert len(watching.look_over(maya.whole, maya.centre.id, maya.now())) == 1
    assert watching.look_over(maya.whole, maya.centre.id, maya.now()) == ()
    (found,) = watching.unusual_views(officer)
    assert found.person is not None
    assert found.person.id == person
    assert found.sentence.startswith("Maya Lindqvist opened the same record 4 times since 23 November 2026.")
    assert found.desk == "Room 2 desk"
    watching.answer(officer, found.finding, ReviewOutcome.TALKED_ABOUT, "She stood in for Ola")
    assert watching.unusual_views(officer) == ()
    assert officer.store.find(OpeningReview, opening=found.finding.id)
    with pytest.raises(Problem, match="answered already"):
        watching.answer(officer, found.finding, ReviewOutcome.RIGHT)


def test_nobody_answers_for_their_own_openings(officer: Practice) -> None:
    own = UnusualViews(person=NGOZI, staff=officer.staff.id, people=1, openings=4)
    record = officer.new_id()
    officer.whole.write([create(record, own)], [], Author(None, None, "t"))
    (found,) = watching.unusual_views(officer)
    with pytest.raises(Problem, match="about you"):
        watching.answer(officer, found.finding, ReviewOutcome.RIGHT)


def test_whoever_oversees_may_look_at_everybody(maya: Practice, officer: Practice, clock: StillClock) -> None:
    look_at(officer, stranger(maya), clock, 9)
    assert watching.look_over(maya.whole, maya.centre.id, maya.now()) == ()


# The check


def test_the_check_says_that_all_is_well(officer: Practice) -> None:
    found = watching.check_audit(officer)
    assert found.is_whole
    assert found.lines[0].startswith("All is well. This desk’s list of what was done has ")
    assert "No server has vouched for it yet." in found.lines


@pytest.mark.parametrize("kind", list(Tampering))
def test_every_kind_of_tampering_has_its_words(kind: Tampering) -> None:
    assert watching.TAMPERING_WORDS[kind]


def test_the_check_names_the_entry_and_whom_to_ring(officer: Practice) -> None:
    with officer.whole._writing() as connection:
        connection.exec_driver_sql("UPDATE audit SET subject = NULL WHERE n = 3")
    found = watching.check_audit(officer)
    assert not found.is_whole
    assert found.lines[:2] == (
        "Something is wrong from entry 3 on: an entry was changed.",
        "Ring IT support and say “audit”. Do not delete anything.",
    )


def test_the_check_asks_the_keyrings_anchor_and_the_server(officer: Practice) -> None:
    audit = officer.whole.audit
    audit.anchored = audit.anchor()
    with officer.whole._writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit WHERE n > 10")
    assert watching.check_audit(officer).lines[0] == "Something is wrong from entry 12 on: the newest entries are gone."
    audit.anchored = None
    audit.contradicted()
    assert watching.check_audit(officer).lines[0] == "The server has another list for this desk."


def test_a_year_of_looks_is_forgotten_by_the_watch(maya: Practice, clock: StillClock) -> None:
    look_at(maya, stranger(maya), clock, 4)
    clock.at += timedelta(days=30)
    assert watching.look_over(maya.whole, maya.centre.id, maya.now()) == ()
