"""The place to return to: each member of staff has their own, for one day, and never one that cannot be shown."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

import pytest

from livingwell_desktop.domain.organisations import Centre, Device, Role, Staff
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Author, Draft, Store, create
from livingwell_desktop.ui.pages import (
    AssessmentPlace,
    AttentionPlace,
    BookingsPlace,
    KeysPlace,
    NewPersonPlace,
    PersonPlace,
    Place,
    PlanPlace,
    PreviewPlace,
    TodayPlace,
)
from livingwell_desktop.ui.shell.remembered import KIND, remember, remembered
from tests.conftest import StillClock

T = TypeVar("T")
PERSON, VISIT = UUID(int=5), UUID(int=6)
ROSA, MAYA, CENTRE, DESK = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def practice_of(store: Store, clock: StillClock) -> Callable[[UUID], Practice]:
    records = [
        (ROSA, Staff(given_name="Rosa", family_name="Mensah", role=Role.RECEPTION, centre=CENTRE)),
        (MAYA, Staff(given_name="Maya", family_name="Lindqvist", role=Role.KEY_WORKER, centre=CENTRE)),
        (CENTRE, Centre(name="Centre A")),
        (DESK, Device(name="Reception desk 1", centre=CENTRE, letter="A")),
    ]
    store.write([create(record, value) for record, value in records], [], Author(None, None, "test"))

    def held(kind: type[T], record: UUID) -> Held[T]:
        found = store.get(kind, record)
        assert found is not None
        return found

    return lambda staff: Practice(store, clock, held(Staff, staff), held(Centre, CENTRE), held(Device, DESK))


@pytest.mark.parametrize(
    "place",
    [
        TodayPlace(),
        TodayPlace(VISIT),
        PersonPlace(PERSON, "details"),
        AssessmentPlace(PERSON, "dialog", VISIT, "accommodation"),
        PlanPlace(PERSON),
        PreviewPlace("plan", PERSON, VISIT),
        NewPersonPlace("Teo Almeida", False),
        BookingsPlace(PERSON),
        AttentionPlace(),
        KeysPlace(),
    ],
    ids=lambda place: type(place).__name__,
)
def test_every_place_comes_back(practice_of: Callable[[UUID], Practice], place: Place) -> None:
    remember(practice_of(ROSA), place)
    assert remembered(practice_of(ROSA)) == place


def test_a_day_is_not_kept(practice_of: Callable[[UUID], Practice]) -> None:
    remember(practice_of(ROSA), BookingsPlace(None, date(2026, 11, 25)))
    assert remembered(practice_of(ROSA)) == BookingsPlace()


def test_each_member_of_staff_has_their_own(practice_of: Callable[[UUID], Practice]) -> None:
    remember(practice_of(ROSA), PersonPlace(PERSON))
    assert remembered(practice_of(MAYA)) is None
    remember(practice_of(MAYA), PlanPlace(PERSON))
    remember(practice_of(MAYA), KeysPlace())
    assert remembered(practice_of(ROSA)) == PersonPlace(PERSON)
    assert remembered(practice_of(MAYA)) == KeysPlace()


def test_tomorrow_begins_with_today_s_board(practice_of: Callable[[UUID], Practice], clock: StillClock) -> None:
    remember(practice_of(ROSA), PersonPlace(PERSON))
    clock.at += timedelta(days=1)
    assert remembered(practice_of(ROSA)) is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "PlaceOfANewerVersion", "fields": {}},
        {"name": "Place", "fields": {"person": str(PERSON)}},
        {"name": "Desk", "fields": {}},
        {"name": "PersonPlace", "fields": {"person": "not an id"}},
        {"name": "PersonPlace", "fields": {"unheard_of": 1}},
        {"name": "PersonPlace", "fields": {}},
    ],
)
def test_a_place_that_this_version_cannot_show_is_no_place(
    practice_of: Callable[[UUID], Practice], store: Store, clock: StillClock, body: dict[str, object]
) -> None:
    store.save_draft(Draft(UUID(int=9), ROSA, KIND, ROSA, body, (), clock()))
    assert remembered(practice_of(ROSA)) is None
