"""How this desk reaches its server, as its settings say: the one place where they become a connection's.

What counts is sealed (`security/server_way.py`); `settings.json` says the same in plain words, for the time before the
PC joins and for the program of the release before. What only stands there is not followed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from livingwell_desktop.app.process import secrets_of
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.keyrings import DeviceSecretStore
from livingwell_desktop.security.server_way import ServerWay, WayChanged, WayFile
from livingwell_desktop.settings import DeskFolder, Settings, load_card, load_settings, save_settings
from livingwell_desktop.sync.client import Network


def network_of(settings: Settings) -> Network:
    """The site's proxy and whose certificates count; without settings, what the operating system says."""
    return Network(settings.proxy.strip(), Path(settings.authorities) if settings.authorities else None)


@dataclass(frozen=True, slots=True)
class JudgedWay:
    """The settings that count, and what was noticed about them."""

    settings: Settings
    proven: bool = False
    changed: WayChanged | None = None
    """The sealed ones are not as they were left: nobody is asked for anything."""
    taken_over: bool = False
    """They were sealed just now, as the release before had left them."""
    plain_differs: bool = False
    """`settings.json` says something else, which is not followed."""

    @property
    def network(self) -> Network:
        """The way of the connection; one that leads nowhere while the settings are in question."""
        return Network(closed=True) if self.changed else network_of(self.settings)


def judged_way(file: WayFile, plain: Settings) -> JudgedWay:
    """Judge the settings of a desk whose device secret is there. Raises OSError when they cannot be taken over."""
    try:
        way = file.load()
    except WayChanged as changed:
        return JudgedWay(plain, changed=changed)
    if way is None:
        file.seal(way_of(plain))
        return JudgedWay(plain, taken_over=True)
    settings = with_way(plain, way)
    return JudgedWay(settings, way.proven, plain_differs=settings != plain)


def way_of(settings: Settings) -> ServerWay:
    """The part of the settings that is sealed."""
    return ServerWay(settings.server_url, settings.proxy, settings.authorities, settings.key_file_allowed)


def with_way(settings: Settings, way: ServerWay) -> Settings:
    """The settings with that part as it is sealed."""
    return replace(
        settings,
        server_url=way.url,
        proxy=way.proxy,
        authorities=way.authorities,
        key_file_allowed=way.key_file_allowed,
    )


def way_file(folder: DeskFolder, device_id: str, secret: bytes, secrets: Callable[[], DeviceSecretStore]) -> WayFile:
    """The sealed file of the desk in that folder. `settings.json` says the same whenever it is changed."""

    def kept(way: ServerWay) -> None:
        save_settings(folder.settings, with_way(load_settings(folder.settings), way))

    return WayFile(folder.server_way, device_id, secret, secrets, kept)


def keep_others(folder: DeskFolder, settings: Settings) -> None:
    """Keep all other settings; what `settings.json` says of the way stays as it is there."""
    save_settings(folder.settings, with_way(settings, way_of(load_settings(folder.settings))))


def set_up_way(folder: DeskFolder, **changed: Any) -> None:
    """Change settings of a desk that is there, in both files, as who sets desks up. Raises Problem, and OSError.

    It needs the device secret; staff change them on the page *Staff and desks*.
    """
    card = load_card(folder.card)
    settings = replace(load_settings(folder.settings), **changed)
    if card is None:
        raise Problem("This is no desk yet", "Its settings are sealed when it joins.", "Enrol it.")
    secrets = secrets_of(folder, settings, card.device_id)
    secret = secrets.load()
    if secret is None:
        raise Problem("This desk has no key", "Its settings cannot be sealed.", "Enrol it again.")
    way_file(folder, card.device_id, secret, lambda: secrets).seal(way_of(settings))
