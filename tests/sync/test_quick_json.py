"""The quick reader and the strict one say the same of all bytes: the same value, or the same refusal."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from livingwell_desktop.domain.strict_json import JsonReader, StrictJsonError, read_json
from livingwell_desktop.sync.quick_json import read_json_quickly, write_json_quickly
from livingwell_desktop.sync.strict import dump
from tests.sync.test_vectors import bytes_of, vectors

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
WRITERS: tuple[Callable[[Any], bytes], ...] = (
    lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(),
    lambda value: json.dumps(value).encode(),
    lambda value: json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode(),
)
# What two readers may think differently about, put together by chance.
PIECES = st.sampled_from(
    ["{", "}", "[", "]", ",", ":", '"a"', '"a":1', '"', "\\", '"\\u0061"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\/"',
     "0", "-0", "-0.0", "1", "01", "1.", ".5", "1.0", "1e5", "1E400", "-1e-400", "NaN", "Infinity", "-Infinity", "//",
     "9007199254740993", "18446744073709551615", "18446744073709551616", "-9223372036854775809", "1" * 5000, "true",
     "false", "null", "True", " ", "\n", "\t", "\x00", "\x1f", "\x7f", "\ufeff", "é", "e\u0301", "😀"]
)  # fmt: skip


def said(read: JsonReader, data: bytes) -> str:
    """The value with the types and the order of all its parts, or the refusal in its words."""
    try:
        return repr(read(data))
    except StrictJsonError as error:
        return f"refused: {error}"


def agree(data: bytes) -> None:
    assert said(read_json_quickly, data) == said(read_json, data)


@given(VALUES, st.sampled_from(WRITERS))
@example(1e16, WRITERS[0])
@example(1 << 64, WRITERS[0])
@example({"a": [-0.0, 5e-324, 1e-7, 100000.0]}, WRITERS[0])
def test_of_what_anybody_writes(value: Any, write: Callable[[Any], bytes]) -> None:
    agree(write(value))


@given(VALUES, st.sampled_from(WRITERS), st.binary(max_size=3), st.data())
def test_of_what_was_changed_on_the_way(value: Any, write: Callable[[Any], bytes], other: bytes, data: Any) -> None:
    raw = write(value)
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 3)))
    agree(raw[:start] + other + raw[end:])


@given(st.lists(PIECES, max_size=8).map("".join))
@example('{"a":1,"a":1}')
@example('{"a":1,"\\u0061":1}')
@example('[{"b":{"a":1,"a":2}}]')
def test_of_what_makes_sense_to_nobody(text: str) -> None:
    agree(text.encode("utf-8"))


@given(st.binary(max_size=12))
@example(b'"\xed\xa0\x80"')
@example(b"\xef\xbb\xbf1")
def test_of_any_bytes(data: bytes) -> None:
    agree(data)


@pytest.mark.parametrize("depth", [1, 32, 253, 254, 255, 256, 1023, 1024, 1025, 100_000])
@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"a":', "}")])
def test_of_what_is_nested_deeply(depth: int, start: str, end: str) -> None:
    raw = (start * depth + "1" + end * depth).encode()
    if depth > 900:
        # Here the strict reader depends on how much of Python's stack is left, so it must be the one that is asked.
        assert said(read_json_quickly, raw) in ("refused: it is not JSON", said(read_json, raw))
    else:
        agree(raw)


@pytest.mark.parametrize(
    "case", vectors("strict")["contents"] + vectors("strict")["bodies"], ids=lambda each: each["name"]
)
def test_of_every_vector(case: Any) -> None:
    agree(bytes_of(case))


def test_what_our_own_desks_write_is_not_left_to_the_strict_reader() -> None:
    for file in sorted((Path(__file__).parent / "vectors").glob("*.json")):
        raw = dump(json.loads(file.read_text("utf-8")))
        assert orjson.dumps(orjson.loads(raw)) == raw


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=12,
    )
)
def test_the_quick_writer_writes_the_same(value: Any) -> None:
    assert write_json_quickly(value) == dump(value)


@pytest.mark.parametrize("value", ["\ud800", ["a", {"b": "\udfff"}], 1 << 64])
def test_what_cannot_be_written_as_it_is_is_not_written(value: Any) -> None:
    with pytest.raises(TypeError):
        write_json_quickly(value)


def test_the_compiled_reader_alone_would_not_be_strict() -> None:
    assert orjson.loads(b'{"a":1,"a":2}') == {"a": 2}
    assert read_json(b"1" + b"0" * 30) == 10**30 != orjson.loads(b"1" + b"0" * 30)
