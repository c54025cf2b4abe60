"""Demo desks: enrolled with a one-time code, with key slots for the staff of their centre, filled or downloaded."""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from installer.demo.accounts import demo_passphrase
from installer.demo.alliance import LISTED_FIRST, Alliance, fill
from installer.demo.central import Central
from installer.demo.staff_keys import key_records, standing_of
from livingwell_desktop.domain.identity import uuid7
from livingwell_desktop.domain.organisations import Device, Organisation, Role, Staff
from livingwell_desktop.domain.permissions import ROLE_WORDS
from livingwell_desktop.security.alliance_card import AllianceCard, save_alliance_card
from livingwell_desktop.security.argon2 import Argon2Parameters
from livingwell_desktop.security.device import DeviceKeys, create_device_keys, new_device_id, save_device_keys
from livingwell_desktop.security.keyrings import KeyFileStore, create_device_secret
from livingwell_desktop.security.member_keys import MemberKeys, create_member_keys
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_format import Grant, Slot
from livingwell_desktop.security.slots import (
    DEFAULT_PARAMETERS,
    DatabaseKey,
    admit,
    create_database_key,
    create_slot,
    locked_keys,
)
from livingwell_desktop.settings import DeskCard, DeskFolder, Settings, save_card, save_settings
from livingwell_desktop.storage import Author, Signer, Store, create
from livingwell_desktop.sync.client import ServerClient, enrol
from livingwell_desktop.sync.engine import SyncEngine
from livingwell_desktop.sync.joining import Enrolled, EnrolRequest

CENTRE = "Centre A"
DESKS = ("Reception desk 1", "Room 2 desk", "Room 3 desk", "Hub table 4")
LEASE = timedelta(days=35)

Say = Callable[[str], None]


def make_desks(
    root: Path,
    central: Central,
    alliance: Alliance,
    names: Iterable[str],
    clock: Callable[[], datetime],
    say: Say,
    parameters: Argon2Parameters = DEFAULT_PARAMETERS,
) -> list[DeskFolder]:
    """Make desks in `root`. The first is filled with the alliance and sends it; the others download it."""
    names = tuple(names)
    alliance = _but_for(alliance, names)
    made: list[DeskFolder] = []
    slots: dict[UUID, tuple[Slot, bytes]] = {}
    members = {staff: create_member_keys(str(staff)) for staff, _ in staff_of(alliance)}
    for name in names:
        folder = DeskFolder(root / name.lower().replace(" ", "-"))
        say(f"{name}: joins the alliance")
        keys, secret, enrolled = _join(folder, central, name, alliance.centres[CENTRE])
        database_key = create_database_key()
        for number, (staff, member) in enumerate(staff_of(alliance), 1):
            slots[staff] = _slot(
                folder,
                members[staff],
                member,
                alliance,
                keys,
                secret,
                database_key,
                slots.get(staff),
                clock,
                parameters,
            )
            if number % 5 == 0:
                say(f"{name}: {number} members of staff may sign in")
        own = (
            key_records(
                central.alliance, dict(staff_of(alliance)), members,
                {staff: locked_keys(*slot) for staff, slot in slots.items()},
            )
            if not made
            else None
        )  # fmt: skip
        _records(folder, keys, database_key, central, alliance, name, enrolled, own, clock=clock, say=say)
        made.append(folder)
    return made


def _but_for(alliance: Alliance, names: Iterable[str]) -> Alliance:
    """The alliance without the made-up records of the desks that really join: each is to be listed once."""
    joining = {alliance.devices.get((CENTRE, name)) for name in names}
    return replace(alliance, entries=tuple(each for each in alliance.entries if each.id not in joining))


def staff_of(alliance: Alliance) -> list[tuple[UUID, Staff]]:
    """The staff who may sign in at the demo's centre, those of the pictures first."""
    centre = alliance.centres[CENTRE]
    there = [(record, value) for record, value in alliance.of(Staff) if value.centre == centre]
    order = {name: place for place, name in enumerate(LISTED_FIRST)}
    return sorted(there, key=lambda each: (order.get(each[1].name, len(order)), each[1].name))


def _join(folder: DeskFolder, central: Central, name: str, centre: UUID) -> tuple[DeviceKeys, bytes, Enrolled]:
    folder.prepare()
    save_settings(folder.settings, Settings(server_url=central.server.url, key_file_allowed=True))
    secret = create_device_secret()
    KeyFileStore(folder.key_file).save(secret)
    keys = create_device_keys(new_device_id())
    enrolled = enrol(central.server.url, EnrolRequest(central.one_time_code(), name, keys.public, centre))
    keys = replace(keys, device_id=str(enrolled.device))
    save_device_keys(folder.device_keys, keys, secret)
    client = ServerClient(central.server.url, UUID(keys.device_id), keys.signer())
    travel_key = client.travel_key()
    client.close()
    save_alliance_card(folder.alliance, AllianceCard(enrolled.alliance_key, travel_key), keys.device_id, secret)
    note = f"Demo. Everybody’s passphrase: {demo_passphrase()}. The key lies in a file: not safe for real records."
    save_card(folder.card, DeskCard(keys.device_id, name, CENTRE, note))
    return keys, secret, enrolled


def _slot(
    folder: DeskFolder,
    own: MemberKeys,
    member: Staff,
    alliance: Alliance,
    keys: DeviceKeys,
    secret: bytes,
    database_key: DatabaseKey,
    before: tuple[Slot, bytes] | None,
    clock: Callable[[], datetime],
    parameters: Argon2Parameters,
) -> tuple[Slot, bytes]:
    """A slot on this desk: made with the passphrase the first time, admitted from the locked keys afterwards."""
    organisation: Organisation = alliance.value(member.organisation) if member.organisation else Organisation()
    grant = Grant(
        name=member.name,
        role=member.job_title or ROLE_WORDS[member.role],
        organisation=f"{organisation.colour}|{organisation.letters}|{organisation.short_name}",
        scope=("desk", "clinical"),
        lease_until=clock() + LEASE,
    )
    if before is None:
        slot = create_slot(
            own,
            demo_passphrase(),
            database_key,
            device_id=keys.device_id,
            device_secret=secret,
            grant=grant,
            parameters=parameters,
            generated=demo_passphrase(),
            standing=standing_of(member),
        )
    else:
        locked = locked_keys(*before)
        slot = admit(
            locked,
            database_key,
            device_id=keys.device_id,
            device_secret=secret,
            grant=grant,
            standing=standing_of(member),
        )
    SlotFolder(folder.slots).write(slot)
    return slot, secret


def _records(
    folder: DeskFolder,
    keys: DeviceKeys,
    database_key: DatabaseKey,
    central: Central,
    alliance: Alliance,
    name: str,
    enrolled: Enrolled,
    staff_keys: Iterable[Any] | None,
    *,
    clock: Callable[[], datetime],
    say: Say,
) -> None:
    device = UUID(keys.device_id)
    store = Store.open(folder.records, database_key.key, Signer(device, keys.signer()), clock)
    store.audit.trust_alliance(enrolled.alliance_key)
    engine = SyncEngine(store, ServerClient(central.server.url, device, keys.signer()), clock)
    try:
        if staff_keys is not None:
            fill(
                store,
                alliance,
                lambda done, total: say(f"{name}: {done:,} of {total:,} records") if done % 5 == 0 else None,
            )
            writes = [create(uuid7(clock(), os.urandom(10)), each) for each in staff_keys]
            administrator = next(record for record, value in alliance.of(Staff) if value.role is Role.ADMINISTRATOR)
            store.write(writes, [], Author(administrator, alliance.centres[CENTRE], "certify staff"))
        else:
            engine.exchange_all()
        here = Device(name=name, centre=alliance.centres[CENTRE], letter=enrolled.letter, public_key=keys.public.hex())
        store.write([create(device, here)], [], Author(None, alliance.centres[CENTRE], "join the alliance"))
        say(f"{name}: sends {store.waiting().count:,} changes to the server")
        engine.exchange_all()
    finally:
        engine.stop()
        store.close()
