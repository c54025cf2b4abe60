"""The board, by keys: calling, ending, leaving, undoing, and what another desk does meanwhile."""

from collections.abc import Callable

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.sessions import Visit, VisitState
from livingwell_desktop.services import reception
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import prepare
from livingwell_desktop.ui.pages import KeysPlace, PersonPlace, PreviewPlace, TodayPlace
from livingwell_desktop.ui.reception import TodayPage
from livingwell_desktop.ui.widgets import theme
from tests.conftest import StillClock
from tests.services.small_centre import SmallCentre
from tests.ui.reception.at_desk import AtDesk

Open = Callable[..., AtDesk]


@pytest.fixture
def came(centre: SmallCentre, rosa: Practice, clock: StillClock) -> dict[str, reception.CheckedIn]:
    """Yusuf has waited 52 minutes, Ngozi 24, Ines none."""
    made = {}
    for name, reason, then in (
        ("Yusuf Abdi Warsame", "Eviction notice", 28),
        ("Ngozi Okafor", "Review of plan", 24),
        ("Ines Carvalho", "Not sleeping", 0),
    ):
        made[name] = centre.here(rosa, name, reason)
        clock.pass_(minutes=then)
    return made


def state(practice: Practice, came: reception.CheckedIn) -> VisitState:
    held = practice.whole.get(Visit, came.visit)
    assert held
    return held.value.state


def test_the_board_says_who_waits_how_long_and_what_they_need(at: Open, rosa: Practice, came: object) -> None:
    board = at(rosa, TodayPage, TodayPlace()).lines()
    assert board[0] == "Waiting, 3. Longest wait 52 minutes. Three people need someone to see them."
    assert board[1] == (
        "Ticket A01. Person Yusuf Abdi Warsame, 2 May 1979, 47 years. Reason Eviction notice, Walk-in, 10:43am. "
        "Needs Somali, none booked. Sees First free. Time 52 min"
    )
    assert "Needs Portuguese, by phone" in board[3]
    assert board[4:] == ["With someone, 0. Free now: Rooms 1 and 2, Hub table 1", "Done today, 0. Nobody yet"]


def test_enter_calls_the_chosen_person_to_a_free_room(
    at: Open, maya: Practice, came: dict[str, reception.CheckedIn]
) -> None:
    desk = at(maya, TodayPage, TodayPlace())
    desk.choose("Ngozi")
    desk.press("Enter")
    sheet = desk.sheet()
    assert sheet and sheet.windowTitle() == "Call A02 Ngozi Okafor"
    desk.press("Tab")
    desk.press("Down")
    desk.press("Enter")
    assert desk.sheet() is None
    held = maya.whole.get(Visit, came["Ngozi Okafor"].visit)
    assert held and (held.value.state, held.value.sees, held.value.where) == (
        VisitState.WITH_SOMEONE, maya.staff.id, "Room 1"
    )  # fmt: skip
    assert desk.chosen().startswith("Ticket A02. Person Ngozi Okafor"), "the row stays chosen where it moved"
    assert "since 11:35am" in desk.chosen()


def test_enter_on_somebody_who_is_being_seen_ends_it_with_one_line(
    at: Open, rosa: Practice, came: dict[str, reception.CheckedIn], centre: SmallCentre
) -> None:
    reception.call(rosa, centre.visit(rosa, came["Ngozi Okafor"]), where="Room 1")
    desk = at(rosa, TodayPage, TodayPlace(came["Ngozi Okafor"].visit))
    desk.press("Enter")
    desk.write("Seen, comes again on Friday")
    desk.press("Enter")
    held = rosa.whole.get(Visit, came["Ngozi Okafor"].visit)
    assert held and (held.value.state, held.value.outcome) == (VisitState.DONE, "Seen, comes again on Friday")
    assert "Done today, 1. Last: A02 Ngozi Okafor, left 11:35am. Press D to show them." in desk.lines()
    desk.press("D")
    assert any("left 11:35am" in line for line in desk.lines()[-1:])
    desk.choose("Ngozi")
    desk.press("U")
    assert state(rosa, came["Ngozi Okafor"]) is VisitState.WAITING


def test_leaving_asks_why_and_what_we_do_next_and_keeps_what_was_typed(
    at: Open, rosa: Practice, came: dict[str, reception.CheckedIn]
) -> None:
    desk = at(rosa, TodayPage, TodayPlace(came["Ines Carvalho"].visit))
    desk.press("L")
    desk.press("Enter")
    assert "Choose why they left." in desk.words()
    desk.press("Space")
    desk.press("Tab")
    desk.write("Went to meet her sister")
    desk.press("Tab")
    desk.press("Enter")
    assert "Enter what we do next" in desk.words()
    desk.write("Ring at 2pm")
    desk.press("Enter")
    held = rosa.whole.get(Visit, came["Ines Carvalho"].visit)
    assert held and held.value.state is VisitState.DID_NOT_WAIT
    assert held.value.outcome == "The wait was too long. Went to meet her sister"
    assert held.value.follow_up == "Ring at 2pm"


def test_the_other_keys_lead_where_they_say(
    at: Open, rosa: Practice, came: dict[str, reception.CheckedIn], centre: SmallCentre
) -> None:
    desk = at(rosa, TodayPage, TodayPlace(came["Ngozi Okafor"].visit))
    for key in ("O", "T", "?"):
        desk.press(key)
    ngozi = centre.ids["Ngozi Okafor"]
    assert desk.around.went == [
        PersonPlace(ngozi),
        PreviewPlace("ticket", ngozi, came["Ngozi Okafor"].visit),
        KeysPlace(),
    ]
    desk.click("check in")
    desk.click("find a person or an action")
    assert desk.around.palette == ["", ""]


def test_a_change_from_another_desk_arrives_while_a_sheet_is_open_and_the_typing_stays(
    at: Open, rosa: Practice, maya: Practice, came: dict[str, reception.CheckedIn], centre: SmallCentre
) -> None:
    desk = at(rosa, TodayPage, TodayPlace(came["Ngozi Okafor"].visit))
    desk.press("W")
    desk.type_in("reason for coming", ", and a form")
    shown = centre.visit(maya, came["Ngozi Okafor"])
    reception.change_who_or_where(maya, shown, sees=maya.staff.id, where="Room 2", reason="Review of plan")
    assert "Maya Lindqvist changed this visit meanwhile." in desk.words()
    assert "Who: Maya Lindqvist. Where: Room 2." in desk.words()
    desk.press("Enter")
    held = rosa.whole.get(Visit, came["Ngozi Okafor"].visit)
    assert held and (held.value.where, held.value.sees, dict(held.conflicts)) == ("Room 2", maya.staff.id, {})
    assert held.value.reason == "Review of plan, and a form"


def test_calling_somebody_who_was_called_meanwhile_is_refused_and_says_by_whom(
    at: Open, rosa: Practice, maya: Practice, came: dict[str, reception.CheckedIn], centre: SmallCentre
) -> None:
    desk = at(rosa, TodayPage, TodayPlace(came["Ngozi Okafor"].visit))
    desk.press("Enter")
    reception.call(maya, centre.visit(maya, came["Ngozi Okafor"]), where="Room 2")
    assert "It is now: with someone in Room 2." in desk.words()
    desk.press("Enter")
    assert desk.sheet() is not None
    assert "This visit has moved on" in desk.words()
    desk.press("Esc")
    assert desk.sheet() is None
    held = rosa.whole.get(Visit, came["Ngozi Okafor"].visit)
    assert held and (held.value.sees, held.value.where) == (maya.staff.id, "Room 2")


def test_two_desks_that_call_one_person_during_an_outage_both_show_that_they_differ(
    at: Open,
    rosa: Practice,
    came: dict[str, reception.CheckedIn],
    centre: SmallCentre,
    new_store: Callable[..., object],
) -> None:
    other = new_store("room 2")
    _carry(rosa.whole, other)
    there = centre.at_desk("Maya Lindqvist", "Room 2 desk", other)  # type: ignore[arg-type]  # a store
    desk = at(rosa, TodayPage, TodayPlace(came["Ngozi Okafor"].visit))
    reception.call(rosa, centre.visit(rosa, came["Ngozi Okafor"]), where="Room 1")
    reception.call(there, centre.visit(there, came["Ngozi Okafor"]), where="Room 2")
    _carry(other, rosa.whole)
    assert "Needs Two desks differ" in desk.chosen()
    desk.press("W")
    desk.press("Tab")
    desk.press("Up")
    desk.type_in("reason for coming", ", and a form")
    desk.press("Enter")
    said = desk.words()
    assert "Two desks wrote different things here." in said
    assert "Rosa Mensah: Room 1." in said and "Maya Lindqvist: Room 2." in said
    desk.press("Enter")
    assert desk.sheet() is None
    held = centre.visit(rosa, came["Ngozi Okafor"])
    assert (held.value.state, held.value.reason) == (VisitState.WITH_SOMEONE, "Review of plan, and a form")
    assert "where" not in held.conflicts


def _carry(source, target) -> None:  # noqa: ANN001 - two stores
    changes = [each.change for each in source.unsent(100_000)]
    target.receive([prepare(number, change) for number, change in enumerate(changes, 1)], f"from {source.path.name}")


def test_hidden_names_are_nowhere_on_the_screen_nor_in_what_is_read_aloud(
    at: Open, rosa: Practice, came: dict[str, reception.CheckedIn], centre: SmallCentre
) -> None:
    reception.call(rosa, centre.visit(rosa, came["Ngozi Okafor"]), where="Room 1")
    reception.done(rosa, centre.visit(rosa, came["Ngozi Okafor"]))
    desk = at(rosa, TodayPage, TodayPlace())
    desk.press("D")
    desk.choose("Yusuf")
    desk.click("hide names")
    assert desk.masking.on
    for part in ("Ngozi", "Okafor", "Yusuf", "Warsame", "Carvalho", "1979", "1986", "Eviction", "Not sleeping"):
        assert part not in desk.words()
    assert "Person Y W, Details hidden" in desk.chosen()
    desk.choose("Person Y W")
    desk.press("Enter")
    assert "Yusuf" not in desk.words()
    desk.press("Esc")
    desk.click("hide names")
    assert "Person Yusuf Abdi Warsame" in desk.chosen()


def test_waiting_times_move_on(at: Open, rosa: Practice, came: object, clock: StillClock) -> None:
    desk = at(rosa, TodayPage, TodayPlace())
    clock.pass_(minutes=9)
    desk.page.tick()
    assert "Time 1 h 1 min" in desk.lines()[1]
    assert "Monday 23 November 2026, 11:44am" in desk.words()


def test_an_empty_board_says_so_and_what_to_do(at: Open, rosa: Practice) -> None:
    desk = at(rosa, TodayPage, TodayPlace())
    assert "No one is waiting" in desk.words()
    assert "Check someone in with Ctrl N." in desk.words()


def test_the_chosen_row_stays_chosen_when_the_board_moves(
    at: Open, rosa: Practice, maya: Practice, came: dict[str, reception.CheckedIn], centre: SmallCentre
) -> None:
    desk = at(rosa, TodayPage, TodayPlace(came["Ines Carvalho"].visit))
    reception.call(maya, centre.visit(maya, came["Yusuf Abdi Warsame"]), where="Room 2")
    centre.here(maya, "Amara Okeke")
    assert "Ines Carvalho" in desk.chosen()


def test_who_may_not_see_the_board_is_told_why(at: Open, centre: SmallCentre, came: object) -> None:
    with pytest.raises(Problem) as refused:
        at(centre.at_desk("Alan Oyelaran"), TodayPage, TodayPlace())
    words = "Your role cannot see the board. Ask: reception, key worker or team manager."
    assert refused.value.what_happened == words


@pytest.mark.parametrize(("width", "height", "scale"), [(1064, 676, 100), (1224, 856, 150), (1064, 676, 200)])
def test_the_board_fits_small_windows_and_large_text(
    at: Open, rosa: Practice, came: object, width: int, height: int, scale: int
) -> None:
    desk = at(rosa, TodayPage, TodayPlace())
    theme.set_scale(scale)
    desk.page.resize(width, height)
    desk.page.grab()
    assert (desk.page.width(), desk.page.height()) == (width, height)
