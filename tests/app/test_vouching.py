"""The anchor is kept at once, now and then and at the end. It holds nobody up, and never replaces a proof."""

import threading
from pathlib import Path

import pytest

from livingwell_desktop.app.vouching import LAST_SECONDS, DeskVouching, Vouching
from livingwell_desktop.security.anchors import Anchors
from livingwell_desktop.security.keyrings import KeyFileStore
from livingwell_desktop.storage import Event, Store
from tests.conftest import StillClock
from tests.ui.people.centre import CENTRE_A

PATIENCE = 20.0


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    return Anchors(lambda: KeyFileStore(tmp_path / "device-secret"))


@pytest.fixture
def desk(store: Store, anchors: Anchors, clock: StillClock) -> DeskVouching:
    store.record_events([Event("view: a record")] * 3, None)
    return DeskVouching(store, anchors, 2, CENTRE_A, clock)


def test_the_head_is_kept_and_what_was_kept_is_known(desk: DeskVouching, store: Store, anchors: Anchors) -> None:
    assert desk.anchor()
    kept = anchors.load()
    assert kept is not None
    assert (kept.heads, kept.epoch) == (store.soundness.heads(), 2)
    assert kept.audit_root == next(store.audit.rows()).hash
    store.record_events([Event("view: another record")], None)
    assert desk.anchor()
    assert store.audit.anchored == store.audit.anchor()


def test_an_anchor_that_is_contradicted_stays(desk: DeskVouching, store: Store, anchors: Anchors) -> None:
    desk.anchor()
    before = anchors.load()
    with store._writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit WHERE n > 1")
    store.record_events([Event("view: something else")] * 5, None)
    assert not desk.anchor()
    assert anchors.load() == before
    assert store.audit.anchored is not None
    assert not store.audit.agrees(store.audit.anchored)


def test_a_desk_without_a_keyring_goes_on(store: Store, clock: StillClock, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    desk = DeskVouching(store, Anchors(lambda: KeyFileStore(tmp_path / "file" / "x")), 1, CENTRE_A, clock)
    store.record_events([Event("view: a record")], None)
    assert not desk.anchor()
    desk.each_time()


def test_it_is_done_at_once_now_and_then_and_at_the_end() -> None:
    done, twice = list[str](), threading.Event()

    def each() -> None:
        done.append("each")
        if len(done) == 2:
            twice.set()

    vouching = Vouching(each, lambda: done.append("end"), every_seconds=0.001)
    vouching.start()
    assert twice.wait(PATIENCE)
    assert vouching.close()
    assert done[-1] == "end"


def test_a_keyring_that_hangs_holds_nobody_up() -> None:
    hangs, entered = threading.Event(), threading.Event()

    def each() -> None:
        entered.set()
        hangs.wait(PATIENCE)

    vouching = Vouching(each, lambda: None)
    vouching.start()
    assert entered.wait(PATIENCE)
    assert not vouching.close()
    assert LAST_SECONDS <= 0.2
    hangs.set()


def test_one_that_never_began_ends() -> None:
    assert not Vouching(lambda: None, lambda: None).close()
