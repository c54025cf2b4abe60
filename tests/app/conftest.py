"""Desks and a real server, as in the tests of sync."""

from tests.sync.conftest import database_url, databases, join, server

__all__ = ["database_url", "databases", "join", "server"]
