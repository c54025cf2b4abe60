"""The hazard log as data: reads `docs/clinical-safety/hazards/` and writes the table of it.

`python -m tests.contracts.hazard_log` writes `docs/clinical-safety/hazard-log.md` again after a hazard has changed.
"""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "clinical-safety"
HAZARDS = FOLDER / "hazards"
TABLE = FOLDER / "hazard-log.md"

SECTIONS = (
    "Possible causes", "Effect", "Harm", "Initial risk", "Controls", "Tests", "What is missing", "Residual risk",
    "Owner", "Status", "Comment",
)  # fmt: skip
OPTIONAL = {"What is missing", "Comment"}
STATUSES = ("Controlled.", "Open.", "With the deploying organisation.")
_RISK = re.compile(r"Severity: ([A-Z][a-z]+)\. Likelihood: ([A-Z][a-zA-Z ]+)\. Risk: ([1-5])\.")
_TEST = re.compile(r"- `(tests/[\w/]+\.py)::(\w+)`")
_HEAD = """# Hazard log

Written by `python -m tests.contracts.hazard_log` from the files in `hazards/`, one for each hazard; a test keeps the
two in step and checks that every test named there exists. How the figures are found:
[risk_matrix.json](risk_matrix.json). What they mean, and who has not looked at them yet: [README.md](README.md).

"""


@dataclass(frozen=True, slots=True)
class Rating:
    """A severity, a likelihood, and the risk (1 to 5) that the file says they give."""

    severity: str
    likelihood: str
    risk: int


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard as its file says it. Raises ValueError when the file has another form."""

    id: str
    title: str
    group: str
    sections: Mapping[str, str]

    @classmethod
    def read(cls, path: Path) -> "Hazard":
        """The hazard in a file."""
        head, *rest = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        named = re.fullmatch(r"# (H\d\d) (.+)\n\nGroup: (.+)\n\n", head)
        if named is None:
            raise ValueError(f"{path.name}: the first lines are not '# H01 Title' and 'Group: …'")
        sections = {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in rest}
        if [name for name in SECTIONS if name in sections or name not in OPTIONAL] != list(sections):
            raise ValueError(f"{path.name}: its sections are {list(sections)}")
        return cls(named[1], named[2], named[3], sections)

    def lines(self, section: str) -> list[str]:
        """The items of a list; ValueError when a line of it is none."""
        lines = self.sections.get(section, "").splitlines()
        if any(not line.startswith("- ") for line in lines):
            raise ValueError(f"{self.id}: '{section}' is not a list")
        return [line.removeprefix("- ") for line in lines]

    def rating(self, section: str) -> Rating:
        """The initial or the residual risk."""
        found = _RISK.fullmatch(self.sections[section])
        if found is None:
            raise ValueError(f"{self.id}: '{section}' is not 'Severity: …. Likelihood: …. Risk: ….'")
        return Rating(found[1], found[2], int(found[3]))

    @property
    def tests(self) -> list[tuple[str, str]]:
        """File and function of each test that holds it."""
        lines = [f"- {line}" for line in self.lines("Tests")]
        found = [_TEST.fullmatch(line) for line in lines]
        return [(each[1], each[2]) if each else (line, "") for each, line in zip(found, lines, strict=True)]


def hazards() -> list[Hazard]:
    """Every hazard, by its number."""
    return [Hazard.read(path) for path in sorted(HAZARDS.glob("*.md"))]


def matrix_risk(severity: str, likelihood: str) -> int:
    """The risk of the matrix. Raises KeyError or ValueError for a word that it does not have."""
    matrix = json.loads((FOLDER / "risk_matrix.json").read_text(encoding="utf-8"))
    return int(matrix["matrix"][likelihood][matrix["severity"].index(severity)])


@cache
def functions(file: str) -> frozenset[str]:
    """The names of the functions of a test file; none when there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_bytes())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def table() -> str:
    """The whole log as one Markdown page."""
    everything = hazards()
    parts = [_HEAD]
    for group in dict.fromkeys(hazard.group for hazard in everything):
        parts.append(f"## {group}\n\n| | hazard | initial | residual | status | tests |\n|---|---|---|---|---|---|\n")
        parts += [_row(hazard) for hazard in everything if hazard.group == group]
        parts.append("\n")
    return "".join(parts).rstrip("\n") + "\n"


def _row(hazard: Hazard) -> str:
    path = next(HAZARDS.glob(f"{hazard.id.lower()}-*.md"))
    risks = [_words(hazard.rating(section)) for section in ("Initial risk", "Residual risk")]
    status = hazard.sections["Status"].rstrip(".")
    link = f"[{hazard.id}](hazards/{path.name})"
    return f"| {link} | {hazard.title} | {risks[0]} | {risks[1]} | {status} | {len(hazard.tests)} |\n"


def _words(rating: Rating) -> str:
    return f"**{rating.risk}** {rating.severity}, {rating.likelihood}"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
