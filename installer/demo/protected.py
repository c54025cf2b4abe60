"""Somebody who must not be found, and two openings of a record in an emergency: one reviewed, one that waits."""

from datetime import time, timedelta

from installer.demo.making import Making
from installer.demo.numbers import mobile
from installer.demo.people import PEOPLE_COUNT, Folk
from installer.demo.staff import Workplace
from livingwell_desktop.domain.contact_details import parse_phone
from livingwell_desktop.domain.emergency_opening import (
    OPEN_FOR,
    EmergencyOpening,
    OpeningReason,
    OpeningReview,
    ReviewOutcome,
)
from livingwell_desktop.domain.people import ContactBy, Person
from livingwell_desktop.domain.protection import Protection, ProtectionReason
from livingwell_desktop.domain.sessions import Booking, BookingState, Visit, VisitState

PROTECTED = "Danuta Sikora"
REFERENCE = "Dana"


def add_protected(making: Making, work: Workplace, folk: Folk) -> None:
    """Add Danuta, whom reception knows as Dana, after everybody else: the others stay as they are."""
    maya, centre, at = work.staff["Maya Lindqvist"], work.centres[0], making.at(7, 9, 11)
    phone = mobile(699)
    value = Person(
        given_name="Danuta", family_name="Sikora", born=making.day(8, 5, 1991), address="27 Sentinel Walk",
        postcode="SE11 4QX", phone=phone, phone_e164=parse_phone(phone).e164, contact_by=ContactBy.TEXT_ONLY,
        safe_to_write=False, local_number=f"LW{PEOPLE_COUNT + 1:05}", key_worker=maya,
    )  # fmt: skip
    person = making.add(value, at, maya, centre)
    folk.pictured[PROTECTED] = person
    protection = Protection(
        person=person, from_date=making.day(7, 9), reason=ProtectionReason.VIOLENCE_AT_HOME, reference=REFERENCE,
        centre=centre, review_on=making.day(7, 3, 2027), decided_by=work.staff["Sunita Marsh"],
    )  # fmt: skip
    making.add(protection, at + timedelta(minutes=20), work.staff["Sunita Marsh"], centre)
    seen = making.at(16, 11, 14, 5)
    visit = Visit(
        person=person, centre=centre, on=making.day(16, 11), ticket="B03", arrived_at=seen, reason="Wants to talk",
        sees=maya, where="Room 2", state=VisitState.DONE, called_at=seen, ended_at=seen + timedelta(minutes=50),
        outcome="Seen",
    )  # fmt: skip
    making.add(visit, seen, maya, centre)
    booking = Booking(
        person=person, centre=centre, on=making.day(30, 11), at=time(15, 10), until=time(16), reason="Talk with Maya",
        sees=maya, where="Room 2", state=BookingState.BOOKED, made_at=seen,
    )  # fmt: skip
    making.add(booking, seen + timedelta(minutes=51), maya, centre)
    _add_openings(making, work, folk)


def _add_openings(making: Making, work: Workplace, folk: Folk) -> None:
    priya, centre = work.staff["Priya Nair"], work.centres[0]
    far = [person for person in folk.others if folk.centre_of[person] == 1 and person in folk.key_workers][:2]
    openings = []
    for person, day, words in zip(
        far,
        (3, 20),
        ("Rang from the bridge. I stayed on the phone until the ambulance came.", "Here at the door, very frightened."),
        strict=True,
    ):
        at = making.at(day, 11, 12, 40)
        opening = EmergencyOpening(
            person=person, staff=priya, reason=OpeningReason.IN_CRISIS_HERE, words=words, opened_at=at,
            until=at + OPEN_FOR,
        )  # fmt: skip
        openings.append(making.add(opening, at, priya, centre))
    ruth, at = work.staff["Ruth Ellery"], making.at(4, 11, 9, 30)
    review = OpeningReview(
        person=far[0], opening=openings[0], outcome=ReviewOutcome.RIGHT, words="Priya did what was needed.",
        reviewed_by=ruth, reviewed_at=at,
    )  # fmt: skip
    making.add(review, at, ruth, centre)
