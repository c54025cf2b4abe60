"""Desks that were shut out, even when a restored server does not know them yet.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE shut_out (device uuid PRIMARY KEY, at timestamptz NOT NULL);
GRANT SELECT, INSERT ON shut_out TO livingwell_server;
"""


def upgrade() -> None:
    """Make the table."""
    op.get_bind().exec_driver_sql(_TABLES)
