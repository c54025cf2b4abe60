"""A server that gives a member keys of its own, by itself or with the alliance's signature, gets no database key."""

import pytest

from livingwell_desktop.domain.membership import MemberCertificate, TravellingKeys
from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.security.certificate_records import certificate_record
from livingwell_desktop.security.certificates import Certificate, NotCertified, Standing, Statement
from livingwell_desktop.security.member_keys import create_member_keys, lock_keys
from livingwell_desktop.security.slot_problems import NoSlot, WrongPassphrase
from livingwell_desktop.services import staff
from livingwell_desktop.services.keys_travel import follow, keys_record
from livingwell_desktop.storage import create
from tests.services.key_desks import ALLIANCE, CENTRE, FLOOR, ID, ME, SLAM, Alliance, KeyDesk
from tests.services.test_staff_keys import NEW, alliance, reception, room

__all__ = ["alliance", "reception", "room"]


def test_a_key_without_a_certificate_of_this_alliance_is_not_sealed_to(room: KeyDesk, alliance: Alliance) -> None:
    sunita = room.sign_in("sunita")
    assert sunita.vault is not None
    # A server gives Rosa a key of its own, with a certificate that it signed itself.
    servers = create_member_keys(str(ID["rosa"]))
    forged = MemberCertificate(
        member=ID["rosa"], number=1, agreement=servers.public.agreement.hex(), signing=servers.public.signing.hex(),
        signer=str(ID["callum"]), signature=servers.sign(b"anything").hex(),
    )  # fmt: skip
    box = TravellingKeys(member=ID["rosa"], number=1, version=1, box="bm90IGEgYm94")
    room.store.write([create(sunita.new_id(), forged), create(sunita.new_id(), box)], [], ME)
    staff.admit(sunita, room.staff("rosa"))
    assert room.slots.read(str(ID["rosa"])).member == alliance.keys["rosa"].public
    stranger = sunita.new_id()
    room.store.write([create(stranger, Staff(given_name="Eve", organisation=SLAM, centre=CENTRE))], [], ME)
    held = room.store.get(Staff, stranger)
    assert held is not None
    with pytest.raises(NotCertified):
        staff.admit(sunita, held)
    with pytest.raises(NoSlot):
        room.slots.read(str(stranger))


def test_a_server_that_signs_with_the_alliances_key_gets_no_database_key(room: KeyDesk, alliance: Alliance) -> None:
    sunita = room.sign_in("sunita")
    staff.admit(sunita, room.staff("rosa"))
    assert sunita.vault is not None
    # It has everything that certificates and locked keys are made of, and chooses keys for Rosa with its passphrase.
    servers = create_member_keys(str(ID["rosa"]))
    statement = Statement(servers.public, 1, Standing.MEMBER)
    signed = Certificate(statement, "", ALLIANCE.sign(statement.message(ALLIANCE.public)))
    locked = keys_record(sunita.vault, lock_keys(servers, NEW, FLOOR), 1)
    room.store.write([create(sunita.new_id(), certificate_record(signed)), create(sunita.new_id(), locked)], [], ME)
    assert follow(sunita).adopted == ()
    assert room.slots.read(str(ID["rosa"])).member == alliance.keys["rosa"].public
    assert room.sign_in("rosa").staff.id == ID["rosa"]
    with pytest.raises(WrongPassphrase):
        room.unlock("rosa", NEW)
