"""The server's tests use the same real PostgreSQL as the desks'."""

from tests.sync.conftest import database_url, databases, join, server

__all__ = ["database_url", "databases", "join", "server"]
