"""A client that follows `docs/sync-protocol.md`, at a real server and beside a real desk."""

import ast
import copy
import http.client
import itertools
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from livingwell_desktop.domain.people import Person
from livingwell_desktop.server.database import connect
from livingwell_desktop.server.generations import begin_anew
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.server.withdrawing import withdraw
from livingwell_desktop.storage import Author, create, edit
from tests.central import ALLIANCE as ALLIANCE_KEY
from tests.central import CENTRE, STAFF, Databases, JoinedDesk, code_for
from tests.conftest import StillClock
from tests.sync.stranger import ALLIANCE, ProblemError, Stranger
from tests.sync.stranger_bytes import audit_row, checkpoint_message, verified
from tests.sync.stranger_fold import NOT_HELD

PERSON = UUID("0195c000-0000-7000-8000-000000000001")
OTHER = UUID("0195c000-0000-7000-8000-000000000002")
STREAM = f"{CENTRE}/clinical"

Meet = Callable[..., Stranger]


@pytest.fixture
def meet(server: RunningServer, database_url: str, clock: StillClock) -> Meet:
    """A stranger who has joined and has a session."""

    def joined(name: str = "Stranger", centre: UUID = CENTRE) -> Stranger:
        stranger = Stranger(server.url, centre)
        stranger.enrol(code_for(database_url, clock), name)
        stranger.open_session()
        return stranger

    return joined


def test_it_imports_nothing_of_the_program() -> None:
    files = sorted(Path(__file__).parent.glob("stranger*.py"))
    assert len(files) == 3
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith("livingwell")], file


def test_it_joins_downloads_and_hears_what_another_wrote(meet: Meet) -> None:
    one, other = meet("One"), meet("Other")
    for each in (one, other):
        each.exchange()
        assert each.follows == [ALLIANCE, STREAM]
        assert set(each.cursors) == {ALLIANCE, STREAM}
    one.write(PERSON, [], {"given_name": "Ngozi", "family_name": "Ọkáfor"})
    one.exchange()
    other.exchange()

    assert one.unsent == []
    assert one.refused == []
    assert other.folded(PERSON) == one.folded(PERSON)
    assert other.folded(PERSON).body == {"given_name": "Ngozi", "family_name": "Ọkáfor"}
    assert other.cards[PERSON] == {"given_name": "Ngozi", "family_name": "Ọkáfor"}


def test_two_edits_that_did_not_know_of_each_other_are_a_conflict_until_it_is_settled(meet: Meet) -> None:
    one, other = meet("One"), meet("Other")
    one.exchange()
    first = one.write(PERSON, [], {"given_name": "Ngozi", "family_name": "Okafor"})
    one.exchange()
    other.exchange()
    early = one.write(PERSON, [first], {"given_name": "Ada"})
    other.clock = one.clock + 60_000
    late = other.write(PERSON, [first], {"given_name": "Ngosi"})
    one.exchange()
    other.exchange()
    one.exchange()

    for each in (one, other):
        assert each.folded(PERSON).conflicts == {"given_name": [late, early]}
        assert each.folded(PERSON).body == {"given_name": "Ngosi", "family_name": "Okafor"}
    one.write(PERSON, one.folded(PERSON).heads, {"given_name": "Ngozi Ada"})
    one.exchange()
    other.exchange()
    assert other.folded(PERSON).conflicts == {}
    assert other.folded(PERSON).body["given_name"] == "Ngozi Ada"


def test_who_comes_later_downloads_what_is_there(meet: Meet) -> None:
    one = meet("One")
    first = one.write(PERSON, [], {"given_name": "Ngozi"})
    one.write(PERSON, [first], {"given_name": "Ada"})
    one.write(OTHER, [], {"given_name": "Bo"})
    one.exchange()
    late = meet("Late")
    late.exchange()

    for record in (PERSON, OTHER):
        assert late.folded(record) == one.folded(record)
    # What is not shown any more came as a place in the graph alone.
    assert [each.standing for each in late.graphs[PERSON].values() if each.id.hex() == first] == [0]
    late.graphs.clear()
    late.fetch([PERSON, UUID(int=7)])
    assert list(late.graphs) == [PERSON]


def test_it_works_beside_a_real_desk(meet: Meet, join: Callable[..., JoinedDesk]) -> None:
    stranger, desk = meet(), join("Real")
    stranger.exchange()
    author = Author(STAFF, CENTRE, "edited by hand")
    desk.store.write([create(PERSON, Person(given_name="Ngozi", family_name="Okafor"))], [], author)
    desk.exchange()
    stranger.exchange()
    assert stranger.folded(PERSON).body["given_name"] == "Ngozi"
    stranger.write(PERSON, stranger.folded(PERSON).heads, {"given_name": "Ada"})
    stranger.exchange()
    desk.exchange()
    held = desk.store.get(Person, PERSON)
    assert held is not None
    assert (held.value.given_name, held.conflicts) == ("Ada", {})

    stranger.write(PERSON, stranger.folded(PERSON).heads, {"given_name": "Ada Ngozi"})
    desk.store.write([edit(held, given_name="Adaeze")], [], author)
    stranger.exchange()
    desk.exchange()
    stranger.exchange()
    held = desk.store.get(Person, PERSON)
    assert held is not None
    assert set(held.conflicts) == set(stranger.folded(PERSON).conflicts) == {"given_name"}
    assert held.value.given_name == stranger.folded(PERSON).body["given_name"]


def test_a_change_that_is_refused_stays_with_its_author_and_is_a_void_for_others(meet: Meet) -> None:
    one, other = meet("One"), meet("Other")
    one.exchange()
    other.exchange()
    first = one.write(PERSON, [], {"given_name": "Ngozi"})
    wrong = one.write(PERSON, [first], {"given_name": 7})
    after = one.write(PERSON, [wrong], {"family_name": "Okafor"})
    one.exchange()
    other.exchange()

    assert [each[0] for each in one.refused] == [wrong]
    assert other.folded(PERSON).body == {"given_name": "Ngozi", "family_name": "Okafor"}
    assert other.folded(PERSON).heads == [after]


def test_a_record_that_leaves_goes_once_what_is_unsent_about_it_was_sent(
    meet: Meet, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    one, other = meet("One"), meet("Other")
    one.exchange()
    first = one.write(PERSON, [], {"given_name": "Ngozi"})
    one.exchange()
    other.exchange()
    with connect(database_url) as connection:
        assert withdraw(connection, tmp_path, PERSON, CENTRE, clock()) == 1
    last = other.write(PERSON, [first], {"phone": "07700 900111"})
    before = other.cursors[STREAM]
    other.exchange()
    one.exchange()

    assert other.unsent == []
    assert other.cursors[STREAM] > before
    for each in (one, other):
        assert each.graphs[PERSON][bytes.fromhex(first)].standing == NOT_HELD
    assert other.folded(PERSON).body == {}
    assert other.folded(PERSON).not_held == ["given_name", "phone"]
    assert other.folded(PERSON).heads == [last]


def test_a_copy_takes_a_new_name_and_loses_nothing(meet: Meet) -> None:
    one, witness = meet("One"), meet("Witness")
    one.write(PERSON, [], {"given_name": "Ngozi"})
    one.exchange()
    second = copy.copy(one)
    second.unsent, second.cursors, second.graphs = [], dict(one.cursors), copy.deepcopy(one.graphs)
    one.write(PERSON, one.folded(PERSON).heads, {"given_name": "Ada"})
    second.write(PERSON, second.folded(PERSON).heads, {"family_name": "Okafor"})
    one.exchange()
    with pytest.raises(ProblemError) as told:
        second.exchange()
    assert (told.value.status, told.value.word) == (409, "forked")
    assert len(second.unsent) == 1
    second.take_new_name()
    second.exchange()
    witness.exchange()

    assert second.device != one.device
    assert second.certificate[6] == str(one.device)
    assert second.unsent == second.refused == []
    assert witness.folded(PERSON).body == {"given_name": "Ada", "family_name": "Okafor"}
    assert witness.folded(PERSON).conflicts == {}


def test_it_fills_a_server_that_lost_everything(meet: Meet, databases: Databases, clock: StillClock) -> None:
    one, other = meet("One"), meet("Other")
    one.exchange()
    first = one.write(PERSON, [], {"given_name": "Ngozi", "family_name": "Okafor"})
    one.exchange()
    other.exchange()
    other.write(PERSON, [first], {"given_name": "Ada"})
    one.write(PERSON, [first], {"given_name": "Ngosi"})
    other.exchange()
    one.exchange()
    other.exchange()
    before = one.folded(PERSON)
    assert before.conflicts
    empty = databases.fresh()
    with connect(empty) as connection:
        begin_anew(connection, uuid4(), clock())
    with RunningServer(empty, ALLIANCE_KEY, clock) as server:
        # One never comes back: its changes come from the other, with its certificate and signature.
        other.url = server.url
        other.exchange()
        late = Stranger(server.url, CENTRE)
        late.enrol(code_for(empty, clock), "Late")
        late.open_session()
        late.exchange()
        with pytest.raises(ProblemError) as told:
            other.ask("POST", "/v1/offer", {"changes": [first], "voids": []})

    assert (told.value.status, told.value.word) == (409, "answered")
    assert other.unsent == []
    assert other.folded(PERSON) == late.folded(PERSON) == before


def test_it_brings_its_audit_and_checks_the_servers_word(meet: Meet) -> None:
    stranger = meet()
    said = {
        "at": stranger.clock,
        "staff": str(STAFF),
        "event": "person viewed",
        "subject": str(PERSON),
        "record": None,
        "detail": '{"why":"Ọká\\n"}',
    }
    first = audit_row(stranger.device, 1, None, said)
    second = audit_row(stranger.device, 2, bytes.fromhex(first["hash"]), said)
    answer = stranger.ask("POST", "/v1/audit", {"after": 0, "rows": [first, second]})

    assert (answer["n"], answer["hash"]) == (2, second["hash"])
    key, head = bytes.fromhex(answer["server_key"]), bytes.fromhex(answer["hash"])
    verified(stranger.alliance_key, bytes.fromhex(answer["certificate"]), b"livingwell server 1\x00" + key)
    message = checkpoint_message(stranger.device, answer["n"], head, answer["time"])
    verified(key, bytes.fromhex(answer["signature"]), message)


def test_a_poke_says_that_there_is_something(meet: Meet) -> None:
    one, other = meet("One"), meet("Other")
    one.exchange()
    parts = urlsplit(other.url)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=40)
    try:
        line.request("GET", "/v1/poke", headers={"authorization": f"Bearer {other.token}"})
        answer = line.getresponse()
        assert answer.headers.get_content_type() == "text/event-stream"
        assert answer.readline() == b": here\n"
        one.write(PERSON, [], {"given_name": "Ngozi"})
        one.exchange()
        said = list(itertools.takewhile(lambda line: line != b"event: poke\n", iter(answer.readline, b"")))
        assert set(said) <= {b"\n", b": still here\n"}
        assert (answer.readline(), answer.readline()) == (b"data:\n", b"\n")
    finally:
        line.close()


@pytest.mark.parametrize(
    ("method", "path", "status", "word"),
    [
        ("GET", "/v1/travel-key", 401, "session"),
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/v1/exchange", 405, "not-found"),
        ("POST", "/v1/session", 415, "content-type"),
    ],
)
def test_problems_are_as_in_the_table(server: RunningServer, method: str, path: str, status: int, word: str) -> None:
    with pytest.raises(ProblemError) as told:
        Stranger(server.url, CENTRE).ask(method, path, inside=False)
    assert (told.value.status, told.value.word) == (status, word)


def test_health_and_wrong_codes(meet: Meet, server: RunningServer) -> None:
    stranger = Stranger(server.url, CENTRE)
    assert stranger.ask("GET", "/v1/health", inside=False) == {"server": "livingwell", "protocol": 1}
    with pytest.raises(ProblemError) as told:
        stranger.enrol("7K3M-9QXR-2D4T-HV8W", "Nobody")
    assert (told.value.status, told.value.word) == (403, "not-let-in")
    with pytest.raises(ProblemError) as told:
        meet().download("alliance/restricted")
    assert told.value.word == "not-let-in"
