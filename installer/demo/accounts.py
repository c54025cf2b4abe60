"""The accounts of the demo: everybody of the made-up alliance, all with one passphrase that is no secret."""

import json
from functools import cache

from livingwell_desktop.resources import resource


@cache
def demo_passphrase() -> str:
    """The passphrase of every demo account (`resources/demo/accounts.json`), four words as the rule asks."""
    return str(json.loads(resource("demo", "accounts.json").read_text(encoding="utf-8"))["passphrase"])
