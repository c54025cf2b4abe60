"""What a stolen disk costs to open, from the parameters of a real slot. The table in docs/security.md is this."""

import re
from pathlib import Path

import pytest

from livingwell_desktop.security.argon2 import FLOOR, Argon2Parameters
from livingwell_desktop.security.passphrases import FEWEST_GUESSES, generated_guesses
from livingwell_desktop.security.slots import DEFAULT_PARAMETERS, change_passphrase
from livingwell_desktop.security.theft_cost import opening_cost
from tests.security.admitted_member import AdmittedMember

PIN_GUESSES = 10**6
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "security.md"


@pytest.fixture(scope="module")
def default_parameters(rosa: AdmittedMember) -> Argon2Parameters:
    """Those of a slot made with the defaults, not those of the code that made it."""
    return change_passphrase(rosa.slot, rosa.passphrase, "velvet tractor hums quietly", rosa.device_secret).parameters


def test_four_words_cost_more_than_any_thief_has(default_parameters: Argon2Parameters) -> None:
    assert opening_cost(default_parameters, generated_guesses()) >= 100e6


def test_the_weakest_allowed_still_costs_a_house(default_parameters: Argon2Parameters) -> None:
    assert opening_cost(default_parameters, FEWEST_GUESSES) >= 100e3


def test_a_pin_would_cost_cents(default_parameters: Argon2Parameters) -> None:
    assert opening_cost(default_parameters, PIN_GUESSES) < 1


def test_the_floor_costs_a_quarter() -> None:
    assert opening_cost(DEFAULT_PARAMETERS, 1000) == pytest.approx(4 * opening_cost(FLOOR, 1000))


def test_the_documents_table_is_what_is_computed(default_parameters: Argon2Parameters) -> None:
    rows = re.findall(r"^\| [^|]+ \| [^|]+ \| \$([\d,.]+) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    computed = [opening_cost(default_parameters, many) for many in (generated_guesses(), FEWEST_GUESSES, PIN_GUESSES)]
    assert [float(row.replace(",", "")) for row in rows] == pytest.approx(computed, rel=0.05)
