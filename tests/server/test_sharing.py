"""What a person takes back from an organisation leaves the desks that serve it alone, until they share again."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest

from livingwell_desktop.domain.organisations import Centre, Organisation
from livingwell_desktop.domain.people import Contact, Decision, Person, Section, SharingAgreement
from livingwell_desktop.storage import create, edit
from tests.central import CENTRE, JoinedDesk
from tests.server.test_withdrawing import both
from tests.sync.test_two_centres import BRIXTON, CHIDI, HERE, NGOZI, THERE

Join = Callable[..., JoinedDesk]
THAMES_REACH, CERTITUDE = UUID(int=0x71), UUID(int=0x72)


@pytest.fixture
def two(join: Join) -> tuple[JoinedDesk, JoinedDesk]:
    """A desk of a centre of the whole alliance and one of an office of Thames Reach, which both know Ngozi."""
    here, office = join(), join(centre=BRIXTON)
    here.store.write(
        [
            create(THAMES_REACH, Organisation(name="Thames Reach", by_agreement=True)),
            create(CERTITUDE, Organisation(name="Certitude")),
            create(CENTRE, Centre(name="Centre A")),
            create(BRIXTON, Centre(name="Thames Reach, Brixton", organisation=THAMES_REACH)),
        ],
        [],
        HERE,
    )
    here.store.write([create(NGOZI, Person(given_name="Ngozi", family_name="Okafor"))], [], HERE)
    here.store.write([create(CHIDI, Contact(person=NGOZI, name="Chidi"))], [], HERE)
    both(here, office)
    office.store.write([create(uuid4(), Contact(person=NGOZI, name="Amara"))], [], THERE)
    both(office, here, times=3)
    assert office.store.get(Contact, CHIDI) is not None
    return here, office


def say(desk: JoinedDesk, decision: Decision, day: int, organisation: UUID = THAMES_REACH) -> None:
    sections = tuple(Section) if decision is Decision.GIVEN else ()
    value = SharingAgreement(
        person=NGOZI, organisation=organisation, decision=decision, sections=sections, decided_on=date(2026, 11, day)
    )
    desk.store.write([create(uuid4(), value)], [], HERE)
    desk.exchange()


def holds(desk: JoinedDesk) -> bool:
    return desk.store.get(Person, NGOZI) is not None and bool(desk.store.find(Contact, person=NGOZI))


def test_it_leaves_the_organisations_own_desks_and_comes_back(two: tuple[JoinedDesk, JoinedDesk]) -> None:
    here, office = two
    say(here, Decision.GIVEN, 1)
    both(office, times=2)
    assert holds(office)
    say(here, Decision.WITHDRAWN, 2)
    # What waits there is sent first, and reaches the others.
    held = office.store.get(Person, NGOZI)
    assert held is not None
    office.store.write([edit(held, phone="07700 900 120")], [], THERE)
    both(office, here, office)
    assert not holds(office)
    assert office.store.find(SharingAgreement) == ()
    kept = here.store.get(Person, NGOZI)
    assert kept is not None
    assert kept.value.phone == "07700 900 120"
    say(here, Decision.GIVEN, 3)
    both(office, times=2)
    assert holds(office)
    came = office.store.get(Person, NGOZI)
    assert came is not None
    assert came.value.phone == "07700 900 120"


def test_writing_about_them_there_makes_nobody_known_again(two: tuple[JoinedDesk, JoinedDesk]) -> None:
    here, office = two
    say(here, Decision.REFUSED, 2)
    both(office, times=2)
    office.store.write([create(uuid4(), Contact(person=NGOZI, name="Somebody new"))], [], THERE)
    both(office, here, office)
    assert office.store.get(Person, NGOZI) is None
    assert "Somebody new" in [each.value.name for each in here.store.find(Contact, person=NGOZI)]


def test_what_is_said_of_another_organisation_takes_nothing_away(two: tuple[JoinedDesk, JoinedDesk]) -> None:
    here, office = two
    say(here, Decision.GIVEN, 1, CERTITUDE)
    say(here, Decision.WITHDRAWN, 2, CERTITUDE)
    both(office, here, times=2)
    assert holds(office)
    assert holds(here)


def test_the_newest_day_counts_in_whatever_order_it_comes(two: tuple[JoinedDesk, JoinedDesk]) -> None:
    here, office = two
    say(here, Decision.GIVEN, 5)
    say(here, Decision.WITHDRAWN, 2)
    both(office, times=2)
    assert holds(office)


def test_a_centre_of_the_whole_alliance_keeps_what_it_holds(two: tuple[JoinedDesk, JoinedDesk]) -> None:
    here, office = two
    held = here.store.get(Centre, BRIXTON)
    assert held is not None
    here.store.write([edit(held, organisation=None)], [], HERE)
    here.exchange()
    say(here, Decision.WITHDRAWN, 2)
    both(office, times=2)
    assert holds(office)
    assert holds(here)
