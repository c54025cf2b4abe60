"""Who may do what: one table, default deny. The services ask it, the window shows its reasons, the server asks it too.

`acts` names everything one can ask for, `table` is the table, `standing` how somebody stands to one person,
`sections` which part of a record each kind belongs to, `rulings` the answers.
"""

from livingwell_desktop.domain.permissions.acts import LOOKS_AT, Act
from livingwell_desktop.domain.permissions.rulings import (
    ROLE_WORDS,
    Ruling,
    Who,
    may,
    may_read,
    may_write,
    role_words,
)
from livingwell_desktop.domain.permissions.sections import SECTION_OF, section_of
from livingwell_desktop.domain.permissions.standing import Bonds, Sight, Standing, Tie, sections_shared, sight, tie
from livingwell_desktop.domain.permissions.table import TABLE, Row

__all__ = [
    "LOOKS_AT",
    "ROLE_WORDS",
    "SECTION_OF",
    "TABLE",
    "Act",
    "Bonds",
    "Row",
    "Ruling",
    "Sight",
    "Standing",
    "Tie",
    "Who",
    "may",
    "may_read",
    "may_write",
    "role_words",
    "section_of",
    "sections_shared",
    "sight",
    "tie",
]
