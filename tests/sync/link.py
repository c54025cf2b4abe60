"""The wire between a desk and its server, which can be cut: a TCP proxy on loopback. For tests and the tour."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

_CHUNK = 65536


class Link:
    """Passes bytes to a port of this PC and back, until it is cut. Its own port stays the same."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._guard = threading.Lock()
        self._whole = True
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self.passed = 0
        """Bytes passed in both directions."""
        self._drop_answers = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, name="link", daemon=True).start()

    @property
    def url(self) -> str:
        """Where desks reach the server through this link."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Break every connection, and let nobody through from now on."""
        with self._guard:
            self._whole = False
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _end(pair)

    def restore(self) -> None:
        """Let connections through again."""
        with self._guard:
            self._whole, self._drop_answers = True, False

    def lose_answers(self) -> None:
        """What desks ask still reaches the server, and what it answers reaches nobody: connections break instead."""
        with self._guard:
            self._drop_answers = True

    def close(self) -> None:
        """Cut for good."""
        self.cut()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = None
            with contextlib.suppress(OSError):
                far = socket.create_connection(("127.0.0.1", self._target), timeout=5)
                far.settimeout(None)
                for each in (near, far):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._guard:
                through = self._whole and far is not None
                if through and far is not None:
                    self._pairs.append((near, far))
            if not through or far is None:
                _end((near, far) if far is not None else (near, near))
                continue
            threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(_CHUNK):
                if answers and self._drop_answers:
                    break
                self.passed += len(chunk)
                target.sendall(chunk)
        _end((source, target))


def _end(pair: tuple[socket.socket, socket.socket]) -> None:
    for each in pair:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
