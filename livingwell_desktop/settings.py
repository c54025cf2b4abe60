"""This PC's settings: one declared field each, from which file, default, validation and the settings page follow."""

import contextlib
import dataclasses
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def _setting(default: Any, label: str, hint: str = "", least: int | None = None, most: int | None = None) -> Any:
    return dataclasses.field(default=default, metadata={"label": label, "hint": hint, "least": least, "most": most})


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of this PC. No personal data, so the file is plain JSON.

    Of a desk, what says where its records go counts only as it is sealed (`security/server_way.py`).
    """

    text_size: int = _setting(100, "Text size", "In percent of the usual size", least=80, most=200)
    dark: bool = _setting(False, "Dark colours")
    motion: bool = _setting(True, "Moving parts", "Turn off for no movement on screen")
    idle_minutes: int = _setting(5, "Lock after", "Minutes without a key or the mouse", least=1, most=30)
    show_last_answers: bool = _setting(True, "Show last answers beside the new ones", "It may steer the answer")
    large_print_size: int = _setting(18, "Large print", "Points", least=16, most=28)
    born_on_paper: bool = _setting(True, "Date of birth at the foot of papers")
    server_url: str = _setting("", "Server")
    proxy: str = _setting("", "Proxy to the server", "Like http://proxy.example:3128; empty: as the PC says")
    authorities: str = _setting("", "File of certificates", "PEM, of the site’s own authority or a proxy")
    other_disk: str = _setting("", "Folder on another disk", "Everything not yet sent is kept there too, encrypted")
    waiting_room: str = _setting(
        "", "Waiting-room screen", "Empty for none, “window”, or the number of a screen from 2 on: the whole of it"
    )
    key_file_allowed: bool = _setting(False, "Key in a file when there is no keyring", "Shown as degraded")

    def __post_init__(self) -> None:
        for each in dataclasses.fields(self):
            value, limits = getattr(self, each.name), each.metadata
            if limits["least"] is not None and not limits["least"] <= value <= limits["most"]:
                raise ValueError(f"{each.name} is from {limits['least']} to {limits['most']}")
        if self.proxy and not is_proxy(self.proxy):
            raise ValueError("proxy is an address like http://proxy.example:3128")


def is_proxy(address: str) -> bool:
    """Whether a connection can be made through it. Raises ValueError for an address that is none at all."""
    parts = urlsplit(address.strip())
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0


def load_settings(path: Path) -> Settings:
    """Read the settings. What is missing, unknown or impossible has its default: settings never stop the program."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    settings = Settings()
    for each in dataclasses.fields(Settings):
        value: Any = found.get(each.name) if isinstance(found, dict) else None
        if type(value) is not type(getattr(settings, each.name)):
            continue
        changed: dict[str, Any] = {each.name: value}
        with contextlib.suppress(ValueError):
            settings = dataclasses.replace(settings, **changed)
    return settings


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".settings")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(dataclasses.asdict(settings), file, indent=2)
    Path(name).replace(path)


@dataclass(frozen=True, slots=True)
class DeskFolder:
    """Where one desk keeps what is its own. Nothing readable in it but names of the desk and centre."""

    path: Path

    @property
    def records(self) -> Path:
        """The encrypted database."""
        return self.path / "records.db"

    @property
    def slots(self) -> Path:
        """The key slots of those who may sign in."""
        return self.path / "slots"

    @property
    def key_file(self) -> Path:
        """The desk's secret, only where the policy allows a file instead of a keyring."""
        return self.path / "device-secret"

    @property
    def device_keys(self) -> Path:
        """The desk's signing key, sealed under its secret."""
        return self.path / "device-keys.json"

    @property
    def alliance(self) -> Path:
        """The alliance's public key and the travel key, sealed under the desk's secret."""
        return self.path / "alliance.box"

    @property
    def settings(self) -> Path:
        """This desk's settings."""
        return self.path / "settings.json"

    @property
    def server_way(self) -> Path:
        """The settings that say where its records go, sealed under the desk's secret."""
        return self.path / "settings.box"

    @property
    def card(self) -> Path:
        """What the sign-in window says before anybody has signed in."""
        return self.path / "desk.json"

    @property
    def begun(self) -> Path:
        """What a desk that is being made goes on with; there is none once somebody may sign in."""
        return self.path / "begun.json"

    @property
    def waiting(self) -> Path:
        """How many changes waited when the desk locked."""
        return self.path / "waiting.json"

    def prepare(self) -> None:
        """Make the folder, for this user only."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.slots.mkdir(mode=0o700, exist_ok=True)


@dataclass(frozen=True, slots=True)
class DeskCard:
    """Which desk this is, for the sign-in window: no personal data."""

    device_id: str
    desk: str
    centre: str
    note: str = ""
    """A line for the sign-in window, like the demo's passphrase."""


@dataclass(frozen=True, slots=True)
class WaitingNote:
    """How many changes still waited when the desk locked, and when the oldest was saved (milliseconds; 0: none)."""

    count: int = 0
    oldest: int = 0


def load_waiting(path: Path) -> WaitingNote:
    """What waited at the last lock; nothing when that is not known."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return WaitingNote(int(found["count"]), int(found["oldest"]))
    except (OSError, ValueError, TypeError, KeyError):
        return WaitingNote()


def save_waiting(path: Path, note: WaitingNote) -> None:
    """Write down what waits. Raises OSError."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(json.dumps(dataclasses.asdict(note)), encoding="utf-8")
    unfinished.replace(path)


def load_card(path: Path) -> DeskCard | None:
    """The desk's card, or None on a PC that was never enrolled."""
    try:
        return DeskCard(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def save_card(path: Path, card: DeskCard) -> None:
    """Write the desk's card."""
    path.write_text(json.dumps(dataclasses.asdict(card)), encoding="utf-8")
