"""No core dumps: what a process holds is not written to the disk when it crashes, nor read by its neighbours."""

import contextlib
import ctypes
import sys

_DUMPABLE = 4
_QUIET = 0x0001 | 0x0002
"""Windows: no box for critical errors, and no error report with the memory in it."""


def no_core_dumps() -> None:
    """Turn them off for this process, before anything secret is in it. Where the system refuses, it goes on.

    On Linux the process also becomes unreadable to other programs of the same user; a limit alone would not hold back
    a system that pipes its dumps to a collector.
    """
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetErrorMode(_QUIET)
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)
