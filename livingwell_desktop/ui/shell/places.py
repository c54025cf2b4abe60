"""Which page shows which place, and where it stands in the rail. A new page is one line here."""

from dataclasses import dataclass

from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.ui import assessment, care_plan, people, reception
from livingwell_desktop.ui.pages import (
    AttentionPlace,
    BookingsPlace,
    Page,
    PeoplePlace,
    Place,
    PlansDuePlace,
    TodayPlace,
)
from livingwell_desktop.ui.shell.keys import KeysPage
from livingwell_desktop.ui.widgets.rail import RailPlace

PAGES: tuple[type[Page], ...] = (
    reception.TodayPage,
    reception.BookingsPage,
    reception.NewPersonPage,
    people.PeoplePage,
    people.PersonPage,
    people.AttentionPage,
    assessment.AssessmentPage,
    care_plan.PlanPage,
    care_plan.PlansDuePage,
    care_plan.PreviewPage,
    KeysPage,
)


@dataclass(frozen=True, slots=True)
class RailEntry:
    """A place that the rail leads to, and the act that a role must be allowed to see it."""

    rail: RailPlace
    place: Place
    act: Act


RAIL: tuple[RailEntry, ...] = (
    RailEntry(RailPlace("today", "Today", "calendar-check", "Alt+1"), TodayPlace(), Act.SEE_BOARD),
    RailEntry(RailPlace("bookings", "Bookings", "calendar", "Alt+2"), BookingsPlace(), Act.BOOK),
    RailEntry(RailPlace("people", "People", "people", "Alt+3"), PeoplePlace(), Act.FIND_PEOPLE),
    RailEntry(RailPlace("plans_due", "Plans due", "clipboard", "Alt+4"), PlansDuePlace(), Act.SEE_CLINICAL),
    RailEntry(RailPlace("attention", "Attention", "bell", "Alt+5"), AttentionPlace(), Act.SETTLE),
)

RAIL_OF_PLACE = {
    "TodayPlace": "today",
    "NewPersonPlace": "today",
    "AssessmentPlace": "people",
    "BookingsPlace": "bookings",
    "PeoplePlace": "people",
    "PersonPlace": "people",
    "PlanPlace": "people",
    "PlansDuePlace": "plans_due",
    "AttentionPlace": "attention",
}
"""Which rail entry is lit while a place is shown; none for places that belong to no entry."""
