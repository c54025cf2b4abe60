"""The program and the stranger's client against the same test vectors (`tests/sync/vectors`)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from livingwell_desktop.domain import audit
from livingwell_desktop.domain.changes import (
    Change,
    ContentError,
    Node,
    Standing,
    content_hash,
    envelope,
    fold,
    read_content,
    signed_bytes,
    write_content,
)
from livingwell_desktop.domain.records import ConflictRule
from livingwell_desktop.security.statements import MemberPublic, Statement
from livingwell_desktop.security.statements import Standing as MemberStanding
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.sync import (
    audit_protocol,
    codes,
    copies,
    desk_keeping,
    downloading,
    joining,
    overseeing,
    protocol,
    proving,
    restored,
    staff_keys,
)
from livingwell_desktop.sync.entries import read_entry, write_entry
from livingwell_desktop.sync.strict import ProtocolError, dump, parse
from tests.sync import stranger_bytes, stranger_fold

VECTORS = Path(__file__).parent / "vectors"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))


def named(cases: list[Any]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.get("name") or case["request"])


# Changes


@named(vectors("changes")["changes"])
def test_a_change_is_the_same_bytes_hashes_and_signature(case: Mapping[str, Any]) -> None:
    raw, change, salt = (bytes.fromhex(case[each]) for each in ("content_bytes", "id", "salt"))
    desk = next(each for each in vectors("changes")["desks"] if each["device"] == case["device"])
    device, key = UUID(case["device"]), Ed25519PrivateKey.from_private_bytes(bytes.fromhex(desk["private_key"]))
    hashed = content_hash(salt, raw)
    link = envelope(device, case["n"], bytes.fromhex(case["prev"]), change, hashed)

    assert raw == case["content"].encode("utf-8")
    assert write_content(read_content(raw)) == raw
    assert hashed.hex() == case["content_hash"]
    assert key.public_key().public_bytes_raw().hex() == desk["public_key"]
    assert key.sign(signed_bytes(change, hashed)).hex() == case["signature"]
    assert link.hash.hex() == case["link"]


@named(vectors("changes")["changes"])
def test_the_stranger_makes_the_same_of_it(case: Mapping[str, Any]) -> None:
    raw, change, salt = (bytes.fromhex(case[each]) for each in ("content_bytes", "id", "salt"))
    hashed = stranger_bytes.content_hash(salt, raw)
    link = stranger_bytes.link(bytes.fromhex(case["prev"]), UUID(case["device"]), case["n"], change, hashed)

    assert stranger_bytes.content_bytes(stranger_bytes.read_content(raw)) == raw
    assert (hashed.hex(), link.hex()) == (case["content_hash"], case["link"])


def test_the_chains_go_on_link_by_link() -> None:
    heads: dict[str, tuple[int, str]] = {}
    for case in vectors("changes")["changes"]:
        n, prev = heads.get(case["device"], (0, bytes(32).hex()))
        assert (case["n"], case["prev"]) == (n + 1, prev)
        heads[case["device"]] = (case["n"], case["link"])


# Strict JSON


def bytes_of(case: Mapping[str, Any]) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "parts" in case:
        return "".join(text * times for text, times in case["parts"]).encode("utf-8")
    return str(case["text"]).encode("utf-8")


@named(vectors("strict")["contents"])
def test_content_is_read_strictly(case: Mapping[str, Any]) -> None:
    raw = bytes_of(case)
    if "refused" not in case:
        assert read_content(raw).record == UUID(stranger_bytes.read_content(raw)["record"])
        return
    with pytest.raises(ContentError, match=case["refused"]):
        read_content(raw)
    with pytest.raises(stranger_bytes.RefusedError):
        stranger_bytes.read_content(raw)


@named(vectors("strict")["bodies"])
def test_bodies_are_read_strictly(case: Mapping[str, Any]) -> None:
    raw = bytes_of(case)
    if not case["refused"]:
        assert parse(raw) == stranger_bytes.read_json(raw)
        return
    with pytest.raises(ProtocolError):
        parse(raw)
    with pytest.raises(stranger_bytes.RefusedError):
        stranger_bytes.read_json(raw)


# The fold


@named(vectors("fold")["cases"])
def test_a_record_is_what_its_changes_say(case: Mapping[str, Any]) -> None:
    nodes = [
        Node(
            id=bytes.fromhex(each["id"]),
            parents=tuple(map(bytes.fromhex, each["parents"])),
            set=each.get("set", {}),
            at=each.get("at", 0),
            standing=Standing(each["standing"]),
            fields=frozenset(each.get("fields", ())),
        )
        for each in case["nodes"]
    ]
    rule = dict.fromkeys(case["latest"], ConflictRule.LATEST)
    for order in (nodes, nodes[::-1]):
        folded = fold(order, rule)
        assert {
            "body": stranger_fold.canonical(dict(folded.body)),
            "heads": [each.hex() for each in folded.heads],
            "conflicts": {name: [each.hex() for each in heads] for name, heads in folded.conflicts.items()},
            "not_held": sorted(folded.not_held),
            "removed": folded.entered_in_error,
        } == case["folded"] | {"body": stranger_fold.canonical(case["folded"]["body"])}


@named(vectors("fold")["cases"])
def test_the_stranger_folds_the_same(case: Mapping[str, Any]) -> None:
    nodes = [
        stranger_fold.Node(
            id=bytes.fromhex(each["id"]),
            parents=tuple(map(bytes.fromhex, each["parents"])),
            standing=each["standing"],
            fields=frozenset(each.get("set", each.get("fields", ()))),
            values=each.get("set", {}),
            at=each.get("at", 0),
        )
        for each in case["nodes"]
    ]
    folded = stranger_fold.fold(nodes, frozenset(case["latest"]))
    assert stranger_fold.canonical(vars(folded)) == stranger_fold.canonical(case["folded"])


# Joining


@named([{"name": str(number), **each} for number, each in enumerate(vectors("joining")["certificates"])])
def test_a_certificate_is_the_same_message_and_signature(case: Mapping[str, Any]) -> None:
    alliance = vectors("joining")["alliance"]
    certificate = joining.read_certificate(case["certificate"])

    assert certificate.message().hex() == case["message"]
    assert certificate.holds(bytes.fromhex(alliance["public_key"]))
    assert AllianceKey(bytes.fromhex(alliance["private_key"])).certify(certificate) == certificate
    assert joining.write_certificate(certificate) == case["certificate"]
    assert stranger_bytes.certificate_message(case["certificate"]).hex() == case["message"]


def test_a_session_is_the_same_message_and_signature() -> None:
    case = vectors("joining")["session"]
    device, nonce = UUID(case["device"]), bytes.fromhex(case["nonce"])
    desk = next(each for each in vectors("changes")["desks"] if each["device"] == case["device"])
    message = joining.session_message(device, nonce)

    assert message.hex() == stranger_bytes.session_message(device, nonce).hex() == case["message"]
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(desk["private_key"]))
    assert key.sign(message).hex() == case["signature"]


def test_a_server_proves_itself_with_the_same_message_and_signature() -> None:
    said = vectors("joining")
    case, session, alliance = said["server"], said["session"], said["alliance"]
    challenge, device, nonce = (
        bytes.fromhex(case["challenge"]),
        UUID(session["device"]),
        bytes.fromhex(session["nonce"]),
    )
    opening, proof = (
        proving.Opening(challenge, device, nonce, case["token"]),
        proving.read_proof_of_server(case["proof"]),
    )
    key = AllianceKey(bytes.fromhex(alliance["private_key"])).server_key()
    theirs = stranger_bytes.server_message(challenge, device, nonce, case["token"], proof.generation)

    assert opening.message(proof.generation).hex() == theirs.hex() == case["message"]
    assert (key.certified, key.sign(theirs)) == (proof.server, proof.signature)
    assert audit.server_key_message(key.public).hex() == case["server_key_message"]
    assert proof.holds(bytes.fromhex(alliance["public_key"]), opening)
    assert not proof.holds(bytes.fromhex(session["nonce"])[:32], opening)


def test_a_member_signs_the_same_message() -> None:
    said = vectors("joining")
    case, session = said["member"], said["session"]
    about = (UUID(case["member"]), bytes.fromhex(said["server"]["challenge"]), UUID(session["device"]))
    message = proving.member_message(*about, bytes.fromhex(session["nonce"]))
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(case["private_key"]))

    assert message == stranger_bytes.member_message(*about, bytes.fromhex(session["nonce"]))
    assert message.hex() == case["message"]
    assert (key.public_key().public_bytes_raw().hex(), key.sign(message).hex()) == (
        case["public_key"],
        case["signature"],
    )


def test_a_code_has_the_same_mark() -> None:
    said = vectors("joining")
    code, key = said["code"], bytes.fromhex(said["alliance"]["public_key"])

    assert codes.with_mark(code["sent"], key) == code["printed"]
    assert code["printed"] == f"{code['sent']}-{stranger_bytes.code_mark(code['sent'], key)}"
    assert codes.code_in(code["printed"].lower()) == code["sent"]
    assert codes.fits(code["printed"].replace("-", " "), key)
    assert codes.fits(code["sent"], key), "one of the release before"
    assert not codes.fits(code["printed"][:-1], key)
    assert not codes.fits(code["printed"], bytes(32))


def test_what_else_the_alliance_signs() -> None:
    said = vectors("joining")
    alliance, shut_out, administrator = said["alliance"], said["shut_out"], said["administrator"]
    key = AllianceKey(bytes.fromhex(alliance["private_key"]))
    message = staff_keys.shut_out_message(UUID(shut_out["device"]))
    public = (bytes.fromhex(administrator[each]) for each in ("agreement", "signing"))
    statement = Statement(MemberPublic(administrator["member"], *public), 0, MemberStanding.ADMINISTRATOR)

    assert key.public.hex() == alliance["public_key"]
    assert (message.hex(), key.sign(message).hex()) == (shut_out["message"], shut_out["signature"])
    assert statement.message(key.public).decode("utf-8") == administrator["message"]
    assert key.sign(statement.message(key.public)).hex() == administrator["signature"]


# Audit


def test_the_audit_is_the_same_chain_and_checkpoint() -> None:
    case = vectors("audit")
    device, said = UUID(case["device"]), case["checkpoint"]
    batch = audit_protocol.read_batch(dump({"after": 0, "rows": case["rows"]}))
    checkpoint = audit_protocol.read_checkpoint(dump(said), device)
    key = AllianceKey(bytes.fromhex(vectors("joining")["alliance"]["private_key"])).server_key()
    n, head = 0, b""
    for row, written in zip(batch.rows, case["rows"], strict=True):
        assert audit.follows(device, n, head, row)
        assert audit.is_sound(row)
        rest = {name: written[name] for name in ("at", "staff", "event", "subject", "record", "detail")}
        assert stranger_bytes.audit_row(device, n + 1, head or None, rest) == written
        n, head = row.n, row.hash

    message = audit.checkpoint_message(device, checkpoint.n, checkpoint.hash, checkpoint.time)
    assert (checkpoint.n, checkpoint.hash) == (n, head)
    assert message.hex() == case["checkpoint_message"]
    assert stranger_bytes.checkpoint_message(device, n, head, checkpoint.time) == message
    assert (key.public, key.certificate) == (checkpoint.server_key, checkpoint.certificate)
    assert key.sign(message) == checkpoint.signature
    assert audit.server_key_message(key.public).hex() == case["server_key_message"]


# Entries


@named(vectors("entries")["entries"])
def test_an_entry_is_read_and_written_again(case: Mapping[str, Any]) -> None:
    entry, means = read_entry(case["entry"]), case["means"]

    assert write_entry(entry) == case["entry"]
    assert (entry.number, entry.whole, entry.problem) == (means["number"], means.get("whole", False), "")
    assert entry.leaves == (UUID(means["leaves"]) if "leaves" in means else None)
    assert entry.card == ((UUID(means["card"][0]), means["card"][1]) if "card" in means else None)
    assert [_meaning(each) for each in entry.nodes] == means.get("nodes", [])


def _meaning(node: Any) -> dict[str, Any]:
    if isinstance(node, Change):
        return {"id": node.id.hex(), "standing": 1}
    parents = [each.hex() for each in node.parents]
    fields = sorted(node.fields)
    return {"id": node.id.hex(), "standing": int(node.standing), "parents": parents, "fields": fields}


@named(vectors("entries")["kept_with_a_problem"])
def test_an_entry_of_another_form_is_kept_with_its_number(case: Mapping[str, Any]) -> None:
    entry = read_entry(case["entry"])
    assert entry.problem
    assert entry.number == case["entry"][1]
    assert not entry.whole


@named(vectors("entries")["refuse_the_answer"])
def test_an_entry_without_a_number_spoils_the_answer(case: Mapping[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        read_entry(case["entry"])


# Requests and answers

_ASKED = {
    "POST /v1/enrol": (joining.read_enrol, joining.write_enrol),
    "POST /v1/session": (joining.read_session_request, joining.write_session_request),
    "POST /v1/exchange": (protocol.read_request, protocol.write_request),
    "POST /v1/download": (downloading.read_download_request, downloading.write_download_request),
    "POST /v1/records": (downloading.read_records_request, downloading.write_records_request),
    "POST /v1/audit": (audit_protocol.read_batch, audit_protocol.write_batch),
    "POST /v1/administrator": (staff_keys.read_administrator, staff_keys.write_administrator),
    "POST /v1/fork": (copies.read_copy_request, copies.write_copy_request),
    "POST /v1/offer": (restored.read_offer, restored.write_offer),
    "POST /v1/refill": (restored.read_refill, restored.write_refill),
    "POST /v1/return": (restored.read_return, restored.write_return),
    "POST /v1/opened": (overseeing.read_opened_asked, overseeing.write_opened_asked),
    "POST /v1/found": (overseeing.read_found_asked, overseeing.write_found_asked),
    "POST /v1/desk-code": (desk_keeping.read_desk_code_asked, desk_keeping.write_desk_code_asked),
    "POST /v1/shut-out": (desk_keeping.read_shut_out_asked, desk_keeping.write_shut_out_asked),
    "POST /v1/held": (desk_keeping.read_held_asked, desk_keeping.write_held_asked),
}
_DEVICE = UUID(vectors("audit")["device"])
_ANSWERED = {
    "POST /v1/enrol": (joining.read_enrolled, joining.write_enrolled),
    "GET /v1/server": (proving.read_server, proving.write_server),
    "GET /v1/challenge": (joining.read_challenge, joining.write_challenge),
    "POST /v1/session": (joining.read_session, joining.write_session),
    "POST /v1/exchange": (protocol.read_answer, protocol.write_answer),
    "POST /v1/download": (downloading.read_download_page, downloading.write_download_page),
    "POST /v1/records": (downloading.read_records, downloading.write_records),
    "POST /v1/audit": (
        lambda body: audit_protocol.read_checkpoint(body, _DEVICE),
        audit_protocol.write_checkpoint,
    ),
    "GET /v1/travel-key": (staff_keys.read_travel_key, staff_keys.write_travel_key),
    "POST /v1/administrator": (staff_keys.read_signature, staff_keys.write_signature),
    "POST /v1/fork": (joining.read_enrolled, joining.write_enrolled),
    "GET /v1/generations": (restored.read_restores, restored.write_restores),
    "POST /v1/offer": (restored.read_missing, restored.write_missing),
    "POST /v1/return": (joining.read_session, joining.write_session),
    "POST /v1/opened": (overseeing.read_opened, overseeing.write_opened),
    "POST /v1/found": (overseeing.read_found, overseeing.write_found),
    "POST /v1/desk-code": (desk_keeping.read_desk_code, desk_keeping.write_desk_code),
    "POST /v1/shut-out": (desk_keeping.read_shut_out_since, desk_keeping.write_shut_out_since),
    "POST /v1/held": (desk_keeping.read_held_there, desk_keeping.write_held_there),
}


@named([each for each in vectors("requests")["requests"] if "asked" in each])
def test_a_request_is_read_and_written_again(case: Mapping[str, Any]) -> None:
    read, write = _ASKED[case["request"]]
    assert json.loads(write(read(dump(case["asked"])))) == case["asked"]


@named([each for each in vectors("requests")["requests"] if each["request"] in _ANSWERED])
def test_an_answer_is_read_and_written_again(case: Mapping[str, Any]) -> None:
    read, write = _ANSWERED[case["request"]]
    assert json.loads(write(read(dump(case["answered"])))) == case["answered"]


def test_every_answer_has_a_reader() -> None:
    asked = {each["request"]: each["answered"] for each in vectors("requests")["requests"]}
    assert asked.keys() - set(_ANSWERED) == {"GET /v1/health", "POST /v1/refill"}
    # Of a refill a desk reads how many were taken, and how many not.
    assert restored.read_refilled(dump(asked["POST /v1/refill"])) == (2, 0)


def test_an_exchange_of_unknown_fields_or_without_one_is_refused() -> None:
    case = next(each for each in vectors("requests")["requests"] if each["request"] == "POST /v1/exchange")
    for wrong in (case["asked"] | {"more": 1}, {name: case["asked"][name] for name in case["asked"] if name != "head"}):
        with pytest.raises(ProtocolError):
            protocol.read_request(dump(wrong))
