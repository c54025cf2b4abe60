"""Start-up gates on the database library."""

import pytest

from livingwell_desktop.security.gates import Consequence, check_database_library


@pytest.mark.parametrize(
    "versions", [("0.6.4", "3.51.3", "4.12.0 community"), ("1.0", "4.0.0", "5"), ("0.10.0", "3.100.0", "4")]
)
def test_good_versions_pass(versions: tuple[str, str, str]) -> None:
    assert check_database_library(*versions) == ()


@pytest.mark.parametrize("cipher", [None, "", "  "])
def test_no_cipher_refuses(cipher: str | None) -> None:
    (failed,) = check_database_library("0.6.4", "3.51.3", cipher)
    assert failed.consequence is Consequence.REFUSE
    assert "IT help desk" in failed.problem.what_to_do


@pytest.mark.parametrize(
    ("package", "sqlite"),
    [("0.6.3", "3.51.3"), (None, "3.51.3"), ("what", "3.51.3"), ("0.6.4", "3.51.2"), ("0.6.4", "3.9"), ("0.6.4", "")],
)
def test_an_old_or_unknown_version_is_read_only(package: str | None, sqlite: str) -> None:
    (failed,) = check_database_library(package, sqlite, "4.12.0")
    assert failed.consequence is Consequence.READ_ONLY
    assert failed.problem.title and failed.problem.what_happened and failed.problem.what_to_do


def test_every_failing_gate_is_told() -> None:
    assert len(check_database_library(None, "3.40.0", None)) == 3
