"""The folder with a desk's slots: one file for each member of staff."""

import re
from dataclasses import dataclass
from pathlib import Path

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.durable_files import read_private, remove, write_private
from livingwell_desktop.security.slot_format import LARGEST_FILE, Slot, slot_from_bytes
from livingwell_desktop.security.slot_problems import NoSlot, SlotDamaged, SlotOfAnother

_SUFFIX = ".slot.json"
_SHUT_OUT = "shut-out.json"
"""Only says why the device secret is gone: while that is there, this file stops nobody."""
_MEMBER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class UnreadableSlot:
    """A slot that is listed by its member's id only, because it cannot be read, and why."""

    member_id: str
    problem: Problem


class SlotFolder:
    """Reads and writes slots. One damaged file never hides the others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> tuple[Slot | UnreadableSlot, ...]:
        """All slots of this desk, by name; those that cannot be read come last."""
        readable: list[Slot] = []
        unreadable: list[UnreadableSlot] = []
        for path in sorted(self.folder.glob(f"*{_SUFFIX}")):
            member_id = path.name.removesuffix(_SUFFIX)
            try:
                readable.append(self.read(member_id))
            except Problem as problem:
                unreadable.append(UnreadableSlot(member_id, problem))
        readable.sort(key=lambda slot: (slot.grant.name.casefold(), slot.member.member_id))
        return (*readable, *unreadable)

    def read(self, member_id: str) -> Slot:
        """The member's slot. Raises NoSlot, SlotDamaged, SlotTooNew, SlotOfAnother (a file that was renamed)."""
        path = self._path(member_id)
        try:
            data = read_private(path, LARGEST_FILE)
        except OSError:
            raise SlotDamaged from None
        if data is None:
            raise NoSlot
        slot = slot_from_bytes(data)
        if slot.member.member_id != member_id:
            raise SlotOfAnother
        return slot

    def write(self, slot: Slot) -> None:
        """Puts the slot in its place, whole or not at all. Raises OSError (a full disk); the old slot is then kept."""
        write_private(self._path(slot.member.member_id), slot.to_bytes())

    def remove(self, member_id: str) -> None:
        """The member can no longer sign in on this desk. Records, sent or unsent, stay. Raises OSError."""
        remove(self._path(member_id))

    @property
    def is_shut_out(self) -> bool:
        """Whether the alliance has shut this desk out."""
        return (self.folder / _SHUT_OUT).exists()

    def shut_out(self) -> None:
        """Say so to whoever tries to sign in from now on. Raises OSError."""
        write_private(self.folder / _SHUT_OUT, b"{}")

    def _path(self, member_id: str) -> Path:
        if not _MEMBER_ID.fullmatch(member_id):
            raise NoSlot
        return self.folder / f"{member_id}{_SUFFIX}"
