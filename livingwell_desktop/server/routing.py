"""Where what was taken in belongs: the lines to be written in the streams.

Asked with the subjects' locks held, so that a change and the centre that is just getting to know its person cannot
miss each other.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR
from livingwell_desktop.domain.records import ALLIANCE, kind_named
from livingwell_desktop.server.columns import number_column, text_column, uuid_column
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.protecting import follow_protections, raised
from livingwell_desktop.server.sharing import follow_centres, follow_sharing, sharing_ended
from livingwell_desktop.server.states import NO_CARD, card_text, cards, states_for
from livingwell_desktop.server.streams import Entry, Stream, Streams, known_at, read_streams
from livingwell_desktop.server.taken import Taken
from livingwell_desktop.server.withdrawing import keep_records_away, kept_away, taken_away
from livingwell_desktop.sync.protocol import STREAM

_UNSEEN = 99
"""The lowest sensitivity of a record that the server does not hold yet."""


@dataclass(frozen=True, slots=True)
class Author:
    """The desk that a push came from, and the centres it stands for."""

    device: UUID
    centres: tuple[UUID, ...]
    gives_back: bool = False
    """Whether this was here once, and comes again after a restore or a loss."""


def route(connection: Connection, taken: Sequence[Taken], author: Author, now: datetime) -> list[Entry]:
    """Write down records, who is now known where and cards; give the lines for the streams, in order."""
    if not taken:
        return []
    streams = read_streams(connection)
    taken = raised(connection, taken)
    before, away = _put_records(connection, taken)
    if author.gives_back:
        away.update(keep_records_away(connection, {each.record for each in taken} - before.keys()))
    known, entries = _become_known(connection, streams, taken, before, author, now)
    visible = dict(before)
    belongs: dict[UUID, Sequence[Stream]] = {}
    for each in taken:
        reached = belongs.get(each.subject)
        if reached is None:
            reached = belongs[each.subject] = streams.reached_by(each.subject, known.get(each.subject, ()))
        seen_from = visible.get(each.record, _UNSEEN)
        if away and (stays_away := away.get(each.record)):
            reached = [stream for stream in reached if stream.centre not in stays_away]
        entries += _lines(each, reached, seen_from)
        if each.sensitivity < seen_from:
            visible[each.record] = each.sensitivity
    entries.extend(_cards(connection, taken))
    entries.extend(follow_protections(connection, streams, taken, known))
    follow_centres(connection, taken)
    entries.extend(follow_sharing(connection, streams, taken, author.device, now))
    return entries


def _lines(each: Taken, reached: Iterable[Stream], seen_from: int) -> list[Entry]:
    """A line in every stream where the record can be seen, so that no stream has a hole."""
    lines = []
    for stream in reached:
        if each.sensitivity <= stream.sensitivity and stream.sensitivity < seen_from < _UNSEEN:
            # Seen there for the first time: its history comes with it.
            lines.append(Entry(stream.name, "s", None, each.record, each.act, each.size))
        elif min(each.sensitivity, seen_from) <= stream.sensitivity:
            lines.append(Entry(stream.name, "c", each.change, None, each.act, each.size))
    return lines


def _put_records(connection: Connection, taken: Sequence[Taken]) -> tuple[dict[UUID, int], dict[UUID, Sequence[UUID]]]:
    """Keep each record's subject and lowest sensitivity.

    Gives the sensitivities from before, and of records that were withdrawn by hand the centres they were taken from.
    """
    least: dict[UUID, Taken] = {}
    subjects: dict[UUID, UUID] = {}
    for each in taken:
        if least.setdefault(each.record, each).sensitivity > each.sensitivity:
            least[each.record] = each
        if each.sound:
            subjects[each.record] = each.subject
    ids = sorted(least, key=attrgetter("int"))
    lowest = [least[each] for each in ids]
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            "SELECT id, sensitivity, subject, withdrawn_from FROM record WHERE id = ANY(%b::uuid[])",
            (uuid_column(ids),),
        )
        there = cursor.fetchall()
        before: dict[UUID, int] = {row[0]: row[1] for row in there}
        away: dict[UUID, Sequence[UUID]] = {row[0]: row[3] for row in there if row[3]}
        # A refused change moves nothing: whom a record is about stays as it was.
        was = {row[0]: row[2] for row in there}
        about = [subjects.get(each.record) or was.get(each.record) or each.subject for each in lowest]
        # Those that stay as they are would be locked and written all the same. Their subjects' locks are held.
        rows = [
            (each, subject)
            for each, subject in zip(lowest, about, strict=True)
            if before.get(each.record, _UNSEEN) > each.sensitivity or was[each.record] != subject
        ]
        cursor.execute(
            "INSERT INTO record (id, kind, subject, sensitivity)"
            " SELECT * FROM unnest(%b::uuid[], %b::text[], %b::uuid[], %b::bigint[])"
            " AS one (id, kind, subject, sensitivity) ORDER BY id"
            " ON CONFLICT (id) DO UPDATE SET sensitivity = least(record.sensitivity, excluded.sensitivity),"
            " subject = excluded.subject WHERE record.sensitivity > excluded.sensitivity"
            " OR record.subject <> excluded.subject",
            (
                uuid_column(each.record for each, _ in rows),
                text_column(each.kind for each, _ in rows),
                uuid_column(subject for _, subject in rows),
                number_column(each.sensitivity for each, _ in rows),
            ),
        )
    return before, away


def _become_known(
    connection: Connection,
    streams: Streams,
    taken: Sequence[Taken],
    before: Collection[UUID],
    author: Author,
    now: datetime,
) -> tuple[dict[UUID, set[UUID]], list[Entry]]:
    """A centre that writes about a person knows the person from then on, and gets all there is about them.

    Of the records in this push, those that were there `before` may hold what another centre wrote.
    """
    known = known_at(connection, sorted({each.subject for each in taken} - {ALLIANCE}))
    entries: list[Entry] = []
    # What was refused makes nobody known anywhere: else writing without the right would be a way to read.
    sound = sorted({each.subject for each in taken if each.sound} - {ALLIANCE})
    news = [subject for subject in sound if not known.get(subject, set()).issuperset(author.centres)]
    away = taken_away(connection, news) if author.gives_back else kept_away(connection, news, author.device)
    if news:
        away = away | sharing_ended(connection, news)
    for subject in news:
        if streams.is_centre(subject):
            continue
        for centre in author.centres:
            if centre in known.setdefault(subject, set()):
                continue
            if (subject, centre) in away:
                entries.extend(_let_go(streams, taken, subject, centre, author))
            else:
                known[subject].add(centre)
                connection.execute(
                    "INSERT INTO known (subject, centre, since, by_device) VALUES (%s, %s, %s, %s)"
                    " ON CONFLICT DO NOTHING",
                    (subject, centre, now, author.device),
                )
                new = {each.record for each in taken if each.record not in before}
                entries.extend(states_for(connection, subject, streams.of_centre(centre), new))
    return known, entries


def _let_go(streams: Streams, taken: Sequence[Taken], subject: UUID, centre: UUID, author: Author) -> Iterator[Entry]:
    """Lines by which whoever wrote about somebody who had left, unknowing, lets go of that, too.

    What comes again after a restore has lines of its own.
    """
    if author.gives_back:
        return
    # A desk that may see nothing of a record holds what it wrote about it itself.
    for stream in streams.of_centre(centre):
        for record in sorted({each.record for each in taken if each.sound and each.subject == subject}):
            yield Entry(stream.name, "x", None, record, "", 0)


def _cards(connection: Connection, taken: Sequence[Taken]) -> list[Entry]:
    """Lines for the alliance's stream: people whose name, date of birth or number has changed, or who are a mistake."""
    about = {each.record for each in taken if _touches_card(each)}
    if not about:
        return []
    connection.execute(
        "INSERT INTO to_compare (person) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING", (sorted(about),)
    )
    bodies = cards(connection, sorted(about))
    new = {record: card_text(bodies[record]) if record in bodies else NO_CARD for record in about}
    rows = connection.execute("SELECT person, body FROM card WHERE person = ANY(%s)", (sorted(about),))
    old: dict[UUID, str | None] = dict(rows.fetchall())
    # A card without a body was withdrawn, and stays so.
    changed = {record: text for record, text in new.items() if old.get(record, NO_CARD) not in (text, None)}
    if not changed:
        return []
    people = sorted(changed)
    connection.execute(
        "INSERT INTO card (person, body) SELECT * FROM unnest(%s::uuid[], %s::text[]) AS one (person, body)"
        " ORDER BY person ON CONFLICT (person) DO UPDATE SET body = excluded.body",
        (people, [changed[each] for each in people]),
    )
    return [Entry(STREAM, "k", None, person, "", len(changed[person])) for person in people]


def _touches_card(each: Taken) -> bool:
    kind = kind_named(each.kind)
    if kind is None or not kind.card:
        return False
    return not each.sound or not each.fields.isdisjoint((*kind.card, ENTERED_IN_ERROR))
