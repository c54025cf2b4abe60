"""A place that becomes a change takes what it is about from the change: who placed it may not have known.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the server write it; the trigger sees to it that it is written once, with the words."""
    op.get_bind().exec_driver_sql("GRANT UPDATE (kind, subject, sensitivity) ON change TO livingwell_server")
