"""Which records are of staff and desks, by their changes: nothing of another kind may write in them.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.get_bind().exec_driver_sql(
        "CREATE INDEX change_guarded ON change (record) WHERE kind IN ('staff', 'device') AND standing = 1"
    )
