"""The operator's commands besides setting up and running: desks, backups, restores, drills."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from psycopg import conninfo, sql

from livingwell_desktop.domain.changes import read_content
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.backing_up import back_up, fingerprints, load, note_verified
from livingwell_desktop.server.database import Database, connect
from livingwell_desktop.server.doctor import examine
from livingwell_desktop.server.holding import Holding, desks, holding, records_about
from livingwell_desktop.server.manifest import manifest_of
from livingwell_desktop.server.opened import opened
from livingwell_desktop.server.purging import purge
from livingwell_desktop.server.quarantine import NOT_TAKEN_SINCE
from livingwell_desktop.server.restoring import put_back
from livingwell_desktop.server.schema import rebuilding
from livingwell_desktop.server.shutting_out import shut_out
from livingwell_desktop.server.states import NO_CARD
from livingwell_desktop.server.streams import lines_about_nothing
from livingwell_desktop.server.verifying import check_all
from livingwell_desktop.server.withdrawing import withdraw

Say = Callable[[str], None]


def devices(url: str, say: Say) -> None:
    """Every desk: its letter, name, id, when it was last heard, and whether it answered to the newest generation."""
    with connect(url) as connection:
        rows = connection.execute(
            "SELECT d.letter, d.name, d.id, d.revoked_at, s.reason, s.words, s.staff, s.asked_at,"
            " (SELECT max(at) FROM followed f WHERE f.device = d.id),"
            " coalesce(d.generation = (SELECT id FROM generation ORDER BY number DESC LIMIT 1), false)"
            " FROM device d LEFT JOIN shut_out s ON s.device = d.id ORDER BY d.number"
        ).fetchall()
    for letter, name, device, revoked, reason, said, staff, asked_at, heard, answered in rows:
        words = "shut out" if revoked else ("" if answered else "not heard since the server was restored")
        if revoked and staff:
            words += f" by {staff} at {asked_at} ({reason}: {said})"
        at = heard.strftime("last news taken %d %b %Y %H:%M UTC") if heard else "nothing taken yet"
        say("  ".join(filter(None, [letter, str(device), name, at, words])))


def revoke(url: str, keys: Path, device: UUID, now: datetime, say: Say) -> None:
    """Shut a lost desk out, also from a server that is restored later. Raises Problem for a stranger."""
    with connect(url) as connection:
        done = shut_out(connection, keys, device, now)
        if done is None:
            raise Problem("There is no such desk", f"No desk has the id {device}.", "See “devices” for the ids.")
    say(f"{done[0]} is shut out. “manifest {device}” says what it held.")


def manifest(url: str, device: UUID, say: Say) -> None:
    """What a lost laptop held at most: every page that was sent to it, and whom they were about. Raises Problem."""
    with connect(url) as connection:
        held = manifest_of(connection, device)
    for each in held.sent:
        numbers = f"{each.stream}: numbers {each.after} to {each.reached} in {each.pages} pages"
        say(f"{numbers}, {each.first:%d %b %Y %H:%M} to {each.last:%d %b %Y %H:%M}")
    if held.unsure:
        say("The server was restored and has not heard from it since: everybody whom its centres know is listed.")
    _people("People whose records it may hold", held.people, say)
    if held.cards or held.cards_withdrawn:
        say(f"Cards (names, date of birth and NHS number), as every desk has them: at most {held.cards}")
        _people("Cards it may hold of people who were protected or erased since", held.cards_withdrawn, say)
    else:
        say("Cards: none was sent to it")
    say("What was written at it and never sent is not here.")


def _people(words: str, people: Sequence[UUID], say: Say) -> None:
    say(f"{words}: {len(people)}")
    for person in people:
        say(f"  {person}")


def erase(url: str, keys: Path, about: UUID, now: datetime, say: Say) -> None:
    """Erase a record, or everything about a person, here and at every desk when it is next heard."""
    with connect(url) as connection:
        count = purge(connection, keys, about, now)
    say(f"Erased: {count} records. Desks erase them when they are next connected; backups when they are restored.")


def quarantine(url: str, say: Say) -> None:
    """What was refused: when, from which desk and why. The words are shown at that desk, on its Connection page."""
    with connect(url) as connection:
        rows = connection.execute(
            "SELECT q.refused_at, d.name, q.reason, q.change"  # noqa: S608 - our own words
            f" FROM quarantine q JOIN device d ON d.id = q.device WHERE {NOT_TAKEN_SINCE}"
            " ORDER BY q.refused_at, q.change"
        ).fetchall()
    for at, desk, reason, change in rows:
        say(f"{at:%d %b %Y %H:%M}  {desk}  {reason}  {bytes(change).hex()}")
    say(f"In quarantine: {len(rows)}")


def notices(url: str, say: Say) -> None:
    """What somebody should look at: when, from which desk, and for a change its kind, author and name."""
    with connect(url) as connection:
        rows = connection.execute(
            "SELECT n.at, d.name, n.kind, n.change, c.content FROM notice n LEFT JOIN device d ON d.id = n.device"
            " LEFT JOIN change c ON c.id = n.change ORDER BY n.number"
        ).fetchall()
    for at, desk, kind, change, content in rows:
        said = read_content(bytes(content)) if content else None
        about = [f"{said.kind} {said.record}", f"by {said.staff}"] if said else []
        name = [bytes(change).hex()] if change else []
        say("  ".join([f"{at:%d %b %Y %H:%M}", desk or "", kind, *about, *name]))
    say(f"Notices: {len(rows)}")


def verify(url: str, alliance: AllianceKey, say: Say) -> None:
    """Look through every audit, every chain and every change. Raises Problem when something is not as it was sent."""
    database, bad = Database(url), 0
    try:
        for what, wrong in check_all(database, alliance):
            say(f"bad   {what}: {wrong}" if wrong else f"good  {what}")
            bad += bool(wrong)
    finally:
        database.close()
    if bad:
        raise Problem(
            "Something is not as it was sent",
            f"{bad} of the checks above found something.",
            "Change nothing. Keep this database and the newest backups, and call whoever looks into it.",
        )


def doctor(url: str, keys: Path, now: datetime, say: Say) -> None:
    """Say what is good and what is bad. Raises Problem when something is bad."""
    bad = 0
    for line in examine(url, keys, now):
        say(str(line))
        bad += bool(line.mend)
    if bad:
        raise Problem("The server needs somebody", f"{bad} of the lines above are bad.", "Each says what to do.")


def holders(url: str, about: UUID, say: Say) -> None:
    """Which desks hold a record, or anything about a person, and which still owe a receipt. Raises Problem."""
    with connect(url) as connection:
        records = records_about(connection, about)
        if not records:
            raise Problem(
                "There is no such record or person", f"Nothing here has the id {about}.", "Copy it from its page."
            )
        everybody = desks(connection)
        found: dict[UUID, Counter[Holding]] = {}
        for record in records:
            for device, standing in holding(connection, record, everybody).items():
                found.setdefault(device, Counter())[standing] += 1
        card = connection.execute("SELECT 1 FROM card WHERE person = %s AND body <> %s", (about, NO_CARD)).fetchone()
    for desk in everybody:
        counts = found[desk.id]
        words = [f"{standing.value}: {counts[standing]}" for standing in Holding if counts[standing]]
        say("  ".join([desk.letter, str(desk.id), desk.name, *(["shut out"] if desk.shut_out else []), *words]))
    owing = sum(1 for counts in found.values() if counts[Holding.OWES])
    say(f"Records: {len(records)}. Desks that still owe a receipt: {owing}.")
    if card is not None:
        say("Every desk has this person’s card: names, date of birth and NHS number.")


def who_opened(url: str, person: UUID, say: Say) -> None:
    """Who has opened a person's record at any desk, for the privacy officer to give to that person."""
    with connect(url) as connection:
        lines = list(opened(connection, person))
    for line in lines:
        say(line)
    say(f"Lines: {len(lines)}. What desks have not sent yet is not here: “devices” says when each was last heard.")


def take_away(url: str, keys: Path, about: UUID, centre: UUID | None, now: datetime, say: Say) -> None:
    """Withdraw a record or a person from one centre. Raises Problem."""
    if centre is None:
        raise Problem("Say from which centre", "The command needs a centre.", "Add --centre with the centre’s id.")
    with connect(url) as connection:
        count = withdraw(connection, keys, about, centre, now)
    say(f"Withdrawn: {count} records. Its desks let them go when they are next connected: see “holders {about}”.")


def backup(url: str, alliance: AllianceKey, file: Path, now: datetime, say: Say) -> None:
    """Write a backup."""
    made = back_up(url, alliance.backup_key, file, now)
    say(f"{file}: {sum(count for count, _ in made.tables.values())} rows. Try it with “drill” before you rely on it.")


def restore(url: str, keys: Path, alliance: AllianceKey, file: Path, now: datetime, say: Say) -> None:
    """Put the database back to a backup, and begin a generation: desks then give back what came since.

    Nothing is touched unless the whole file is good, and no server runs. Raises Problem.
    """
    again = put_back(url, keys, alliance, file, now)
    if again:
        say(f"Erased again: {again} records that had been erased after that backup.")
    say("The backup is restored. Start the server: desks bring back what came after it. “devices” says who is missing.")


def drill(url: str, alliance: AllianceKey, file: Path, now: datetime, say: Say) -> None:
    """Restore a backup into a database of its own, compare every table, and note that it was verified.

    Raises Problem when a row differs, or a stream has a line about what is not there.
    """
    with _scratch(url) as scratch:
        with rebuilding(scratch) as made:
            said = load(file, alliance.backup_key, made)
        with connect(scratch) as connection:
            found = fingerprints(connection)
            lost = lines_about_nothing(connection)
    differing = sorted(name for name in said.tables.keys() | found.keys() if said.tables.get(name) != found.get(name))
    if differing:
        raise Problem(
            "The backup does not hold what was backed up",
            f"These tables differ: {', '.join(differing)}.",
            "Make another backup and try that. Keep this file for whoever looks into it.",
        )
    if lost:
        raise Problem(
            "The streams do not fit what the server holds",
            f"{lost} lines of the streams are about changes, or in streams, that are not there.",
            "Keep this backup and the one before it, and ask whoever looks after the program.",
        )
    with connect(url) as connection:
        note_verified(connection, said, file, now)
    for name, (count, _) in sorted(found.items()):
        say(f"{name}: {count} rows, equal")
    say("The backup is verified.")


def named_device(chosen: argparse.Namespace) -> UUID:
    """The desk that a command names. Raises Problem."""
    try:
        return UUID(chosen.what)
    except (TypeError, ValueError) as error:
        raise Problem("Say which desk", "The command needs a desk’s id.", "See “devices” for the ids.") from error


def named_record(chosen: argparse.Namespace) -> UUID:
    """The record or person that a command names. Raises Problem."""
    try:
        return UUID(chosen.what)
    except (TypeError, ValueError) as error:
        raise Problem("Say which record", "The command needs an id.", "Copy it from the record’s page.") from error


def named_file(chosen: argparse.Namespace) -> Path:
    """The file that a command names. Raises Problem."""
    if not chosen.what:
        raise Problem("Say which file", "The command needs the path of a backup.", "Add the path and try again.")
    return Path(chosen.what)


@contextmanager
def _scratch(url: str) -> Iterator[str]:
    text = f"livingwell_drill_{uuid4().hex[:12]}"
    name = sql.Identifier(text)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield conninfo.make_conninfo(url, dbname=text)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
