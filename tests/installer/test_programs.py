"""The programs that an installation has: each is where `pyproject.toml` says, and the documents call it by its name."""

import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PROGRAMS: dict[str, str] = PROJECT["scripts"] | PROJECT["gui-scripts"]


@pytest.mark.parametrize("name", ["livingwell-server", "livingwell-desktop"])
def test_a_program_starts_what_says_its_own_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    program = EntryPoint(name, PROGRAMS[name], "console_scripts").load()
    with pytest.raises(SystemExit) as ended:
        program(["--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {name} ")
