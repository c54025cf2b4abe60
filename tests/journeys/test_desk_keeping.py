"""Staff and desks through the real server: a lost desk is shut out, what it held is seen, a new one gets its code."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.lost_desks import ShutOutReason
from livingwell_desktop.domain.organisations import Device
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Sensitivity
from livingwell_desktop.services import desk_keeping, desks
from livingwell_desktop.sync.client import enrol
from livingwell_desktop.sync.joining import EnrolRequest
from livingwell_desktop.ui.admin import StaffPage
from livingwell_desktop.ui.pages import StaffPlace
from tests.contracts.test_audit import events
from tests.desk import DeskWindow
from tests.journeys.test_staff_between_desks import folder, slots
from tests.office import NAMES, Day
from tests.window import until

pytestmark = pytest.mark.slow

PICTURES = os.environ.get("LIVINGWELL_PICTURES", "")
"""A folder for pictures of what these journeys show; none are made without."""


def at_reception(day: Day, name: str) -> DeskWindow:
    desk = day.desk(NAMES[0]).sign_in(name, demo_passphrase())
    until(lambda: desk.desk.engine.state().connected, "a connection")
    desk.go(StaffPlace())
    return desk


def page(desk: DeskWindow) -> StaffPage:
    found = desk.page()
    assert isinstance(found, StaffPage)
    return found


def choose(desk: DeskWindow, name: str) -> Device:
    """A desk in the list, by the keyboard."""
    page(desk).rows.setFocus()
    for _ in range(60):
        chosen = page(desk).chosen_desk()
        # Desks of the made-up past have no key.
        if chosen is not None and chosen.device.value.name == name and chosen.device.value.public_key:
            return chosen.device.value
        desk.press("Down")
    raise AssertionError(name)


def test_each_desk_is_listed_once(day: Day) -> None:
    callum = at_reception(day, "Callum Adair")
    here = [each for each in desks.desks(callum.desk.practice) if each.centre and each.centre.value.name == "Centre A"]
    named = [each.device.value.name for each in here]
    assert sorted(set(named)) == sorted(named)
    assert set(NAMES) <= set(named)


def pictured(desk: DeskWindow, name: str) -> None:
    if PICTURES:
        desk.picture(Path(PICTURES) / f"{name}.png")


def test_an_administrator_shuts_a_lost_desk_out_and_it_locks_for_good(day: Day) -> None:
    maya = day.room_2()
    until(lambda: maya.desk.engine.state().connected, "a connection")
    callum = at_reception(day, "Callum Adair")
    choose(callum, NAMES[1])
    pictured(callum, "1 a desk is chosen")
    callum.press("X").until_shown(f"Shut out {NAMES[1]}?")
    pictured(callum, "2 why")
    callum.click("Shut it out").until_shown("It is not said what happened.")
    callum.click("Nobody knows where it is").fill("what happened", "Not in its cupboard since Sunday")
    callum.click("Shut it out").until_shown(f"What {NAMES[1]} held")
    callum.until_shown("What was not sent cannot come any more.").until_shown("Your role does not see names.")
    pictured(callum, "3 what it held")
    callum.press("Esc")
    assert choose(callum, NAMES[1]).revoked
    pictured(callum, "4 it is shut out")
    callum.press("X")
    callum.until_shown("This desk is shut out already.")
    assert "desk shut out" in events(callum.desk.store)
    until(lambda: maya.table.locked, "the lost desk locks")
    assert slots(day, NAMES[1]).is_shut_out
    assert not folder(day, NAMES[1]).key_file.exists()


def test_the_desk_one_is_at_stays(day: Day) -> None:
    callum = at_reception(day, "Callum Adair")
    choose(callum, NAMES[0])
    callum.press("X").until_shown("This is the desk you are at.")


def test_without_the_server_the_keys_say_why(day: Day) -> None:
    callum = at_reception(day, "Callum Adair")
    choose(callum, NAMES[1])
    with day.outage():
        until(lambda: not callum.desk.engine.state().connected, "the outage is noticed")
        reasons = {each.name: each.reason for each in page(callum).actions_here()}
        for name in ("Shut out", "What it held", "Code for a new desk"):
            assert reasons[name] == "This needs the server, and this desk is not connected.", name
        callum.press("D").until_shown("This needs the server, and this desk is not connected.")
        practice = callum.desk.practice
        with pytest.raises(Problem, match="needs the server"):
            desk_keeping.make_code(practice, Sensitivity.DESK)
        lost = next(held for held in practice.store.find(Device) if held.value.name == NAMES[1])
        with pytest.raises(Problem, match="needs the server"):
            desk_keeping.shut_out(practice, lost, ShutOutReason.STOLEN, "From a car")
        held = practice.store.get(Device, lost.id)
        assert held is not None
        assert not held.value.revoked, "nothing is said to be done that is not"


def test_a_manager_makes_a_code_which_lets_one_new_desk_in(day: Day) -> None:
    sunita = at_reception(day, "Sunita Marsh")
    sunita.press("D").until_shown("A code for a new desk")
    pictured(sunita, "5 a code for a new desk")
    assert not sunita.shows("Restricted records too"), "no more than this desk may hold"
    sunita.click("Who comes and when").click("Make the code").until_shown("The code for a new desk")
    pictured(sunita, "6 the code")
    label = sunita.control("the code")
    assert isinstance(label, QLabel)
    code = label.text()
    sunita.until_shown("10:43am on 25 November 2026")
    sunita.press("Esc")
    assert code not in sunita.words()
    assert "code for a desk made" in events(sunita.desk.store)
    enrolled = enrol(day.central.server.url, EnrolRequest(code, "New desk", bytes(range(32))))
    centre = sunita.desk.practice.centre.id
    assert (enrolled.certificate.centres, enrolled.certificate.sensitivity) == ((centre,), int(Sensitivity.DESK))


def test_a_manager_may_not_shut_out_and_the_privacy_officer_reads_names(day: Day) -> None:
    maya = day.room_2()
    until(lambda: maya.desk.engine.state().connected, "the other desk was sent its records")
    sunita = at_reception(day, "Sunita Marsh")
    choose(sunita, NAMES[1])
    sunita.press("X").until_shown("Your role cannot shut out a lost desk. Ask: administrator.")
    sunita.lock()
    ruth = at_reception(day, "Ruth Ellery")
    assert not ruth.shows("Rosa Mensah"), "whoever oversees sees the desks, not the staff"
    choose(ruth, NAMES[1])
    ruth.press("H").until_shown("It is not shut out.")
    pictured(ruth, "7 what it holds, with names")
    ngozi = ruth.desk.store.get(Person, day.alliance.people["Ngozi Okafor"])
    assert ngozi is not None
    assert "Ngozi Okafor, 14 Mar 1986" in ruth.words()
    ruth.press("Esc").press("F9").press("H")
    ruth.until_shown("Names are hidden.")
    assert "Ngozi Okafor" not in ruth.words()
