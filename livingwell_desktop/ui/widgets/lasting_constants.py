"""Keeps Python's own constants alive under PySide6 6.12 on Python 3.11.

The wheels of PySide6 6.12 are built as for Python 3.12, where None is immortal: a call that returns nothing hands out
None without counting it (measured: 200 calls of `QPainter.setPen`, 200 references lost; nearly every such method).
On Python 3.11 the count then reaches zero after some thousand calls, and the program ends with
"none_dealloc: deallocating None". Giving the constants a count that cannot run out is what Python 3.12 does itself
(PEP 683).
"""

from __future__ import annotations

import ctypes
import sys

_PLENTY = 1 << 60
_LASTING = (None, True, False, NotImplemented, Ellipsis)


def keep_constants() -> None:
    """Make None, True, False, NotImplemented and Ellipsis last for ever. Does nothing from Python 3.12 on."""
    if sys.version_info >= (3, 12):
        return
    for constant in _LASTING:
        count = ctypes.c_ssize_t.from_address(id(constant))
        # Only where the count stands first in the object, as in every release build of CPython.
        if abs(count.value - sys.getrefcount(constant)) < 64:
            count.value = _PLENTY
