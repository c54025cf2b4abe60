"""Which slot of each member was the newest on this desk, kept outside its folder: an old file put back is noticed.

After a passphrase is changed the file from before still opens with the passphrase from before: it holds the same keys.
So its number and version are kept beside the device secret, in the computer's own keyring; where policy allows a key
file instead, in a file beside that one, which whoever puts a whole folder back takes along.

What cannot be read or kept stops nobody.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.keyrings import DeviceSecretStore
from livingwell_desktop.security.slot_format import Slot
from livingwell_desktop.security.slot_problems import SlotPutBack

NOTE = "slots"
_FORM = "1"
_ENTRY = re.compile(r"([0-9a-f]{10}):(\d{1,9})\.(\d{1,9})")
_FIRST = (0, 1)
"""What a member's first slot is, after the one of an invitation: it is not kept, as keyrings hold little."""
_Age = tuple[int, int]


class NewestSlots:
    """Reads and writes the note. Asks the system's keyring: not on the thread that paints."""

    def __init__(self, secrets: Callable[[], DeviceSecretStore]) -> None:
        self._secrets = secrets

    def check(self, slot: Slot) -> None:
        """Raises SlotPutBack for a slot that is older than one this desk had."""
        newest = self._load().get(_name(slot.member.member_id))
        if newest is not None and _age(slot) < newest:
            raise SlotPutBack

    def keep(self, slots: Iterable[Slot], admitted: Collection[str] = ()) -> None:
        """Remember slots that are newer. What a manager `admitted` since is right as it is, older or not."""
        known = self._load()
        before = dict(known)
        for slot in slots:
            name = _name(slot.member.member_id)
            if slot.member.member_id in admitted or _age(slot) > known.get(name, _FIRST):
                known[name] = _age(slot)
        if known != before:
            self._save({name: age for name, age in known.items() if age > _FIRST})

    def _load(self) -> dict[str, _Age]:
        try:
            text = self._secrets().note(NOTE) or ""
        except Problem:
            return {}
        form, *entries = text.split() or [""]
        found = (_ENTRY.fullmatch(entry) for entry in entries if form == _FORM)
        return {each[1]: (int(each[2]), int(each[3])) for each in found if each}

    def _save(self, known: dict[str, _Age]) -> None:
        entries = (f"{name}:{number}.{version}" for name, (number, version) in sorted(known.items()))
        try:
            self._secrets().keep_note(NOTE, " ".join((_FORM, *entries)))
        except Problem:
            return


def _age(slot: Slot) -> _Age:
    return slot.number, slot.version


def _name(member_id: str) -> str:
    """Short, as keyrings hold little: 80 members who changed theirs fit in the smallest."""
    return hashlib.sha256(member_id.encode()).hexdigest()[:10]
