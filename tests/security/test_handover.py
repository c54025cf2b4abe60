"""The keys on their way from sign-in to the desk, through real pipes and real processes."""

import os
import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.security.handover import (
    LARGEST_PAYLOAD,
    Handover,
    HandoverFailed,
    NobodySignedIn,
    frame,
    receive,
    send,
)
from livingwell_desktop.security.member_keys import create_member_keys
from livingwell_desktop.security.slots import Unlocked, create_database_key

KEYS = Handover("desk-1", Unlocked(create_database_key(3), create_member_keys("rosa")))


def through_a_pipe(data: bytes) -> Handover:
    """What the reader makes of these bytes, after which the pipe ends."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(data)
    return receive(reading)


def test_what_was_sent_arrives() -> None:
    reading, writing = os.pipe()
    send(KEYS, writing)
    assert receive(reading) == KEYS
    assert KEYS.staff_id == "rosa"
    for descriptor in (reading, writing):
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


def test_the_reader_does_not_wait_for_the_pipe_to_end() -> None:
    reading, writing = os.pipe()
    os.write(writing, frame(KEYS) + b"more")
    assert receive(reading) == KEYS
    os.close(writing)


def test_a_frame_may_come_in_single_bytes() -> None:
    reading, writing = os.pipe()

    def drip() -> None:
        for byte in frame(KEYS):
            os.write(writing, bytes([byte]))
        os.close(writing)

    writer = threading.Thread(target=drip)
    writer.start()
    assert receive(reading) == KEYS
    writer.join()


def test_a_closed_sign_in_is_nobody() -> None:
    with pytest.raises(NobodySignedIn):
        through_a_pipe(b"")


@given(cut=st.integers(1, len(frame(KEYS)) - 1))
def test_a_frame_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(HandoverFailed):
        through_a_pipe(frame(KEYS)[:cut])


@given(at=st.integers(0, len(frame(KEYS)) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused(at: int, bit: int) -> None:
    garbled = bytearray(frame(KEYS))
    garbled[at] ^= 1 << bit
    with pytest.raises(HandoverFailed):
        through_a_pipe(bytes(garbled))


def test_a_pipe_opened_as_text_is_refused() -> None:
    with pytest.raises(HandoverFailed):
        through_a_pipe(frame(KEYS).replace(b"\n", b"\r\n"))


def test_a_huge_length_is_refused_before_it_is_read() -> None:
    with pytest.raises(HandoverFailed):
        through_a_pipe(frame(KEYS)[:10] + (LARGEST_PAYLOAD + 1).to_bytes(4, "big") + bytes(32))


def test_errors_and_reprs_show_no_key() -> None:
    whole = frame(KEYS)
    with pytest.raises(HandoverFailed) as refused:
        through_a_pipe(whole[:-1])
    payload = whole[46:].decode()
    key = payload.split('"database_key":"')[1].split('"')[0]
    assert key not in repr(refused.value) + refused.value.what_happened + repr(KEYS)
    assert refused.value.__cause__ is None


def test_a_desk_that_is_gone_is_told() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(HandoverFailed):
        send(KEYS, writing)


SIGN_IN = """
import sys
from livingwell_desktop.security import handover
from livingwell_desktop.security.member_keys import MemberKeys
from livingwell_desktop.security.slots import DatabaseKey, Unlocked
sys.stdin = sys.stdout = None            # as in a frozen windowed program
way = handover.standard_output()
print("stray words")                     # must not get into the pipe
keys = MemberKeys("rosa", bytes(range(32)), bytes(range(32, 64)))
handover.send(handover.Handover("desk-1", Unlocked(DatabaseKey(b"\\n\\r\\x1a\\0" * 8, 3), keys)), way)
"""

DESK = """
import os, sys
from livingwell_desktop.security import handover
sys.stdin = None
came = handover.receive(handover.standard_input())
assert came.unlocked.database_key.key == b"\\n\\r\\x1a\\0" * 8, "binary exact"
assert came.unlocked.member_keys.agreement == bytes(range(32))
assert os.read(0, 1) == b"", "nothing is left at standard input"
print(came.staff_id, came.device_id, came.unlocked.database_key.epoch)
"""


def started(program: str, **pipes) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program], **pipes)


def test_two_processes_with_a_pipe_whose_ends_the_maker_closes() -> None:
    reading, writing = os.pipe()
    desk = started(DESK, stdin=reading, stdout=subprocess.PIPE)
    signing_in = started(SIGN_IN, stdin=subprocess.DEVNULL, stdout=writing)
    os.close(reading)
    os.close(writing)
    said, _ = desk.communicate(timeout=30)
    assert (signing_in.wait(timeout=30), desk.returncode, said.split()) == (0, 0, [b"rosa", b"desk-1", b"3"])


def test_a_sign_in_that_crashes_leaves_a_desk_that_ends() -> None:
    reading, writing = os.pipe()
    desk = started(DESK, stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    signing_in = started("import os; os.abort()", stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.DEVNULL)
    os.close(reading)
    os.close(writing)
    signing_in.wait(timeout=30)
    _, said = desk.communicate(timeout=30)
    assert b"NobodySignedIn" in said
