"""A desk that was found to be a copy says so over every place, until somebody closes it."""

import shutil

import pytest

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.services import copies
from livingwell_desktop.ui.pages import AttentionPlace
from tests.office import NAMES, Day

pytestmark = pytest.mark.slow

WORDS = "This PC’s records were copied or put back from an older copy. It goes on as desk "


def test_a_copy_says_so_over_every_place_until_somebody_closes_it(day: Day) -> None:
    copy = day.desk("copy")
    table = day.desk(NAMES[0])
    shutil.copytree(table.folder.path, copy.folder.path)
    rosa = table.sign_in("Rosa Mensah", demo_passphrase()).until_status("Connected")
    assert not rosa.shows(WORDS)
    rosa.check_in("pilar zu")
    rosa.until_sent().lock()
    twin = copy.sign_in("Rosa Mensah", demo_passphrase())
    twin.until_shown(WORDS)
    twin.until_shown("everything saved here is kept. Tell your team manager.")
    twin.go(AttentionPlace()).until_shown(WORDS)
    practice, letter = twin.desk.practice, twin.desk.engine.state().new_letter
    assert copies.is_to_tell(practice, letter), "it is said again after the next sign-in"
    twin.click("Close this message").until_gone(WORDS)
    assert not copies.is_to_tell(practice, letter)
    assert copies.is_to_tell(practice, "D"), "a copy of this copy is another one"
