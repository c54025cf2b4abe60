"""Whether a centre knows a person is one step, also while PostgreSQL has no statistics of a table that was just filled.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the index of a centre's people name the person: by the centre alone, all of them would be read each time."""
    op.get_bind().exec_driver_sql("DROP INDEX known_centre; CREATE INDEX known_centre ON known (centre, subject)")
