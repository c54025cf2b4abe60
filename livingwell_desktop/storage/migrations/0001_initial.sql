-- What a desk holds. Ids are 16-byte blobs; instants are milliseconds since 1970, UTC.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- A record as it is shown: the fold of its changes, kept so that reading is one look-up.
CREATE TABLE record (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    sensitivity INTEGER NOT NULL,
    body TEXT NOT NULL,
    heads BLOB NOT NULL,          -- the change ids that the next edit is based on, 16 bytes each
    conflicts TEXT,               -- {field: [change ids]} where heads differ, else NULL
    removed INTEGER NOT NULL DEFAULT 0,
    changed_at INTEGER NOT NULL,
    changed_by BLOB
);
CREATE INDEX record_subject ON record (subject, kind);
CREATE INDEX record_conflicts ON record (number) WHERE conflicts IS NOT NULL;

-- Every change this desk holds, as its author's bytes.
CREATE TABLE change (
    number INTEGER PRIMARY KEY,   -- order of arrival at this desk
    id BLOB NOT NULL UNIQUE,
    record BLOB NOT NULL,
    content BLOB NOT NULL,
    salt BLOB NOT NULL,
    content_hash BLOB NOT NULL,
    device BLOB NOT NULL,
    signature BLOB NOT NULL
);
CREATE INDEX change_record ON change (record);

-- This desk's own changes in its own chain. A row without a receipt waits to be sent.
CREATE TABLE outbox (
    n INTEGER PRIMARY KEY,
    change BLOB NOT NULL UNIQUE,
    act TEXT NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL,
    saved_at INTEGER NOT NULL,
    receipt INTEGER
);
CREATE INDEX outbox_waiting ON outbox (n) WHERE receipt IS NULL;

-- Changes whose parents are not here yet.
CREATE TABLE parked (
    id BLOB PRIMARY KEY,
    record BLOB NOT NULL,
    content BLOB NOT NULL,
    salt BLOB NOT NULL,
    content_hash BLOB NOT NULL,
    device BLOB NOT NULL,
    signature BLOB NOT NULL,
    parked_at INTEGER NOT NULL
);
CREATE INDEX parked_record ON parked (record);

-- Changes that were refused here or at the server, with the reason. Nothing is dropped.
CREATE TABLE refused (
    id BLOB NOT NULL,
    content BLOB NOT NULL,
    content_hash BLOB NOT NULL,
    device BLOB NOT NULL,
    reason TEXT NOT NULL,
    refused_at INTEGER NOT NULL,
    PRIMARY KEY (id, content_hash)
);

CREATE TABLE stream (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;

-- What was done here, chained: hash = SHA-256(prev, what the row says).
CREATE TABLE audit (
    n INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    staff BLOB,
    event TEXT NOT NULL,
    subject BLOB,
    record BLOB,
    detail TEXT NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL
);
CREATE INDEX audit_subject ON audit (subject);

-- Typing that is not a change yet. Encrypted like everything else, and kept through lock, crash and power cut.
CREATE TABLE draft (
    id BLOB PRIMARY KEY,
    staff BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    body TEXT NOT NULL,
    based_on BLOB NOT NULL,
    saved_at INTEGER NOT NULL
);
CREATE INDEX draft_subject ON draft (subject, kind);

-- People search: folded names, date of birth, digits of phone and numbers. The row number is the record's.
CREATE VIRTUAL TABLE person_search USING fts5 (
    name, born, phone, number, content='', contentless_delete=1, prefix='1 2 3', tokenize="unicode61 remove_diacritics 0"
);
