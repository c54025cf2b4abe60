"""Everything that can be wrong when somebody signs in: each in its own words, with a way out, and nothing lost."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from livingwell_desktop.app.enrolling import check_certificate
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.argon2 import Argon2Parameters, check_parameters
from livingwell_desktop.security.keyrings import KeyFileStore, create_device_secret
from livingwell_desktop.security.leases import check_lease
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.sync.joining import Certificate, Enrolled
from tests.security.admitted_member import AdmittedMember, admitted
from tests.security.test_signing_in import Desk, desk

__all__ = ["desk"]

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def said(problem: Problem) -> str:
    """What a person reads: what happened, why, and what to do."""
    assert problem.title
    assert problem.what_happened
    assert problem.advice, "there is always a way out"
    return problem.title


def signing_in(desk: Desk, rosa: AdmittedMember) -> str:
    with pytest.raises(Problem) as refused:
        desk.sign_in(rosa.passphrase)
    return said(refused.value)


def of_another_alliance() -> str:
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    certificate = AllianceKey(b"a" * 32).certify(Certificate(uuid4(), key, "A", (UUID(int=1),), 1))
    with pytest.raises(Problem) as refused:
        check_certificate(Enrolled(certificate, AllianceKey(b"b" * 32).public), key)
    return said(refused.value)


def weakened() -> str:
    with pytest.raises(Problem) as refused:
        check_parameters(Argon2Parameters(memory_kib=1024, iterations=1, parallelism=1))
    return said(refused.value)


def run_out(now: datetime, seen: datetime) -> str:
    with pytest.raises(Problem) as refused:
        check_lease(NOON, now, seen)
    return said(refused.value)


def test_each_fault_has_words_of_its_own_and_none_harms_anything(
    desk: Desk, rosa: AdmittedMember, tmp_path: Path
) -> None:
    file = tmp_path / "rosa.slot.json"
    whole, secret = file.read_bytes(), desk.store.load()
    assert secret is not None
    titles = [of_another_alliance(), weakened()]
    file.write_bytes(whole[:-40])
    cut_short = signing_in(desk, rosa)
    file.write_bytes(whole.replace(b"Reception", b"reception"))
    edited = signing_in(desk, rosa)
    assert cut_short == edited, "both are a damaged file, and are mended alike"
    titles.append(edited)
    file.write_bytes(admitted("maya", rosa.device_id, secret).slot.to_bytes())
    titles.append(signing_in(desk, rosa))  # swapped between users
    file.write_bytes(whole)
    desk.store.save(create_device_secret())
    titles.append(signing_in(desk, rosa))  # a keyring that lies
    desk.store.delete()
    titles.append(signing_in(desk, rosa))  # or says nothing
    desk.slots.shut_out()
    titles.append(signing_in(desk, rosa))  # a revoked desk
    titles.append(run_out(now=NOON, seen=NOON))
    titles.append(run_out(now=datetime(2026, 11, 20, tzinfo=UTC), seen=NOON))  # a clock set back
    assert len(set(titles)) == len(titles) == 9
    KeyFileStore(tmp_path / "device.key").save(secret)
    assert desk.sign_in(rosa.passphrase).database_key == rosa.database_key, "nothing was harmed, and no try counted"
