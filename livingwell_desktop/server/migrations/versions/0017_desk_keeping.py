"""Who shut a desk out or made a code for one from a desk of their own, and why. The operator is nobody of these.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_COLUMNS = """
ALTER TABLE shut_out ADD COLUMN staff uuid, ADD COLUMN asked_at uuid, ADD COLUMN reason text, ADD COLUMN words text;
ALTER TABLE enrolment_code ADD COLUMN staff uuid, ADD COLUMN asked_at uuid;
"""


def upgrade() -> None:
    """Add the columns: what was done before was the operator's."""
    op.get_bind().exec_driver_sql(_COLUMNS)
