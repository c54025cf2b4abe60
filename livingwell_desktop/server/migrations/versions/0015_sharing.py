"""Centres whose desks serve one organisation alone, and the people who took back what they shared with it.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TABLES = """
-- As the centre's record has it; without a row a centre serves the whole alliance.
CREATE TABLE centre_serves (centre uuid PRIMARY KEY, organisation uuid NOT NULL);

-- Whoever is here is not known at that centre, whatever its desks write, until they share with its organisation again.
CREATE TABLE sharing_ended (subject uuid NOT NULL, centre uuid NOT NULL, PRIMARY KEY (subject, centre));

GRANT SELECT, INSERT, UPDATE, DELETE ON centre_serves TO livingwell_server;
GRANT SELECT, INSERT, DELETE ON sharing_ended TO livingwell_server;
GRANT DELETE ON known TO livingwell_server;
"""


def upgrade() -> None:
    """Make the tables, and let the running server take a person away from a centre."""
    op.get_bind().exec_driver_sql(_TABLES)
