"""Which page shows which place, and where it stands in the rail. A new page is one line here."""

import importlib
from dataclasses import dataclass

from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.pages import (
    AssessmentPlace,
    AttentionPlace,
    BookingsPlace,
    ConnectionPlace,
    KeysPlace,
    NewPersonPlace,
    OutagePlace,
    Page,
    PassphrasePlace,
    PeoplePlace,
    PersonPlace,
    Place,
    PlanPlace,
    PlansDuePlace,
    PreviewPlace,
    StaffPlace,
    TodayPlace,
)
from livingwell_desktop.ui.widgets.rail import RailPlace

PAGES: dict[type[Place], str] = {
    TodayPlace: "reception.TodayPage",
    BookingsPlace: "reception.BookingsPage",
    NewPersonPlace: "reception.NewPersonPage",
    PeoplePlace: "people.PeoplePage",
    PersonPlace: "people.PersonPage",
    AttentionPlace: "people.AttentionPage",
    AssessmentPlace: "assessment.AssessmentPage",
    PlanPlace: "care_plan.PlanPage",
    PlansDuePlace: "care_plan.PlansDuePage",
    PreviewPlace: "care_plan.PreviewPage",
    StaffPlace: "admin.StaffPage",
    PassphrasePlace: "admin.PassphrasePage",
    ConnectionPlace: "outage.ConnectionPage",
    OutagePlace: "outage.OutagePage",
    KeysPlace: "shell.keys.KeysPage",
}
"""The page of each place: the room and the class. A room is imported when one of its places is first shown, so that
Today is there at once."""


def page_class(place: type[Place]) -> type[Page]:
    """The page that shows places of that kind, with its room imported."""
    room, _, name = PAGES[place].rpartition(".")
    found: type[Page] = getattr(importlib.import_module(f"livingwell_desktop.ui.{room}"), name)
    return found


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
    RailEntry(RailPlace("attention", "Attention", "bell", "Alt+5"), AttentionPlace(), Act.SEE_ATTENTION),
    RailEntry(RailPlace("staff", "Staff and desks", "key", "Alt+6"), StaffPlace(), Act.SEE_DESKS),
)


def first_place(practice: Practice) -> Place:
    """Where a role starts: the first place of the rail that it may see. A role that may see none has its keys, and is
    told why there is no more."""
    return next((entry.place for entry in RAIL if practice.may(entry.act).allowed), KeysPlace())


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
    "StaffPlace": "staff",
    "ConnectionPlace": "attention",
    "OutagePlace": "attention",
}
"""Which rail entry is lit while a place is shown; none for places that belong to no entry."""
