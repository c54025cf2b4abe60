"""The line over a record that is open in an emergency: on every place of that person, until it ends."""

import pytest

from livingwell_desktop.domain.emergency_opening import OPEN_FOR, OpeningReason
from livingwell_desktop.domain.permissions import Tie
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services import emergency
from livingwell_desktop.ui.pages import PersonPlace, PlanPlace, TodayPlace
from tests.office import Day


@pytest.mark.slow
def test_the_line_stands_over_every_place_of_the_person_until_it_ends(day: Day) -> None:
    maya = day.room_2()
    window, practice, store = maya.desk.window, maya.desk.practice, maya.desk.store
    strangers = (held.value.person for held in store.find(Visit) if held.value.centre != practice.centre.id)
    person = next(each for each in strangers if each and practice.tie(each) is Tie.NONE)
    maya.go(PersonPlace(person))
    assert not window.emergency.isVisible()
    maya.go(PlanPlace(person))
    assert window.place() == PersonPlace(person), "the plan is not open to Maya"
    emergency.open_record(practice, person, OpeningReason.LIFE_IN_DANGER, "He rang and said goodbye.")
    for place in (PlanPlace(person), PersonPlace(person, "assessments")):
        maya.go(place)
        assert window.place() == place
        assert window.emergency.isVisible()
    assert maya.shows("This record is open in an emergency until")
    maya.go(TodayPlace())
    assert not window.emergency.isVisible()
    maya.go(PlanPlace(person))
    held = emergency.opening_now(practice, person)
    assert held is not None
    day.clock.at += OPEN_FOR
    window.presence.seen()  # somebody is there: it is not the idle time that ends it
    window._tick()
    assert window.place() == PersonPlace(person)
    assert not window.emergency.isVisible()
