"""What the server keeps: desks and their sessions, changes as their authors' bytes, the numbered streams.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE device (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    letter text NOT NULL UNIQUE,
    centre uuid,
    public_key bytea NOT NULL,
    certificate bytea NOT NULL,
    enrolled_at timestamptz NOT NULL,
    revoked_at timestamptz,
    -- The head of the desk's own chain: everything up to it was received or refused.
    chain_n bigint NOT NULL DEFAULT 0,
    chain_hash bytea NOT NULL
);

CREATE TABLE enrolment_code (
    code_hash bytea PRIMARY KEY,
    expires_at timestamptz NOT NULL,
    used_by uuid REFERENCES device
);

CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    device uuid NOT NULL REFERENCES device,
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_expires_at ON session (expires_at);

-- Nonces that let a desk in, until they would be too old anyway: each works once.
CREATE TABLE used_nonce (nonce bytea PRIMARY KEY, expires_at timestamptz NOT NULL);
CREATE INDEX used_nonce_expires_at ON used_nonce (expires_at);

-- bytea, never jsonb: the content is relayed and hashed as the bytes its author made.
CREATE TABLE change (
    id bytea PRIMARY KEY,
    content bytea NOT NULL,
    salt bytea NOT NULL,
    content_hash bytea NOT NULL,
    device uuid NOT NULL REFERENCES device,
    signature bytea NOT NULL,
    record uuid NOT NULL,
    kind text NOT NULL,
    subject uuid NOT NULL,
    sensitivity smallint NOT NULL,
    n bigint NOT NULL,
    prev bytea NOT NULL,
    chain bytea NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX change_chain ON change (device, n);
CREATE INDEX change_record ON change (record);

CREATE TABLE stream (name text PRIMARY KEY, number bigint NOT NULL);

CREATE TABLE entry (
    stream text NOT NULL REFERENCES stream,
    number bigint NOT NULL,
    change bytea NOT NULL REFERENCES change,
    act text NOT NULL,
    size integer NOT NULL,
    PRIMARY KEY (stream, number)
);

-- Links of a chain whose change was refused: the words stay on the desk, its name and the reason are kept here.
CREATE TABLE refused (
    device uuid NOT NULL REFERENCES device,
    n bigint NOT NULL,
    change bytea NOT NULL,
    content_hash bytea NOT NULL,
    chain bytea NOT NULL,
    reason text NOT NULL,
    refused_at timestamptz NOT NULL,
    PRIMARY KEY (device, n)
);

-- One name, two contents. Both are kept; somebody must look.
CREATE TABLE alarm (
    change bytea NOT NULL,
    content_hash bytea NOT NULL,
    content bytea NOT NULL,
    salt bytea NOT NULL,
    device uuid NOT NULL REFERENCES device,
    signature bytea NOT NULL,
    raised_at timestamptz NOT NULL,
    PRIMARY KEY (change, content_hash)
);
"""

# The role the running server takes on: it can neither change the schema, nor change or delete what desks wrote.
_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'livingwell_server') THEN
        CREATE ROLE livingwell_server NOLOGIN;
    END IF;
END $$;
GRANT SELECT, INSERT ON device, enrolment_code, session, used_nonce, change, entry, refused, alarm TO livingwell_server;
GRANT SELECT ON stream TO livingwell_server;
GRANT UPDATE (number) ON stream TO livingwell_server;
GRANT UPDATE (chain_n, chain_hash) ON device TO livingwell_server;
GRANT UPDATE (used_by) ON enrolment_code TO livingwell_server;
GRANT DELETE ON session, used_nonce TO livingwell_server;
"""


def upgrade() -> None:
    """Make the tables, the one stream there is so far, and the server's role."""
    op.get_bind().exec_driver_sql(_TABLES)
    op.get_bind().exec_driver_sql("INSERT INTO stream (name, number) VALUES ('alliance', 0)")
    op.get_bind().exec_driver_sql(_ROLE)
