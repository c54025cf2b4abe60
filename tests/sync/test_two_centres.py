"""Two centres: what one knows does not reach the other until somebody there has a reason, and then all of it does."""

from collections.abc import Callable
from uuid import UUID

from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.people import Contact, Person
from livingwell_desktop.domain.record_requests import RecordRequest
from livingwell_desktop.domain.searching import parse_query
from livingwell_desktop.storage import Author, create, edit
from tests.central import CENTRE, STAFF, JoinedDesk

Join = Callable[..., JoinedDesk]
BRIXTON = UUID("0195c000-0000-7000-8000-0000000000c2")
NGOZI = UUID("0195c000-0000-7000-8000-000000000001")
CHIDI = UUID("0195c000-0000-7000-8000-000000000002")
HERE, THERE = Author(STAFF, CENTRE, "test"), Author(STAFF, BRIXTON, "test")


def found(desk: JoinedDesk, typed: str) -> list[UUID]:
    today = local_day(desk.store.clock())
    return [each.person for each in desk.store.search_cards(parse_query(typed, today))]


def test_a_person_is_found_at_another_centre_and_comes_whole_once_asked_for(join: Join) -> None:
    here, there = join(), join(centre=BRIXTON)
    ngozi = Person(given_name="Ngozi", family_name="Okafor", phone="07700 900 118", nhs_number="9990040109")
    here.store.write([create(NGOZI, ngozi)], [], HERE)
    here.store.write([create(CHIDI, Contact(person=NGOZI, name="Chidi"))], [], HERE)
    held = here.store.get(Person, NGOZI)
    assert held is not None
    here.store.write([edit(held, phone="07700 900 119")], [], HERE)
    here.exchange()
    there.exchange()
    assert there.store.get(Person, NGOZI) is None
    assert there.store.find(Contact, person=NGOZI) == ()
    assert found(there, "okaf") == [NGOZI]
    card = there.store.card(NGOZI)
    assert card is not None
    assert "07700" not in repr(card)
    there.store.write([create(UUID(int=9), RecordRequest(person=NGOZI, centre=BRIXTON))], [], THERE)
    there.exchange()
    there.exchange()
    came = there.store.get(Person, NGOZI)
    assert came is not None
    assert came.value.phone == "07700 900 119"
    assert [each.value.name for each in there.store.find(Contact, person=NGOZI)] == ["Chidi"]
    assert found(there, "okaf") == []  # no longer somebody else's
    # From then on each hears of the other's changes.
    there.store.write([edit(came, phone="07700 900 120")], [], THERE)
    there.exchange()
    here.exchange()
    again = here.store.get(Person, NGOZI)
    assert again is not None
    assert again.value.phone == "07700 900 120"


def test_a_desk_that_joins_later_downloads_what_its_centre_knows(join: Join) -> None:
    here = join()
    here.store.write([create(NGOZI, Person(given_name="Ngozi", family_name="Okafor"))], [], HERE)
    here.exchange()
    late, elsewhere = join(), join(centre=BRIXTON)
    late.exchange()
    elsewhere.exchange()
    assert late.store.get(Person, NGOZI) is not None
    assert elsewhere.store.get(Person, NGOZI) is None
    assert found(elsewhere, "ngozi") == [NGOZI]
    assert found(late, "ngozi") == []
