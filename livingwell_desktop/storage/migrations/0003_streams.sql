-- Streams per centre and sensitivity: voids, cards, withdrawals, generations, first download.

-- A change whose content is not here: it stays in its record's graph, so that what was built upon it applies.
CREATE TABLE void (
    id BLOB PRIMARY KEY,
    record BLOB NOT NULL,
    parents BLOB NOT NULL,        -- change ids, 16 bytes each
    fields TEXT NOT NULL,         -- names of the fields it wrote, as a JSON list
    content_hash BLOB NOT NULL,
    standing INTEGER NOT NULL     -- 0 not held, 2 refused, 3 purged
);
CREATE INDEX void_record ON void (record);

-- Fields of which the newest value is not held here, as a JSON list; NULL when there are none.
ALTER TABLE record ADD COLUMN not_held TEXT;

-- Name, date of birth and number of people whose records are at other centres.
CREATE TABLE card (
    number INTEGER PRIMARY KEY,
    person BLOB NOT NULL UNIQUE,
    body TEXT NOT NULL
);
CREATE VIRTUAL TABLE card_search USING fts5 (
    name, born, phone, number, content='', contentless_delete=1, prefix='1 2 3', tokenize="unicode61 remove_diacritics 0"
);

-- How many changes this desk held when a stream had reached a number: what a restored server is offered begins there.
CREATE TABLE stream_log (
    stream TEXT NOT NULL,
    number INTEGER NOT NULL,
    held INTEGER NOT NULL,
    PRIMARY KEY (stream, number)
) WITHOUT ROWID;

-- A first download under way: the stream goes on from `cursor` when the last page is in.
CREATE TABLE download (
    stream TEXT PRIMARY KEY,
    place TEXT NOT NULL,          -- where the server goes on
    cursor INTEGER NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL
) WITHOUT ROWID;

-- What the alliance certified: every desk's public key and scope, so that a server that lost all can be refilled.
CREATE TABLE certificate (
    device BLOB PRIMARY KEY,
    number INTEGER NOT NULL,
    body TEXT NOT NULL
);
