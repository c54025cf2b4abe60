"""Streams for each centre and sensitivity, who is known where, standings, quarantine, generations, cards.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = """
-- What a desk may hold, and the desk it is a copy of.
ALTER TABLE device
    ADD COLUMN centres uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN sensitivity smallint NOT NULL DEFAULT 1,
    ADD COLUMN copy_of uuid REFERENCES device,
    -- The newest restore this desk has answered to: until then it may refill the server.
    ADD COLUMN generation uuid;
UPDATE device SET centres = ARRAY[centre] WHERE centre IS NOT NULL;
ALTER TABLE device DROP COLUMN centre;

ALTER TABLE enrolment_code
    ADD COLUMN centres uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN sensitivity smallint NOT NULL DEFAULT 1;

-- The graph of a record stands in its changes. standing: 0 not held, 1 content, 2 refused, 3 purged.
ALTER TABLE change
    ADD COLUMN parents bytea[] NOT NULL DEFAULT '{}',
    ADD COLUMN fields text[] NOT NULL DEFAULT '{}',
    ADD COLUMN standing smallint NOT NULL DEFAULT 1,
    -- The desk whose chain the link is in: the author, or a copy of it, or for what came after a restore nobody.
    ADD COLUMN sender uuid,
    ALTER COLUMN device DROP NOT NULL,
    ALTER COLUMN n DROP NOT NULL,
    ALTER COLUMN prev DROP NOT NULL,
    ALTER COLUMN chain DROP NOT NULL,
    DROP CONSTRAINT change_device_fkey;
UPDATE change SET sender = device;
DROP INDEX change_chain;
CREATE UNIQUE INDEX change_chain ON change (sender, n);

CREATE TABLE record (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    subject uuid NOT NULL,
    -- The lowest sensitivity of its changes: where it can be seen at all.
    sensitivity smallint NOT NULL
);
CREATE INDEX record_subject ON record (subject);
INSERT INTO record (id, kind, subject, sensitivity)
    SELECT record, min(kind), (array_agg(subject ORDER BY received_at DESC))[1], min(sensitivity)
    FROM change GROUP BY record;

-- Which centres know a person. It stays with the server and those centres.
CREATE TABLE known (
    subject uuid NOT NULL,
    centre uuid NOT NULL,
    since timestamptz NOT NULL,
    by_device uuid NOT NULL,
    PRIMARY KEY (subject, centre)
);
CREATE INDEX known_centre ON known (centre);

ALTER TABLE stream ADD COLUMN centre uuid, ADD COLUMN sensitivity smallint;

-- type: c change or void, s state of a record, x record leaves, k card of a person.
ALTER TABLE entry
    ADD COLUMN type "char" NOT NULL DEFAULT 'c',
    ADD COLUMN record uuid,
    ALTER COLUMN change DROP NOT NULL;

-- What the alliance's stream may say of a person; body is NULL once that is withdrawn.
CREATE TABLE card (person uuid PRIMARY KEY, body text);

-- Words that were refused: the manager sees them.
CREATE TABLE quarantine (
    change bytea NOT NULL,
    content_hash bytea NOT NULL,
    content bytea NOT NULL,
    salt bytea NOT NULL,
    signature bytea NOT NULL,
    device uuid NOT NULL REFERENCES device,
    reason text NOT NULL,
    refused_at timestamptz NOT NULL,
    PRIMARY KEY (change, content_hash)
);

-- Every restore starts a generation; starts says for each stream the number it went on from.
CREATE TABLE generation (
    number integer PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    started_at timestamptz NOT NULL,
    starts jsonb NOT NULL
);
INSERT INTO generation (number, id, started_at, starts) VALUES (0, gen_random_uuid(), now(), '{}');

-- A row for each page sent: enough to list what a lost laptop held.
CREATE TABLE page_sent (
    device uuid NOT NULL REFERENCES device,
    stream text NOT NULL,
    after_number bigint NOT NULL,
    reached bigint NOT NULL,
    -- For a first download: the last record of the page.
    record uuid,
    sent_at timestamptz NOT NULL
);
CREATE INDEX page_sent_device ON page_sent (device, sent_at);

-- How far each desk says it has taken in a stream: also its receipt for what it was told to let go.
CREATE TABLE followed (
    device uuid NOT NULL REFERENCES device,
    stream text NOT NULL,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (device, stream)
);

-- What the manager should be told: a desk that found itself a copy, a name used twice, changes made without the right.
CREATE TABLE notice (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    device uuid,
    change bytea,
    at timestamptz NOT NULL
);

-- Records and persons that were erased: purged again after every restore.
CREATE TABLE tombstone (record uuid PRIMARY KEY, purged_at timestamptz NOT NULL);
"""

_ROLES = """
GRANT SELECT, INSERT ON record, known, card, quarantine, page_sent, followed, notice, stream TO livingwell_server;
GRANT SELECT ON generation, tombstone TO livingwell_server;
GRANT UPDATE (sensitivity, subject) ON record TO livingwell_server;
GRANT UPDATE (body) ON card TO livingwell_server;
GRANT UPDATE (number, at) ON followed TO livingwell_server;
GRANT UPDATE (generation, revoked_at) ON device TO livingwell_server;
-- A void may become content, once: a trigger sees to it that nothing else of a change is ever updated.
GRANT UPDATE (content, salt, content_hash, device, signature, parents, fields, standing, sender, n, prev, chain)
    ON change TO livingwell_server;

CREATE FUNCTION change_only_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.standing = 0 AND NEW.standing >= 1 AND NEW.id = OLD.id AND NEW.record = OLD.record THEN
        RETURN NEW;
    END IF;
    IF NEW.standing = 3 AND current_setting('role') = 'livingwell_purge' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what a desk wrote is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER change_only_rises BEFORE UPDATE ON change FOR EACH ROW EXECUTE FUNCTION change_only_rises();

-- Erasure has a role of its own: the running server cannot do it.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'livingwell_purge') THEN
        CREATE ROLE livingwell_purge NOLOGIN;
    END IF;
END $$;
GRANT livingwell_server TO livingwell_purge;
GRANT INSERT ON tombstone TO livingwell_purge;
GRANT DELETE ON quarantine, alarm TO livingwell_purge;
"""


def upgrade() -> None:
    """Make the tables, and give the two roles what they need."""
    op.get_bind().exec_driver_sql(_TABLES)
    op.get_bind().exec_driver_sql(_ROLES)
