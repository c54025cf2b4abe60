"""Asking for a name of one's own, as JSON: what a desk says that is a copy. The answer is as to a new desk."""

from livingwell_desktop.sync.strict import Fields, dump, parse


def write_copy_request(public_key: bytes) -> bytes:
    """A copy's new public key."""
    return dump({"public_key": public_key.hex()})


def read_copy_request(body: bytes) -> bytes:
    """Raises ProtocolError."""
    return Fields(parse(body), frozenset({"public_key"})).binary("public_key", 32)
