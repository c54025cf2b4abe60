"""Sessions of a member of staff at a desk, and which desks open such sessions.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_COLUMNS = """
ALTER TABLE session ADD COLUMN member uuid;

-- A desk that has once named a member with their signature is not taken at its word any more.
ALTER TABLE device ADD COLUMN names_members boolean NOT NULL DEFAULT false;
GRANT UPDATE (names_members) ON device TO livingwell_server;

-- Looked through when a session is opened: few, and never edited.
CREATE INDEX record_certificate ON record (id) WHERE kind = 'member_certificate';
"""


def upgrade() -> None:
    """Add the columns."""
    op.get_bind().exec_driver_sql(_COLUMNS)
