"""Where this desk sends its records: looked at and changed by those who look after its centre's desks."""

import contextlib
from pathlib import Path

from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.security.server_way import ServerWay, WayChanged
from livingwell_desktop.services.keys_travel import vault_of
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.settings import is_proxy
from livingwell_desktop.storage import Event
from livingwell_desktop.sync.client import is_server_address


def way_here(practice: Practice) -> ServerWay | None:
    """How this desk reaches its server; None while that is in question, or not sealed. Raises Problem."""
    practice.look(Act.KEEP_ALLIANCE)
    way = vault_of(practice).way
    try:
        return None if way is None else way.load()
    except WayChanged:
        return None


def change_way(practice: Practice, url: str, proxy: str, authorities: str) -> None:
    """Seal where this desk sends its records from its next start on. Raises Problem, with what there is to mend."""
    practice.require(Act.KEEP_ALLIANCE)
    vault = vault_of(practice)
    if vault.way is None:
        raise Problem("This desk has no connection settings", "It is being made.", "Sign in again and try once more.")
    wanted = ServerWay(url.strip(), proxy.strip(), authorities.strip())
    _check(wanted)
    # In the audit first: on a full disk nothing is changed that nobody wrote down.
    practice.write(Act.KEEP_ALLIANCE, [], [Event("connection settings changed", None, practice.device.id)])
    try:
        with vault.turn:
            vault.way.change(wanted)
    except OSError as error:
        raise Problem(
            "The settings could not be kept",
            "The disk did not take the file. The settings before still count.",
            "Check that the disk is not full, and try again.",
        ) from error


def _check(way: ServerWay) -> None:
    wrong = []
    if not is_server_address(way.url):
        wrong.append(FieldProblem("url", "Enter the server’s address. It begins with https://"))
    if way.proxy and not _is_proxy(way.proxy):
        wrong.append(FieldProblem("proxy", "Enter an address like http://proxy.example:3128, or nothing."))
    if way.authorities and not Path(way.authorities).is_file():
        wrong.append(FieldProblem("authorities", "Enter the path of a file on this PC, or nothing."))
    if wrong:
        raise Problem("Some answers need another look", "Nothing was changed.", wrong[0].sentence, tuple(wrong))


def _is_proxy(address: str) -> bool:
    with contextlib.suppress(ValueError):
        return is_proxy(address)
    return False
