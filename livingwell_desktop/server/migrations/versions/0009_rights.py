"""What judging rights at push looks up: refused changes by name, lines of the alliance's stream by change, staff.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INDEXES = """
CREATE INDEX refused_change ON refused (change);
CREATE INDEX entry_alliance_change ON entry (change) WHERE stream = 'alliance' AND change IS NOT NULL;
CREATE INDEX record_staff ON record (id) WHERE kind = 'staff';
"""


def upgrade() -> None:
    """Make the indexes."""
    op.get_bind().exec_driver_sql(_INDEXES)
