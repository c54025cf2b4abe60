"""Rosa, who is admitted to a desk. Everything about her is a value, so one is made for all tests."""

import pytest

from tests.security.admitted_member import AdmittedMember, admitted


@pytest.fixture(scope="session")
def rosa() -> AdmittedMember:
    return admitted("rosa")
