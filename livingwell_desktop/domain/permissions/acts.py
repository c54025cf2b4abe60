"""Everything somebody can ask the program to do."""

from enum import StrEnum


class Act(StrEnum):
    """Everything somebody can ask the program to do. Its value is the name the audit uses."""

    SEE_BOARD = "see the board"
    FIND_PEOPLE = "find people"
    REGISTER = "register a person"
    SEE_DETAILS = "see a person’s details"
    CHANGE_DETAILS = "change a person’s details"
    CHOOSE_KEY_WORKER = "choose a person’s key worker"
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
    SEE_ATTENTION = "see what needs somebody"
    SETTLE_DOUBLES = "say whether two records are of one person"
    SETTLE_HIDDEN_DOUBLES = "say whether a protected person was registered twice"
    SEE_CLINICAL_QUESTIONS = "see questions about clinical records"
    RECORD_SHARING = "record what a person shares"
    BREAK_GLASS = "open a record in an emergency"
    REVIEW_OPENINGS = "review openings in an emergency"
    SEE_OPENINGS = "see who opened a record"
    GIVE_COPY = "give a person a copy of their record"
    VERIFY_AUDIT = "check the audit of a desk"
    SEE_FINDINGS = "see what the server found"
    ANSWER_REFUSED = "answer a change that was not taken"
    PROTECT = "protect a person who must not be found"
    KEEP_ALLIANCE = "look after staff, desks and sessions"
    CERTIFY = "invite staff and certify their keys"
    RESET_PASSPHRASE = "reset a colleague’s passphrase"  # noqa: S105 - what an act is called
    MAKE_RECOVERY_CODE = "make the centre’s recovery code"
    SHUT_OUT_DESK = "shut out a lost desk"
    ENROL_DESK = "make a code for a new desk"
    SEE_DESKS = "see the desks and what they held"
    ASK_FOR_RECORD = "ask for a person’s record from another centre"
    SEE_OUTAGES = "see what waits and what was not taken"
    NOTE_OUTAGE = "note an outage"
    SIGN_OFF_OUTAGE = "sign off an outage"
    OWN_PASSPHRASE = "change your own passphrase"  # noqa: S105 - what an act is called


LOOKS_AT = frozenset(
    {
        Act.SEE_BOARD,
        Act.FIND_PEOPLE,
        Act.SEE_DETAILS,
        Act.SEE_CLINICAL,
        Act.SEE_CLINICAL_QUESTIONS,
        Act.SEE_OUTAGES,
        Act.SEE_OPENINGS,
        Act.GIVE_COPY,
        Act.VERIFY_AUDIT,
        Act.SEE_FINDINGS,
        Act.SEE_DESKS,
    }
)
"""Acts that look at records: asking for one is itself an event of the audit."""
