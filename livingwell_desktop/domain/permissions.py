"""Who may do what: one table, default deny. The services ask it, the window shows its reasons.

Rows are acts; the roles beside an act may do it. Organisation, sharing and relationship narrow this further later on
(`security.md`, "Who may do what").
"""

from dataclasses import dataclass
from enum import StrEnum

from livingwell_desktop.domain.organisations import Role


class Act(StrEnum):
    """Everything somebody can ask the program to do. Its value is the name the audit uses."""

    SEE_BOARD = "see the board"
    FIND_PEOPLE = "find people"
    REGISTER = "register a person"
    SEE_DETAILS = "see a person’s details"
    CHANGE_DETAILS = "change a person’s details"
    BOOK = "book a place"
    CHECK_IN = "check in"
    CALL = "call a person"
    END_VISIT = "end a visit"
    SEE_CLINICAL = "see needs, assessments and plans"
    ASSESS = "record an assessment"
    PLAN = "write a care plan"
    AGREE = "record an agreement"
    PRINT_SLIP = "print a ticket or slip"
    PRINT_PLAN = "print a care plan"
    SETTLE = "settle a question between two desks"
    SEE_CLINICAL_QUESTIONS = "see questions about clinical records"


_CARE = frozenset({Role.KEY_WORKER, Role.TEAM_MANAGER})
_CLINICAL_READERS = _CARE | {Role.PRIVACY_OFFICER}
_FRONT = frozenset({Role.RECEPTION, Role.KEY_WORKER, Role.TEAM_MANAGER})

TABLE: dict[Act, frozenset[Role]] = {
    Act.SEE_BOARD: _FRONT,
    Act.FIND_PEOPLE: _FRONT | {Role.PRIVACY_OFFICER},
    Act.REGISTER: _FRONT,
    Act.SEE_DETAILS: _FRONT | {Role.PRIVACY_OFFICER},
    Act.CHANGE_DETAILS: _FRONT,
    Act.BOOK: _FRONT,
    Act.CHECK_IN: _FRONT,
    Act.CALL: _FRONT,
    Act.END_VISIT: _FRONT,
    Act.SEE_CLINICAL: _CLINICAL_READERS,
    Act.ASSESS: _CARE,
    Act.PLAN: _CARE,
    Act.AGREE: _CARE,
    Act.PRINT_SLIP: _FRONT,
    Act.PRINT_PLAN: _CARE,
    Act.SETTLE: _FRONT,
    Act.SEE_CLINICAL_QUESTIONS: _CARE,
}

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
class Ruling:
    """Whether an act is allowed, and if not, why in words."""

    allowed: bool
    reason: str = ""


def may(role: Role, act: Act) -> Ruling:
    """The table's answer. What stands nowhere in it is not allowed."""
    if role in TABLE.get(act, frozenset()):
        return Ruling(True)
    able = [ROLE_WORDS[each].lower() for each in Role if each in TABLE.get(act, frozenset())]
    who = " or ".join(filter(None, [", ".join(able[:-1]), able[-1] if able else ""])) or "nobody yet"
    return Ruling(False, f"Your role cannot {act.value}. Ask: {who}.")
