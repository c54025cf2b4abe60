"""`verify` finds what was done to the database behind the server's back, and names the first bad link."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from starlette.testclient import TestClient

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server.application import create_app
from livingwell_desktop.server.commands import verify
from tests.central import ALLIANCE, code_for
from tests.conftest import StillClock
from tests.server.exchange import HandDesk, content
from tests.server.test_audit import chain, send

PERSON = UUID("0195c000-0000-7000-8000-000000000001")


@pytest.fixture
def desk(database_url: str, clock: StillClock) -> Iterator[HandDesk]:
    """A desk that sent five changes, one of them refused, and six entries of its audit."""
    with TestClient(create_app(database_url, ALLIANCE, clock)) as http:
        made = HandDesk(http, code_for(database_url, clock))
        changes = [made.change(content(set={"given_name": f"Name {number}"})) for number in range(4)]
        answer = made.push(*changes, made.change(content(set={"born": "soon"})))
        assert (len(answer["receipts"]), len(answer["refused"])) == (4, 1)
        assert send(made, 0, chain(made, 6)).status_code == 200
        yield made


def said(database_url: str) -> list[str]:
    lines: list[str] = []
    try:
        verify(database_url, ALLIANCE, lines.append)
    except Problem as problem:
        lines.append(problem.title)
    return lines


def meddle(database_url: str, *statements: str) -> None:
    """Somebody who keeps the database changes it, past every right and trigger."""
    with psycopg.connect(database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            assert connection.execute(statement).rowcount, statement  # type: ignore[arg-type]  # written in this file


def test_what_is_whole_is_good(desk: HandDesk, database_url: str) -> None:
    assert said(database_url) == [
        "good  A  audit, 6 entries",
        "good  A  changes, 5 links",
        "good  every change, 4 of them",
        "good  every line of the streams",
    ]
    assert desk.push(desk.change())["refused"] == []
    assert said(database_url)[1] == "good  A  changes, 6 links"


MEDDLING = {
    "a change's words": (
        "UPDATE change SET content = convert_to(replace(convert_from(content, 'UTF8'), 'Name 1', 'Name 9'), 'UTF8')"
        " WHERE n = 2",
        2,
        "its words are not those that were sent",
    ),
    "a change's hash": ("UPDATE change SET content_hash = sha256('x') WHERE n = 2", 1, "link 2: it is not the link"),
    "a change is gone": ("DELETE FROM change WHERE n = 3", 1, "link 3 could not be read when it came, or was taken"),
    "the end is gone": (
        "DELETE FROM refused WHERE n = 5; DELETE FROM change WHERE n = 5",
        1,
        "link 5: the end of the chain is missing, up to link 5",
    ),
    "a signature": ("UPDATE change SET signature = sha512('x') WHERE n = 1", 2, "not signed by the desk"),
    "two changes changed places": (
        "UPDATE change SET n = 9 WHERE n = 2; UPDATE change SET n = 2 WHERE n = 3; UPDATE change SET n = 3 WHERE n = 9",
        1,
        "link 2: it is not the link",
    ),
    "a change is gone that a stream names": ("DELETE FROM change WHERE n = 3", 3, "1 are about changes"),
    "an audit entry": ("UPDATE audit_event SET event = 'view: nothing' WHERE n = 4", 0, "entry 4: edit"),
    "an audit entry is gone": ("DELETE FROM audit_event WHERE n = 4", 0, "entry 4: delete"),
    "the end of the audit": ("DELETE FROM audit_event WHERE n > 3", 0, "entry 4: truncate"),
}


@pytest.mark.parametrize("name", MEDDLING)
def test_what_was_meddled_with_is_named(desk: HandDesk, database_url: str, name: str) -> None:
    statement, line, words = MEDDLING[name]
    meddle(database_url, *statement.split("; "))
    lines = said(database_url)
    assert lines[line].startswith("bad   ")
    assert words in lines[line]
    assert lines[-1] == "Something is not as it was sent"


def test_a_desk_that_goes_on_as_a_copy_lacks_links_and_is_whole(desk: HandDesk, database_url: str) -> None:
    n, head = desk.n, desk.head
    desk.push(desk.change())
    desk.n, desk.head = n, head
    answer = desk.http.post("/v1/exchange", json=desk.request(desk.change()), headers=desk.headers)
    assert answer.status_code == 409
    assert all(line.startswith("good") for line in said(database_url))
