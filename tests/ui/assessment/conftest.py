"""The same centre and the same way to open a page as for the people pages."""

from tests.ui.people.conftest import around, filled, look, opened

__all__ = ["around", "filled", "look", "opened"]
