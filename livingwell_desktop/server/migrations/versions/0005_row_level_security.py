"""A second line: what serves a desk runs in a role that sees that desk's rows only, whatever its query asks for.

The settings are made for one transaction (`SET LOCAL`). Without them the role sees nothing. It imports nothing of the
program, so that it does the same for ever.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'livingwell_desk') THEN
        CREATE ROLE livingwell_desk NOLOGIN;
    END IF;
END $$;
GRANT livingwell_desk TO CURRENT_USER;
GRANT SELECT ON entry, change, record, known, card, stream TO livingwell_desk;
GRANT SELECT, INSERT ON followed, page_sent TO livingwell_desk;
GRANT UPDATE (number, at) ON followed TO livingwell_desk;

-- What the transaction is for. Not set, or set in an earlier transaction: NULL, which nothing equals.
CREATE FUNCTION desk_id() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('livingwell.device', true), '')::uuid $$;
CREATE FUNCTION desk_centres() RETURNS uuid[] LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('livingwell.centres', true), '')::uuid[] $$;
CREATE FUNCTION desk_streams() RETURNS text[] LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('livingwell.streams', true), '')::text[] $$;
CREATE FUNCTION desk_level() RETURNS smallint LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('livingwell.level', true), '')::smallint $$;
"""

_TABLES = ("entry", "change", "record", "known", "followed", "page_sent")
# The running server and whoever keeps the database see every row; so does the role that erases.
_OPEN = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_server ON {table} TO livingwell_server, livingwell_purge, CURRENT_USER USING (true);
"""

# (SELECT …) is worked out once for a query, not once for a row. Reference data, staff and rights are for every desk.
_POLICIES = """
CREATE POLICY entry_desk ON entry FOR SELECT TO livingwell_desk USING (stream = ANY((SELECT desk_streams())::text[]));
CREATE POLICY known_desk ON known FOR SELECT TO livingwell_desk USING (centre = ANY((SELECT desk_centres())::uuid[]));
CREATE POLICY record_desk ON record FOR SELECT TO livingwell_desk USING (
    (SELECT desk_level()) IS NOT NULL AND (subject = '{alliance}' OR sensitivity <= (SELECT desk_level()) AND (
        subject = ANY((SELECT desk_centres())::uuid[])
        OR EXISTS (SELECT FROM known WHERE known.subject = record.subject)
    ))
);
CREATE POLICY change_desk ON change FOR SELECT TO livingwell_desk USING (
    EXISTS (SELECT FROM record WHERE record.id = change.record)
);
CREATE POLICY followed_desk ON followed TO livingwell_desk USING (device = (SELECT desk_id()));
CREATE POLICY page_sent_desk ON page_sent TO livingwell_desk USING (device = (SELECT desk_id()));

-- A desk needs the place in the graph of every change of a record that it holds, and the words of those it may read.
CREATE VIEW change_seen WITH (security_invoker = true) AS
    SELECT id, record, parents, fields, standing, sensitivity, content_hash, device,
        CASE WHEN readable THEN content END AS content,
        CASE WHEN readable THEN salt END AS salt,
        CASE WHEN readable THEN signature END AS signature
    FROM (
        SELECT *, current_user <> 'livingwell_desk' OR subject = '{alliance}'
            OR coalesce(sensitivity <= desk_level(), false) AS readable
        FROM change
    ) AS one;
GRANT SELECT ON change_seen TO livingwell_server, livingwell_desk;
"""
_ALLIANCE = "5f0c0de0-0000-7000-8000-000000000001"


def upgrade() -> None:
    """Make the role, and the policies of every table that holds something of one centre or one desk."""
    run = op.get_bind().exec_driver_sql
    run(_ROLE)
    for table in _TABLES:
        run(_OPEN.format(table=table))
    run(_POLICIES.format(alliance=_ALLIANCE))
