"""Desks that come back to a restored or empty server; backups and whether they were verified.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = """
-- The order in which desks were certified: what a desk has not heard of yet is above its number.
ALTER TABLE device ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX device_number ON device (number);
-- A restored server may have given a letter again before the desk with that letter comes back.
ALTER TABLE device DROP CONSTRAINT device_letter_key;
-- How many copies of a desk were found that have not asked for a name of their own yet.
ALTER TABLE device ADD COLUMN copies_found integer NOT NULL DEFAULT 0;
GRANT UPDATE (copies_found) ON device TO livingwell_server;

-- The number from which letters are given: what was given since the backup is not known.
ALTER TABLE generation ADD COLUMN letters integer NOT NULL DEFAULT 0;

-- Backups, and whether one was restored and compared. `tables` has the count and hash of each table's rows.
CREATE TABLE backup (
    id uuid PRIMARY KEY,
    made_at timestamptz NOT NULL,
    file text NOT NULL,
    tables jsonb NOT NULL,
    verified_at timestamptz
);
GRANT SELECT ON backup TO livingwell_server;

-- A place in the graph of which nothing but its name was known may be filled in, as long as its words are not here.
CREATE OR REPLACE FUNCTION change_only_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.standing = 0 AND NEW.id = OLD.id AND NEW.record = OLD.record AND (
        NEW.standing >= 1 OR OLD.content_hash = '' AND NEW.content = ''
    ) THEN
        RETURN NEW;
    END IF;
    IF NEW.standing = 3 AND current_setting('role') = 'livingwell_purge' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what a desk wrote is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def upgrade() -> None:
    """Make the tables."""
    op.get_bind().exec_driver_sql(_TABLES)
