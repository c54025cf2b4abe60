"""The login of the running server: a member of the two roles that serve desks, and of nothing else.

Whoever made the running server say `RESET ROLE` would be this login, which may do nothing by itself: neither change the
schema, nor delete, nor see past row-level security. The operator's commands keep the owner's.
"""

import secrets

import psycopg
from psycopg import conninfo, sql

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server.database import DESK_ROLE, SERVER_ROLE, Connection, connect

LOGIN = "livingwell_login"
_SERVING = (SERVER_ROLE, DESK_ROLE)


def make_login(owner_url: str, name: str = LOGIN) -> str:
    """The URL of the login, which is made the first time and has a new password each time, kept nowhere.

    For a database of which nobody else makes it. It is migrated, and the owner may make roles.
    """
    password = secrets.token_urlsafe(32)
    role = sql.Identifier(name)
    with connect(owner_url) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(role))
        # What is sent lets nobody in: no log of a database has the password.
        verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(verifier)))
        roles = sql.SQL(", ").join(map(sql.Identifier, _SERVING))
        connection.execute(sql.SQL("GRANT {} TO {}").format(roles, role))
    return conninfo.make_conninfo(owner_url, user=name, password=password)


def check_login(owner_url: str, login_url: str) -> None:
    """Raises Problem for a login of another database, one that may do more than serve, and one that may not serve."""
    try:
        with connect(login_url) as connection:
            more = _more_than_serving(connection)
            lacks = [role for role in _SERVING if not _is_member(connection, role)]
            there = [] if more or lacks else _generations(connection)
    except psycopg.OperationalError as error:
        raise _cannot("PostgreSQL does not let it in, or does not answer.") from error
    if more:
        raise _cannot(f"It may do more than serve: {', '.join(more)}.")
    if lacks:
        raise _cannot(f"It is no member of {' and '.join(lacks)}.")
    with connect(owner_url) as connection:
        if _generations(connection) != there:
            raise _cannot("It is for another database than --database.")


def _more_than_serving(connection: Connection) -> list[str]:
    """What it may do by itself, or by another role that it can take on."""
    roles = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolname <> session_user AND rolname <> ALL(%s)"
        " AND pg_has_role(session_user, oid, 'MEMBER') ORDER BY rolname",
        (list(_SERVING),),
    ).fetchall()
    mighty = connection.execute(
        "SELECT 1 FROM pg_roles WHERE rolname = session_user"
        " AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)"
    ).fetchone()
    # Of a member that inherits, PostgreSQL counts its roles' rights as its own.
    rights = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
        " AND has_table_privilege(session_user, oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') ORDER BY relname"
    ).fetchall()
    schema = connection.execute(
        "SELECT 1 WHERE has_schema_privilege(session_user, 'public', 'CREATE')"
        " OR has_database_privilege(session_user, current_database(), 'CREATE')"
    ).fetchone()
    return [
        *(f"it can take on the role {row[0]}" for row in roles),
        *(["it can do anything, make roles or databases, or look past row-level security"] if mighty else []),
        *([f"it has rights on {rights[0][0]} without taking on a role (NOINHERIT is missing)"] if rights else []),
        *(["it can change the schema"] if schema else []),
    ]


def _is_member(connection: Connection, role: str) -> bool:
    return connection.execute(
        "SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(session_user, oid, 'MEMBER')", (role,)
    ).fetchone() is not None  # fmt: skip


def _generations(connection: Connection) -> list[tuple[object, ...]]:
    connection.execute(f"SET ROLE {SERVER_ROLE}")
    return connection.execute("SELECT id FROM generation ORDER BY number").fetchall()


def _cannot(what_happened: str) -> Problem:
    return Problem(
        "The server cannot use this login",
        what_happened,
        "Make it as docs/operations.md says under “A login of its own”, and start again.",
    )
