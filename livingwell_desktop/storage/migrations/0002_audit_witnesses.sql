-- What each audit event says, hashed without its time and the link before: a row that was moved or whose time was
-- changed still shows what it was. NULL in rows of the first version.
ALTER TABLE audit ADD COLUMN said BLOB;

-- The server's signed words on the audit chain's head as it had seen it. Never changed, never deleted.
CREATE TABLE audit_checkpoint (
    signature BLOB PRIMARY KEY,
    n INTEGER NOT NULL,
    hash BLOB NOT NULL,
    time INTEGER NOT NULL,
    server_key BLOB NOT NULL,
    certificate BLOB NOT NULL,
    kept_at INTEGER NOT NULL
);
CREATE INDEX audit_checkpoint_n ON audit_checkpoint (n)
