"""The same centre and pages as the people's rooms have."""

from tests.ui.people.conftest import around, filled, look, opened

__all__ = ["around", "filled", "look", "opened"]
