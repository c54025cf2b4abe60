"""What the server takes, refuses and numbers."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from starlette.testclient import TestClient

from livingwell_desktop.server.application import create_app
from tests.central import ALLIANCE, code_for
from tests.conftest import StillClock
from tests.server.exchange import CENTRE_STREAM, HandDesk, content

NewDesk = Callable[[], HandDesk]


@pytest.fixture
def http(database_url: str, clock: StillClock) -> Iterator[TestClient]:
    with TestClient(create_app(database_url, ALLIANCE, clock)) as client:
        yield client


@pytest.fixture
def new_desk(http: TestClient, database_url: str, clock: StillClock) -> NewDesk:
    return lambda: HandDesk(http, code_for(database_url, clock))


@pytest.fixture
def desk(new_desk: NewDesk) -> HandDesk:
    return new_desk()


def test_a_change_gets_its_receipt_and_comes_to_others_as_the_same_text(desk: HandDesk, new_desk: NewDesk) -> None:
    change = desk.change()
    answer = desk.push(change)
    assert answer["receipts"] == [{"id": change["id"], "hash": change["hash"]}]
    assert answer["changes"] == []  # the desk has just sent it
    assert answer["cursors"] == {CENTRE_STREAM: 1}
    (came,) = new_desk().push()["changes"]
    assert came == {
        "stream": CENTRE_STREAM,
        "number": 1,
        "kind": "change",
        **{name: change[name] for name in ("id", "content", "salt", "hash", "signature", "device")},
    }


def test_the_same_push_again_gets_the_same_receipts_and_no_second_entry(desk: HandDesk, new_desk: NewDesk) -> None:
    changes = [desk.change(), desk.change(), desk.change()]
    first, second = desk.push(*changes), desk.push(*changes)
    assert first["receipts"] == second["receipts"]
    assert [each["number"] for each in new_desk().push()["changes"]] == [1, 2, 3]


@pytest.mark.parametrize("many", [4, 150])
def test_forged_changes_among_good_ones_harm_only_themselves_and_nothing_stands_twice(
    desk: HandDesk, new_desk: NewDesk, database_url: str, many: int
) -> None:
    # With many, the signatures are checked on other threads while the database stores what they should prove.
    forged = {1, many // 2, many - 1}
    said = [content() | {"act": f"a{number}", "set": {"phone": str(number)}} for number in range(many)]
    changes = [
        desk.change(each, **({"signature": "00" * 64} if number in forged else {})) for number, each in enumerate(said)
    ]
    answer = desk.push(*changes)
    refused = {each["id"]: each["reason"] for each in answer["refused"]}
    assert refused == {changes[number]["id"]: "the signature is not this desk's" for number in forged}
    good = [each["id"] for number, each in enumerate(changes) if number not in forged]
    assert [each["id"] for each in answer["receipts"]] == good
    came = new_desk().push()["changes"]
    assert [each["number"] for each in came] == list(range(1, many + 1))
    assert [each["id"] for each in came if each["kind"] == "change"] == good
    with psycopg.connect(database_url) as connection:
        kept = connection.execute("SELECT count(*) FILTER (WHERE length(content) = 0), count(*) FROM change").fetchone()
        assert kept == (len(forged), many)
        assert connection.execute("SELECT count(*) FROM quarantine").fetchone() == (len(forged),)
    assert desk.push(desk.change())["refused"] == []


POISON: dict[str, Callable[[HandDesk], Any]] = {
    "bad signature": lambda desk: desk.change(signature="00" * 64),
    "bad hash": lambda desk: desk.change() | {"content": "{}"},
    "bad salt": lambda desk: desk.change(salt="00" * 16),
    "bad chain": lambda desk: desk.change() | {"chain": "11" * 32},
    "bad prev": lambda desk: desk.change() | {"prev": "11" * 32},
    "another desk": lambda desk: desk.change(device=str(uuid4())),
    "an envelope without parts": lambda desk: {"id": desk.change()["id"]},
    "an unknown field": lambda desk: desk.change(extra=1),
    "a number as content": lambda desk: desk.change(content=5),
    "n is true": lambda desk: desk.change(n=True),
    "half a character": lambda desk: desk.change(content="\ud800"),
    "an empty content": lambda desk: desk.change(""),
    "not JSON": lambda desk: desk.change("{"),
    "a key twice": lambda desk: desk.change('{"record":1,"record":2}'),
    "NaN": lambda desk: desk.change('{"a":NaN}'),
    "deep": lambda desk: desk.change("[" * 5000 + "]" * 5000),
    "a list": lambda desk: desk.change("[]"),
    "not NFC": lambda desk: desk.change('{"a":"e\u0301"}'),
    "an escaped half character": lambda desk: desk.change('{"a":"\\ud800","kind":"person","set":{}}'),
    "a long text": lambda desk: desk.change(content(set={"given_name": "x" * 70_000})),
    "a kind with NUL": lambda desk: desk.change(content(kind="a\u0000b")),
    "an act with NUL": lambda desk: desk.change(content(act="a\u0000b")),
    "another act": lambda desk: desk.change(content(act="a2")) | {"act": "a1"},
    "a huge sensitivity": lambda desk: desk.change(content(sensitivity=1 << 70)),
    "a huge time": lambda desk: desk.change(content(at=1 << 70)),
    "a date that is none": lambda desk: desk.change(content(set={"born": "soon"})),
    "a number for a name": lambda desk: desk.change(content(set={"given_name": 5})),
    "a parent that is none": lambda desk: desk.change(content(parents=["xyz"])),
}


@pytest.mark.parametrize("poison", list(POISON))
def test_a_poisoned_change_harms_only_itself(desk: HandDesk, poison: str) -> None:
    before, poisoned, after = desk.change(), POISON[poison](desk), desk.change()
    answer = desk.push(before, poisoned, after)
    assert [each["id"] for each in answer["receipts"]] == [before["id"], after["id"]]
    ((name, reason),) = [(each["id"], each["reason"]) for each in answer["refused"]]
    assert name == poisoned["id"]
    assert reason
    assert len(desk.push(desk.change())["receipts"]) == 1  # the chain goes on
    again = desk.push(before, poisoned, after)
    assert (again["receipts"], again["refused"]) == (answer["receipts"], answer["refused"])


def test_a_poisoned_last_change_does_not_stop_the_desk(desk: HandDesk) -> None:
    desk.push(desk.change(), POISON["an envelope without parts"](desk))
    assert len(desk.push(desk.change())["receipts"]) == 1


def test_a_name_with_other_content_is_refused_alarmed_and_both_are_kept(
    desk: HandDesk, new_desk: NewDesk, database_url: str
) -> None:
    first = desk.change()
    desk.push(first)
    other = new_desk()
    same_name = other.change(content(set={"given_name": "Somebody else"}), id=first["id"])
    answer = other.push(same_name, other.change())
    assert [each["id"] for each in answer["refused"]] == [first["id"]]
    assert len(answer["receipts"]) == 1
    with psycopg.connect(database_url) as connection:
        kept = connection.execute("SELECT content FROM change WHERE id = %s", (bytes.fromhex(first["id"]),)).fetchall()
        alarmed = connection.execute("SELECT content FROM alarm").fetchall()
    assert kept == [(first["content"].encode(),)]
    assert alarmed == [(same_name["content"].encode(),)]


def test_one_name_twice_in_a_request(desk: HandDesk) -> None:
    first = desk.change()
    second = desk.change(content(set={"given_name": "Somebody else"}), id=first["id"])
    answer = desk.push(first, second)
    assert answer["receipts"] == [{"id": first["id"], "hash": first["hash"]}]
    assert [each["id"] for each in answer["refused"]] == [first["id"]]


def test_a_copy_of_a_desk_is_noticed_and_nothing_is_taken_or_refused(desk: HandDesk) -> None:
    desk.push(desk.change())
    n, head = desk.n, desk.head
    desk.push(desk.change())
    desk.n, desk.head = n, head  # the copy goes on from the older state
    answer = desk.http.post("/v1/exchange", json=desk.request(desk.change()), headers=desk.headers)
    assert (answer.status_code, answer.json()) == (409, {"problem": "forked"})


def test_a_gap_in_the_chain_is_noticed(desk: HandDesk) -> None:
    desk.change()
    answer = desk.http.post("/v1/exchange", json=desk.request(desk.change()), headers=desk.headers)
    assert answer.status_code == 409


def test_no_page_splits_an_act(desk: HandDesk, new_desk: NewDesk) -> None:
    acts = [2, 5, 1, 7, 3]
    desk.push(*[desk.change(content(act=f"act {n}")) for n, size in enumerate(acts) for _ in range(size)])
    reader, cursor, pages = new_desk(), 0, []
    while True:
        answer = reader.push(limit=4, cursors={CENTRE_STREAM: cursor})
        pages.append(len(answer["changes"]))
        cursor = answer["cursors"].get(CENTRE_STREAM, cursor)
        if not answer["more"]:
            break
    assert pages == [2, 5, 1, 7, 3]


def test_an_act_is_not_larger_than_it_may_be(desk: HandDesk) -> None:
    answer = desk.push(*[desk.change() for _ in range(201)])
    assert len(answer["refused"]) == 201


def test_eight_writers_and_a_polling_reader_that_misses_no_row(new_desk: NewDesk) -> None:
    writers, reader = [new_desk() for _ in range(8)], new_desk()
    seen: list[int] = []
    going = threading.Event()

    def write(desk: HandDesk) -> None:
        for number in range(12):
            desk.push(*[desk.change(content(act=f"{number}", record=str(uuid4()))) for _ in range(3)], limit=0)

    def read() -> None:
        cursor, last = 0, False
        while not last:
            last = not going.is_set()
            answer = reader.push(cursors={CENTRE_STREAM: cursor}, limit=7)
            seen.extend(each["number"] for each in answer["changes"])
            cursor, last = answer["cursors"].get(CENTRE_STREAM, cursor), last and not answer["more"]

    going.set()
    threads = [threading.Thread(target=write, args=(desk,)) for desk in writers]
    reading = threading.Thread(target=read)
    for thread in (reading, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    going.clear()
    reading.join()
    assert seen == list(range(1, 8 * 12 * 3 + 1))
