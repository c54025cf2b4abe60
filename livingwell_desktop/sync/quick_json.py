"""Reading and writing JSON with a compiled library: the strict reader, quicker for bytes as our own desks and server
write them, and a writer of lists.

A compiled reader is less strict: of a key that stands twice it keeps the last, and a number too large for it becomes
another one. But what it read, written again, is the very same bytes only when there was nothing of the kind in them,
and no choice of how to write it. All other bytes are the strict reader's to judge (docs/decisions/0018).
"""

import orjson

from livingwell_desktop.domain.records import Json
from livingwell_desktop.domain.strict_json import read_json


def read_json_quickly(data: bytes) -> Json:
    """What `read_json` says of those bytes: the same value, or the same StrictJsonError."""
    try:
        value = orjson.loads(data)
        if orjson.dumps(value) == data:
            return value
    except (ValueError, TypeError):
        pass  # not JSON for this reader, or nested too deeply for its writer
    return read_json(data)


def write_json_quickly(value: Json) -> bytes:
    """Compact JSON, as `strict.dump` writes it, of what has no fractions: NaN would become null.

    Raises TypeError for half a character, which no author's bytes can hold, and for a number of more than 64 bits.
    """
    return orjson.dumps(value)
