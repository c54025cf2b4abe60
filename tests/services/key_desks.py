"""Desks of one alliance with slots and keys, each on a real store; records go from one to the other by hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.organisations import Centre, Device, Organisation, Role, Staff
from livingwell_desktop.domain.records import Held
from livingwell_desktop.security.alliance_card import AllianceCard
from livingwell_desktop.security.argon2 import FLOOR
from livingwell_desktop.security.certificate_records import certificate_record
from livingwell_desktop.security.certificates import Certificate, Standing, Statement
from livingwell_desktop.security.device import create_device_keys, save_device_keys
from livingwell_desktop.security.first_sign_in import SignInDesk
from livingwell_desktop.security.keyrings import KeyFileStore, create_device_secret
from livingwell_desktop.security.leases import STAFF_LEASE
from livingwell_desktop.security.lost_secret import LostDesk
from livingwell_desktop.security.member_keys import MemberKeys, create_member_keys, lock_keys
from livingwell_desktop.security.rotation import resume
from livingwell_desktop.security.server_way import WayFile
from livingwell_desktop.security.sign_in import sign_in
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slots import Unlocked, create_database_key
from livingwell_desktop.security.tries import Tries
from livingwell_desktop.security.vault import Vault
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.services.keys_travel import follow, grant_of, keys_record
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Author, Store, create, prepare
from livingwell_desktop.storage.rekeying import key_that_opens
from tests.conftest import StillClock, unsigned

ALLIANCE = AllianceKey(bytes(range(32)))
CARD = AllianceCard(ALLIANCE.public, ALLIANCE.travel_key)
PASSPHRASE = "copper lantern walks sideways"
CENTRE, SLAM, PARTNER = UUID(int=0xC1), UUID(int=0xA1), UUID(int=0xA2)
ME = Author(None, None, "made up")

PEOPLE = {
    "callum": Staff(
        given_name="Callum", family_name="Adair", role=Role.ADMINISTRATOR, organisation=SLAM, centre=CENTRE
    ),
    "dana": Staff(given_name="Dana", family_name="Brook", role=Role.ADMINISTRATOR, organisation=SLAM, centre=CENTRE),
    "sunita": Staff(given_name="Sunita", family_name="Marsh", role=Role.TEAM_MANAGER, organisation=SLAM, centre=CENTRE),
    "rosa": Staff(given_name="Rosa", family_name="Mensah", organisation=SLAM, centre=CENTRE),
    "jo": Staff(given_name="Jo", family_name="Castell", role=Role.KEY_WORKER, organisation=PARTNER, centre=CENTRE),
}
ID = {name: UUID(int=0x0195C000_0000_7000_8000_000000000F00 + at) for at, name in enumerate(PEOPLE)}


class Alliance:
    """The staff and their keys, as the records of every desk know them."""

    def __init__(self) -> None:
        self.keys = {name: create_member_keys(str(ID[name])) for name in PEOPLE}
        self.locked = {name: lock_keys(keys, PASSPHRASE, FLOOR) for name, keys in self.keys.items()}

    def statement(self, name: str) -> Statement:
        is_admin = PEOPLE[name].role is Role.ADMINISTRATOR
        return Statement(self.keys[name].public, 0, Standing.ADMINISTRATOR if is_admin else Standing.MEMBER)

    def certificate(self, name: str) -> Certificate:
        statement = self.statement(name)
        message = statement.message(ALLIANCE.public)
        if statement.standing is Standing.ADMINISTRATOR:
            return Certificate(statement, "", ALLIANCE.sign(message))
        return Certificate(statement, str(ID["callum"]), self.keys["callum"].sign(message))


class KeyDesk:
    """One desk: its folder, its store, and whoever is signed in."""

    def __init__(self, alliance: Alliance, folder: Path, clock: StillClock, name: str, *, first: bool) -> None:
        self.alliance, self.folder, self.clock, self.name = alliance, folder / name, clock, name
        self.device = UUID(int=0xD0 + sum(name.encode()))
        self.slots = SlotFolder(self.folder / "slots")
        self.tries = Tries(self.folder / "slots", clock, lambda: 1_000_000)
        self.secrets = KeyFileStore(self.folder / "device-secret")
        self.secrets.save(create_device_secret())
        self.device_keys = create_device_keys(str(self.device))
        save_device_keys(self.folder / "device-keys.json", self.device_keys, self.secret)
        self.store = self._open(self._key.key)
        if first:
            self._fill()

    def _open(self, key: bytes) -> Store:
        return Store.open(self.folder / "records.db", key, unsigned(self.device), self.clock)

    _key = create_database_key()

    @property
    def secret(self) -> bytes:
        secret = self.secrets.load()
        assert secret is not None
        return secret

    def _fill(self) -> None:
        self.store.write(
            [
                create(CENTRE, Centre(name="Centre A")),
                create(SLAM, Organisation(name="SLaM", short_name="SLaM", letters="SL", colour="slam")),
                create(PARTNER, Organisation(name="Thames Reach", short_name="Thames Reach", by_agreement=True)),
                *(create(ID[name], staff) for name, staff in PEOPLE.items()),
                *(create(UUID(int=0xCE00 + at), certificate_record(self.alliance.certificate(name)))
                  for at, name in enumerate(PEOPLE)),
            ],
            [],
            ME,
        )  # fmt: skip
        vault = self.vault(self.alliance.keys["callum"])
        for at, locked in enumerate(self.alliance.locked.values()):
            self.store.write([create(UUID(int=0xCF00 + at), keys_record(vault, locked, 0))], [], ME)

    def enrol(self, *names: str) -> "KeyDesk":
        """Make it a desk of the centre, with those admitted."""
        self.store.write([create(self.device, Device(name=self.name, centre=CENTRE, letter="A"))], [], ME)
        practice = self.practice(self.alliance.keys["callum"], "callum")
        assert practice.vault is not None
        for name in names:
            staff = self.staff(name)
            grant = grant_of(practice, staff, self.clock() + STAFF_LEASE)
            practice.vault.admit(self.alliance.locked[name], self.alliance.statement(name), grant)
        return self

    def staff(self, name: str) -> Held[Staff]:
        held = self.store.get(Staff, ID[name])
        assert held is not None
        return held

    def vault(self, me: MemberKeys, key: Any = None) -> Vault:
        return Vault(
            self.slots, self.tries, str(self.device), self.secret, CARD, key or self._key, me, self.store.change_key,
            FLOOR, device_keys=self.device_keys,
            way=WayFile(self.folder / "settings.box", str(self.device), self.secret, lambda: self.secrets),
        )  # fmt: skip

    def practice(self, me: MemberKeys, name: str, key: Any = None) -> Practice:
        centre, device = self.store.get(Centre, CENTRE), self.store.get(Device, self.device)
        staff = self.store.get(Staff, UUID(me.member_id)) or self.staff(name)
        assert centre
        assert device
        return Practice(self.store, self.clock, staff, centre, device, vault=self.vault(me, key))

    def unlock(self, name: str, passphrase: str = PASSPHRASE) -> Unlocked:
        """What the sign-in window does. Raises what it would say."""
        return sign_in(
            self.slots,
            self.tries,
            self.secrets,
            member_id=str(ID.get(name, name)),
            device_id=str(self.device),
            passphrase=passphrase,
            now=self.clock(),
        )

    def sign_in(self, name: str, passphrase: str = PASSPHRASE) -> Practice:
        """Sign in, open the records with what that gave, and follow the records, as the desk process does."""
        return self.opened_by(self.unlock(name, passphrase))

    def opened_by(self, unlocked: Unlocked) -> Practice:
        given = unlocked.database_key
        self.store.close()
        key = key_that_opens(self.folder / "records.db", [given.key, *([given.before] if given.before else [])])
        assert key is not None
        self.store = self._open(key)
        present = resume(self.slots, self.secret, given, key, lambda _member: True, self.store.change_key)
        practice = self.practice(unlocked.member_keys, "", present)
        follow(practice)
        return practice

    def sign_in_desk(self) -> SignInDesk:
        return SignInDesk(self.slots, self.tries, self.secrets, str(self.device), ALLIANCE.public, FLOOR)

    def lost_desk(self) -> LostDesk:
        return LostDesk(
            self.slots, self.tries, self.secrets, str(self.device), self.folder / "device-keys.json",
            self.folder / "alliance.box", FLOOR,
        )  # fmt: skip

    def sends_to(self, other: "KeyDesk") -> None:
        """Carry every change of this desk to another one."""
        changes = [each.change for each in self.store.unsent(10_000)]
        other.store.receive([prepare(number, change) for number, change in enumerate(changes, 1)], f"from {self.name}")

    def close(self) -> None:
        self.store.close()


def replaced(slot_folder: SlotFolder, name: str, **fields: Any) -> None:
    """Edit a slot as somebody with the folder could."""
    slot_folder.write(replace(slot_folder.read(str(ID[name])), **fields))
