"""What every file keeps to, whoever writes it: names, sizes, locked dependencies, nothing of one machine."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What .gitignore leaves out, and git's own.
LEFT_OUT = re.compile(r"^(\.git|\.venv|\.\w+_cache|\.hypothesis|__pycache__|build|dist|out|.*\.egg-info)$")
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".sql", ".svg", ".cfg", ".ini", ".yml", ".yaml", ".sh", ".html", ""}
LONGEST_FILE = 450
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}
LOCKED = ("runtime", "development")

# Written in pieces, so that this file does not contain what it forbids.
REGISTRIES = re.compile(
    "|".join([r"pypi\." + "org", r"python" + r"hosted\.org", "file:" + "///", r"https?://\S+/simp" + "le"])
)
MACHINE_PATHS = re.compile(
    r"(?<![\w./~:])/(" + "|".join(["wo" + "rk", "ro" + "ot", "t" + "mp"]) + r")(/|\b(?=['\"`\s]))"
)
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + "X)\b")
# A silenced check with nothing after its codes; a reason may also stand on the line before.
UNDEFENDED = re.compile(r"# (no" + r"qa|type: ig" + r"nore)\b[:\s]*(\[[\w, -]+\]|[A-Z]+\d+(, ?[A-Z]+\d+)*)?\s*$")

# All the domain may import: values and rules, nothing that reads the world.
PURE = {
    "__future__", "abc", "bisect", "calendar", "collections", "copy", "dataclasses", "datetime", "decimal", "difflib",
    "enum", "fractions", "functools", "hashlib", "heapq", "hmac", "itertools", "json", "math", "numbers", "operator",
    "re", "statistics", "string", "struct", "types", "typing", "unicodedata", "uuid", "zoneinfo",
}  # fmt: skip


def files(*suffixes: str, under: str = "") -> Iterator[Path]:
    """Every file of the repository, as git would take it, with one of the suffixes (all without)."""
    for path in sorted((ROOT / under).rglob("*")):
        relative = path.relative_to(ROOT)
        left_out = any(LEFT_OUT.match(part) for part in relative.parts)
        if path.is_file() and not left_out and (not suffixes or path.suffix in suffixes):
            yield path


def found(pattern: re.Pattern[str], *suffixes: str, under: str = "") -> list[str]:
    """Where a pattern occurs, as `file:line: the line`."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files(*suffixes, under=under)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names


def locked(name: str) -> dict[str, list[str]]:
    """The requirements of a lock file with the hashes of each."""
    text = (ROOT / "installer" / "locked" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {line.partition("--hash")[0].strip(): re.findall(r"--hash=sha256:([0-9a-f]{64})\b", line) for line in lines}


def test_no_registry_is_named() -> None:
    assert found(REGISTRIES, *TEXT) == []


def test_no_path_of_one_machine_is_named() -> None:
    assert found(MACHINE_PATHS, ".py", ".toml", ".txt", ".md", "") == []


def test_no_brand_in_names() -> None:
    """The NHS number is a thing of the domain; the brand is not ours to use for a file, a folder or the package."""
    named = [str(path.relative_to(ROOT)) for path in files()]
    assert [name for name in named if re.search("nhs(?!_number)", name, re.IGNORECASE)] == []
    assert "nhs" not in pyproject()["project"]["name"].lower()


def test_names_say_what_a_file_is_for() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for path in files(".py")
        if VAGUE & set(path.relative_to(ROOT).with_suffix("").parts) or path.stem.rpartition("_")[2] in VAGUE
    ]
    assert vague == []


def test_files_are_short_enough_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): path.read_bytes().count(b"\n") for path in files(".py")}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_nothing_is_left_unfinished() -> None:
    assert found(UNFINISHED, ".py", ".toml", ".sql", "") == []


def test_every_silenced_check_says_why() -> None:
    undefended = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files(".py")
        for number, (before, line) in enumerate(pairwise(["", *path.read_text(encoding="utf-8").splitlines()]), 1)
        if UNDEFENDED.search(line) and not before.lstrip().startswith("#")
    ]
    assert undefended == []


def test_tests_neither_wait_nor_skip_nor_mock() -> None:
    forbidden = [r"\bqtbot\.wa" + r"it\(", r"\bpytest\.(mark\.)?(sk" + r"ip|xf" + r"ail)", "unittest" + r"\.mock"]
    assert found(re.compile("|".join(forbidden)), ".py", under="tests") == []


def test_the_domain_is_pure() -> None:
    impure = {
        str(path.relative_to(ROOT)): sorted(imported(path) - PURE - {"livingwell_desktop"})
        for path in files(".py", under="livingwell_desktop/domain")
    }
    assert {name: packages for name, packages in impure.items() if packages} == {}


def test_set_up_needs_only_the_standard_library() -> None:
    """It runs before anything is installed. The demo, in its own folder, runs after."""
    needed = {
        path.name: sorted(imported(path) - sys.stdlib_module_names - {"installer"})
        for path in (ROOT / "installer").glob("*.py")
    }
    assert {name: packages for name, packages in needed.items() if packages} == {}


@pytest.mark.parametrize("name", LOCKED)
def test_every_locked_requirement_is_exact_and_has_hashes(name: str) -> None:
    requirements = locked(name)
    assert len(requirements) > 20
    for requirement, hashes in requirements.items():
        assert re.match(r"^[a-z0-9-]+==[0-9][\w.]*( ; .+)?$", requirement)
        assert hashes, requirement


@pytest.mark.parametrize("name", LOCKED)
def test_locked_files_name_no_index(name: str) -> None:
    text = (ROOT / "installer" / "locked" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-[a-z]|--(?!hash=))", text, re.MULTILINE)


def test_development_adds_to_what_runs() -> None:
    assert locked("runtime").items() <= locked("development").items()


def test_what_is_declared_is_locked() -> None:
    project = pyproject()["project"]
    extras = project["optional-dependencies"]
    for name, declared in {
        "runtime": project["dependencies"] + extras["server"],
        "development": [*extras["test"], *extras["lint"]],
    }.items():
        names = {requirement.partition("==")[0] for requirement in locked(name)}
        assert {plain(requirement) for requirement in declared} <= names


def test_what_is_imported_is_declared() -> None:
    """A package that only happens to be there, because another one needs it, is missed the day that one drops it."""
    project = pyproject()["project"]
    requirements = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    declared = {plain(requirement) for requirement in requirements}
    carried_by = packages_distributions()
    ours = {"livingwell_desktop", "installer", "tests"}
    undeclared = {
        f"{path.relative_to(ROOT)}: {name}"
        for folder in ours
        for path in files(".py", under=folder)
        for name in imported(path) - sys.stdlib_module_names - ours
        if not declared & {plain(carrier) for carrier in carried_by.get(name, [])}
    }
    assert undeclared == set()


def plain(requirement: str) -> str:
    """The name in a requirement, as package indexes compare names."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;! ]", requirement)[0]).lower()


def test_the_readme_and_the_automatic_check_run_the_same_command() -> None:
    command = "python3 installer/dev.py test"
    assert re.search(rf"^{re.escape(command)}\b", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def pyproject() -> dict[str, dict[str, object]]:
    """The project's declaration."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
