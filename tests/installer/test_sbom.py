"""The list of parts: sound CycloneDX from the locked files, and an honest word about known faults."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from installer import sbom
from installer.sbom import LOCKED, as_bytes, bill_of_materials, locked_parts, report
from installer.vulnerabilities import Answer, Fault, ask

PARTS = locked_parts(LOCKED)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return bill_of_materials(PARTS)


def test_it_is_sound_by_the_standard_s_own_schema(document: dict[str, Any]) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(as_bytes(document).decode()) is None
    assert validator.validate_str(as_bytes(document | {"specVersion": 16}).decode()) is not None


def test_every_locked_version_is_in_it_once_with_its_hashes(document: dict[str, Any]) -> None:
    listed = {part["name"]: part for part in document["components"] if part["type"] == "library"}
    lines = [
        line.partition(" ")[0]
        for line in (LOCKED / "development.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line.partition(" ; ")[0]
    ]
    assert sorted(f"{part['name']}=={part['version']}" for part in listed.values()) == sorted(lines)
    for part in listed.values():
        assert any(fact["name"] == "livingwell:file-sha256" for fact in part["properties"]), part["name"]
    assert listed["sqlcipher3"]["scope"] == "required"
    assert listed["pytest"]["scope"] == "excluded"


def test_every_bundled_font_is_in_it_by_its_hash(document: dict[str, Any]) -> None:
    fonts = {path.name for path in (sbom.ROOT / "resources" / "fonts").glob("*.ttf")}
    files = {Path(part["name"]).name for part in document["components"] if part["type"] == "file"}
    assert files == fonts | {"words.txt"}


def test_what_the_program_needs_itself_is_drawn(document: dict[str, Any]) -> None:
    needed = document["dependencies"][0]["dependsOn"]
    assert any(purl.startswith("pkg:pypi/sqlcipher3@") for purl in needed)
    assert not any("pytest" in purl for purl in needed)
    assert set(needed) <= {part["bom-ref"] for part in document["components"]}


def test_two_lists_of_the_same_locked_files_are_equal_to_the_byte(document: dict[str, Any]) -> None:
    assert as_bytes(bill_of_materials(locked_parts(LOCKED))) == as_bytes(document)
    assert str(sbom.ROOT).encode() not in as_bytes(document)


def test_a_line_that_pins_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "runtime.txt").write_text("alembic>=1\n", encoding="utf-8")
    (tmp_path / "development.txt").write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="not an exact version"):
        locked_parts(tmp_path)


Reply = Callable[[dict[str, Any]], tuple[int, bytes]]


@pytest.fixture
def database() -> Iterator[Callable[[Reply], str]]:
    """A database on loopback that answers as it is told."""
    servers: list[ThreadingHTTPServer] = []

    def start(reply: Reply) -> str:
        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                status, body = reply(asked) if self.path == "/v1/querybatch" else (404, b"")
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def sound(asked: dict[str, Any]) -> tuple[int, bytes]:
    """Alembic has two faults, the second on a second page; nothing else has any."""
    results = []
    for query in asked["queries"]:
        if query["package"]["name"] != "alembic":
            results.append({})
        elif "page_token" in query:
            results.append({"vulns": [{"id": "MADE-UP-2"}]})
        else:
            results.append({"vulns": [{"id": "MADE-UP-1"}], "next_page_token": "more"})
    return 200, json.dumps({"results": results}).encode()


def test_known_faults_are_named_with_every_page(
    database: Callable[[Reply], str], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask(PARTS, database(sound))
    version = next(part.version for part in PARTS if part.name == "alembic")
    assert answer == Answer((Fault("alembic", version, ("MADE-UP-1", "MADE-UP-2")),))
    assert report(answer, PARTS) == 1
    assert f"alembic {version}: MADE-UP-1, MADE-UP-2" in capsys.readouterr().out


def test_nothing_found_says_what_was_not_covered(
    database: Callable[[Reply], str], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask(PARTS, database(lambda asked: (200, json.dumps({"results": [{}] * len(asked["queries"])}).encode())))
    assert report(answer, PARTS) == 0
    said = capsys.readouterr().out
    assert f"Checked {len(PARTS)} parts. No known faults." in said
    assert "sqlcipher3 (SQLCipher, SQLite and OpenSSL)" in said


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (lambda _asked: (200, b"<html>Sign in to the Wi-Fi</html>"), "what answered is no vulnerability database"),
        (lambda _asked: (200, b'{"results": [{}]}'), "the database answered only a part of what was asked"),
        (lambda _asked: (200, b'{"results": 5}'), "what answered is no vulnerability database"),
        (lambda _asked: (503, b""), "the database answered 503"),
        (
            lambda asked: (
                200,
                json.dumps({"results": [{"next_page_token": "x"} for _ in asked["queries"]]}).encode(),
            ),
            "the database’s answer has no end",
        ),
    ],
)
def test_whatever_is_no_whole_answer_is_never_called_good(
    database: Callable[[Reply], str], capsys: pytest.CaptureFixture[str], reply: Reply, reason: str
) -> None:
    answer = ask(PARTS, database(reply))
    assert answer == Answer((), reason)
    assert report(answer, PARTS) == 0
    said = capsys.readouterr().out
    assert "NOT CHECKED" in said
    assert "No known faults" not in said


def test_without_a_database_the_list_is_written_and_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database: Callable[..., str]
) -> None:
    nobody = "http://127.0.0.1:1"  # a port on which nothing ever listens
    output = tmp_path / "deep" / "list.json"
    monkeypatch.setattr("sys.argv", ["sbom", "--output", str(output), "--database", nobody])
    assert sbom.main() == 0
    assert "NOT CHECKED for known faults: the database cannot be reached from here" in capsys.readouterr().out
    assert json.loads(output.read_bytes())["bomFormat"] == "CycloneDX"
    assert ask(PARTS, "http://example.org") == Answer((), "the database must be asked over https")
