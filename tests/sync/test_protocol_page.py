"""`docs/sync-protocol.md` against the code: every route, every problem word, every limit, every example."""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import livingwell_desktop.domain.catalogue
import livingwell_desktop.server
from livingwell_desktop.domain.audit import AuditRow
from livingwell_desktop.domain.audit.uses import Use
from livingwell_desktop.domain.changes import content
from livingwell_desktop.domain.records import ALLIANCE, ConflictRule, kinds
from livingwell_desktop.server import bodies, judging, knocking
from livingwell_desktop.sync import audit_protocol, downloading, protocol, restored
from tests.server.interface import ROUTES

PAGE = Path(__file__).parents[2] / "docs" / "sync-protocol.md"
SERVER = Path(livingwell_desktop.server.__file__).parent
REFUSING = ("ContentError", "Judged")
VECTORS = Path(__file__).parent / "vectors"
TEXT = PAGE.read_text("utf-8")
LINES = re.sub(r"(?<!\n)\n(?!\n)", " ", TEXT)
"""Each paragraph on one line."""


def problems_in_code() -> set[tuple[int, str]]:
    """Every status and word that the server's code can answer with."""
    found = set()
    for file in SERVER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id not in ("RequestProblem", "problem_answer") or len(node.args) < 2:
                continue
            statuses = [each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
            word = node.args[1]
            if isinstance(word, ast.Constant):
                found |= {(status, str(word.value)) for status in statuses if type(status) is int}
    return found


def problems_in_page() -> set[tuple[int, str]]:
    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", TEXT, re.MULTILINE)
    return {(int(status), word) for status, word in rows}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_is_in_the_table_and_has_an_example(route: Any) -> None:
    assert f"| `{route.method} {route.path}` |" in TEXT
    named = {each["request"] for each in json.loads((VECTORS / "requests.json").read_text("utf-8"))["requests"]}
    assert route.endless or f"{route.method} {route.path}" in named


def tables() -> list[list[str]]:
    """Each run of lines that begin with a bar, examples left out."""
    text = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
    return [run[0].splitlines() for run in re.finditer(r"(?:^\|.*\n)+", text, re.MULTILINE)]


def cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row)) - 1


def test_no_table_is_cut_and_every_row_has_its_cells() -> None:
    """A row after an empty line, or before text without one, is shown as text with bars."""
    assert len(tables()) > 10
    for table in tables():
        assert re.fullmatch(r"\|(-+\|)+", table[1] if len(table) > 1 else ""), table[0]
        assert {cells(row) for row in table} == {cells(table[0])}, table[0]
    lines = TEXT.splitlines()
    for above, line in pairwise(lines):
        assert not above.startswith("|") or line.startswith("|") or not line, line


def test_every_use_of_a_record_is_in_the_table() -> None:
    assert re.findall(r"^\| `([a-z_]+)` \|", TEXT.split("## 13 ")[1].split("\n## ")[0], re.MULTILINE)[
        : len(Use)
    ] == list(Use)


def test_the_table_names_no_other_route() -> None:
    in_page = set(re.findall(r"^\| `(GET|POST) (/v1/[a-z/-]+)` \|", TEXT, re.MULTILINE))
    assert in_page == {(route.method, route.path) for route in ROUTES}


def test_every_problem_is_in_the_table() -> None:
    in_code = problems_in_code()
    assert {(401, "session"), (503, "later"), (405, "not-found"), (404, "not-found")} <= in_code
    # The one that carries a signature is written elsewhere (sync/staff_keys.py).
    assert problems_in_page() == in_code | {(410, "shut-out")}


def test_every_example_is_a_test_vector() -> None:
    held = [each for file in VECTORS.glob("*.json") for each in everything(json.loads(file.read_text("utf-8")))]
    examples = [json.loads(each) for each in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]
    assert len(examples) > 20
    contents = [json.loads(each["content"]) for each in held if isinstance(each, dict) and "content_bytes" in each]
    for example in examples:
        assert example in held or example in contents, example


def everything(value: Any) -> list[Any]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(found for each in inside for found in everything(each))]


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        ("body of a request, as sent", protocol.MAX_REQUEST_BYTES),
        ("the same unpacked", protocol.MAX_UNPACKED_BYTES),
        ("body of `/v1/enrol`, `/v1/session` and `/v1/return`, packed or not", bodies.MAX_OPEN_BYTES),
        ("changes in an exchange", protocol.MAX_CHANGES),
        ("changes in an act", judging.MAX_CHANGES_IN_AN_ACT),
        ("entries asked for", downloading.MAX_RECORDS),
        ("content in a page", protocol.MAX_PAGE_BYTES),
        ("content of a change", content.MAX_CONTENT),
        ("a text in it", content.MAX_STRING),
        ("nesting in it", content.MAX_NESTING),
        ("rows of audit", audit_protocol.MAX_ROWS),
        ("`/v1/enrol`", knocking.MOST_IN_A_MINUTE[knocking.Door.ENROL]),
        ("`/v1/challenge`", knocking.MOST_IN_A_MINUTE[knocking.Door.CHALLENGE]),
        ("`/v1/return`", knocking.MOST_IN_A_MINUTE[knocking.Door.RETURN]),
        ("changes in an offer, and voids", restored.MOST_OFFERED),
        ("changes in a refill, and voids", restored.MOST_REFILLED),
        ("certificates in a refill", restored.MOST_CERTIFICATES),
        ("certificates in a return", restored.MOST_RETURNED),
        ("`/v1/session`", knocking.MOST_IN_A_MINUTE[knocking.Door.SESSION]),
    ],
)
def test_limits_are_those_of_the_code(what: str, limit: int) -> None:
    assert re.search(rf"^\| {re.escape(what)} \| {limit:,}\b", TEXT, re.MULTILINE), (what, limit)


def test_what_a_program_must_know_of_kinds_is_said() -> None:
    assert str(ALLIANCE) in TEXT
    said = re.search(r"These fields have the rule `latest`(.*?)A person has these once: (.*?)$", LINES, re.MULTILINE)
    assert said is not None
    for kind in kinds():
        for name, declared in kind.fields.items():
            if declared.conflict is ConflictRule.LATEST:
                assert f"`{name}`" in said[1]
                assert kind.label.lower() in said[1]
        assert (f"`{kind.name}`" in said[2]) == kind.one_per_person
        for name in kind.card:
            assert f"`{name}`" in TEXT


def test_every_part_of_content_and_audit_is_in_a_table() -> None:
    for name in (*content.Content.__dataclass_fields__, *(set(AuditRow.__dataclass_fields__))):
        assert re.search(rf"^\| .*`{name}`.* \|", TEXT, re.MULTILINE), name


def reasons_in_code() -> set[str]:
    """Why the server does not take a change; of a reason that names something, its beginning."""
    found = set()
    for name in ("judging", "pushing"):
        tree = ast.parse((SERVER / f"{name}.py").read_text("utf-8"))
        named = [each.value for each in tree.body if isinstance(each, ast.Assign)]
        called = [each for each in ast.walk(tree) if isinstance(each, ast.Call)]
        judging = [each for each in called if isinstance(each.func, ast.Name) and each.func.id in REFUSING]
        said = [arg for each in judging for arg in each.args]
        for value in (*named, *said):
            first = value.values[0] if isinstance(value, ast.JoinedStr) else value
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
                found.add(first.value)
    return found


def test_every_reason_for_a_refusal_is_in_the_table() -> None:
    reasons = reasons_in_code()
    assert {"another change has the same name", "the content does not match its hash"} <= reasons
    for reason in reasons:
        assert re.search(rf"^\| `{re.escape(reason)}", TEXT, re.MULTILINE), reason
