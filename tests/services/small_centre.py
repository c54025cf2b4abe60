"""A small made-up centre on a real store: enough people, rooms and sessions to work with, and no more."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from livingwell_desktop.domain.organisations import Centre, Device, Organisation, Role, Room, Staff
from livingwell_desktop.domain.people import CommunicationNeed, NeedArranged, Person
from livingwell_desktop.domain.sessions import Session, Visit
from livingwell_desktop.services import reception
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Author, Store, create
from tests.conftest import StillClock

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)


@dataclass
class SmallCentre:
    """Centre A with its desks, and Centre B with a session only. `ids` by the names people use."""

    store: Store
    clock: StillClock
    ids: dict[str, UUID] = field(default_factory=dict)

    def add(self, name: str, value: Any) -> UUID:
        self.ids[name] = uuid4()
        self.store.write([create(self.ids[name], value)], [], Author(None, None, "made up"))
        return self.ids[name]

    def at_desk(self, staff: str, device: str = "Reception desk 1", store: Store | None = None) -> Practice:
        """Somebody at a desk; at another desk's store when that is given."""
        where = store or self.store
        member, centre = where.get(Staff, self.ids[staff]), where.get(Centre, self.ids["Centre A"])
        desk = where.get(Device, self.ids[device])
        assert member and centre and desk
        return Practice(where, self.clock, member, centre, desk)

    def person(self, name: str, **fields: Any) -> UUID:
        given, _space, family = name.partition(" ")
        return self.add(name, Person(given_name=given, family_name=family, **fields))

    def need(self, name: str, words: str, arranged: NeedArranged) -> None:
        self.add(
            f"{name}: {words}", CommunicationNeed(person=self.ids[name], words=words, icon="chat", arranged=arranged)
        )

    def session(self, name: str, centre: str, on: date, starts: int, ends: int, places: int) -> UUID:
        title = name.partition(",")[0]
        value = Session(
            centre=self.ids[centre], title=title, on=on, starts=time(starts), ends=time(ends), places=places
        )
        return self.add(name, value)

    def here(self, practice: Practice, name: str, reason: str = "Wants to talk", **more: Any) -> reception.CheckedIn:
        return reception.check_in(practice, self.ids[name], reason=reason, **more)

    def visit(self, practice: Practice, checked_in: reception.CheckedIn) -> Any:
        held = practice.whole.get(Visit, checked_in.visit)
        assert held
        return held


def made_centre(store: Store, clock: StillClock) -> SmallCentre:
    """Monday 23 November 2026 at Centre A."""
    made = SmallCentre(store, clock)
    slam = made.add(
        "SLaM", Organisation(name="South London and Maudsley", short_name="SLaM", letters="SL", colour="slam")
    )
    for name in ("Centre A", "Centre B"):
        made.add(name, Centre(name=name))
    here = made.ids["Centre A"]
    for place, name in enumerate(("Room 1", "Room 2", "Hub table 1"), 1):
        made.add(name, Room(centre=here, name=name, position=place))
    for name, role, title, organisation in (
        ("Rosa Mensah", Role.RECEPTION, "Receptionist", None),
        ("Maya Lindqvist", Role.KEY_WORKER, "Key worker", slam),
        ("Alan Oyelaran", Role.ADMINISTRATOR, "Administrator", None),
    ):
        given, _space, family = name.partition(" ")
        member = Staff(
            given_name=given, family_name=family, role=role, job_title=title, organisation=organisation, centre=here
        )
        made.add(name, member)
    for name, letter in (("Reception desk 1", "A"), ("Room 2 desk", "B")):
        made.add(name, Device(name=name, centre=here, letter=letter))
    made.person("Ngozi Okafor", born=date(1986, 3, 14), phone="07700 900 118", phone_e164="+447700900118")
    made.person("Yusuf Abdi Warsame", born=date(1979, 5, 2))
    made.person("Ines Carvalho", born=date(1991, 9, 30))
    made.person("Amara Okeke", born=date(1990, 6, 12), postcode="SW9 8HH", address="31 Barrington Road")
    made.need("Yusuf Abdi Warsame", "Somali", NeedArranged.NONE_BOOKED)
    made.need("Ines Carvalho", "Portuguese", NeedArranged.BY_PHONE)
    made.session("Open drop-in", "Centre A", TODAY, 10, 13, 5)
    made.session("Housing advice", "Centre A", TODAY, 11, 13, 1)
    made.session("Open drop-in, tomorrow", "Centre A", TOMORROW, 10, 13, 5)
    made.session("Open drop-in, Centre B", "Centre B", TOMORROW, 10, 13, 5)
    return made
