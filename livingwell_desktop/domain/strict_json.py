"""JSON read strictly, as nobody can misunderstand it: each key once, and only numbers that JSON has.

This is the reader that decides. One that is quicker for what is usual (`sync/quick_json.py`) may be given where much is
read, and says the same of all bytes.
"""

import json
from collections.abc import Callable

from livingwell_desktop.domain.records import Json

JsonReader = Callable[[bytes], Json]
"""What reads as `read_json` reads: the same value, or a StrictJsonError."""


class StrictJsonError(ValueError):
    """Bytes that are not strict JSON. It says which rule they break, never what they hold."""


def read_json(data: bytes) -> Json:
    """One value in UTF-8, without duplicate keys or NaN. Raises StrictJsonError for all else, however deep or odd."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StrictJsonError("it is not UTF-8") from error
    try:
        return _DECODER.decode(text)
    except StrictJsonError:
        raise
    except (ValueError, RecursionError) as error:
        raise StrictJsonError("it is not JSON") from error


def _no_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise StrictJsonError("a key stands twice")
    return result


def _no_constant(name: str) -> Json:
    raise StrictJsonError(f"{name} is not a number that JSON has")


_DECODER = json.JSONDecoder(object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
