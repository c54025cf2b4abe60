"""A newer program writes codes that this one does not know: nothing falls over, nobody vanishes, nothing is lost."""

from dataclasses import replace
from enum import Enum
from typing import Any, get_args, get_origin
from uuid import UUID, uuid4

import pytest

from livingwell_desktop.domain.assessments import Need
from livingwell_desktop.domain.catalogue import kinds
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plans import Action, Goal
from livingwell_desktop.domain.records import FieldDeclaration, RecordKind, body_of, kind_of, to_json
from livingwell_desktop.domain.sessions import Booking, BookingState, Session, Visit, VisitState
from livingwell_desktop.services import bookings, people, plans, reception
from livingwell_desktop.services.counts import counts
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Author, Store, edit
from livingwell_desktop.ui.care_plan.forms import ActionForm
from livingwell_desktop.ui.care_plan.words import whose
from livingwell_desktop.ui.pages import KeysPlace, TodayPlace
from livingwell_desktop.ui.shell.window import MainWindow
from tests.conftest import StillClock
from tests.contracts.newer_program import arrive, made_elsewhere
from tests.contracts.test_pages import places
from tests.contracts.test_records import other_value
from tests.desk import DeskWindow
from tests.office import Day, Office
from tests.services.small_centre import SmallCentre, made_centre
from tests.ui.care_plan.ngozi import ASK_LANDLORD, KEEP_FLAT, fill, with_plan
from tests.ui.people import centre as with_ngozi
from tests.ui.people.centre import NGOZI
from tests.window import Window, until

CODE = "from_next_year"
ME = Author(None, None, "test")


def enum_of(field: FieldDeclaration) -> type[Enum] | None:
    """The enumeration whose codes a field holds, one or several."""
    for each in (field.type, *get_args(field.type)):
        if isinstance(each, type) and issubclass(each, Enum):
            return each
    return None


ENUM_FIELDS = [(kind, field) for kind in kinds() for field in kind.fields.values() if enum_of(field)]
EACH = pytest.mark.parametrize(("kind", "field"), ENUM_FIELDS, ids=lambda each: each.name)


def unknown(field: FieldDeclaration) -> Any:
    """The code as the field holds it."""
    return (CODE,) if get_origin(field.type) is tuple else CODE


def put(store: Store, kind: RecordKind, field: FieldDeclaration, person: UUID, **more: Any) -> UUID:
    """A record about the person with a code of a newer program: the person themself, or one like another."""
    body: dict[str, Any] = {field.name: to_json(unknown(field))}
    if kind.type is Person:
        held = store.get(Person, person)
        assert held is not None
        arrive(store, made_elsewhere(kind, person, body, held, int(held.changed_at.timestamp() * 1000) + 1))
        return person
    about: dict[str, Any] = {"person": person} if "person" in kind.fields else {}
    like = (*store.find(kind.type, **about), *store.find(kind.type))
    value = like[0].value if like else kind.type()
    full = body_of(kind, value) | {name: to_json(each) for name, each in (about | more).items()} | body
    record = uuid4()
    arrive(store, made_elsewhere(kind, record, full))
    return record


def code_in(store: Store, kind: RecordKind, field: FieldDeclaration, record: UUID) -> Any:
    held = store.get(kind.type, record)
    assert held is not None
    return to_json(getattr(held.value, field.name))


def today(desk: DeskWindow, kind: RecordKind) -> dict[str, Any]:
    """What makes a visit or a booking one of today at this centre."""
    if kind.type not in (Visit, Booking):
        return {}
    practice = desk.desk.practice
    here = practice.whole.find(Session, centre=practice.centre.id, on=practice.today())
    return {"on": practice.today(), "centre": practice.centre.id, "session": here[0].id}


@pytest.mark.slow
@EACH
def test_every_page_opens_with_a_code_of_a_newer_program(
    day: Day, office: Office, kind: RecordKind, field: FieldDeclaration
) -> None:
    maya, ngozi = day.room_2(), office.alliance.people["Ngozi Okafor"]
    store = maya.desk.store
    record = put(store, kind, field, ngozi, **today(maya, kind))
    for place in places(office):
        maya.go(place)
        assert maya.desk.window.place() == place
        prepared = getattr(maya.page(), "prepared", True)
        if prepared is None:
            until(lambda: getattr(maya.page(), "prepared", None), f"the paper of {place}")
        maya.desk.window.page().refresh()
        maya.window.grab()
    assert code_in(store, kind, field, record) == to_json(unknown(field))


@EACH
def test_the_code_survives_an_edit_of_another_field(store: Store, kind: RecordKind, field: FieldDeclaration) -> None:
    fill(store)
    with_plan(store)
    record = uuid4()
    arrive(store, made_elsewhere(kind, record, {"person": str(NGOZI)} if "person" in kind.fields else {}))
    held = store.get(kind.type, record)
    if kind.signed:
        # Signed records are never edited: the code has only to arrive.
        record = uuid4()
        arrive(store, made_elsewhere(kind, record, {field.name: to_json(unknown(field))}))
        assert code_in(store, kind, field, record) == to_json(unknown(field))
        return
    arrive(store, made_elsewhere(kind, record, {field.name: to_json(unknown(field))}, held, 2))
    held = store.get(kind.type, record)
    assert held is not None
    # Words, where a kind has any: what is about whom stays as it is.
    other = max((each for each in kind.fields.values() if each is not field), key=lambda each: each.type is str)
    store.write([edit(held, **{other.name: other_value(other)})], [], ME)
    after = store.get(kind.type, record)
    assert after is not None
    assert getattr(after.value, other.name) == other_value(other)
    assert code_in(store, kind, field, record) == to_json(unknown(field))


@pytest.fixture
def maya(store: Store) -> Practice:
    """A key worker with Ngozi's plan."""
    fill(store)
    with_plan(store)
    return with_ngozi.practice(store)


def test_verbs_keep_a_code_they_do_not_know(maya: Practice) -> None:
    store, kind = maya.whole, kind_of(Person)
    for name in ("contact_by", "print_format"):
        put(store, kind, kind.fields[name], NGOZI)
    person = store.get(Person, NGOZI)
    assert person is not None
    people.change_details(maya, person, pronouns="they/them")
    held = store.get(Person, NGOZI)
    assert held is not None
    assert (held.value.pronouns, held.value.contact_by, held.value.print_format) == ("they/them", CODE, CODE)


@pytest.mark.parametrize("name", ["owner_kind", "state"])
def test_an_action_keeps_a_code_it_does_not_know(maya: Practice, name: str) -> None:
    store, kind = maya.whole, kind_of(Action)
    action = store.get(Action, ASK_LANDLORD)
    assert action is not None
    arrive(store, made_elsewhere(kind, ASK_LANDLORD, {name: CODE}, action, 2))
    action = store.get(Action, ASK_LANDLORD)
    assert action is not None
    plans.change_action(maya, action, what="Ring the landlord")
    after = store.get(Action, ASK_LANDLORD)
    assert after is not None
    assert (after.value.what, getattr(after.value, name)) == ("Ring the landlord", CODE)


def test_a_goal_from_a_need_of_a_newer_group(maya: Practice) -> None:
    record = put(maya.whole, kind_of(Need), kind_of(Need).fields["group"], NGOZI)
    need, plan = maya.whole.get(Need, record), plans.plan_record(maya, NGOZI)
    assert need is not None
    assert plan is not None
    goal = maya.whole.get(Goal, plans.add_goal(maya, plan, "I want to sew.", need=need))
    assert goal is not None
    assert goal.value.group == CODE


@pytest.fixture
def centre(store: Store, clock: StillClock) -> SmallCentre:
    return made_centre(store, clock)


@pytest.fixture
def rosa(centre: SmallCentre) -> Practice:
    """Rosa at the reception desk."""
    return centre.at_desk("Rosa Mensah")


@pytest.fixture
def visited(centre: SmallCentre, rosa: Practice) -> UUID:
    """Ngozi is here, in a state of a visit that a newer program gave."""
    came = centre.here(rosa, "Ngozi Okafor")
    held = centre.visit(rosa, came)
    at = int(held.changed_at.timestamp() * 1000) + 1
    arrive(rosa.whole, made_elsewhere(kind_of(Visit), held.id, {"state": CODE}, held, at))
    return came.visit


def test_nobody_vanishes_from_the_board(centre: SmallCentre, rosa: Practice, visited: UUID) -> None:
    board = reception.board(rosa)
    assert [row.visit.id for row in board.with_someone] == [visited]
    assert not board.waiting
    assert not board.done
    assert counts(rosa).here == 1
    with pytest.raises(Problem, match="already on the board"):
        centre.here(rosa, "Ngozi Okafor")
    held = rosa.whole.get(Visit, visited)
    assert held is not None
    with pytest.raises(Problem) as moved:
        reception.done(rosa, held)
    assert "It is now: from next year." in moved.value.what_happened


def test_a_place_in_a_state_nobody_knows_is_not_given_twice(centre: SmallCentre, rosa: Practice) -> None:
    ngozi, session = centre.ids["Ngozi Okafor"], centre.ids["Open drop-in, tomorrow"]
    booked = bookings.book(rosa, ngozi, session)
    held = bookings.booking_of(rosa, booked.booking)
    assert held is not None
    at = int(held.changed_at.timestamp() * 1000) + 1
    arrive(rosa.whole, made_elsewhere(kind_of(Booking), held.id, {"state": CODE}, held, at))
    with pytest.raises(Problem, match="booked already"):
        bookings.book(rosa, ngozi, session)


def test_the_form_of_an_action_keeps_an_owner_it_does_not_know(maya: Practice, qapp: object) -> None:
    store, kind = maya.whole, kind_of(Action)
    action = store.get(Action, ASK_LANDLORD)
    assert action is not None
    arrive(store, made_elsewhere(kind, ASK_LANDLORD, {"owner_kind": CODE}, action, 2))
    action = store.get(Action, ASK_LANDLORD)
    assert action is not None
    form = ActionForm(action, whose(with_ngozi.NGOZI_OKAFOR, False), (), (), KEEP_FLAT)
    form.what.set_text("Ring the landlord")
    fields = form.fields(maya.today())
    plans.change_action(maya, action, **fields)
    after = store.get(Action, ASK_LANDLORD)
    assert after is not None
    assert (after.value.what, after.value.owner_kind) == ("Ring the landlord", CODE)
    assert after.value.owner_staff == action.value.owner_staff


@pytest.mark.slow
def test_the_board_shows_the_code_as_text(day: Day, office: Office) -> None:
    rosa, ngozi = day.reception(), office.alliance.people["Ngozi Okafor"]
    kind = kind_of(Visit)
    record = put(rosa.desk.store, kind, kind.fields["state"], ngozi, **today(rosa, kind))
    rosa.go(KeysPlace()).go(TodayPlace(record))
    assert "from next year" in rosa.board("With someone")
    rosa.press("Enter")
    assert rosa.desk.window.place() == TodayPlace(record)


@pytest.mark.slow
def test_somebody_in_a_role_of_a_newer_program_opens_nothing(day: Day) -> None:
    maya = day.room_2()
    staff = maya.desk.store.get(Staff, maya.desk.practice.staff.id)
    assert staff is not None
    at = int(staff.changed_at.timestamp() * 1000) + 1
    arrive(maya.desk.store, made_elsewhere(kind_of(Staff), staff.id, {"role": CODE}, staff, at))
    staff = maya.desk.store.get(Staff, staff.id)
    assert staff is not None
    assert staff.value.role == CODE
    practice = replace(maya.desk.practice, staff=staff)
    assert not any(practice.may(act).allowed for act in Act)
    window = MainWindow(replace(maya.desk.window.parts, practice=practice))
    window.show()
    window.go(window.first_place())
    assert window.place() == KeysPlace()
    assert Window(window).shows("From next year")
    window.end()


def test_the_codes_that_are_known_still_mean_what_they_meant() -> None:
    here = {state for state in VisitState if reception.is_here(Visit(state=state))}
    assert here == {VisitState.WAITING, VisitState.WITH_SOMEONE}
    stands = {state for state in BookingState if bookings.is_open(Booking(state=state))}
    assert stands == {BookingState.BOOKED, BookingState.WAITING_LIST}
    assert all(reception.state_words(state) == words for state, words in reception.STATE_WORDS.items())
