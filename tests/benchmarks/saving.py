"""Saving: what a receptionist does all day, each verb until it is on disk."""

from collections.abc import Iterator
from itertools import count
from random import Random
from uuid import UUID, uuid5

from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.sessions import Booking, Session, Visit
from livingwell_desktop.services import bookings, people, reception
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Draft
from tests.benchmarks.big_records import SEED, TODAY, BigAlliance
from tests.benchmarks.measuring import median_of_rounds, milliseconds

PEOPLE_A_ROUND = 30
_DRAFTS = UUID("0195c000-0000-7000-8000-0000000000d0")


def save_p99_ms(practice: Practice, alliance: BigAlliance) -> float:
    """One save with `synchronous=FULL`, 99th percentile: check in, call, end, change a phone, book, keep a draft."""
    chance, numbers = Random(SEED + 3), count()
    busy = {held.value.person for kind in (Visit, Booking) for held in practice.whole.find(kind, on=TODAY)}
    strangers = (person for person in alliance.people if person not in busy)
    sessions = [held for held in practice.whole.find(Session, on=TODAY) if held.value.centre == practice.centre.id]

    def one_round() -> Iterator[float]:
        for _ in range(PEOPLE_A_ROUND):
            person = next(strangers)
            yield from _one_person(practice, person, sessions[chance.randrange(len(sessions))].id, next(numbers))

    return median_of_rounds(one_round, 99)


def _one_person(practice: Practice, person: UUID, session: UUID, number: int) -> Iterator[float]:
    store, found = practice.whole, dict[str, UUID]()

    def check_in() -> None:
        found["visit"] = reception.check_in(practice, person, reason="Wants to talk").visit

    def call() -> None:
        held = store.get(Visit, found["visit"])
        assert held is not None
        reception.call(practice, held, where="Room 2")

    def end() -> None:
        held = store.get(Visit, found["visit"])
        assert held is not None
        reception.done(practice, held)

    def change_phone() -> None:
        held = store.get(Person, person)
        assert held is not None
        people.change_details(practice, held, phone=f"07700 900 {number % 1000:03}")

    def book() -> None:
        bookings.book(practice, person, session, waiting_list=True)

    def keep_draft() -> None:
        draft = Draft(
            uuid5(_DRAFTS, str(number)), practice.staff.id, "assessment:dialog", person, {"answers": {}}, (),
            practice.now(),
        )  # fmt: skip
        store.save_draft(draft)

    for save in (check_in, keep_draft, call, change_phone, end, book):
        yield milliseconds(save)
