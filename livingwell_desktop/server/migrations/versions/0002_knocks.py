"""How often somebody knocked at the requests that are open to everybody, counted by all server processes together.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# UNLOGGED: after a crash of the database the count begins again, which harms nobody.
_TABLES = """
CREATE UNLOGGED TABLE knock (
    door text NOT NULL,
    -- A mark of the address that only this alliance's servers can make; never the address itself.
    who bytea NOT NULL,
    minute bigint NOT NULL,
    times integer NOT NULL,
    PRIMARY KEY (door, who, minute)
);
CREATE INDEX knock_minute ON knock (minute);
GRANT SELECT, INSERT, UPDATE, DELETE ON knock TO livingwell_server;
"""


def upgrade() -> None:
    """Make the table."""
    op.get_bind().exec_driver_sql(_TABLES)
