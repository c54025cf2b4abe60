"""The server as an author: what it finds is a change like any other, signed with a key that the alliance certified.

So that desks, a restored server and `verify` can check it, the server has a row among the desks. It follows no stream.
"""

import hashlib
from datetime import datetime
from uuid import UUID

from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.joining import admit, lock_letters
from livingwell_desktop.sync.joining import Certificate

LETTER = "SERVER"
"""Instead of a ticket letter: it gives no tickets."""


def own_id(alliance: AllianceKey) -> UUID:
    """The same for every server of the alliance, also after one was lost."""
    named = hashlib.sha256(b"livingwell server desk 1\x00" + alliance.server_key().public).digest()
    return UUID(bytes=named[:16], version=5)


def own_desk(connection: Connection, alliance: AllianceKey, now: datetime) -> UUID:
    """The id of the server's row, which is made when it is first needed."""
    device = own_id(alliance)
    if connection.execute("SELECT 1 FROM device WHERE id = %s", (device,)).fetchone() is None:
        lock_letters(connection)
        if connection.execute("SELECT 1 FROM device WHERE id = %s", (device,)).fetchone() is None:
            scope = Certificate(device, alliance.server_key().public, LETTER, (), 0)
            admit(connection, alliance.certify(scope), "The server", now)
    return device
