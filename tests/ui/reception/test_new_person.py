"""Registering by keyboard: date of birth first, look-alikes before saving, every mistake told, nothing typed lost."""

from collections.abc import Callable
from datetime import date

import pytest

from livingwell_desktop.domain.people import CommunicationNeed, ContactBy, Person
from livingwell_desktop.services import reception, registration
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import create
from livingwell_desktop.ui.pages import NewPersonPlace, PersonPlace, TodayPlace
from livingwell_desktop.ui.reception import NewPersonPage
from livingwell_desktop.ui.widgets import theme
from tests.services.small_centre import SmallCentre
from tests.ui.reception.at_desk import AtDesk

Open = Callable[..., AtDesk]


def the_new_one(practice: Practice) -> Person:
    newest = practice.whole.find(Person, newest_first=True, limit=1)[0]
    return newest.value


def test_a_new_person_is_on_the_board_with_few_keys(at: Open, rosa: Practice) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace("kit"))
    for part in ("25", "7", "2001"):
        desk.write(part)
        desk.press("Tab")
    desk.press("Tab")
    desk.press("Tab")
    assert desk.page.form.given_name.text() == "Kit", "what was typed in the search box came along"
    desk.press("Enter")
    desk.write("Farrow")
    desk.press("Ctrl Enter")
    person = the_new_one(rosa)
    assert (person.name, person.born) == ("Kit Farrow", date(2001, 7, 25))
    (row,) = reception.board(rosa).waiting
    assert desk.around.went == [TodayPlace(row.visit.id)]
    assert desk.around.said == [("success", "Kit Farrow has ticket A01. Press T to print it.")]
    assert registration.unfinished_registration(rosa) is None


def test_everything_that_is_asked_is_kept(at: Open, rosa: Practice, maya: Practice) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace())
    desk.click("born unknown")
    for label, text in (
        ("first name", "Yara"),
        ("likes to be called", "Yaz"),
        ("other names used", "يارا"),
        ("reason for coming", "First visit"),
        ("language", "Arabic"),
        ("phone", "07700 900 341"),
        ("safe time to ring or text", "After 5pm"),
        ("nhs number", "999 004 0109"),
    ):
        desk.type_in(label, text)
    desk.click("interpreter")
    desk.click("no fixed abode")
    desk.page.form.contact_by.set_code("text_only")
    desk.page.form.sees.set_code(str(maya.staff.id))
    desk.press("Ctrl Enter")
    person = the_new_one(rosa)
    assert (person.born, person.preferred_name, person.other_names) == (None, "Yaz", "يارا")
    assert (person.phone_e164, person.contact_by, person.safe_time) == (
        "+447700900341",
        ContactBy.TEXT_ONLY,
        "After 5pm",
    )
    assert (person.no_fixed_abode, person.postcode, person.nhs_number_status) == (True, "ZZ99 3VZ", "02")
    (row,) = reception.board(rosa).waiting
    assert (row.visit.value.reason, row.visit.value.sees) == ("First visit", maya.staff.id)
    assert [need.value.words for need in rosa.whole.find(CommunicationNeed, person=row.visit.value.person)] == [
        "Arabic"
    ]


MISTAKES = [
    ("born", "31 2 1990", "February has only 28 days in 1990."),
    ("born", "1 13 1990", "Enter a number from 1 to 12"),
    ("born", "25 7 2031", "is in the future."),
    ("born", "25 7 1885", "before 1900"),
    ("born", "25  ", "Enter the month and year as well"),
    ("born", "", "If they do not know it, tick that."),
    ("first name", "", "Enter a name. One name is enough."),
    ("first name", "A" * 10_000, "This first name has 10,000 characters."),
    ("first name", "🙂", "has no letters in it"),
    ("other names used", "B" * 10_000, "10,000 characters"),
    ("phone", "0770 090", "Enter a phone number, like 01632 960 001"),
    ("phone", "ring mum", "no letters in it"),
    ("postcode", "SW9", "only the first half"),
    ("nhs number", "999 004 0108", "This is not a real NHS number."),
    ("nhs number", "AB123456C", "National Insurance number"),
    ("nhs number", "1111111111", "never the same digit ten times"),
    ("address", "x" * 10_000, "Shorten it to 300 characters"),
    ("reason for coming", "x" * 10_000, "Shorten it to 500"),
]


@pytest.mark.parametrize(("label", "typed", "sentence"), MISTAKES)
def test_a_mistake_is_told_on_top_and_beside_the_field_and_what_was_typed_stays(
    at: Open, rosa: Practice, label: str, typed: str, sentence: str
) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace())
    form = desk.page.form
    form.set_typed({"given_name": "Kit", "born": ["25", "7", "2001"]})
    before = rosa.whole.count(Person)
    if label == "born":
        form.born.set_value(*([*typed.split(), "", "", ""][:3]))
    else:
        desk.find(label).set_text(typed)  # type: ignore[attr-defined]  # a text field
    kept = form.typed()
    desk.press("Ctrl Enter")
    assert form.typed() == kept
    assert rosa.whole.count(Person) == before
    assert not desk.around.went
    assert [sentence in link.words() for link in desk.page.summary.links] == [True]
    assert sum(sentence in frame.error_text() for frame in form.frames.values()) == 1
    desk.page.summary.links[0].click()
    assert form.isAncestorOf(desk._focus()), "the link leads to the field"


@pytest.mark.parametrize("name", ["أميرة", "Kit 🙂", "Ngọc Ánh", "O’Brien-Smythe", "\N{RIGHT-TO-LEFT OVERRIDE}Kit"])
def test_names_of_any_script_and_direction_can_be_registered(at: Open, rosa: Practice, name: str) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace())
    desk.page.form.set_typed({"given_name": name, "born": ["25", "7", "2001"]})
    desk.press("Ctrl Enter")
    assert the_new_one(rosa).given_name == name.strip("\N{RIGHT-TO-LEFT OVERRIDE}")


def test_look_alikes_are_shown_while_typing_and_stop_the_first_register(
    at: Open, rosa: Practice, centre: SmallCentre
) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace())
    before = rosa.whole.count(Person)
    desk.page.form.set_typed({"born": ["21", "6", "1990"]})
    desk.type_in("first name", "amara")
    desk.type_in("last name", "okeke")
    desk.find("look-alikes")
    assert "Amara Okeke, born 12 June 1990, may be the same person." in desk.words()
    assert "31 Barrington Road, SW9" in desk.lines()[0]
    assert desk.chosen() == "", "nobody is preselected"
    desk.press("Ctrl Enter")
    assert rosa.whole.count(Person) == before
    assert "Press Ctrl Enter again if it is somebody new." in desk.words()
    desk.press("Ctrl Enter")
    assert rosa.whole.count(Person) == before + 1


def test_enter_on_a_look_alike_checks_in_that_person_instead(at: Open, rosa: Practice, centre: SmallCentre) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace())
    before = rosa.whole.count(Person)
    desk.page.form.set_typed({"given_name": "Amara", "family_name": "Okeke", "reason": "Eviction notice"})
    desk.find("look-alikes")
    desk.press("Ctrl Enter") if desk.page.form.born_unknown.isChecked() else desk.choose("Amara Okeke")
    desk.press("Enter")
    assert rosa.whole.count(Person) == before
    (row,) = reception.board(rosa).waiting
    assert (row.name, row.visit.value.reason) == ("Amara Okeke", "Eviction notice")
    assert desk.around.went == [TodayPlace(row.visit.id)]


def test_a_look_alike_who_is_here_already_is_opened_not_checked_in_twice(
    at: Open, rosa: Practice, centre: SmallCentre
) -> None:
    here = centre.here(rosa, "Amara Okeke")
    desk = at(rosa, NewPersonPage, NewPersonPlace("amara okeke"))
    desk.find("look-alikes")
    desk.choose("Amara Okeke")
    desk.press("Enter")
    assert desk.around.went == [TodayPlace(here.visit)]
    assert len(reception.board(rosa).waiting) == 1


def test_a_look_alike_that_arrives_from_another_desk_is_shown(at: Open, rosa: Practice, maya: Practice) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace("zadie flint"))
    assert not desk.page.look_alikes.isVisible()
    maya.write(registration.Act.REGISTER, [create(maya.new_id(), Person(given_name="Zadie", family_name="Flint"))])
    assert "Zadie Flint may be the same person." in desk.words()


def test_what_is_typed_is_kept_within_two_seconds_and_offered_again(at: Open, rosa: Practice) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace())
    desk.type_in("first name", "Kit")
    desk._qtbot.waitUntil(lambda: registration.unfinished_registration(rosa) is not None, timeout=2000)
    assert "Saved 10:43am on this desk" in desk.words()
    again = at(rosa, NewPersonPage, NewPersonPlace())
    assert "You began to register Kit. Go on?" in again.words()
    again.page.kept_strip.link.click()
    assert again.page.form.given_name.text() == "Kit"
    again.type_in("last name", " Farrow")
    again.page.leave()
    kept = registration.unfinished_registration(rosa)
    assert kept and (kept.body["given_name"], kept.body["family_name"]) == ("Kit", " Farrow")


def test_a_registration_that_is_not_wanted_any_more_is_discarded(at: Open, rosa: Practice) -> None:
    registration.keep_registration(rosa, rosa.new_id(), {"given_name": "Kit"})
    desk = at(rosa, NewPersonPage, NewPersonPlace())
    desk.click("discard")
    assert registration.unfinished_registration(rosa) is None
    assert "You began to register" not in desk.words()


def test_leaving_without_typing_keeps_nothing(at: Open, rosa: Practice) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace("kit"))
    desk.press("Esc")
    desk.page.leave()
    assert desk.around.backs == 1
    assert registration.unfinished_registration(rosa) is None


def test_registering_only_leads_to_the_record(at: Open, rosa: Practice) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace("kit farrow 25 7 2001", check_in=False))
    assert desk.page.form.born.value() == ("25", "7", "2001")
    desk.press("Ctrl Enter")
    newest = rosa.whole.find(Person, newest_first=True, limit=1)[0]
    assert desk.around.went == [PersonPlace(newest.id)]
    assert not reception.board(rosa).waiting


def test_who_may_not_register_sees_why(at: Open, centre: SmallCentre) -> None:
    with pytest.raises(Exception, match="You cannot do this"):
        at(centre.at_desk("Alan Oyelaran"), NewPersonPage, NewPersonPlace())


def test_tab_goes_through_every_question_once(at: Open, rosa: Practice) -> None:
    desk = at(rosa, NewPersonPage, NewPersonPlace())
    named = []
    for _step in range(26):
        named.append(desk._focus().accessibleName())
        desk.press("Tab")
    assert named[:6] == [
        "Date of birth, day", "Date of birth, month", "Date of birth, year", "They do not know it",
        "It is an estimate", "First name",
    ]  # fmt: skip
    assert len(set(named[:23])) == 23
    assert "Register and check in" in named


@pytest.mark.parametrize("scale", [100, 200])
def test_the_form_fits_the_smallest_window(at: Open, rosa: Practice, scale: int) -> None:
    theme.set_scale(scale)
    desk = at(rosa, NewPersonPage, NewPersonPlace())
    desk.page.resize(1064, 676)
    desk.page.grab()
    assert (desk.page.width(), desk.page.height()) == (1064, 676)
    assert not desk.page.form_body.horizontalScrollBar().maximum()
