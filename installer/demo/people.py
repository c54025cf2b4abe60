"""Five hundred made-up people: those of the pictures, look-alikes, and others as mixed as Lambeth is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from installer.demo.making import Making
from installer.demo.names import LONG_DOUBLE_FAMILIES, draw_name
from installer.demo.numbers import MOBILE, OTHER_PHONE, london_phone, nhs_test_numbers
from installer.demo.pictured import PICTURED, Pictured
from installer.demo.places import GP_PRACTICES, draw_address
from installer.demo.staff import Workplace
from installer.demo.stories import COMMUNICATION
from livingwell_desktop.domain.contact_details import NO_FIXED_ABODE, parse_phone
from livingwell_desktop.domain.people import CommunicationNeed, ContactBy, NeedArranged, Person, PrintFormat

PEOPLE_COUNT = 500
KEY_WORKED = 140
"""How many of the others have a key worker."""

_WAYS = (ContactBy.ANY, ContactBy.TEXT_ONLY, ContactBy.PHONE, ContactBy.LETTER)


@dataclass(frozen=True, slots=True)
class Folk:
    """The people while records are made about them."""

    pictured: dict[str, UUID]
    """Those of the pictures by name; of the two Amara Okekes the second is "Amara Okeke 2"."""
    others: tuple[UUID, ...]
    key_workers: dict[UUID, UUID]
    centre_of: dict[UUID, int]
    values: dict[UUID, Person]


def add_people(making: Making, work: Workplace) -> Folk:
    """Add everybody, with what makes coming here possible for them."""
    folk = Folk({}, (), {}, {}, {})
    local_numbers = (f"LW{number:05}" for number in range(1, PEOPLE_COUNT + 1))
    for each in PICTURED:
        _add_pictured(making, work, folk, each, next(local_numbers))
    others = tuple(
        _add_other(making, work, folk, person, place)
        for place, person in enumerate(_others(making, local_numbers, PEOPLE_COUNT - len(PICTURED)))
    )
    return replace(folk, others=others)


def _add_pictured(making: Making, work: Workplace, folk: Folk, each: Pictured, local_number: str) -> None:
    worker = work.staff[each.key_worker] if each.key_worker else None
    value = replace(each.person, local_number=local_number, key_worker=worker)
    at = making.at(9, 1, 9, len(folk.values), year=2024)
    person = making.add(value, at, worker or work.receptions[0], work.centres[0])
    folk.pictured[each.key or value.name] = person
    folk.values[person], folk.centre_of[person] = value, 0
    if worker:
        folk.key_workers[person] = worker
    for position, (category, words, icon, arranged) in enumerate(each.needs):
        need = CommunicationNeed(
            person=person, category=category, words=words, icon=icon, arranged=arranged, position=position * 10,
            review_on=making.today + timedelta(days=180),
        )  # fmt: skip
        making.add(need, at, work.receptions[0], work.centres[0])


def _add_other(making: Making, work: Workplace, folk: Folk, value: Person, place: int) -> UUID:
    centre = making.chance.choices((0, 1, 2), (5, 3, 3))[0]
    worker = making.chance.choice(work.workers[centre]) if place < KEY_WORKED else None
    value = replace(value, key_worker=worker)
    at = making.at(12, 1, 9, year=2024) + timedelta(minutes=place)
    person = making.add(value, at, worker or work.receptions[centre], work.centres[centre])
    folk.values[person], folk.centre_of[person] = value, centre
    if worker:
        folk.key_workers[person] = worker
    for need in _communication_needs(making, person, value):
        making.add(need, at, work.receptions[centre], work.centres[centre])
    return person


def _others(making: Making, local_numbers: Iterator[str], count: int) -> Iterator[Person]:
    """People as they are registered, some of them with little known about them."""
    chance = making.chance
    numbers = nhs_test_numbers(201_307, 7_919)
    pictured = {each.person.nhs_number for each in PICTURED}
    phones = _phones(making)
    for place in range(count):
        called = draw_name(chance)
        family = LONG_DOUBLE_FAMILIES[place // 90] if place % 90 == 45 and called.family else called.family
        address, postcode = draw_address(chance)
        homeless = chance.random() < 0.05
        phone = next(phones) if chance.random() < 0.88 else ""
        nhs_number = next(each for each in numbers if each not in pictured) if chance.random() < 0.7 else ""
        born = date(1938, 1, 1) + timedelta(days=chance.randrange(70 * 365))
        little_known = chance.random()
        yield Person(
            given_name=called.given,
            family_name=family,
            other_names=called.other_names,
            pronouns=called.pronouns,
            language=called.language,
            interpreter_needed=bool(called.language) and chance.random() < 0.4,
            born=None if little_known < 0.04 else date(born.year, 1, 1) if little_known < 0.08 else born,
            born_is_estimate=0.04 <= little_known < 0.08,
            nhs_number=nhs_number,
            nhs_number_status="02" if nhs_number else "",
            local_number=next(local_numbers),
            address="" if homeless else address,
            postcode=NO_FIXED_ABODE if homeless else postcode,
            no_fixed_abode=homeless,
            safe_to_write=None if homeless else chance.random() < 0.9,
            phone=phone,
            phone_e164=parse_phone(phone).e164 if phone else "",
            contact_by=chance.choices(_WAYS, (6, 2, 1, 1))[0],
            safe_time=chance.choices(("", "After 5pm", "Mornings", "Not on Fridays"), (7, 1, 1, 1))[0],
            may_leave_message=chance.choice((True, False, None)),
            gp_practice=chance.choice(GP_PRACTICES),
            print_format=chance.choices(tuple(PrintFormat), (17, 2, 1))[0],
        )


def _phones(making: Making) -> Iterator[str]:
    """Numbers kept free for drama, each once, without those of the pictures."""
    taken = {each.person.phone for each in PICTURED} | {"07700 900 265", london_phone(18)}
    made = [f"{MOBILE} {last:03}" for last in range(1000)] + [f"{OTHER_PHONE}{last:03}" for last in range(200)]
    free = [phone for phone in made if phone not in taken]
    making.chance.shuffle(free)
    yield from free


def _communication_needs(making: Making, person: UUID, value: Person) -> Iterator[CommunicationNeed]:
    review_on = making.today + timedelta(days=making.chance.randint(20, 300))
    if value.interpreter_needed:
        arranged = making.chance.choice((NeedArranged.NONE_BOOKED, NeedArranged.BOOKED, NeedArranged.BY_PHONE))
        yield CommunicationNeed(
            person=person, category="communication_professional", words=value.language, icon="chat", arranged=arranged,
            review_on=review_on,
        )  # fmt: skip
    if value.print_format is not PrintFormat.STANDARD:
        category, words, icon = COMMUNICATION[0 if value.print_format is PrintFormat.LARGE_PRINT else 1]
        yield CommunicationNeed(
            person=person, category=category, words=words, icon=icon, position=10, review_on=review_on
        )
    elif making.chance.random() < 0.15:
        category, need, symbol = making.chance.choice(COMMUNICATION[2:])
        arranged = NeedArranged.NONE_BOOKED if need == "BSL" else NeedArranged.NOTHING_TO_ARRANGE
        yield CommunicationNeed(
            person=person, category=category, words=need, icon=symbol, arranged=arranged, position=20,
            review_on=review_on,
        )  # fmt: skip
