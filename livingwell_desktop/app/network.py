"""How this desk reaches its server, as its settings say: the one place where they become a connection's."""

from pathlib import Path

from livingwell_desktop.settings import Settings
from livingwell_desktop.sync.client import Network


def network_of(settings: Settings) -> Network:
    """The site's proxy and whose certificates count; without settings, what the operating system says."""
    return Network(settings.proxy.strip(), Path(settings.authorities) if settings.authorities else None)
