"""A body that is packed in two steps: the larger part before its turn has come, the rest when it is sent."""

import zlib

_GZIP = 31
"""What zlib calls its window with gzip's own head and end."""


class BegunBody:
    """The packed beginning of a body."""

    def __init__(self, beginning: bytes) -> None:
        self._packing = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
        self._packed = self._packing.compress(beginning)

    def ended(self, rest: bytes) -> bytes:
        """The whole body as gzip. It may be ended again, otherwise."""
        packing = self._packing.copy()
        return self._packed + packing.compress(rest) + packing.flush()
