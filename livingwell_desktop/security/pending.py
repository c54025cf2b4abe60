"""Certificates that were made while signing in, and wait for the desk to open the records they belong in.

They hold public keys and signatures only. One file each, beside the slots, gone once it is a record.
"""

from dataclasses import dataclass, field
from pathlib import Path

from livingwell_desktop.security.canonical import Fields, NotCanonicalError, canonical, read_canonical, text_of
from livingwell_desktop.security.certificates import Certificate, Standing, Statement
from livingwell_desktop.security.durable_files import read_private, remove, write_private
from livingwell_desktop.security.member_keys import MemberPublic
from livingwell_desktop.security.sealing import KEY_BYTES

_SUFFIX = ".certificate.json"
_LARGEST_FILE = 8 * 1024
_SIGNATURE_BYTES = 64
_NAMES = frozenset(
    {"member_id", "agreement", "signing", "number", "standing", "signer", "signature", "opened_at", "opened_by"}
)


@dataclass(frozen=True, slots=True)
class Pending:
    """A certificate on its way into the records. A recovery code's also says when it was opened, and by whom."""

    certificate: Certificate
    opened_at: str = ""
    opened_by: tuple[str, ...] = field(default=())


class PendingFolder:
    """Reads and writes pending certificates, one for each member."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, pending: Pending) -> None:
        """Keeps it until it is a record. Raises OSError."""
        statement = pending.certificate.statement
        content: dict[str, object] = {
            "member_id": statement.member.member_id,
            "agreement": text_of(statement.member.agreement),
            "signing": text_of(statement.member.signing),
            "number": statement.number,
            "standing": statement.standing.value,
            "signer": pending.certificate.signer,
            "signature": text_of(pending.certificate.signature),
            "opened_at": pending.opened_at,
            "opened_by": list(pending.opened_by),
        }
        write_private(self._path(pending), canonical(content))

    def entries(self) -> tuple[Pending, ...]:
        """All that wait. One that is damaged is passed over: the member is then invited again."""
        found = (self._read(path) for path in sorted(self._folder.glob(f"*{_SUFFIX}")))
        return tuple(each for each in found if each is not None)

    def remove(self, pending: Pending) -> None:
        """It is a record now. Raises OSError."""
        remove(self._path(pending))

    def _path(self, pending: Pending) -> Path:
        statement = pending.certificate.statement
        return self._folder / f"{statement.member.member_id}.{statement.number}{_SUFFIX}"

    def _read(self, path: Path) -> Pending | None:
        try:
            fields = Fields(read_canonical(read_private(path, _LARGEST_FILE) or b""), _NAMES)
            member = MemberPublic(
                fields.text("member_id"), fields.binary("agreement", KEY_BYTES), fields.binary("signing", KEY_BYTES)
            )
            statement = Statement(member, fields.number("number"), Standing(fields.text("standing")))
            signature = fields.binary("signature", _SIGNATURE_BYTES)
        except (OSError, NotCanonicalError, ValueError):
            return None
        certificate = Certificate(statement, fields.text("signer"), signature)
        return Pending(certificate, fields.text("opened_at"), fields.texts("opened_by"))
