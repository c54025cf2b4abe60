"""The made-up alliance: four partner organisations, three centres with rooms and desks, forty members of staff."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from installer.demo.making import Making
from installer.demo.names import draw_name
from installer.demo.numbers import london_phone
from livingwell_desktop.domain.names import fold
from livingwell_desktop.domain.organisations import Centre, Device, Organisation, Role, Room, Staff

SLAM, COUNCIL, CERTITUDE, THAMES_REACH = "SLaM", "Lambeth Council", "Certitude", "Thames Reach"
STAFF_COUNT = 40
_ORGANISATIONS = (
    Organisation(
        name="South London and Maudsley", short_name=SLAM, letters="SL", colour="slam", phone="020 7946 0100",
        ods_code="RV5", from_date=date(2018, 7, 1),
    ),
    Organisation(
        name="Lambeth Council", short_name=COUNCIL, letters="LC", colour="council", phone="020 7946 0200",
        from_date=date(2018, 7, 1),
    ),
    Organisation(
        name="Certitude", short_name=CERTITUDE, letters="Ce", colour="certitude", phone="020 7946 0300",
        from_date=date(2018, 7, 1),
    ),
    Organisation(
        name="Thames Reach", short_name=THAMES_REACH, letters="TR", colour="thames_reach", phone="020 7946 0400",
        from_date=date(2018, 7, 1), by_agreement=True,
    ),
)  # fmt: skip
_CENTRES = (
    ("Centre A", "1 Example Road, London SW9", "020 7946 0500"),
    ("Centre B", "2 Example Street, London SW16", "020 7946 0600"),
    ("Centre C", "3 Example Way, London SE11", "020 7946 0700"),
)
_ROOMS = ("Room 1", "Room 2", "Room 3", "Room 4", "Hub table 1", "Hub table 2", "Hub table 3", "Hub table 4", "Clinic")
_DESKS = (
    ("Reception desk 1", "Room 2 desk", "Room 3 desk"),
    ("Reception desk 1", "Reception desk 2", "Room 1 desk"),
    ("Reception desk 1", "Room 1 desk"),
)
_WEEKDAYS = "Monday to Friday, 9am to 5pm"


class _Member(NamedTuple):
    """Somebody of the pictures, at Centre A."""

    given: str
    family: str
    role: Role
    job_title: str
    organisation: str
    phone: str = ""


_OF_THE_PICTURES = (
    _Member("Rosa", "Mensah", Role.RECEPTION, "Reception", CERTITUDE),
    _Member("Maya", "Lindqvist", Role.KEY_WORKER, "Key worker", SLAM, london_phone(127)),
    _Member("Tunde", "Bakare", Role.KEY_WORKER, "Housing officer", COUNCIL, london_phone(214)),
    _Member("Jo", "Castell", Role.KEY_WORKER, "Support worker", THAMES_REACH, london_phone(431)),
    _Member("Priya", "Nair", Role.KEY_WORKER, "Key worker", CERTITUDE, london_phone(318)),
    _Member("Dr Leo", "Hartmann", Role.KEY_WORKER, "Psychiatrist", SLAM, london_phone(133)),
    _Member("Sunita", "Marsh", Role.TEAM_MANAGER, "Team manager", SLAM, london_phone(101)),
    _Member("Callum", "Adair", Role.ADMINISTRATOR, "Administrator", CERTITUDE, london_phone(302)),
    _Member("Ruth", "Ellery", Role.PRIVACY_OFFICER, "Privacy officer", SLAM, london_phone(109)),
)
_OTHER_JOBS = (
    (Role.RECEPTION, "Reception", CERTITUDE),
    (Role.KEY_WORKER, "Key worker", SLAM),
    (Role.KEY_WORKER, "Key worker", CERTITUDE),
    (Role.KEY_WORKER, "Mental health nurse", SLAM),
    (Role.KEY_WORKER, "Social worker", COUNCIL),
    (Role.KEY_WORKER, "Support worker", THAMES_REACH),
    (Role.KEY_WORKER, "Peer support worker", CERTITUDE),
    (Role.KEY_WORKER, "Occupational therapist", SLAM),
    (Role.KEY_WORKER, "Housing officer", COUNCIL),
    (Role.KEY_WORKER, "Psychologist", SLAM),
)


@dataclass(frozen=True, slots=True)
class Workplace:
    """The alliance while people are added to it: ids by name."""

    organisations: dict[str, UUID]
    centres: tuple[UUID, ...]
    devices: dict[tuple[UUID, str], UUID]
    staff: dict[str, UUID]
    organisation_of: dict[UUID, UUID]
    receptions: tuple[UUID, ...]
    """A receptionist for each centre, in the order of the centres."""
    workers: tuple[tuple[UUID, ...], ...]
    """Everybody who sees people, for each centre."""


def add_workplace(making: Making) -> Workplace:
    """Add organisations, centres, rooms, desks and staff."""
    start = making.at(1, 7, 9, year=2018)
    organisations = {each.short_name: making.add(each, start) for each in _ORGANISATIONS}
    centres = tuple(
        making.add(Centre(name=name, address=address, phone=phone, opens=time(10), closes=time(18)), start)
        for name, address, phone in _CENTRES
    )
    devices = _add_rooms_and_desks(making, centres, start)
    members = [*_pictured(organisations, centres[0]), *_others(making, organisations, centres)]
    staff, organisation_of = dict[str, UUID](), dict[UUID, UUID]()
    receptions, workers = dict[UUID, UUID](), {centre: list[UUID]() for centre in centres}
    for member in members:
        record = making.add(member, start)
        staff[member.name] = record
        organisation_of[record] = member.organisation or organisations[SLAM]
        centre = member.centre or centres[0]
        if member.role is Role.RECEPTION:
            receptions.setdefault(centre, record)
        elif member.role is Role.KEY_WORKER:
            workers[centre].append(record)
    return Workplace(
        organisations, centres, devices, staff, organisation_of,
        tuple(receptions[centre] for centre in centres), tuple(tuple(workers[centre]) for centre in centres),
    )  # fmt: skip


def _add_rooms_and_desks(making: Making, centres: tuple[UUID, ...], start: datetime) -> dict[tuple[UUID, str], UUID]:
    devices = dict[tuple[UUID, str], UUID]()
    letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for centre, desks in zip(centres, _DESKS, strict=True):
        for position, name in enumerate(_ROOMS):
            making.add(Room(centre=centre, name=name, quiet=name == "Room 2", position=position * 10), start)
        for name in desks:
            # A letter stands for one desk of the whole alliance, so that no two tickets are ever the same.
            devices[centre, name] = making.add(Device(name=name, centre=centre, letter=next(letters)), start)
    return devices


def _pictured(organisations: dict[str, UUID], centre: UUID) -> list[Staff]:
    return [
        Staff(
            given_name=each.given,
            family_name=each.family,
            role=each.role,
            job_title=each.job_title,
            organisation=organisations[each.organisation],
            centre=centre,
            phone=each.phone,
            hours=_WEEKDAYS,
            user_name=user_name(each.given, each.family),
        )
        for each in _OF_THE_PICTURES
    ]


def _others(making: Making, organisations: dict[str, UUID], centres: tuple[UUID, ...]) -> list[Staff]:
    found, taken = list[Staff](), {(each.given, each.family) for each in _OF_THE_PICTURES}
    while len(found) < STAFF_COUNT - len(_OF_THE_PICTURES):
        called = draw_name(making.chance)
        if not called.family or (called.given, called.family) in taken:
            continue
        taken.add((called.given, called.family))
        # The first jobs go to Centres B and C, which have nobody of the pictures.
        place = len(found)
        centre = centres[(1, 2)[place % 2] if place < 24 else place % 3]
        role, job_title, organisation = _OTHER_JOBS[(place // 2 if place < 24 else place) % len(_OTHER_JOBS)]
        found.append(
            Staff(
                given_name=called.given,
                family_name=called.family,
                role=role,
                job_title=job_title,
                organisation=organisations[organisation],
                centre=centre,
                phone=london_phone(500 + place),
                hours=_WEEKDAYS,
                user_name=user_name(called.given, called.family),
            )
        )
    return found


def user_name(given: str, family: str) -> str:
    """The sign-in name: "rosa.mensah". Only plain letters, so that it can be typed on any keyboard."""
    return ".".join(fold(part).replace(" ", "") for part in (given.removeprefix("Dr "), family))
