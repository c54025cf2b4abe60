"""The alliance's key pair: made at `init`, it certifies desks."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from livingwell_desktop.domain.audit import server_key_message
from livingwell_desktop.sync.joining import Certificate
from livingwell_desktop.sync.proving import CertifiedServer


@dataclass(frozen=True, slots=True)
class ServerKey:
    """A server's own key, certified by the alliance: it signs the checkpoints of desks' audits, and opens sessions.

    It comes from the alliance's key, which lies beside every server: all processes have the same, and so have a server
    that was restored and one that began anew.
    """

    public: bytes
    certificate: bytes
    sign: Callable[[bytes], bytes] = field(repr=False)

    @property
    def certified(self) -> CertifiedServer:
        """What desks are shown of it."""
        return CertifiedServer(self.public, self.certificate)


class AllianceKey:
    """The alliance's Ed25519 key. Keep its 32 private bytes on paper, with two people."""

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.public = self._key.public_key().public_bytes_raw()
        # Desks share it, so that locked keys pass through the server's database and its backups unread.
        self.travel_key = hashlib.sha256(b"livingwell travel key 1\x00" + private).digest()
        own = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"livingwell server key 1\x00" + private).digest())
        public = own.public_key().public_bytes_raw()
        self._server_key = ServerKey(public, self._key.sign(server_key_message(public)), own.sign)
        self.backup_key = hashlib.sha256(b"livingwell backup key 1\x00" + private).digest()
        # For marks that only servers of this alliance make and check; it says nothing about the key itself.
        self._mark_key = hashlib.sha256(b"livingwell nonce key 1\x00" + private).digest()

    @classmethod
    def generate(cls) -> tuple["AllianceKey", bytes]:
        """A new key, and its private bytes to be kept."""
        private = Ed25519PrivateKey.generate().private_bytes_raw()
        return cls(private), private

    def server_key(self) -> ServerKey:
        """The key of this alliance's servers, with the certificate that desks check."""
        return self._server_key

    def certify(self, scope: Certificate) -> Certificate:
        """The same certificate, signed."""
        return replace(scope, signature=self._key.sign(scope.message()))

    def sign(self, message: bytes) -> bytes:
        """The alliance's signature, 64 bytes: for the certificates of the first administrators."""
        return self._key.sign(message)

    def mark(self, message: bytes) -> bytes:
        """24 bytes that only this alliance's servers can make for that message."""
        return hmac.digest(self._mark_key, message, "sha256")[:24]
