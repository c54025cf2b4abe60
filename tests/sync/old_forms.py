"""The wire as the release before could read it: what a desk and a server of today say is held against that.

`tests/old/protocol_1/forms.json` is kept for ever: for each request and answer, the fields that must be there and those
that may be. That release refuses any other field, so one more would end the work of every desk of it.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import httpx2

RECORDED = Path(__file__).parent.parent / "old" / "protocol_1"
FORMS: dict[str, Any] = json.loads((RECORDED / "forms.json").read_text("utf-8"))


ROUTES = FORMS.keys() | {"GET /v1/poke"}
"""Those of that release."""

_PLAIN = {"text": str, "number": int, "flag": bool, "null": type(None)}


class OldForms(httpx2.BaseTransport):
    """Passes everything on, and notes what a program of that release would not have read.

    What that release has no route for it answers itself, as that release does.
    """

    def __init__(self) -> None:
        self._network = httpx2.HTTPTransport()
        self.seen: set[str] = set()
        self.strange: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        name = f"{request.method} {request.url.path}"
        if name not in ROUTES:
            headers = {"content-type": "application/problem+json", "cache-control": "no-store"}
            return httpx2.Response(404, headers=headers, content=b'{"problem":"not-found"}')
        self.seen.add(name)
        if request.content:
            packed = request.headers.get("content-encoding") == "gzip"
            self._look(name, "asked", gzip.decompress(request.content) if packed else request.content)
        answer = self._network.handle_request(request)
        if answer.headers.get("content-type", "").startswith("application/json"):
            answer.read()
            self._look(name, "answered", answer.content)
        return answer

    def close(self) -> None:
        self._network.close()

    def _look(self, name: str, part: str, body: bytes) -> None:
        form = FORMS.get(name, {}).get(part)
        if form is None:
            self.strange.append(f"{name} is new: that release has no {part} for it")
            return
        self.strange += [f"{name}, {part}: {each}" for each in differs(json.loads(body), form)]


def differs(value: Any, form: Any) -> list[str]:
    """What of a JSON value that form does not allow.

    A form is a word for a plain value ("text", "number", "flag", "null"); for a list `{"list": [forms of its parts]}`
    or `{"each": form}`; for an object `{"must": {…}, "may": {…}}` or, whatever its names, `{"values": form}`; or
    `{"one of": [forms]}`.
    """
    if isinstance(form, str):
        return [] if type(value) is _PLAIN[form] else [f"{value!r} is no {form}"]
    if "one of" in form:
        tried = [differs(value, each) for each in form["one of"]]
        return [] if [] in tried else [f"{str(value)[:200]} is none of {len(tried)} forms"]
    if "each" in form or "list" in form:
        return _list_differs(value, form)
    return _object_differs(value, form)


def _list_differs(value: Any, form: Any) -> list[str]:
    if not isinstance(value, list):
        return [f"{value!r} is no list"]
    forms = [form["each"]] * len(value) if "each" in form else form["list"]
    if len(forms) != len(value):
        return [f"{len(value)} parts where there were {len(forms)}"]
    return [found for one, its in zip(value, forms, strict=True) for found in differs(one, its)]


def _object_differs(value: Any, form: Any) -> list[str]:
    if not isinstance(value, dict):
        return [f"{value!r} is no object"]
    if "values" in form:
        return [found for each in value.values() for found in differs(each, form["values"])]
    known = form["must"] | form.get("may", {})
    found = [f"{name} is missing" for name in form["must"].keys() - value.keys()]
    found += [f"{name} is not known" for name in value.keys() - known.keys()]
    return found + [each for name in value.keys() & known.keys() for each in differs(value[name], known[name])]
