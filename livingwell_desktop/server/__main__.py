"""`livingwell-server`: set up the central server, run it, let a desk join.

    python -m livingwell_desktop.server init --embedded FOLDER [--recover]
    python -m livingwell_desktop.server serve --embedded FOLDER [--port 8450]
    python -m livingwell_desktop.server enrol --embedded FOLDER
    python -m livingwell_desktop.server devices | revoke DEVICE | manifest DEVICE
    python -m livingwell_desktop.server backup FILE | restore FILE | drill FILE
    python -m livingwell_desktop.server holders ABOUT | opened PERSON | withdraw ABOUT --centre CENTRE | purge ABOUT
    python -m livingwell_desktop.server doctor | verify | quarantine | notices

With a PostgreSQL of your own, say `--database URL --keys FOLDER` instead of `--embedded FOLDER`, and to `serve` also
`--serve-as URL`, for the same database by a login that may do nothing but serve. The server speaks
plain HTTP on loopback: put a web server with a certificate in front of it.
"""

import argparse
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.records import Sensitivity
from livingwell_desktop.server import commands
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.application import create_app
from livingwell_desktop.server.database import Connection, Database, connect
from livingwell_desktop.server.embedded import EmbeddedPostgres
from livingwell_desktop.server.folders import (
    database_announced,
    keep_alliance_key,
    new_alliance_key,
    read_alliance_key,
    running_database,
    words_of_key,
)
from livingwell_desktop.server.generations import current
from livingwell_desktop.server.joining import make_code
from livingwell_desktop.server.login import check_login, make_login
from livingwell_desktop.server.restoring import begin_again
from livingwell_desktop.server.schema import migrate
from livingwell_desktop.server.serving import HttpServer, listen_on
from livingwell_desktop.server.staff_keys import make_administrator_code
from livingwell_desktop.sync.codes import with_mark

DEFAULT_PORT = 8450
_KEEPING = (
    *("devices", "revoke", "manifest", "backup", "restore", "drill", "purge", "holders", "withdraw", "opened"),
    *("quarantine", "notices", "verify", "doctor"),
)
_COMMANDS = ("init", "serve", "enrol", *_KEEPING)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands. 0 when it went well, 1 for a problem that somebody can mend."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    chosen = _parser().parse_args(arguments)
    if chosen.embedded is None and (chosen.database is None or chosen.keys is None):
        _say("Say --embedded FOLDER, or --database URL and --keys FOLDER.")
        return 2
    keys: Path = chosen.keys or chosen.embedded
    try:
        {"init": _init, "serve": _serve, "enrol": _enrol}.get(chosen.command, _keep)(chosen, keys)
    except Problem as problem:
        _say(problem.words)
        return 1
    return 0


def _recover(chosen: argparse.Namespace, keys: Path) -> None:
    """A new empty server of an alliance whose server is lost: its desks come back to it and fill it.

    Cut short anywhere it is begun again: the key is written last, and without it nothing is served.
    """
    _say("Type the alliance’s key from a paper copy, and press Enter:")
    _, private = new_alliance_key(keys, sys.stdin.readline())
    with _database(chosen) as url:
        migrate(url)
        with connect(url) as connection:
            if connection.execute("SELECT 1 FROM device LIMIT 1").fetchone() is not None:
                raise Problem(
                    "This database is not empty",
                    "Desks have joined a server with it.",
                    "Choose an empty database, or restore a backup with “restore”.",
                )
            if current(connection).number == 0:
                begin_again(connection, keys, _clock())
    keep_alliance_key(keys, private)
    _say("The server is ready. Start it at its old address: each desk brings back what it holds when it connects.")
    _say("When all desks have been heard, “devices” says which have not; what only those held is not back yet.")


def _init(chosen: argparse.Namespace, keys: Path) -> None:
    if chosen.recover:
        _recover(chosen, keys)
        return
    alliance, private = new_alliance_key(keys)
    with _database(chosen) as url:
        migrate(url)
        codes = [_new_code(url, alliance, make_administrator_code) for _ in range(2)]
    keep_alliance_key(keys, private)
    paper = words_of_key(private)
    _say("The alliance’s key. Write it on paper twice, for two people to keep. It is not shown again:")
    _say(f"    {paper}")
    _say("Two one-time codes, one for each of two administrators, good for two days:")
    for code in codes:
        _say(f"    {code}")


def _enrol(chosen: argparse.Namespace, keys: Path) -> None:
    alliance = read_alliance_key(keys)
    sensitivity = Sensitivity[chosen.sensitivity.upper()]
    with _database(chosen) as url:
        _say(_new_code(url, alliance, partial(make_code, centres=tuple(chosen.centre), sensitivity=sensitivity)))


def _keep(chosen: argparse.Namespace, keys: Path) -> None:
    """The commands that look after desks, records and backups."""
    if chosen.command == "doctor":
        # It says itself what is missing, the key too.
        with _database(chosen) as url:
            commands.doctor(url, keys, _clock(), _say)
        return
    alliance, now = read_alliance_key(keys), _clock()
    about, desk, file = commands.named_record, commands.named_device, commands.named_file
    with _database(chosen) as url:
        todo: dict[str, Callable[[], None]] = {
            "devices": lambda: commands.devices(url, _say),
            "revoke": lambda: commands.revoke(url, keys, desk(chosen), now, _say),
            "manifest": lambda: commands.manifest(url, desk(chosen), _say),
            "backup": lambda: commands.backup(url, alliance, file(chosen), now, _say),
            "restore": lambda: commands.restore(url, keys, alliance, file(chosen), now, _say),
            "drill": lambda: commands.drill(url, alliance, file(chosen), now, _say),
            "purge": lambda: commands.erase(url, keys, about(chosen), now, _say),
            "holders": lambda: commands.holders(url, about(chosen), _say),
            "withdraw": lambda: commands.take_away(
                url, keys, about(chosen), next(iter(chosen.centre), None), now, _say
            ),
            "opened": lambda: commands.who_opened(url, about(chosen), _say),
            "quarantine": lambda: commands.quarantine(url, _say),
            "notices": lambda: commands.notices(url, _say),
            "verify": lambda: commands.verify(url, alliance, _say),
        }
        todo[chosen.command]()


def _serve(chosen: argparse.Namespace, keys: Path) -> None:
    alliance = read_alliance_key(keys)
    with _database(chosen) as url:
        migrate(url)
        serving = _login(chosen, url)
        try:
            listening = listen_on(chosen.port)
        except OSError as error:
            raise Problem(
                "The server cannot start",
                f"Another program uses port {chosen.port}.",
                "End it, or choose another port with --port.",
            ) from error
        _say(f"Living Well server at http://127.0.0.1:{listening.getsockname()[1]}")
        if serving == url:
            _say("It serves as the owner of the database. Give it a login of its own: see docs/operations.md.")
        # Uvicorn ends in good order and then passes the signal on: without this the database would be left running.
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
        with contextlib.suppress(KeyboardInterrupt):
            server = HttpServer(create_app(serving, alliance, _clock, keys))
            # All that stands until the end: Python would look it through again and again while much is pushed, which
            # was a fifth of what reading and judging a push took.
            gc.collect()
            gc.freeze()
            server.run(sockets=[listening])


def _login(chosen: argparse.Namespace, owner: str) -> str:
    """As whom the running server is let in: not as the owner, who may do anything. Raises Problem."""
    if chosen.serve_as is not None:
        check_login(owner, chosen.serve_as)
        return str(chosen.serve_as)
    return owner if chosen.embedded is None else make_login(owner)


@contextmanager
def _database(chosen: argparse.Namespace) -> Iterator[str]:
    if chosen.database is not None:
        yield chosen.database
        return
    running = running_database(chosen.embedded)
    if running is not None and chosen.command not in ("init", "serve", "restore"):
        yield running
        return
    embedded = EmbeddedPostgres(chosen.embedded)
    url = embedded.start()
    try:
        with database_announced(chosen.embedded, url):
            yield url
    finally:
        embedded.stop()


def _new_code(url: str, alliance: AllianceKey, make: Callable[[Connection, datetime], str]) -> str:
    """A code as it is printed: with the mark by which a desk knows the alliance."""
    database = Database(url)
    try:
        with database.transaction() as connection:
            return with_mark(make(connection, _clock()), alliance.public)
    finally:
        database.close()


def _clock() -> datetime:
    return datetime.now(UTC)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="livingwell-server", description="The central server of Living Well Desktop.")
    parser.add_argument("command", choices=_COMMANDS)
    parser.add_argument(
        "what", nargs="?", metavar="WHAT", help="the desk, the record, the person or the backup that a command is about"
    )
    parser.add_argument("--embedded", type=Path, metavar="FOLDER", help="keep database and key in this folder")
    parser.add_argument("--database", metavar="URL", help="a PostgreSQL of your own")
    parser.add_argument(
        "--serve-as", metavar="URL", help="with serve and --database: the same database by a login that may only serve"
    )
    parser.add_argument("--keys", type=Path, metavar="FOLDER", help="where the alliance’s key is kept")
    levels = [each.name.lower() for each in Sensitivity]
    parser.add_argument(
        "--centre", type=UUID, action="append", default=[], help="of a desk (enrol), or to take from (withdraw)"
    )
    parser.add_argument("--sensitivity", choices=levels, default="clinical", help="with enrol: what it may hold")
    parser.add_argument("--recover", action="store_true", help="with init: the alliance is there, its server is lost")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
