"""What an administrator signed after they had stopped being one admits nobody, on any desk."""

from uuid import UUID

import pytest

from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.security.certificate_records import certificate_record
from livingwell_desktop.security.certificates import NotCertified, Statement, certify
from livingwell_desktop.security.member_keys import create_member_keys
from livingwell_desktop.security.statements import Standing
from livingwell_desktop.services import staff
from livingwell_desktop.services.keys_travel import statements
from livingwell_desktop.storage import create
from tests.services.key_desks import ALLIANCE, ID, ME, SLAM, KeyDesk
from tests.services.test_staff_keys import alliance, reception, room

__all__ = ["alliance", "reception", "room"]


def signed_by_callum(desk: KeyDesk, member: UUID) -> None:
    """Somebody with Callum's keys certifies keys of their own for a colleague who had none."""
    statement = Statement(create_member_keys(str(member)).public, 0, Standing.ADMINISTRATOR)
    record = certificate_record(certify(statement, desk.alliance.keys["callum"], ALLIANCE.public))
    new = desk.sign_in("sunita").new_id()
    desk.store.write([create(new, record), create(member, Staff(given_name="E", organisation=SLAM))], [], ME)


@pytest.mark.parametrize("how", ["suspended", "left", "another role"])
def test_what_was_signed_before_stands_and_what_comes_after_counts_nowhere(
    reception: KeyDesk, room: KeyDesk, how: str
) -> None:
    before, after = UUID(int=0x51), UUID(int=0x52)
    signed_by_callum(reception, before)
    dana, callum = reception.sign_in("dana"), reception.staff("callum")
    match how:
        case "suspended":
            staff.suspend(dana, callum)
        case "left":
            staff.leaves(dana, callum)
        case _:
            staff.change_staff(dana, callum, {"role": Role.KEY_WORKER})
    reception.clock.pass_(seconds=1)
    signed_by_callum(reception, after)
    reception.sends_to(room)
    for desk in (reception, room):
        sunita = desk.sign_in("sunita")
        known = statements(sunita)
        assert str(before) in known
        assert str(after) not in known
        assert str(ID["rosa"]) in known, "whom he had certified stay"
        held = desk.store.get(Staff, after)
        assert held is not None
        with pytest.raises(NotCertified):
            staff.admit(sunita, held)


def test_an_administrator_who_comes_back_signs_again(reception: KeyDesk) -> None:
    dana = reception.sign_in("dana")
    staff.suspend(dana, reception.staff("callum"))
    reception.clock.pass_(seconds=1)
    staff.comes_back(dana, reception.staff("callum"))
    signed_by_callum(reception, UUID(int=0x53))
    assert str(UUID(int=0x53)) in statements(reception.sign_in("sunita"))
    assert reception.staff("callum").value.certifies_until is None


def test_a_colleague_who_never_was_an_administrator_has_no_such_end(reception: KeyDesk) -> None:
    staff.suspend(reception.sign_in("dana"), reception.staff("rosa"))
    assert reception.staff("rosa").value.certifies_until is None
