"""A person's story, and what is read beside it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.sessions import Booking, BookingState, Visit, VisitState
from livingwell_desktop.services import assessments, finding, story
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Author, Store, create
from tests.conftest import StillClock
from tests.ui.people import centre

ME = Author(centre.MAYA, centre.CENTRE_A, "demo")


@pytest.fixture
def practice(furnished: Callable[..., Store]) -> Practice:
    return centre.practice(furnished(centre.fill))


def test_the_story_is_newest_first_with_whose_it_was(practice: Practice) -> None:
    found = story.story(practice, centre.NGOZI, 10)
    assert found.total == 5
    assert [(each.title, each.words, each.organisation) for each in found.newest] == [
        ("Came for a review of her plan", "Ticket A11, waiting 27 minutes.", centre.SLAM),
        ("Housing options talk with Tunde Bakare", "Notice runs to 5 January. Council will ask the landlord to wait.",
         centre.COUNCIL),
        ("Sewing group, first time", "Stayed for the whole session. Wants to come again.", centre.CERTITUDE),
        ("Joint care plan, version 3", "Agreed.", centre.SLAM),
        ("DIALOG completed", "Two areas chosen to work on.", centre.SLAM),
    ]  # fmt: skip
    assert [each.title for each in story.story(practice, centre.NGOZI, 2).newest] == [
        each.title for each in found.newest[:2]
    ]


def test_a_questionnaire_without_areas_tells_its_score(practice: Practice) -> None:
    answers = {item.link_id: 1 for item in assessments.questionnaires()["gad7"].rated}
    assessments.complete(practice, assessments.start(practice, centre.NGOZI, "gad7"), answers, ())
    newest = story.story(practice, centre.NGOZI, 1).newest[0]
    assert (newest.title, newest.words) == ("GAD-7 completed", "Total 7")


def test_the_newest_visits_are_by_their_day_not_by_when_they_came_to_this_desk(practice: Practice) -> None:
    late = Visit(person=centre.NGOZI, on=date(2025, 1, 1), state=VisitState.DONE)
    practice.whole.write([create(practice.new_id(), late)], [], ME)
    found, total = story.visits(practice, centre.NGOZI, 2)
    assert total == 3
    assert [held.value.on for held in found] == [date(2026, 11, 23), date(2026, 11, 4)]
    (match,) = finding.search(practice, "ngozi").matches
    assert match.last_seen == date(2026, 11, 23)


def test_the_next_appointment_is_the_nearest_that_still_stands(practice: Practice) -> None:
    def book(day: date, at: time, state: BookingState = BookingState.BOOKED) -> None:
        booking = Booking(person=centre.NGOZI, on=day, at=at, state=state)
        practice.whole.write([create(practice.new_id(), booking)], [], ME)

    book(date(2026, 11, 24), time(9), BookingState.CANCELLED_BY_PERSON)
    book(date(2026, 11, 20), time(9))
    found = story.next_appointment(practice, centre.NGOZI)
    assert found is not None
    assert (found.booking.value.on, found.sees, found.centre) == (date(2026, 12, 2), "Maya Lindqvist", "Centre A")
    assert found.slip is not None
    book(date(2026, 11, 23), time(15))
    found = story.next_appointment(practice, centre.NGOZI)
    assert found is not None
    assert found.booking.value.on == date(2026, 11, 23)
    assert found.slip is None
    assert story.next_appointment(practice, centre.AMARA) is None


def test_the_waiting_time_of_the_story_moves_on(practice: Practice, clock: StillClock) -> None:
    clock.at = datetime(2026, 11, 23, 11, 21, tzinfo=UTC)
    assert story.story(practice, centre.NGOZI, 1).newest[0].words == "Ticket A11, waiting 1 hour 5 minutes."


def test_reception_reads_visits_and_papers_but_no_story(practice: Practice) -> None:
    reception = centre.practice(practice.whole, centre.ROSA)
    assert story.visits(reception, centre.NGOZI, 5)[1] == 2
    assert len(story.papers_given(reception, centre.NGOZI)) == 1
    for refused in (story.story, story.needs, story.plan_glance):
        with pytest.raises(Problem, match="You cannot do this"):
            refused(reception, centre.NGOZI)


def test_everything_that_was_said_about_sharing_is_kept(practice: Practice) -> None:
    said = story.sharing_history(practice, centre.NGOZI)
    assert {held.value.organisation for held in said} == {
        centre.SLAM, centre.COUNCIL, centre.CERTITUDE, centre.THAMES_REACH,
    }  # fmt: skip
