"""Asks an OSV database (https://osv.dev) which locked versions have known faults. Standard library only.

It never takes silence for good news: whatever is not a whole, sound answer is "not asked", with the reason.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Protocol

DATABASE = "https://api.osv.dev"
_SECONDS = 20.0
_LONGEST_ANSWER = 20_000_000
_AT_ONCE = 500
_MOST_PAGES = 50


class Pinned(Protocol):
    """A package in an exact version."""

    @property
    def name(self) -> str:
        """The package's name."""

    @property
    def version(self) -> str:
        """Its exact version."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A part and the names of the faults that are known of it."""

    name: str
    version: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known. When `not_asked` says why nobody could be asked, `faults` says nothing either way."""

    faults: tuple[Fault, ...]
    not_asked: str = ""


class _NoAnswerError(Exception):
    """The database cannot be reached, or what came back is no whole answer."""


def ask(parts: Sequence[Pinned], database: str = DATABASE) -> Answer:
    """Which parts have known faults."""
    if not database.startswith(("https://", "http://127.0.0.1:")):
        return Answer((), "the database must be asked over https")
    ids: list[list[str]] = [[] for _ in parts]
    waiting = [(number, "") for number in range(len(parts))]
    try:
        for _ in range(_MOST_PAGES):
            if not waiting:
                break
            asked, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
            answered = _batch([_query(parts[number], page) for number, page in asked], database)
            for (number, _page), (found, next_page) in zip(asked, answered, strict=True):
                ids[number] += found
                if next_page:
                    waiting.append((number, next_page))
        if waiting:
            raise _NoAnswerError("the database’s answer has no end")
    except _NoAnswerError as error:
        return Answer((), str(error))
    return Answer(
        tuple(Fault(part.name, part.version, tuple(found)) for part, found in zip(parts, ids, strict=True) if found)
    )


def _query(part: Pinned, page: str) -> dict[str, Any]:
    query: dict[str, Any] = {"package": {"name": part.name, "ecosystem": "PyPI"}, "version": part.version}
    return query | ({"page_token": page} if page else {})


def _batch(queries: list[dict[str, Any]], database: str) -> list[tuple[list[str], str]]:
    """For each query the ids found and the token of the next page. Raises _NoAnswerError."""
    request = urllib.request.Request(  # noqa: S310 - `ask` lets only https through, and plain http to this computer
        f"{database}/v1/querybatch",
        data=json.dumps({"queries": queries}).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - the same
            body = answer.read(_LONGEST_ANSWER + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise _NoAnswerError(f"the database answered {error.code}") from error
    except (OSError, HTTPException) as error:
        raise _NoAnswerError("the database cannot be reached from here") from error
    try:
        results = json.loads(body)["results"]
        read = [([str(one["id"]) for one in each.get("vulns", [])], str(each.get("next_page_token") or ""))
                for each in results]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _NoAnswerError("what answered is no vulnerability database") from error
    if len(read) != len(queries):
        raise _NoAnswerError("the database answered only a part of what was asked")
    return read
