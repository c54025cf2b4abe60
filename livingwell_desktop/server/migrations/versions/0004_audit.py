"""What desks did: the rows of their audit chains, and alarms of chains that are not the ones known.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE audit_event (
    device uuid NOT NULL REFERENCES device,
    n bigint NOT NULL,
    at bigint NOT NULL,
    staff uuid,
    event text NOT NULL,
    subject uuid,
    record uuid,
    detail text NOT NULL,
    prev bytea NOT NULL,
    hash bytea NOT NULL,
    said bytea NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (device, n)
);
CREATE INDEX audit_event_subject ON audit_event (subject) WHERE subject IS NOT NULL;

-- A row that contradicts what is known of a desk's chain, as it was sent. Somebody must look.
CREATE TABLE audit_alarm (
    device uuid NOT NULL REFERENCES device,
    n bigint NOT NULL,
    hash bytea NOT NULL,
    offered bytea NOT NULL,
    raised_at timestamptz NOT NULL,
    PRIMARY KEY (device, n, hash)
);

-- Insert-only for the running server: what was done stays as it was written down.
GRANT SELECT, INSERT ON audit_event, audit_alarm TO livingwell_server;
"""


def upgrade() -> None:
    """Make the tables, with the rights of the server's role on them."""
    op.get_bind().exec_driver_sql(_TABLES)
