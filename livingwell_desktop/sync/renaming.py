"""A desk that finds itself a copy goes on under a name of its own, with everything that waits."""

from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from livingwell_desktop.domain.organisations import Device
from livingwell_desktop.domain.records import Held
from livingwell_desktop.storage import Author, Store, create
from livingwell_desktop.storage.identity import Identity
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.joining import Certificate, certificate_text


def take_own_name(store: Store, client: ServerClient) -> None:
    """Ask the server for a new name and letter, and go on under them. Nothing that waits is lost or sent twice.

    Raises SyncError, and Problem when the store cannot be written.
    """
    private = store.own.key_for_a_copy()
    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    certificate = client.fork(public).certificate
    before, held = store.own.identity(), store.get(Device, store.signer.device)
    identity = Identity(
        certificate.device,
        private,
        store.audit.device,
        certificate.letter,
        (store.signer.device, *(before.former if before else ())),
    )
    own = create(certificate.device, _record(held, certificate))
    author = Author(None, _centre(held, certificate), "found to be a copy")
    changes = store.own.go_on_as(identity, [own], author)
    store.own.keep_certificates([(0, certificate.device, certificate_text(certificate))])
    store.empty_second_file()
    store.notify(changes)
    client.go_on_as(store.signer.device, store.signer.sign)


def _record(held: Held[Device] | None, certificate: Certificate) -> Device:
    name = held.value.name if held else "Desk"
    return Device(
        name=f"{name} ({certificate.letter})",
        centre=_centre(held, certificate),
        letter=certificate.letter,
        public_key=certificate.public_key.hex(),
    )


def _centre(held: Held[Device] | None, certificate: Certificate) -> UUID | None:
    if held is not None and held.value.centre is not None:
        return held.value.centre
    return certificate.centres[0] if certificate.centres else None
