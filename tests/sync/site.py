"""A site's own network between a desk and its server: TLS by a private authority, and a proxy. For tests."""

import contextlib
import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_CHUNK = 65536
_HERE = "127.0.0.1"


class Authority:
    """A site's own certificate authority. `file` is what its PCs are given."""

    def __init__(self, folder: Path) -> None:
        key, self.file = ec.generate_private_key(ec.SECP256R1()), folder / "authority.pem"
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A site's authority")])
        own = _certificate(name, name, key.public_key(), x509.BasicConstraints(ca=True, path_length=0))
        self.file.write_bytes(own.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        server = ec.generate_private_key(ec.SECP256R1())
        named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A server")])
        about = _certificate(named, name, server.public_key(), x509.BasicConstraints(ca=False, path_length=None))
        about = about.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(_HERE))]), False)
        both = folder / "server.pem"
        both.write_bytes(
            about.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
            + server.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(both)


class _Passing:
    """Listens on a port of its own and passes what comes on, a thread for each connection."""

    def __init__(self) -> None:
        self._listening = socket.create_server((_HERE, 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near:
            self.pass_on(near)

    def pass_on(self, near: socket.socket) -> None:
        """Do what this is for."""
        raise NotImplementedError


class Encrypted(_Passing):
    """Speaks TLS to desks and plain HTTP to the server behind it, as the server's reverse proxy does."""

    def __init__(self, authority: Authority, port: int) -> None:
        self._authority, self._target = authority, port
        super().__init__()

    @property
    def url(self) -> str:
        """Where desks reach the server."""
        return f"https://{_HERE}:{self.port}"

    def pass_on(self, near: socket.socket) -> None:
        with (
            self._authority.context.wrap_socket(near, server_side=True) as inside,
            socket.create_connection((_HERE, self._target)) as far,
        ):
            _both_ways(inside, far, inside.pending)


class Proxy(_Passing):
    """A proxy of the site: opens the way to where it is asked for, and remembers where that was."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__()

    @property
    def url(self) -> str:
        """What a desk's settings say."""
        return f"http://{_HERE}:{self.port}"

    def pass_on(self, near: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += near.recv(_CHUNK)
        method, target, _ = head.split(b" ", 2)
        assert method == b"CONNECT"
        self.asked.append(target.decode())
        host, _, port = target.decode().partition(":")
        with socket.create_connection((host, int(port))) as far:
            near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _both_ways(near, far, lambda: 0)


def _both_ways(near: socket.socket, far: socket.socket, pending: Callable[[], int]) -> None:
    """In one thread: an encrypted socket must not be read and written at the same time."""
    while True:
        ready = [near] if pending() else select.select([near, far], [], [])[0]
        for source in ready:
            chunk = source.recv(_CHUNK)
            if not chunk:
                return
            (far if source is near else near).sendall(chunk)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, constraints: x509.BasicConstraints
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(constraints, critical=True)
    )
