"""What was given back and could not be proved waits for the certificate of its author.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_COLUMN = """
-- The desk that signed it, while this server does not know that desk. What was kept before has none.
ALTER TABLE quarantine ADD COLUMN waits_for uuid;
CREATE INDEX quarantine_waits_for ON quarantine (waits_for) WHERE waits_for IS NOT NULL;
GRANT UPDATE (waits_for, reason) ON quarantine TO livingwell_server;
"""


def upgrade() -> None:
    """Add the column."""
    op.get_bind().exec_driver_sql(_COLUMN)
