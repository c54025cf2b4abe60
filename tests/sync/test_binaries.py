"""Binary values that are read together are read as each alone would be."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from livingwell_desktop.sync.strict import Binaries, ProtocolError, binary

SIZES = {"one": 2, "other": 1}
TOLD = st.binary(max_size=3).map(bytes.hex) | st.text("0aF gé٠\ud800", max_size=4) | st.none() | st.just(["00"])


def each_alone(*values: Any) -> tuple[bytes, ...] | str:
    try:
        return tuple(binary(value, size, name) for value, (name, size) in zip(values, SIZES.items(), strict=True))
    except ProtocolError as error:
        return str(error)


@given(TOLD, TOLD)
@example("0a0b", "0c")
@example("0a", "0b0c")
@example("0a0 ", "b0c")
@example("0A0b", "0c")
def test_the_same_bytes_or_the_same_refusal(one: Any, other: Any) -> None:
    try:
        read: tuple[bytes, ...] | str = Binaries(**SIZES).read(one, other)
    except ProtocolError as error:
        read = str(error)
    assert read == each_alone(one, other)
