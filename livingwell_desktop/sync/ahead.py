"""A call that is under way on a thread of its own while this one does something else."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """Begins when it is made. The thread never keeps the program from ending."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._result: T | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="sync-ahead", daemon=True)
        self._thread.start()

    def result(self) -> T:
        """Wait until it is done. Raises what the call raised."""
        self.wait()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # set by the call, which has returned

    def wait(self) -> None:
        """Wait until it is done, however it ended."""
        self._thread.join()

    def _run(self) -> None:
        try:
            self._result = self._call()
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            self._error = error
