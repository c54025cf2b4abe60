"""The table. A row is an act: which roles may do it, what it needs of the person’s record, which kinds it writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.people import Section
from livingwell_desktop.domain.permissions.acts import Act


@dataclass(frozen=True, slots=True)
class Row:
    """One act of the table. What stands in no row is allowed to nobody."""

    roles: frozenset[Role]
    writes: tuple[str, ...] = ()
    """The record kinds that the act writes. The server asks by these, at every push."""
    clinical: bool = False
    """Whether the act opens a person’s clinical record: then sharing and relationship count too."""
    section: Section | None = None
    """The part of the record that the act is about; None is any part that is shared."""
    by_reference: bool = False
    """Whether reception may do it for a protected person whom it knows by the agreed reference alone."""


_CARE = frozenset({Role.KEY_WORKER, Role.TEAM_MANAGER})
_FRONT = frozenset({Role.RECEPTION, Role.KEY_WORKER, Role.TEAM_MANAGER})
_PRIVACY = frozenset({Role.PRIVACY_OFFICER})
_OVERSIGHT = _PRIVACY | {Role.TEAM_MANAGER}
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

OVERSEES = _PRIVACY
"""Roles that look at how records are used: sharing and relationship do not stop them, and every look is audited."""

_DESK_KINDS = ("person", "contact", "communication_need", "booking", "visit")
_KEY_KINDS = ("member_certificate", "locked_keys")
_PLAN_KINDS = ("plan", "goal", "action", "need")
_DRAFT = "draft"
"""What is typed for these acts and not finished yet."""
_GOALS = Section.GOALS_AND_ACTIONS

TABLE: dict[Act, Row] = {
    Act.SEE_BOARD: Row(_FRONT, by_reference=True),
    Act.FIND_PEOPLE: Row(_FRONT | _PRIVACY, by_reference=True),
    Act.REGISTER: Row(_FRONT, ("person", "communication_need", "visit", _DRAFT)),
    Act.SEE_DETAILS: Row(_FRONT | _PRIVACY, by_reference=True),
    Act.CHANGE_DETAILS: Row(_FRONT, ("person", "contact", "communication_need", _DRAFT)),
    Act.CHOOSE_KEY_WORKER: Row(_CARE, ("person",), clinical=True),
    Act.BOOK: Row(_FRONT, ("booking", _DRAFT)),
    Act.CHECK_IN: Row(_FRONT, ("visit", "booking"), by_reference=True),
    Act.CALL: Row(_FRONT, ("visit", _DRAFT), by_reference=True),
    Act.END_VISIT: Row(_FRONT, ("visit", _DRAFT), by_reference=True),
    Act.SEE_CLINICAL: Row(_CARE | _PRIVACY, clinical=True),
    Act.ASSESS: Row(_CARE, ("questionnaire_response", "need", "note", _DRAFT), clinical=True, section=Section.HEALTH),
    Act.PLAN: Row(_CARE, (*_PLAN_KINDS, "plan_version", "about_me", _DRAFT), clinical=True, section=_GOALS),
    Act.AGREE: Row(_CARE, ("plan_agreement", "plan_version", _DRAFT), clinical=True, section=_GOALS),
    Act.PRINT_SLIP: Row(_FRONT, ("document_given",), by_reference=True),
    Act.PRINT_PLAN: Row(_CARE, ("document_given",), clinical=True, section=_GOALS),
    Act.SEE_ATTENTION: Row(_FRONT | _PRIVACY),
    Act.SETTLE: Row(_FRONT, _DESK_KINDS),
    Act.SETTLE_DOUBLES: Row(_FRONT | _PRIVACY, ("possible_double",)),
    Act.SETTLE_HIDDEN_DOUBLES: Row(_PRIVACY, ("possible_double",)),
    Act.SEE_CLINICAL_QUESTIONS: Row(_CARE, (*_PLAN_KINDS, "about_me"), clinical=True),
    Act.RECORD_SHARING: Row(_CARE | _PRIVACY, ("sharing_agreement",)),
    Act.BREAK_GLASS: Row(_CARE, ("emergency_opening",)),
    Act.REVIEW_OPENINGS: Row(_PRIVACY, ("opening_review", "unusual_views")),
    Act.SEE_OPENINGS: Row(_OVERSIGHT, ("document_given",)),
    Act.GIVE_COPY: Row(_OVERSIGHT, ("document_given",), clinical=True),
    Act.VERIFY_AUDIT: Row(_OVERSIGHT | {Role.ADMINISTRATOR}),
    Act.SEE_FINDINGS: Row(_OVERSIGHT),
    Act.ANSWER_REFUSED: Row(_OVERSIGHT, ("refused_answer",)),
    Act.PROTECT: Row(frozenset({Role.TEAM_MANAGER, Role.PRIVACY_OFFICER}), ("protection",)),
    Act.KEEP_ALLIANCE: Row(
        frozenset({Role.ADMINISTRATOR, Role.TEAM_MANAGER}),
        ("organisation", "centre", "room", "session", "staff", "device"),
    ),
    Act.CERTIFY: Row(_ADMINISTRATORS, ("staff", *_KEY_KINDS)),
    Act.RESET_PASSPHRASE: Row(_ADMINISTRATORS, _KEY_KINDS),
    Act.MAKE_RECOVERY_CODE: Row(_ADMINISTRATORS, _KEY_KINDS),
    Act.SHUT_OUT_DESK: Row(_ADMINISTRATORS, ("device",)),
    Act.ENROL_DESK: Row(_ADMINISTRATORS | {Role.TEAM_MANAGER}),
    Act.SEE_DESKS: Row(_ADMINISTRATORS | _OVERSIGHT),
    Act.ASK_FOR_RECORD: Row(_FRONT, ("record_request",)),
    Act.SEE_OUTAGES: Row(_FRONT | _PRIVACY),
    Act.NOTE_OUTAGE: Row(frozenset(Role), ("outage",)),
    Act.SIGN_OFF_OUTAGE: Row(frozenset({Role.TEAM_MANAGER, Role.PRIVACY_OFFICER}), ("outage",)),
    Act.OWN_PASSPHRASE: Row(frozenset(Role), (*_KEY_KINDS, "recovery_use")),
}

OWN_ACT: Mapping[tuple[str, str], Act] = MappingProxyType(
    {
        ("staff", "role"): Act.CERTIFY,
        ("device", "revoked"): Act.SHUT_OUT_DESK,
        # The key worker's organisation sees the whole record: nobody gives themselves what the person refused them.
        ("person", "key_worker"): Act.CHOOSE_KEY_WORKER,
    }
)
"""Fields (of a kind) that one act alone writes, whoever else may write such a record."""


def own_acts(kind: str, fields: Iterable[str]) -> tuple[Act, ...]:
    """The acts that alone write some of those fields of such a record, each once."""
    return tuple(dict.fromkeys(OWN_ACT[kind, each] for each in fields if (kind, each) in OWN_ACT))


BY_ITSELF = frozenset({"unusual_views"})
"""Kinds that the program writes without anybody: it names no member of staff."""
