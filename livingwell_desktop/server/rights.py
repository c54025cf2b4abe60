"""Rights at push: each new change is judged by its author as the alliance's stream has them.

What a desk wrote before it could hear that somebody's rights had ended is taken, and a notice says so; what it wrote
knowing is refused, as any other refused change. What was answered before keeps its answer. While the server knows no
staff, because the first desk is only just telling it, nothing can be judged and everything is taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.changes import Content, Node, Standing, fold
from livingwell_desktop.domain.identifiers import is_usual_uuid
from livingwell_desktop.domain.membership import MemberCertificate
from livingwell_desktop.domain.organisations import Device, Staff
from livingwell_desktop.domain.permissions import OWN_ACT, Act, PushRuling, Who, may, rule_on_certificate, rule_on_push
from livingwell_desktop.domain.records import kind_of, value_of
from livingwell_desktop.server.chains import Head
from livingwell_desktop.server.columns import uuid_column
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.generations import generations
from livingwell_desktop.server.joining import KnownDevice, NotLetInError
from livingwell_desktop.server.judging import Judged
from livingwell_desktop.server.states import stored_nodes
from livingwell_desktop.sync.overseeing import Notice
from livingwell_desktop.sync.protocol import STREAM, Offered

_STAFF, _DEVICE, _CERTIFICATE = kind_of(Staff), kind_of(Device), kind_of(MemberCertificate)
_GUARDED = frozenset({_STAFF.name, _DEVICE.name, _CERTIFICATE.name})
"""Kinds about who may do what: they have rules of their own."""
_WITH_OWN_FIELDS = frozenset(kind for kind, _ in OWN_ACT)
OTHER_KIND = "its record is of another kind"
_TAKEN = PushRuling()


def judge_rights(
    connection: Connection, device: KnownDevice, head: Head, judged: Sequence[Judged], now: datetime
) -> list[Judged]:
    """The same changes, with those refused that their authors had no right to write.

    `head` is the desk's chain before this push: what stands above it is new.
    """
    new = [each for each in judged if each.sound and isinstance(each.offered, Offered)]
    before = _answered(connection, device, head, new)
    rights = _Rights(connection, device, [each.content for each in new if each.content is not None])
    after, late = list[Judged](), list[bytes]()
    for each in judged:
        if not each.sound or each.content is None or not isinstance(each.offered, Offered):
            after.append(each)
            continue
        change = each.offered.change.id
        ruling = PushRuling(before[change]) if change in before else rights.rule(change, each.content)
        after.append(each._replace(reason=ruling.reason) if ruling.reason else each)
        if ruling.late:
            late.append(change)
    if late:
        connection.execute(
            "INSERT INTO notice (kind, device, change, at) SELECT %s, %s, late, %s FROM unnest(%s::bytea[]) AS late",
            (Notice.LATE, device.id, now, late),
        )
    return after


def standing_now(connection: Connection, staff: UUID) -> Who | None:
    """Role and employment of a member of staff as the alliance's stream has them; None for a stranger."""
    return _who(stored_nodes(connection, [staff]).get(staff, ()))


def required(connection: Connection, device: KnownDevice, staff: UUID, act: Act) -> Who:
    """Who asks for something, when the desk speaks for them and the table allows it now. Raises NotLetInError."""
    who = standing_now(connection, staff) if device.speaks_for(staff) else None
    if who is None or not may(who, act).allowed:
        raise NotLetInError
    return who


def _answered(connection: Connection, device: KnownDevice, head: Head, new: Iterable[Judged]) -> Mapping[bytes, str]:
    """Of what comes again: why it was refused, or nothing for what was taken. A copy sends under new numbers."""
    copy = len(device.keys) > 1
    again = [
        each.offered.change.id
        for each in new
        if isinstance(each.offered, Offered) and (copy or each.offered.envelope.n <= head.n)
    ]
    if not again:
        return {}
    rows = connection.execute(
        "SELECT c.id, CASE WHEN c.standing = %s THEN coalesce(r.reason, '') ELSE '' END FROM change c"
        " LEFT JOIN refused r ON r.change = c.id AND r.content_hash = c.content_hash"
        " WHERE c.id = ANY(%s) AND c.standing <> %s",
        (int(Standing.REFUSED), again, int(Standing.NOT_HELD)),
    )
    return dict(rows.fetchall())


@dataclass
class _Rights:
    """Who the authors of one push are, and what was answered in it already."""

    connection: Connection
    device: KnownDevice
    contents: Sequence[Content]
    _nodes: dict[UUID, list[Node]] = field(default_factory=dict)
    _who: dict[UUID, Who | None] = field(default_factory=dict)
    _known: dict[tuple[UUID, tuple[int, int]], tuple[Who | None, ...]] = field(default_factory=dict)
    _rulings: dict[tuple[object, ...], PushRuling] = field(default_factory=dict)
    _guarded: set[UUID] = field(default_factory=set)
    """Records of staff and desks: a change of another kind has no place in them, whoever may write that kind."""
    _begun: bool = False

    def __post_init__(self) -> None:
        authors = {each.staff for each in self.contents if each.staff is not None}
        changed = {each.record for each in self.contents if each.kind == _STAFF.name}
        signers = {signer for each in self.contents if (signer := _signer(each)) is not None}
        self._nodes = stored_nodes(self.connection, sorted(authors | changed | signers))
        self._begun = bool(self._nodes) or self._knows_staff()
        self._guarded = self._of_guarded_kinds({each.record for each in self.contents if each.kind not in _GUARDED})

    def rule(self, change: bytes, content: Content) -> PushRuling:
        """The answer to one change, in the order of the desk's chain: a new colleague counts from then on."""
        if content.kind not in _GUARDED:
            if content.record in self._guarded:
                return PushRuling(OTHER_KIND)
            return self._by_author(content, _own_fields(content)) if self._begun else _TAKEN
        ruling = _TAKEN
        if self._begun and not self._own_desk(content):
            ruling = self._by_signer(content, self._by_author(content, _own_fields(content)))
        if not ruling.reason:
            self._take(change, content)
        return ruling

    def _take(self, change: bytes, content: Content) -> None:
        """What is judged after it knows of it."""
        if content.kind != _CERTIFICATE.name:
            self._guarded.add(content.record)
        if content.kind == _STAFF.name:
            node = Node(change, content.parents, content.set, content.at, device=self.device.id)
            self._nodes.setdefault(content.record, []).append(node)
            self._who.pop(content.record, None)
            self._known.clear()
            self._rulings.clear()

    def _by_author(self, content: Content, fields: frozenset[str]) -> PushRuling:
        key = (content.staff, content.kind, content.judged_at, fields)
        return self._rulings.get(key) or self._rulings.setdefault(key, self._rule(content, fields))

    def _by_signer(self, content: Content, ruling: PushRuling) -> PushRuling:
        signer = _signer(content)
        if signer is None or ruling.reason or not self._nodes.get(signer):
            return ruling
        signed = rule_on_certificate(self._now(signer), self._as_known(signer, content.judged_at))
        return signed if signed.reason or signed.late else ruling

    def _rule(self, content: Content, fields: frozenset[str]) -> PushRuling:
        staff = content.staff
        if staff is None:
            return rule_on_push(content.kind, fields, named=False, now=None, then=())
        ruling = rule_on_push(content.kind, fields, named=True, now=self._now(staff), then=())
        if not ruling.reason:
            return ruling
        then = self._as_known(staff, content.judged_at)
        return rule_on_push(content.kind, fields, named=True, now=self._now(staff), then=then)

    def _now(self, staff: UUID) -> Who | None:
        if staff not in self._who:
            self._who[staff] = _who(self._nodes.get(staff, ()))
        return self._who[staff]

    def _own_desk(self, content: Content) -> bool:
        """Whether a desk writes its own entry in the list of desks, as it does when it joins, whoever is at it."""
        own = content.kind == _DEVICE.name and content.record in self.device.keys
        return own and "revoked" not in content.set

    def _as_known(self, staff: UUID, judged_at: tuple[int, int]) -> tuple[Who | None, ...]:
        """Who somebody was in what the desk had followed, without and with what it had written about them itself."""
        key = staff, judged_at
        if key not in self._known:
            nodes = self._nodes.get(staff, [])
            until, numbers = self._until(judged_at), self._numbers(nodes)
            heard = [each for each in nodes if numbers.get(each.id, until + 1) <= until]
            with_own = [each for each in nodes if each in heard or each.device in self.device.keys]
            self._known[key] = (_who(heard), _who(with_own))
        return self._known[key]

    def _until(self, judged_at: tuple[int, int]) -> int:
        """How far in the alliance's stream of now: what came after the backup of a restore is not known to be here."""
        generation, number = judged_at
        missed = [each.starts.get(STREAM, 0) for each in generations(self.connection) if each.number > generation]
        return min([number, *missed])

    def _numbers(self, nodes: Iterable[Node]) -> Mapping[bytes, int]:
        rows = self.connection.execute(
            "SELECT change, min(number) FROM entry WHERE stream = 'alliance' AND change = ANY(%s) GROUP BY change",
            ([each.id for each in nodes],),
        )
        return dict(rows.fetchall())

    def _of_guarded_kinds(self, records: Iterable[UUID]) -> set[UUID]:
        with self.connection.cursor(binary=True) as cursor:
            cursor.execute(
                "SELECT DISTINCT record FROM change WHERE record = ANY(%b::uuid[]) AND kind IN ('staff', 'device')"
                " AND standing = 1",
                (uuid_column(list(records)),),
            )
            return {row[0] for row in cursor}

    def _knows_staff(self) -> bool:
        found = self.connection.execute("SELECT 1 FROM record WHERE kind = 'staff' LIMIT 1").fetchone()
        return found is not None


def _signer(content: Content) -> UUID | None:
    """Whose signature certifies somebody else’s keys. A recovery code’s name is no member of staff’s."""
    if content.kind != _CERTIFICATE.name:
        return None
    signer, member = content.set.get("signer"), content.set.get("member")
    if not isinstance(signer, str) or signer == member or not is_usual_uuid(signer):
        return None
    return UUID(signer)


def _own_fields(content: Content) -> frozenset[str]:
    """The fields that only one act writes, whoever may write the record."""
    if content.kind not in _WITH_OWN_FIELDS:
        return frozenset()
    return frozenset(each for each in content.set if (content.kind, each) in OWN_ACT)


def _who(nodes: Iterable[Node]) -> Who | None:
    """Role and employment from those changes alone; None for somebody they say nothing about."""
    closed: dict[bytes, Node] = {}
    rest, going_on = list(nodes), True
    while going_on:
        placed = [each for each in rest if all(parent in closed for parent in each.parents)]
        closed |= {each.id: each for each in placed}
        rest = [each for each in rest if each.id not in closed]
        going_on = bool(placed and rest)
    folded = fold(closed.values())
    if folded.newest is None:
        return None
    staff: Staff = value_of(_STAFF, folded.body)
    return Who(staff.role, staff.active and not folded.entered_in_error)
