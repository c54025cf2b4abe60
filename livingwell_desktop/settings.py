"""This PC's settings: one declared field each, from which file, default, validation and the settings page follow."""

import dataclasses
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def _setting(default: Any, label: str, hint: str = "", least: int | None = None, most: int | None = None) -> Any:
    return dataclasses.field(default=default, metadata={"label": label, "hint": hint, "least": least, "most": most})


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of this PC. No personal data, so the file is plain JSON."""

    text_size: int = _setting(100, "Text size", "In percent of the usual size", least=80, most=200)
    dark: bool = _setting(False, "Dark colours")
    motion: bool = _setting(True, "Moving parts", "Turn off for no movement on screen")
    idle_minutes: int = _setting(5, "Lock after", "Minutes without a key or the mouse", least=1, most=30)
    show_last_answers: bool = _setting(True, "Show last answers beside the new ones", "It may steer the answer")
    large_print_size: int = _setting(18, "Large print", "Points", least=16, most=28)
    born_on_paper: bool = _setting(True, "Date of birth at the foot of papers")
    server_url: str = _setting("", "Server")
    key_file_allowed: bool = _setting(False, "Key in a file when there is no keyring", "Shown as degraded")

    def __post_init__(self) -> None:
        for each in dataclasses.fields(self):
            value, limits = getattr(self, each.name), each.metadata
            if limits["least"] is not None and not limits["least"] <= value <= limits["most"]:
                raise ValueError(f"{each.name} is from {limits['least']} to {limits['most']}")


def load_settings(path: Path) -> Settings:
    """Read the settings. What is missing, unknown or impossible has its default: settings never stop the program."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    settings = Settings()
    for each in dataclasses.fields(Settings):
        value = found.get(each.name) if isinstance(found, dict) else None
        if type(value) is type(getattr(settings, each.name)):
            try:
                settings = dataclasses.replace(settings, **{each.name: value})
            except ValueError:
                continue
    return settings


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".settings")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(dataclasses.asdict(settings), file, indent=2)
    Path(name).replace(path)
