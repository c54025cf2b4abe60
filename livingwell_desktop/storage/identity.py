"""Who a desk is: what was installed here or, once that was found to be a copy, another. And what proves it.

The second file holds it too: a desk whose store is damaged must neither go on under its original's name, nor be unknown
to a server that has lost everything.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from livingwell_desktop.storage.following import remember, remembered
from livingwell_desktop.storage.second_frames import KeptRow
from livingwell_desktop.storage.values import Signer

IDENTITY = "identity"
KEY_ASKED_FOR = "key of a copy"
CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Identity:
    """A desk that goes on under a new name: its private key never leaves this desk's encrypted files."""

    device: UUID
    private: bytes = field(repr=False)
    origin: UUID
    """The desk that was installed here: its audit goes on, and its secret in the keyring stays."""
    letter: str = ""
    former: tuple[UUID, ...] = ()
    """Every name that this store had before."""

    def signer(self) -> Signer:
        """What signs from now on."""
        return Signer(self.device, Ed25519PrivateKey.from_private_bytes(self.private).sign)


def identity_of(connection: Connection) -> Identity | None:
    """The identity that this store was given; None while the installed desk is the only one with its name."""
    text = remembered(connection, IDENTITY)
    return _read(text) if text else None


def _read(text: str) -> Identity:
    said = json.loads(text)
    former = tuple(UUID(each) for each in said["former"])
    return Identity(UUID(said["device"]), bytes.fromhex(said["private"]), UUID(said["origin"]), said["letter"], former)


def origin_of(connection: Connection, device: UUID) -> UUID:
    """The desk that this store's audit began with."""
    identity = identity_of(connection)
    return device if identity is None else identity.origin


def names_of(connection: Connection, device: UUID) -> tuple[UUID, ...]:
    """Every name that this store has or had: a link of its chain is by one of them."""
    identity = identity_of(connection)
    return (device,) if identity is None else (identity.device, *identity.former)


def put_identity(connection: Connection, identity: Identity) -> None:
    """Keep a new identity. The key that was asked for is used up."""
    said = {
        "device": str(identity.device),
        "private": identity.private.hex(),
        "origin": str(identity.origin),
        "letter": identity.letter,
        "former": [str(each) for each in identity.former],
    }
    remember(connection, IDENTITY, json.dumps(said))
    remember(connection, KEY_ASKED_FOR, "")


def own_rows(connection: Connection, device: UUID) -> tuple[KeptRow, ...]:
    """What says who this desk is, and the certificates of every name that it has or had, to be kept elsewhere too."""
    identity = remembered(connection, IDENTITY)
    rows = [KeptRow(IDENTITY, identity.encode("utf-8"))] if identity else []
    for name in names_of(connection, device):
        body = connection.exec_driver_sql("SELECT body FROM certificate WHERE device = ?", (name.bytes,)).scalar()
        if body is not None:
            rows.append(certificate_row(name, str(body)))
    return tuple(rows)


def certificate_row(device: UUID, body: str) -> KeptRow:
    """The certificate of one of this desk's names."""
    return KeptRow(CERTIFICATE, json.dumps([str(device), body]).encode("utf-8"))


def names_in(row: KeptRow) -> tuple[UUID, ...]:
    """The names that an identity's row tells of."""
    identity = _read(row.values.decode("utf-8"))
    return (identity.device, *identity.former)


def is_own_row(row: object) -> bool:
    """Whether that is one of them."""
    return isinstance(row, KeptRow) and row.table in (IDENTITY, CERTIFICATE)


def put_newer_identity(connection: Connection, device: UUID, rows: Sequence[KeptRow]) -> bool:
    """Where the store lost its newest part: the second file may know of a name that it took since. Says whether."""
    known = names_of(connection, device)
    is_newer = any(row.table == IDENTITY and names_in(row)[0] not in known for row in rows)
    if is_newer:
        put_own_rows(connection, rows)
    return is_newer


def put_own_rows(connection: Connection, rows: Iterable[KeptRow]) -> None:
    """Write them into a fresh store: of several identities the newest, which knows the most names from before."""
    for row in sorted(rows, key=lambda row: len(names_in(row)) if row.table == IDENTITY else 0):
        if row.table == IDENTITY:
            remember(connection, IDENTITY, row.values.decode("utf-8"))
        elif row.table == CERTIFICATE:
            device, body = json.loads(row.values)
            connection.exec_driver_sql(
                "INSERT OR IGNORE INTO certificate (device, number, body) VALUES (?, 0, ?)", (UUID(device).bytes, body)
            )
