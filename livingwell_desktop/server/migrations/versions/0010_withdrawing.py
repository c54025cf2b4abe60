"""What was taken away from a centre by hand, and the server's word on desks' audits as it was given.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLES = """
-- Centres that may not have this one record, although they know its person.
ALTER TABLE record ADD COLUMN withdrawn_from uuid[] NOT NULL DEFAULT '{}';

-- People who were taken away from a centre: a desk that has not come so far in its stream makes nobody known again.
CREATE TABLE withdrawn (
    subject uuid NOT NULL,
    centre uuid NOT NULL,
    stream text NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (subject, stream)
);

-- Now and then one of the checkpoints that a desk was given: `verify` holds the desk's rows against it.
CREATE TABLE checkpoint_given (
    device uuid NOT NULL REFERENCES device,
    n bigint NOT NULL,
    hash bytea NOT NULL,
    time bigint NOT NULL,
    server_key bytea NOT NULL,
    certificate bytea NOT NULL,
    signature bytea NOT NULL,
    PRIMARY KEY (device, n)
);
"""

_RIGHTS = """
GRANT SELECT ON withdrawn TO livingwell_server;
GRANT SELECT, INSERT ON checkpoint_given TO livingwell_server;
GRANT INSERT ON withdrawn TO livingwell_purge;
GRANT UPDATE (number) ON withdrawn TO livingwell_purge;
GRANT UPDATE (withdrawn_from) ON record TO livingwell_purge;
GRANT DELETE ON known TO livingwell_purge;

DROP POLICY record_desk ON record;
CREATE POLICY record_desk ON record FOR SELECT TO livingwell_desk USING (
    (SELECT desk_level()) IS NOT NULL AND (subject = '{alliance}' OR sensitivity <= (SELECT desk_level()) AND (
        subject = ANY((SELECT desk_centres())::uuid[])
        OR EXISTS (SELECT FROM known WHERE known.subject = record.subject AND known.centre <> ALL(withdrawn_from))
    ))
);
"""
_ALLIANCE = "5f0c0de0-0000-7000-8000-000000000001"


def upgrade() -> None:
    """Make the tables, with what each role may do, and show no desk what was taken away from its centre."""
    op.get_bind().exec_driver_sql(_TABLES)
    op.get_bind().exec_driver_sql(_RIGHTS.format(alliance=_ALLIANCE))
