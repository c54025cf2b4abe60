"""The made-up alliance: the same every time, nobody real in it, and everything the pictures show."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from installer.demo.accounts import demo_passphrase
from installer.demo.alliance import LISTED_FIRST, Alliance, build, fill
from installer.demo.ngozi import AREAS_IN_ORDER, STORY_LENGTH
from livingwell_desktop.domain.assessments import Need, QuestionnaireResponse
from livingwell_desktop.domain.contact_details import parse_phone, parse_postcode
from livingwell_desktop.domain.look_alikes import results_strip
from livingwell_desktop.domain.nhs_number import check_nhs_number
from livingwell_desktop.domain.organisations import Centre, Device, Organisation, Role, Room, Staff
from livingwell_desktop.domain.people import CommunicationNeed, Contact, Person
from livingwell_desktop.domain.permissions import Who, may_write
from livingwell_desktop.domain.plan_rules import plan_fingerprint
from livingwell_desktop.domain.plans import Action, PlanAgreement, PlanVersion
from livingwell_desktop.domain.questionnaire import validate
from livingwell_desktop.domain.records import body_of, kind_of
from livingwell_desktop.domain.sessions import Booking, Session, Visit
from livingwell_desktop.domain.waiting import ticket
from livingwell_desktop.security.passphrases import check_passphrase
from livingwell_desktop.services import assessments, finding, people, plans, reception, story
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Store
from tests.conftest import StillClock

TODAY, NOW = date(2026, 11, 23), datetime(2026, 11, 23, 10, 43, tzinfo=UTC)
DRAMA_PHONES = re.compile(r"\+44(7700900\d{3}|2079460\d{3}|1632960\d{3})")
RISK = re.compile(r"\brisk\b|\b(low|medium|high) (risk|need|priority)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def alliance() -> Alliance:
    return build(TODAY, NOW)


@pytest.fixture(scope="module")
def desk(alliance: Alliance, tmp_path_factory: pytest.TempPathFactory) -> Practice:
    """Maya at the desk of Room 2, with the demo in a real store."""
    from tests.conftest import unsigned

    clock = StillClock(NOW)
    store = Store.open(tmp_path_factory.mktemp("demo") / "desk.db", bytes(range(32)), unsigned(), clock)
    heard: list[tuple[int, int]] = []
    fill(store, alliance, lambda done, total: heard.append((done, total)))
    assert heard[-1] == (len(alliance.entries), len(alliance.entries))
    return practice_of(store, alliance, clock, "Maya Lindqvist", "Room 2 desk")


def practice_of(store: Store, alliance: Alliance, clock: Callable[[], datetime], staff: str, device: str) -> Practice:
    held = (
        store.get(Staff, alliance.staff[staff]),
        store.get(Centre, alliance.centres["Centre A"]),
        store.get(Device, alliance.devices["Centre A", device]),
    )
    assert None not in held
    return Practice(store, clock, *held)  # type: ignore[arg-type]  # none of them is None, as asserted


def values(alliance: Alliance, record_type: type[Any]) -> list[Any]:
    return [value for _, value in alliance.of(record_type)]


def as_bytes(alliance: Alliance) -> bytes:
    return json.dumps(
        [[str(each.id), body_of(kind_of(type(each.value)), each.value), str(each.at)] for each in alliance.entries],
        ensure_ascii=False,
    ).encode()


def test_two_builds_are_equal_to_the_byte(alliance: Alliance) -> None:
    assert as_bytes(build(TODAY, NOW)) == as_bytes(alliance)


def test_every_record_has_an_id_of_its_own(alliance: Alliance) -> None:
    assert len({each.id for each in alliance.entries}) == len(alliance.entries)


def test_the_counts_are_those_that_are_promised(alliance: Alliance) -> None:
    counts = Counter(type(each.value) for each in alliance.entries)
    assert (counts[Centre], counts[Organisation], counts[Staff], counts[Person]) == (3, 4, 40, 501)
    assert counts[Room] == 27
    assert counts[Visit] > 1_000
    assert counts[Booking] > 1_000
    assert counts[QuestionnaireResponse] > 300
    assert counts[PlanVersion] > 90
    assert len(alliance.entries) < 10_000


def test_every_role_is_there_and_every_sign_in_name_is_one_persons(alliance: Alliance) -> None:
    staff = values(alliance, Staff)
    assert {each.role for each in staff} == set(Role)
    assert len({each.user_name for each in staff}) == len(staff)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", each.user_name) for each in staff)
    assert {each.role for each in staff if each.centre == alliance.centres["Centre C"]} >= {
        Role.RECEPTION,
        Role.KEY_WORKER,
    }
    assert set(LISTED_FIRST) <= set(alliance.staff)


def test_everything_was_written_by_somebody_who_may(alliance: Alliance) -> None:
    roles = {record: value.role for record, value in alliance.of(Staff)}
    written = {(entry.staff, kind_of(type(entry.value)).name) for entry in alliance.entries if entry.staff}
    assert not [(who, kind) for who, kind in written if not may_write(Who(roles[who]), kind).allowed]
    unnamed = [entry.value for entry in alliance.entries if entry.staff is None]
    # The first desk tells who works where: before that the server knows nobody who could have written it.
    assert all(kind_of(type(each)).subject[0] in ("alliance", "centre") for each in unnamed), unnamed


def test_no_two_desks_give_the_same_tickets(alliance: Alliance) -> None:
    letters = [each.letter for each in values(alliance, Device)]
    assert len(set(letters)) == len(letters)
    assert all(ticket(letter, 1) for letter in letters)


def test_every_nhs_number_is_a_valid_test_number_and_one_persons(alliance: Alliance) -> None:
    numbers = [each.nhs_number for each in values(alliance, Person) if each.nhs_number]
    assert len(numbers) > 300
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert check_nhs_number(number).digits == number
        assert 9_990_000_000 <= int(number) <= 9_999_999_999
    assert {each.nhs_number_status for each in values(alliance, Person) if each.nhs_number} == {"02"}


def test_every_phone_is_one_kept_free_for_drama(alliance: Alliance) -> None:
    everybody = [*values(alliance, Person), *values(alliance, Staff), *values(alliance, Centre)]
    everybody += [*values(alliance, Organisation), *values(alliance, Contact)]
    phones = [each.phone for each in everybody if each.phone]
    assert len(phones) > 600
    for phone in phones:
        assert DRAMA_PHONES.fullmatch(parse_phone(phone).e164), phone
    exported = [each for each in values(alliance, Person) if each.phone]
    assert all(each.phone_e164 == parse_phone(each.phone).e164 for each in exported)


def test_details_are_such_as_reception_could_have_typed(alliance: Alliance) -> None:
    for person in values(alliance, Person):
        assert people.checked(person) == person
        assert not person.postcode or parse_postcode(person.postcode) == person.postcode
        assert person.no_fixed_abode == (not person.address)


def test_people_are_as_mixed_as_lambeth_and_not_always_well_known(alliance: Alliance) -> None:
    everybody = values(alliance, Person)
    assert any("\u0600" <= sign <= "\u06ff" for each in everybody for sign in each.other_names)
    assert any(not each.family_name for each in everybody)
    assert any(len(each.family_name) > 25 for each in everybody)
    assert {"Somali", "Portuguese", "Polish", "Arabic"} <= {each.language for each in everybody}
    assert sum(each.born is None for each in everybody) > 5
    assert sum(each.born_is_estimate for each in everybody) > 5
    assert sum(each.no_fixed_abode for each in everybody) > 10


def test_nobody_has_a_risk_grade_and_no_text_is_about_an_organisation_that_forbids_it(alliance: Alliance) -> None:
    for each in alliance.entries:
        body = body_of(kind_of(type(each.value)), each.value)
        assert not any("risk" in name for name in body)
        text = json.dumps(body, ensure_ascii=False)
        assert not RISK.search(text), text
        assert not re.search(r"\bNHS\b", text), text


def test_everything_points_at_something_that_is_there(alliance: Alliance) -> None:
    there = {str(each.id) for each in alliance.entries}
    for each in alliance.entries:
        body = body_of(kind_of(type(each.value)), each.value)
        for name, value in body.items():
            if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
                assert value in there, (type(each.value).__name__, name)


def test_assessments_answer_the_questionnaire_that_is_asked(alliance: Alliance) -> None:
    dialog = assessments.questionnaires()["dialog"]
    for response in values(alliance, QuestionnaireResponse):
        assert response.version == dialog.version
        assert not validate(dialog, response.answers, complete=True)
        assert 1 <= len(response.chosen) <= 3


def test_plan_versions_hold_the_wording_that_was_agreed(alliance: Alliance) -> None:
    for version in values(alliance, PlanVersion):
        assert plan_fingerprint(version.content) == version.fingerprint
    owned = [each for each in values(alliance, Action) if each.owner_staff]
    assert owned
    assert all(each.owner_organisation for each in owned)
    assert {each.answer for each in values(alliance, PlanAgreement)} == {"agreed", "asked", "declined"}


def test_communication_needs_have_icons_that_exist(alliance: Alliance) -> None:
    from livingwell_desktop.resources import resource

    for icon in {each.icon for each in values(alliance, CommunicationNeed)}:
        assert resource("icons", f"{icon}.svg").exists()


def test_the_board_is_that_of_the_picture(desk: Practice) -> None:
    board = reception.board(desk)
    assert [row.visit.value.ticket for row in board.waiting] == ["A09", "A11", "A12", "A13", "A14", "A15"]
    assert [row.wait.minutes for row in board.waiting if row.wait] == [52, 27, 24, 15, 7, 2]
    assert [row.visit.value.ticket for row in board.with_someone] == ["A06", "A07", "A08", "A10"]
    assert board.done[0].name == "Theo Marchetti"
    assert board.waiting_sentence == "Longest wait 52 minutes. Two people need someone to see them."
    assert {"Room 4", "Hub table 1", "Hub table 3"} <= set(board.free_rooms)
    assert [(each.capacity.words, each.capacity.detail) for each in board.sessions] == [
        ("9 places free", "11 here, 4 booked"),
        ("Full", "6 booked, 2 on the waiting list"),
        ("9 places free", "3 booked"),
    ]


def test_ngozis_story_and_plan_are_those_of_the_pictures(desk: Practice, alliance: Alliance) -> None:
    ngozi = alliance.people["Ngozi Okafor"]
    told = story.story(desk, ngozi)
    assert told.total == STORY_LENGTH
    assert [each.title for each in told.newest[:3]] == [
        "Review of plan",
        "Housing options talk with Tunde Bakare",
        "Sewing group, first time",
    ]
    plan = plans.plan_of(desk, ngozi)
    assert plan is not None
    assert (plan.number, plan.agreed_on) == (3, date(2026, 8, 12))
    assert len(plan.goals) == 3
    last = assessments.last_response(desk, ngozi, "dialog")
    assert last is not None
    assert [last.value.answers[area] for area in AREAS_IN_ORDER] == [3, 4, 2, 3, 2, 5, 3, 5, 4, 4, 6]
    assert last.value.answers["accommodation.note"] == "Fine if the damp gets sorted."
    assert len([need for _, need in alliance.of(Need) if need.person == ngozi]) == 8


def test_six_plans_are_past_their_review(desk: Practice) -> None:
    assert len(plans.plans_due(desk, TODAY)) == 6


def test_people_who_look_alike_are_pointed_out(desk: Practice) -> None:
    found = finding.search(desk, "amara ok")
    assert [match.person.value.name for match in found.matches[:2]] == ["Amara Okeke", "Amara Okeke"]
    assert found.look_alikes == results_strip([finding.identity(match.person) for match in found.matches])
    assert found.look_alikes is not None
    assert found.look_alikes.title == "Two people are called Amara Okeke, both born in June 1990."
    assert [match.last_seen for match in found.matches][:2] == [date(2026, 11, 2), date(2024, 11, 5)]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 28, 15, 5, tzinfo=UTC),  # a Saturday
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),  # the night the clocks change
        datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
    ],
)
def test_the_demo_has_a_board_on_any_day(now: datetime) -> None:
    made = build(now.date(), now)
    today = [each for each in values(made, Visit) if each.on == now.date()]
    assert len(today) == 23
    assert all(each.arrived_at <= now for each in values(made, Visit))
    assert len([each for each in values(made, Session) if each.on == now.date()]) == 9
    assert any(each.on == now.date() + timedelta(days=9) for each in values(made, Booking))


def test_the_passphrase_of_the_demo_passes_the_rule(alliance: Alliance) -> None:
    assert len(demo_passphrase().split()) == 4
    for staff in values(alliance, Staff):
        assert check_passphrase(demo_passphrase(), about=[staff.name, "Centre A", staff.user_name]) is None
