"""What was taken away from a centre stays away when desks bring it back to a server that was restored or lost.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_RIGHTS = """
GRANT UPDATE (withdrawn_from) ON record TO livingwell_server;
GRANT UPDATE (number) ON withdrawn TO livingwell_server;
"""


def upgrade() -> None:
    """Let the server keep away what it knows from before, and say from which line on a desk has heard it."""
    op.get_bind().exec_driver_sql(_RIGHTS)
