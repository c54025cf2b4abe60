"""Whom to call when it all gets too much. The only place in the program where these numbers are written.

Checked against FACTS A4 in November 2026; they must be checked against the live pages before every release. A site that
has other lines gives its own through `Printed.crisis_lines`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """A line to call: what to dial, when it answers, and the same as one easy-read sentence (`**` marks bold)."""

    words: str
    when: str
    easy: str


CRISIS_LINES = (
    CrisisLine("NHS 111, choose option 2", "any time", "Call **111**. Then choose **2**."),
    CrisisLine("Crisis line 0800 731 2864", "any time", "Or call the crisis line: **0800 731 2864**."),
    CrisisLine("Samaritans 116 123", "any time, free", "Or call Samaritans: **116 123**. It is free."),
    CrisisLine("999", "if a life is in danger", "Is a life in danger? Call **999**."),
)
