"""The one way off the window's thread: PDF, export, password hashing. Nothing else starts threads in the window."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

T = TypeVar("T")


class Tasks(QObject):
    """One long-lived object with one signal and an executor; answers come back on the window's thread."""

    _finished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="task")
        self._finished.connect(self._deliver)
        self._closed = False

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Do `work` on another thread, then call `then` with its answer on this one.

        Without `failed` an error is raised on this thread, where the one place for bugs sees it.
        """
        future = self._executor.submit(work)
        future.add_done_callback(lambda done: self._hand_over(done, then, failed))

    def close(self) -> None:
        """Wait for what runs and deliver nothing more."""
        self._closed = True
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _hand_over(self, done: Future[Any], then: Callable[[Any], None], failed: Any) -> None:
        if not self._closed and not done.cancelled():
            self._finished.emit((done, then, failed))

    @Slot(object)
    def _deliver(self, parcel: tuple[Future[Any], Callable[[Any], None], Any]) -> None:
        if self._closed:
            return
        done, then, failed = parcel
        error = done.exception()
        if error is None:
            then(done.result())
        elif failed is not None:
            failed(error)
        else:
            raise error
