"""What a desk with somebody signed in can do to its slots: its keys in one place, for the verbs that need them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from livingwell_desktop.domain.membership import RecoveryCode
from livingwell_desktop.security.alliance_card import AllianceCard
from livingwell_desktop.security.argon2 import Argon2Parameters
from livingwell_desktop.security.certificates import Certificate, Statement, certify, check_trusted
from livingwell_desktop.security.device import DeviceKeys
from livingwell_desktop.security.envelope import DeskSecrets, EnvelopeFile
from livingwell_desktop.security.leases import SeenTimes
from livingwell_desktop.security.member_keys import LockedKeys, MemberKeys, MemberPublic
from livingwell_desktop.security.newest_slots import NewestSlots
from livingwell_desktop.security.pending import PendingFolder
from livingwell_desktop.security.rotation import resume, rotate
from livingwell_desktop.security.server_way import WayFile
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_format import Grant, Slot
from livingwell_desktop.security.slots import DEFAULT_PARAMETERS, DatabaseKey, admit, is_whole
from livingwell_desktop.security.travelling import unwrap, wrap
from livingwell_desktop.security.tries import Tries


@dataclass
class Vault:
    """Slots, device secret and database key of one desk, and the keys of the member of staff who is signed in.

    `turn` is held by whoever changes slots: the window and the thread that follows the server take turns.
    """

    slots: SlotFolder
    tries: Tries
    device_id: str
    device_secret: bytes = field(repr=False)
    card: AllianceCard = field(repr=False)
    database_key: DatabaseKey = field(repr=False)
    me: MemberKeys = field(repr=False)
    encrypt_records: Callable[[bytes, bytes], None] = field(repr=False)
    parameters: Argon2Parameters = DEFAULT_PARAMETERS
    just_made: RecoveryCode | None = field(default=None, repr=False)
    """The recovery code that was made since signing in, until it is printed or the desk locks."""
    device_keys: DeviceKeys | None = field(default=None, repr=False)
    """The desk's own keys, for its envelope."""
    recovery_keys: LockedKeys | None = field(default=None, repr=False)
    """The centre's recovery code, certified, once the records said which it is."""
    newest: NewestSlots | None = field(default=None, repr=False, compare=False)
    """Which slots are the newest, beside the device secret; None where nobody keeps that, as while a desk is made."""
    way: WayFile | None = field(default=None, repr=False, compare=False)
    """The sealed settings that say where records go; None while a desk is made."""
    admitted: set[str] = field(default_factory=set, repr=False, compare=False)
    """Members who were admitted since that was kept."""
    turn: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    @property
    def pending(self) -> PendingFolder:
        """Certificates that were made while signing in."""
        return PendingFolder(self.slots.folder)

    @property
    def seen(self) -> SeenTimes:
        """The latest time that is known to have been."""
        return SeenTimes(self.slots.folder)

    def readable(self) -> tuple[Slot, ...]:
        """Every slot of this desk that is whole."""
        found = (slot for slot in self.slots.entries() if isinstance(slot, Slot))
        return tuple(slot for slot in found if is_whole(slot, self.device_secret))

    def certify(self, statement: Statement) -> Certificate:
        """The certificate of whoever is signed in. What it is worth is decided by who they are."""
        return certify(statement, self.me, self.card.alliance_key)

    def admit(self, locked: LockedKeys, statement: Statement, grant: Grant) -> Slot:
        """Let a member sign in here, who need not be there. Raises NotCertified for keys the statement is not about."""
        check_trusted(locked.public, {statement.member.member_id: statement})
        slot = admit(
            locked,
            self.database_key,
            device_id=self.device_id,
            device_secret=self.device_secret,
            grant=grant,
            number=statement.number,
            standing=statement.standing.value,
        )
        self.slots.write(slot)
        self.admitted.add(slot.member.member_id)
        return slot

    def keep_newest(self) -> None:
        """Remember the slots as they are now, so that none from before opens any more. Asks the keyring."""
        with self.turn:
            slots, admitted = self.readable(), set(self.admitted)
        if self.newest is not None:
            self.newest.keep(slots, admitted)
            self.admitted -= admitted

    def keep_proof(self, *, server_is_proven: bool) -> None:
        """Remember beside the records, too, that the server has proved itself. Raises WayChanged, and OSError."""
        if server_is_proven and self.way is not None:
            with self.turn:
                self.way.has_proved_itself()

    def wrap(self, locked: LockedKeys) -> bytes:
        """Locked keys for a record that other desks read."""
        return wrap(locked, self.card.travel_key)

    def unwrap(self, box: bytes, member_id: str) -> LockedKeys:
        """Locked keys out of a record. Raises CannotTravel."""
        return unwrap(box, member_id, self.card.travel_key)

    @property
    def envelope(self) -> EnvelopeFile:
        """What opens the desk without its device secret."""
        return EnvelopeFile(self.slots.folder)

    def keep_envelope(self, code: LockedKeys) -> None:
        """Seal the desk's envelope to the recovery code, which the caller knows to be certified. Raises OSError."""
        self.recovery_keys = code
        self._seal(self.database_key)

    def _seal(self, database_key: DatabaseKey) -> None:
        if self.recovery_keys is not None and self.device_keys is not None:
            self.envelope.seal(self.recovery_keys, DeskSecrets(database_key, self.device_keys, self.card))

    def _encrypt_records(self, old: bytes, new: bytes) -> None:
        # First the envelope, with both keys: in the middle of the change too it opens what there is.
        self._seal(DatabaseKey(new, self.database_key.epoch + 1, old))
        self.encrypt_records(old, new)

    def change_database_key(self, may_open: Callable[[MemberPublic], bool]) -> None:
        """A new database key for everybody who `may_open`; the slots of all others are removed."""
        self.database_key = rotate(self.slots, self.device_secret, self.database_key, may_open, self._encrypt_records)
        self._seal(self.database_key)

    def resume_change(self, opened_with: bytes, may_open: Callable[[MemberPublic], bool]) -> None:
        """Bring a change of the database key that was cut short to its end; `opened_with` is the records' key."""
        self.database_key = resume(
            self.slots,
            self.device_secret,
            self.database_key,
            opened_with,
            may_open,
            self._encrypt_records,
        )
