"""Staff and desks, by keyboard: admit, extend, invite, change, suspend, leave, reset, the recovery code."""

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QWidget

from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.security.first_sign_in import take_up
from livingwell_desktop.security.slot_problems import NoSlot
from livingwell_desktop.services import desks, documents
from livingwell_desktop.ui.pages import PreviewPlace
from livingwell_desktop.ui.tasks import Tasks
from tests.services.key_desks import ID, KeyDesk
from tests.ui.admin.at_staff_page import AtPassphrase, AtStaff
from tests.window import until

NEW = "velvet tractor hums quietly"


def test_a_manager_admits_a_colleague_and_gives_more_days(reception: KeyDesk, tasks: Tasks) -> None:
    page = AtStaff(reception.sign_in("sunita"), tasks)
    assert "Not at this desk" in page.row("Jo Castell")
    page.choose("Jo Castell").press("A")
    assert page.last_said() == "Jo Castell may sign in at this desk."
    assert "Until 30 November 2026" in page.row("Jo Castell"), "a partner has seven days"
    assert reception.unlock("jo")
    reception.clock.pass_(days=8)
    page.page.tick()
    assert "Days have run out" in page.row("Jo Castell")
    page.choose("Jo Castell").press("E")
    assert "until 8 December 2026, with or without a connection" in page.last_said()
    assert reception.unlock("jo")


def test_an_administrator_invites_and_the_code_is_shown_once(reception: KeyDesk, tasks: Tasks) -> None:
    page = AtStaff(reception.sign_in("callum"), tasks)
    page.press("N").until_shown("Invite somebody")
    page.press("Enter").until_shown("Enter a name.")
    page.fill("first name", "Ada")
    page.fill("last name", "Obi")
    page.control("organisation").setFocus()
    page.press("Down")
    page.control("first name").setFocus()
    page.press("Enter")
    until(lambda: page.has_control("the code"), "the code")
    code = page.code()
    page.press("Esc")
    assert code not in page.words()
    assert "Invited" in page.row("Ada Obi")
    (ada,) = (held for held in reception.store.find(Staff) if held.value.name == "Ada Obi")
    assert take_up(reception.sign_in_desk(), str(ada.id), code, NEW, None, reception.clock())


def test_a_manager_says_that_this_centre_serves_one_organisation_alone(reception: KeyDesk, tasks: Tasks) -> None:
    practice = reception.sign_in("sunita")
    page = AtStaff(practice, tasks)
    page.press("O").until_shown("Whom this centre serves")
    page.control("serves").setFocus()
    page.press("Down").click("Save")
    until(lambda: desks.serves(practice) is not None, "the centre serves one alone")
    page.until_shown("alone")
    page.press("O").until_shown("Whom this centre serves")
    page.control("serves").setFocus()
    page.press("Up").click("Save")
    until(lambda: desks.serves(practice) is None, "and the whole alliance again")


def test_the_desks_are_listed_with_their_letters(reception: KeyDesk, tasks: Tasks) -> None:
    page = AtStaff(reception.sign_in("sunita"), tasks)
    desk = next(row for row in page.rows() if "This desk" in row)
    assert "reception" in desk
    assert "Tickets begin with A" in desk


def test_only_administrators_invite_and_reset(reception: KeyDesk, tasks: Tasks) -> None:
    page = AtStaff(reception.sign_in("sunita"), tasks)
    for key, words in (("N", "invite staff"), ("R", "reset a colleague’s passphrase"), ("K", "recovery code")):
        page.choose("Rosa Mensah").press(key)
        tone, said = page.said[-1]
        assert tone == "error"
        assert words in said


def test_who_is_no_manager_is_told_whom_to_ask(reception: KeyDesk, tasks: Tasks) -> None:
    page = AtStaff(reception.sign_in("rosa"), tasks)
    page.until_shown("Ask: team manager or administrator.")
    assert not page.page.rows.isVisible()


def test_suspended_and_back_and_gone(reception: KeyDesk, tasks: Tasks) -> None:
    page = AtStaff(reception.sign_in("sunita"), tasks)
    page.choose("Rosa Mensah").press("S").confirm().press("Enter")
    assert "Suspended" in page.row("Rosa Mensah")
    with pytest.raises(NoSlot):
        reception.unlock("rosa")
    page.choose("Rosa Mensah").press("S")
    assert "Until" in page.row("Rosa Mensah")
    page.choose("Rosa Mensah").press("L").confirm().press("Enter")
    assert "Left on 23 November 2026" in page.row("Rosa Mensah")
    with pytest.raises(NoSlot):
        reception.unlock("rosa")
    page.choose("Sunita Marsh").press("L").confirm().press("Enter")
    assert "your own account" in page.last_said()


def test_a_role_and_a_job_are_changed_in_one_form(reception: KeyDesk, tasks: Tasks) -> None:
    page = AtStaff(reception.sign_in("callum"), tasks)
    page.choose("Rosa Mensah").press("Enter").until_shown("Change Rosa Mensah")
    page.fill("job title", "Front of house")
    page.control("role").setFocus()
    page.press("Down")
    page.control("job title").setFocus()
    page.press("Enter")
    assert "Front of house" in page.row("Rosa Mensah")
    assert reception.staff("rosa").value.role is Role.KEY_WORKER


def test_a_reset_takes_two_administrators(reception: KeyDesk, tasks: Tasks) -> None:
    page = AtStaff(reception.sign_in("callum"), tasks)
    page.choose("Rosa Mensah").press("R").confirm().press("Enter")
    until(lambda: page.has_control("the code"), "the code")
    code = page.code()
    page.press("Esc")
    assert "Reset waits for a second administrator" in page.row("Rosa Mensah")
    second = AtStaff(reception.sign_in("dana"), tasks)
    second.choose("Rosa Mensah").until_shown("Confirm reset")
    second.press("R").confirm().press("Enter")
    assert "Invited" in second.row("Rosa Mensah")
    assert take_up(reception.sign_in_desk(), str(ID["rosa"]), code, NEW, None, reception.clock())


def test_the_recovery_code_is_made_by_name_and_goes_to_its_page(reception: KeyDesk, tasks: Tasks) -> None:
    practice = reception.sign_in("callum")
    page = AtStaff(practice, tasks)
    page.until_shown("This centre has no recovery code.")
    page.press("K").until_shown("Make the recovery code")
    page.fill("first keeper", "Sunita Marsh")
    page.press("Enter").until_shown("Enter the names of the two people")
    page.fill("second keeper", "Callum Adair")
    page.press("Enter")
    until(lambda: page.went, "the page of the code")
    assert page.went == [PreviewPlace("recovery_code", None)]
    assert not page.shows("This centre has no recovery code.")
    assert documents.prepare(practice, "recovery_code", None).pdf.startswith(b"%PDF")
    assert practice.vault is not None
    practice.vault.just_made = None  # as after a lock
    from livingwell_desktop.domain.errors import Problem

    with pytest.raises(Problem, match="no recovery code to print"):
        documents.prepare(practice, "recovery_code", None)


def test_every_control_has_a_name_and_tab_reaches_it(reception: KeyDesk, tasks: Tasks) -> None:
    for page in (AtStaff(reception.sign_in("callum"), tasks), AtPassphrase(reception.sign_in("callum"), tasks)):
        page.bring_to_front()
        kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)
        controls = [each for each in page.window.findChildren(QWidget) if isinstance(each, kinds) and each.isVisible()]
        reached: set[QWidget] = set()
        for _ in range(4 * len(controls) + 10):
            focus = page.window.focusWidget()
            while focus is not None and focus is not page.window:
                reached.add(focus)
                focus = focus.parentWidget()
            page.press("Tab")
        for each in controls:
            interface = QAccessible.queryAccessibleInterface(each)
            assert interface is not None
            assert interface.text(QAccessible.Text.Name), each
            if each.isEnabled() and each.focusProxy() is None and each.focusPolicy().value & 1:
                assert each in reached, interface.text(QAccessible.Text.Name)


def test_a_passphrase_is_changed_with_the_offered_words(reception: KeyDesk, tasks: Tasks) -> None:
    from tests.services.key_desks import PASSPHRASE

    page = AtPassphrase(reception.sign_in("rosa"), tasks)
    words = page.offered()
    page.change("wrong wrong wrong", words).until_shown("That passphrase is not right")
    page.change(PASSPHRASE, "12345 678901 23456").until_shown("Choose a stronger passphrase")
    page.change(PASSPHRASE, words, "something else").until_shown("The two are not the same")
    page.change(PASSPHRASE, words).until_shown("Your passphrase is changed on this desk.")
    page.until_shown("use the old one there")
    assert reception.unlock("rosa", words)
    assert page.offered() != words
    page.page.leave()
    assert not page.page.new.text()
