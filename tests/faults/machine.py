"""Schedules of faults: desks and their server, whatever goes wrong, against the seven statements of `sync.md`."""

from random import Random
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.sync.troubles import SyncError
from tests.faults.conditions import withdraw
from tests.faults.everyday import MOST_DESKS, Everyday, desks
from tests.faults.model import Held, held_by
from tests.faults.records import CENTRES, PEOPLE, PROTECTIONS, RECORDS

STEPS = 40

people = st.sampled_from(PEOPLE)


class Faults(Everyday):
    """Everyday's schedules, and the days that come once in some years, in any combination."""

    # The server's own doings

    @rule(person=people, centre=st.sampled_from(CENTRES))
    def a_person_leaves_a_centre(self, person: UUID, centre: UUID) -> None:
        withdraw(self.ground, self.model, person, centre)

    @rule(about=st.sampled_from((*PEOPLE, *(each.id for each in RECORDS if each.kind == "visit"))))
    def somebody_is_erased(self, about: UUID) -> None:
        self.ground.erase(about)

    @rule()
    def the_server_is_backed_up(self) -> None:
        self.ground.back_up()

    @precondition(lambda self: self.ground.has_backup)
    @rule()
    def the_server_is_restored(self) -> None:
        with self.model.destroying(self.ground, self.desks):
            self.ground.restore()
        self.model.server_forgot()

    @rule()
    def the_server_is_lost(self) -> None:
        with self.model.destroying(self.ground, self.desks):
            self.ground.lose()
        self.model.server_forgot()

    @rule(number=desks, other=desks)
    def a_commit_is_slow(self, number: int, other: int) -> None:
        """Somebody asks for news while what another sent has its numbers and is not committed yet."""
        sender, reader = self.desk(number), self.desk(other)
        if sender is reader:
            return
        self.exchange(reader)
        if reader.store.waiting().count:
            return  # who sends, or is the first to follow a stream, would wait for that commit
        self.ground.before_commit = lambda: self.exchange(reader)
        self.exchange(sender)
        self.ground.before_commit = None

    # People

    @rule(number=desks, person=people, on=st.booleans())
    def somebody_is_protected(self, number: int, person: UUID, on: bool) -> None:
        write = self.edit_of(self.desk(number), PROTECTIONS[person], {"on": on})
        if write is not None:
            self.save(self.desk(number), [write])

    # Disks

    @precondition(lambda self: 0 < len(self.desks) < MOST_DESKS)
    @rule(number=desks)
    def a_desk_is_copied(self, number: int) -> None:
        self.desks.append(self.desk(number).copied(f"Desk {len(self.desks) + 1}"))

    @rule(number=desks)
    def an_image_of_a_disk_is_kept(self, number: int) -> None:
        desk = self.desk(number)
        desk.kept = desk.image()

    @rule(number=desks)
    def an_image_of_a_disk_is_put_back(self, number: int) -> None:
        """What was written since and never sent is gone with the disk; nothing else is."""
        desk = self.desk(number)
        if desk.kept:
            desk.wire.late = []
            desk.damaged = True
            desk.seen = {}
            with self.model.destroying(self.ground, self.desks):
                desk.start_from(desk.kept)

    @rule(number=desks, part=st.floats(0, 1), flipped=st.booleans())
    def a_log_is_damaged(self, number: int, part: float, flipped: bool) -> None:
        """The end of the write-ahead log is gone, or one bit in it is another: the second file puts it back."""
        desk = self.desk(number)
        image = desk.image()
        log = image.get("-wal", b"")
        at = int(part * len(log))
        if at < len(log):
            image["-wal"] = log[:at] + (bytes([log[at] ^ 1]) + log[at + 1 :] if flipped else b"")
            self._start_damaged(number, image)

    @rule(number=desks, seed=st.integers(0, 99))
    def a_store_is_damaged(self, number: int, seed: int) -> None:
        """Some pages of the store cannot be read any more: Rescue."""
        desk, chance = self.desk(number), Random(seed)
        image = desk.image()
        store = bytearray(image[""])
        for _ in range(3):
            store[chance.randrange(len(store))] ^= 1
        if desk.wire.up:
            self._start_damaged(number, {**image, "": bytes(store)}, rescue=True)

    def _start_damaged(self, number: int, image: dict[str, bytes], *, rescue: bool = False) -> None:
        desk = self.desk(number)
        desk.damaged = True
        others = [each for each in self.desks if each is not desk]
        unsent = desk.unsent()  # the second file has them, whatever becomes of the store

        def spared() -> Held:
            desk.close()
            desk.lay(image)
            return held_by(self.ground, others) | unsent | desk.readable()

        with self.model.destroying(self.ground, self.desks, spared):
            self._open_damaged(number, rescue=rescue)
        self.model.take_up(desk)

    def _open_damaged(self, number: int, *, rescue: bool) -> None:
        desk = self.desk(number)
        try:
            if not rescue:
                desk.open()
        except Problem:
            rescue = True
        if rescue:
            self._rescue(number)

    def _rescue(self, number: int) -> None:
        """Until it is done; with a wire, for it fetches a fresh copy."""
        desk = self.desk(number)
        desk.wire.up, desk.wire.coming = True, []
        for _ in range(3):
            try:
                desk.rescue()
                break
            except (SyncError, Problem):
                continue
        desk.open()
