"""The hazard log: whole, rated by the matrix, and each hazard held by tests that exist."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contracts.hazard_log import HAZARDS, STATUSES, TABLE, Hazard, functions, hazards, matrix_risk, table

EVERY = hazards()
KINDS_OF_CONTROL = ("Design: ", "Test: ", "Training: ", "Process: ")
each_hazard = pytest.mark.parametrize("hazard", EVERY, ids=lambda hazard: hazard.id)


def test_the_log_has_the_hazards_of_its_files_in_order() -> None:
    assert len(EVERY) >= 40
    assert [hazard.id for hazard in EVERY] == [f"H{number:02}" for number in range(1, len(EVERY) + 1)]
    assert all(path.name.startswith(f"{hazard.id.lower()}-") for path, hazard in _files())
    assert len({hazard.title for hazard in EVERY}) == len(EVERY)


@each_hazard
def test_cause_effect_harm_controls_and_owner_are_said(hazard: Hazard) -> None:
    assert hazard.lines("Possible causes")
    assert hazard.sections["Effect"]
    assert hazard.sections["Harm"]
    assert hazard.lines("Controls")
    assert all(line.startswith(KINDS_OF_CONTROL) for line in hazard.lines("Controls"))
    assert "eploying organisation: " in hazard.sections["Owner"]


@each_hazard
def test_the_risks_are_those_of_the_matrix_and_controls_raise_none(hazard: Hazard) -> None:
    initial, residual = hazard.rating("Initial risk"), hazard.rating("Residual risk")
    for rating in (initial, residual):
        assert rating.risk == matrix_risk(rating.severity, rating.likelihood)
    assert residual.risk <= initial.risk


@each_hazard
def test_every_named_test_is_there(hazard: Hazard) -> None:
    assert hazard.tests
    assert [test for test in hazard.tests if test[1] not in functions(test[0])] == []
    assert len(set(hazard.tests)) == len(hazard.tests)


@each_hazard
def test_open_means_that_something_is_missing(hazard: Hazard) -> None:
    """And a risk that the matrix calls unacceptable is never called controlled, nor left without a word about it."""
    status = hazard.sections["Status"]
    assert status in STATUSES
    assert (status == "Open.") == ("What is missing" in hazard.sections)
    if hazard.rating("Residual risk").risk >= 4:
        assert status == "Open."
        assert "not acceptable for live use" in hazard.sections["Comment"]


def test_the_table_is_that_of_the_files() -> None:
    """After a change: python -m tests.contracts.hazard_log"""
    assert TABLE.read_text(encoding="utf-8") == table()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda words: words.replace("## Effect\n", "## Outcome\n"),
        lambda words: words.replace("Group: ", ""),
        lambda words: words.replace("## Owner\n", ""),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    path = tmp_path / "h01-spoilt.md"
    path.write_text(spoil(_files()[0][0].read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ValueError, match="h01-spoilt"):
        Hazard.read(path)


def _files() -> list[tuple[Path, Hazard]]:
    return list(zip(sorted(HAZARDS.glob("*.md")), EVERY, strict=True))
