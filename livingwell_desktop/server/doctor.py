"""Whether the server is fit to be relied on: plain lines, good or bad, and for each bad one what to do."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from livingwell_desktop.server.database import Connection, connect
from livingwell_desktop.server.schema import newest_revision

OLDEST_POSTGRESQL = 15
"""`security_invoker` views came with it."""
_BACKUP_AGE = timedelta(days=2)
_CLOCK = timedelta(seconds=5)
_LEAST_SPACE = 5 << 30
_ROLES = ("livingwell_server", "livingwell_desk", "livingwell_purge")
_GUARDED = ("entry", "change", "record", "known", "followed", "page_sent")
_NEVER = (
    ("livingwell_server", "audit_event", "UPDATE"),
    ("livingwell_server", "audit_event", "DELETE"),
    ("livingwell_server", "change", "DELETE"),
    ("livingwell_server", "entry", "UPDATE"),
    ("livingwell_server", "entry", "DELETE"),
    ("livingwell_server", "tombstone", "INSERT"),
    ("livingwell_desk", "change", "INSERT"),
    ("livingwell_desk", "audit_event", "SELECT"),
)
"""(role, table, what it must not be able to do)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. `mend` says what to do; empty when it is as it should be."""

    words: str
    mend: str = ""

    def __str__(self) -> str:
        return f"bad   {self.words} {self.mend}" if self.mend else f"good  {self.words}"


def examine(url: str, keys: Path, now: datetime) -> Iterator[Line]:
    """Look at everything. What needs the database is left out when it does not answer."""
    yield from _keys(keys)
    yield _disk(keys)
    try:
        connection = connect(url)
    except psycopg.OperationalError:
        yield Line("The database does not answer.", "Start it, or mend the address of --database.")
        return
    with connection:
        revision = _revision(connection)
        looks: list[Callable[[], Iterator[Line]]] = [lambda: _version(connection), lambda: _clock(connection, now)]
        yield from (line for look in looks for line in look())
        if revision != newest_revision():
            yield Line(
                f"The database is at migration {revision or 'none'}; this program needs {newest_revision()}.",
                "Make a backup, then start “serve”: it brings the database up.",
            )
            return
        yield Line(f"The database is at migration {revision}.")
        yield from _roles(connection)
        yield from _row_level_security(connection)
        yield from _counters(connection)
        yield from _backups(connection, now)
        yield from _alarms(connection)


def _keys(keys: Path) -> Iterator[Line]:
    if os.name == "nt":
        yield Line("Who may read the key’s folder is not looked at on Windows.")
        return
    for path in (keys, *sorted(each for each in keys.iterdir() if each.is_file())) if keys.is_dir() else ():
        mode = stat.S_IMODE(path.stat().st_mode)
        private = not mode & 0o077
        if path == keys or path.name in ("alliance.key", "database.url"):
            words = f"{path.name} can be read by {'its owner alone' if private else 'others'} (mode {mode:04o})."
            yield Line(words, "" if private else f"Run: chmod go= {path}")
    if not (keys / "alliance.key").is_file():
        yield Line("There is no alliance key.", "Write it from a paper copy, or run “init” for a new alliance.")


def _disk(keys: Path) -> Line:
    usage = shutil.disk_usage(keys)
    words = f"{usage.free >> 30} GB of {usage.total >> 30} GB are free where the key lies."
    enough = usage.free >= min(_LEAST_SPACE, usage.total // 5)
    return Line(words, "" if enough else "Make room before the database stops.")


def _version(connection: Connection) -> Iterator[Line]:
    major = connection.info.server_version // 10_000
    words = f"PostgreSQL {major} answers."
    yield Line(words, "" if major >= OLDEST_POSTGRESQL else f"Version {OLDEST_POSTGRESQL} or later is needed.")
    durable = [
        name for name in ("fsync", "full_page_writes", "synchronous_commit") if _setting(connection, name) == "off"
    ]
    yield Line(
        "What it says is saved is on the disk." if not durable else f"Its settings {', '.join(durable)} are off.",
        "" if not durable else "Switch them on: a power cut could lose what desks were told is sent.",
    )


def _clock(connection: Connection, now: datetime) -> Iterator[Line]:
    theirs: datetime = _one(connection, "SELECT now()")
    apart = abs(theirs - now)
    words = f"This computer’s clock and the database’s are {apart.total_seconds():.0f} seconds apart."
    yield Line(words, "" if apart <= _CLOCK else "Switch on time synchronisation on both.")
    if _revision(connection):
        newest: datetime | None = _one(connection, "SELECT max(received_at) FROM change")
        ahead = newest is not None and newest - now > _CLOCK
        if ahead:
            yield Line("A change was received later than now.", "The clock was set back. Set it right.")


def _roles(connection: Connection) -> Iterator[Line]:
    rows = connection.execute(
        "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles"
        " WHERE rolname = ANY(%s)",
        (list(_ROLES),),
    ).fetchall()
    powers: dict[str, bool] = dict(rows)
    missing = [each for each in _ROLES if each not in powers]
    if missing:
        yield Line(f"The roles {', '.join(missing)} are missing.", "Restore the newest backup into a new database.")
        return
    mighty = [each for each in _ROLES if powers[each]]
    able = [
        f"{role} may {right} {table}"
        for role, table, right in _NEVER
        if _one(connection, "SELECT has_table_privilege(%s, %s, %s)", role, table, right)
    ]
    able += [
        f"{role} may change the schema"
        for role in _ROLES
        if _one(connection, "SELECT has_schema_privilege(%s, 'public', 'CREATE')", role)
    ]
    wrong = [f"{each} may do anything" for each in mighty] + able
    words = f"Roles: {'; '.join(wrong)}." if wrong else "The roles can do what they need and no more."
    yield Line(words, "Take that right away (REVOKE, ALTER ROLE), and find out who gave it." if wrong else "")


def _row_level_security(connection: Connection) -> Iterator[Line]:
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname",
        (list(_GUARDED),),
    ).fetchall()
    off = [row[0] for row in rows]
    words = f"Row-level security is off for {', '.join(off)}." if off else "Row-level security is on and forced."
    yield Line(words, "ALTER TABLE … ENABLE and FORCE ROW LEVEL SECURITY, and find out who did it." if off else "")


def _counters(connection: Connection) -> Iterator[Line]:
    rows = connection.execute(
        "SELECT s.name FROM stream s LEFT JOIN (SELECT stream, count(*) AS many, max(number) AS last FROM entry"
        " GROUP BY stream) AS e ON e.stream = s.name"
        " WHERE s.number <> coalesce(e.last, 0) OR s.number <> coalesce(e.many, 0) ORDER BY s.name"
    ).fetchall()
    wrong = [row[0] for row in rows]
    words = f"Lines are missing in the streams {', '.join(wrong)}." if wrong else "Every stream has all its lines."
    yield Line(words, "Stop “serve” and restore the newest backup: desks bring back what came later." if wrong else "")


def _backups(connection: Connection, now: datetime) -> Iterator[Line]:
    made, verified = connection.execute(
        "SELECT max(made_at), max(made_at) FILTER (WHERE verified_at IS NOT NULL) FROM backup"
    ).fetchone() or (None, None)
    if made is None:
        yield Line("There is no backup.", "Run “backup FILE”, then “drill FILE”; every night.")
        return
    fresh = now - made <= _BACKUP_AGE
    yield Line(f"The newest backup is of {made:%d %b %Y %H:%M} UTC.", "" if fresh else "Run “backup FILE” every night.")
    if verified is None:
        yield Line("No backup was ever tried.", "Run “drill FILE” with the newest one.")
        return
    tried = now - verified <= _BACKUP_AGE
    words = f"The newest backup that was tried is of {verified:%d %b %Y %H:%M} UTC."
    yield Line(words, "" if tried else "Run “drill FILE” with the newest one.")


def _alarms(connection: Connection) -> Iterator[Line]:
    names = _one(connection, "SELECT count(*) FROM alarm")
    histories = _one(connection, "SELECT count(*) FROM audit_alarm")
    if names or histories:
        words = f"{names} names used twice, {histories} other histories of a desk’s audit were sent."
        yield Line(words, "Somebody must look: see “verify” and “notices”.")
    else:
        yield Line("No desk has sent a name twice, or another history than before.")


def _revision(connection: Connection) -> str:
    if _one(connection, "SELECT to_regclass('public.alembic_version')") is None:
        return ""
    return str(_one(connection, "SELECT version_num FROM alembic_version"))


def _setting(connection: Connection, name: str) -> str:
    return str(_one(connection, "SELECT current_setting(%s)", name))


def _one(connection: Connection, query: LiteralString, *parameters: str) -> Any:
    row = connection.execute(query, parameters).fetchone()
    return row[0] if row else None
