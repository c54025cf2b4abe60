"""Who may do what: one table, default deny. The services ask it, the window shows its reasons, the server asks it too.

`acts` names everything one can ask for, `table` is the table, `standing` how somebody stands to one person,
`sections` which part of a record each kind belongs to, `rulings` the answers, `pushed` the server’s answer to a push.
"""

from livingwell_desktop.domain.permissions.acts import LOOKS_AT, Act
from livingwell_desktop.domain.permissions.pushed import PushRuling, rule_on_certificate, rule_on_push
from livingwell_desktop.domain.permissions.rulings import (
    ROLE_WORDS,
    Ruling,
    Who,
    may,
    may_read,
    may_record_given,
    may_write,
    role_words,
)
from livingwell_desktop.domain.permissions.sections import SECTION_OF, section_of
from livingwell_desktop.domain.permissions.standing import Bonds, Sight, Standing, Tie, sections_shared, sight, tie
from livingwell_desktop.domain.permissions.table import BY_ITSELF, OWN_ACT, TABLE, Row, own_acts

__all__ = [
    "BY_ITSELF",
    "LOOKS_AT",
    "OWN_ACT",
    "ROLE_WORDS",
    "SECTION_OF",
    "TABLE",
    "Act",
    "Bonds",
    "PushRuling",
    "Row",
    "Ruling",
    "Sight",
    "Standing",
    "Tie",
    "Who",
    "may",
    "may_read",
    "may_record_given",
    "may_write",
    "own_acts",
    "role_words",
    "rule_on_certificate",
    "rule_on_push",
    "section_of",
    "sections_shared",
    "sight",
    "tie",
]
