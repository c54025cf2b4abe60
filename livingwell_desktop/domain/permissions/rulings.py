"""The answers of the table. Pure: every input is a value, so that desk and server ask the same."""

from collections.abc import Collection
from dataclasses import dataclass

from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.people import SECTION_WORDS, Section
from livingwell_desktop.domain.permissions.acts import Act
from livingwell_desktop.domain.permissions.sections import section_of
from livingwell_desktop.domain.permissions.standing import Sight, Standing, Tie
from livingwell_desktop.domain.permissions.table import OVERSEES, TABLE, Row, own_acts
from livingwell_desktop.domain.records import Sensitivity, kind_named

ROLE_WORDS = {
    Role.RECEPTION: "Reception",
    Role.KEY_WORKER: "Key worker",
    Role.TEAM_MANAGER: "Team manager",
    Role.ADMINISTRATOR: "Administrator",
    Role.PRIVACY_OFFICER: "Privacy officer",
}


def role_words(role: Role) -> str:
    """A role as people say it. One that only a newer program knows is shown as its code, and may do nothing."""
    return ROLE_WORDS.get(role) or str(role).replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever asks, as far as the table goes by them alone."""

    role: Role
    active: bool = True
    """Whether they work here now."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether an act is allowed, and if not, why in words."""

    allowed: bool
    reason: str = ""
    in_emergency: bool = False
    """Whether opening the record in an emergency would allow it."""


_YES = Ruling(True)


def may(who: Who, act: Act, about: Standing | None = None) -> Ruling:
    """The table’s answer. What stands nowhere in it is not allowed.

    `about` is how `who` stands to the person the act is about. Without it only role and employment are judged: whether
    it could be done for anybody.
    """
    row = TABLE.get(act)
    if not who.active:
        return Ruling(False, "Your account is closed. Ask your team manager.")
    if row is None or who.role not in row.roles:
        return Ruling(False, f"Your role cannot {act.value}. Ask: {_able(row)}.")
    if about is not None and about.sight is Sight.REFERENCE and not row.by_reference:
        return Ruling(False, "Reception knows this person by a reference alone. Their key worker keeps their record.")
    if about is None or not row.clinical or about.opened or who.role in OVERSEES:
        return _YES
    obstacle = _obstacle(row, about)
    return Ruling(False, obstacle, who.role in TABLE[Act.BREAK_GLASS].roles) if obstacle else _YES


def _obstacle(row: Row, about: Standing) -> str:
    """What of sharing or relationship stands in the way, in words; empty when nothing does."""
    if not about.shared:
        return "This person does not share their record with your organisation."
    if row.section is not None and row.section not in about.shared:
        return f"This person does not share this with your organisation: {SECTION_WORDS[row.section].lower()}."
    if about.tie is Tie.NONE:
        return "You are not in this person’s care team, and they do not come to your centre."
    return ""


def may_record_given(who: Who, about: Standing, sections: Collection[Section]) -> Ruling:
    """Whether somebody may write down that a person shares those sections with the organisation of `who` itself.

    What an organisation is not shown yet, nobody gives it who works there: a colleague of another one does, or an
    opening in an emergency stands, which somebody looks at afterwards.
    """
    if set(sections) <= about.shared or about.opened or who.role in OVERSEES:
        return _YES
    reason = "What a person shares with your own organisation is written down by a colleague of another one."
    return Ruling(False, reason, who.role in TABLE[Act.BREAK_GLASS].roles)


def may_read(who: Who, kind: str, about: Standing | None = None) -> Ruling:
    """Whether a record of that kind may be read, about a person to whom `who` stands as `about` says.

    A kind that this version does not know is not read: the version that knows it has its own table.
    """
    known = kind_named(kind)
    if known is None:
        return Ruling(False, "A newer program is needed to read this.")
    if known.sensitivity is Sensitivity.DESK:
        return _YES if who.active else may(who, Act.SEE_BOARD)
    section = section_of(kind)
    ruling = may(who, Act.SEE_CLINICAL, about if section else None)
    if not ruling.allowed or section is None or about is None or about.opened or who.role in OVERSEES:
        return ruling
    obstacle = _obstacle(Row(frozenset(), section=section), about)
    return (
        Ruling(False, obstacle, ruling.in_emergency or who.role in TABLE[Act.BREAK_GLASS].roles) if obstacle else _YES
    )


def may_write(who: Who, kind: str, about: Standing | None = None, fields: Collection[str] = ()) -> Ruling:
    """Whether somebody may have written those fields of such a record: some act of theirs does. The server asks this.

    A kind that no row names, because only a newer program knows it, is allowed to every active member of staff: a
    server must not lose what it cannot judge. A kind that this version knows and no row names is allowed to nobody.
    """
    if not who.active:
        return Ruling(False, "Your account is closed. Ask your team manager.")
    for act in own_acts(kind, fields):
        ruling = may(who, act, about)
        if not ruling.allowed:
            return ruling
    answers = [may(who, act, about) for act, row in TABLE.items() if kind in row.writes]
    if not answers and kind_named(kind) is None:
        return _YES
    able = next((each for each in answers if each.allowed), None)
    if able is not None:
        return able
    reasons = [each for each in answers if not each.reason.startswith("Your role")] or answers
    return reasons[0] if reasons else Ruling(False, "Nobody writes this.")


def _able(row: Row | None) -> str:
    """The roles of a row, in words."""
    able = [ROLE_WORDS[each].lower() for each in Role if row is not None and each in row.roles]
    return " or ".join(filter(None, [", ".join(able[:-1]), able[-1] if able else ""])) or "nobody yet"
