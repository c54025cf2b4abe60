-- Drafts travel (kind draft): the heads of its record that this desk's typing goes on from, and the fields as they were
-- when they became a change last, as JSON; NULL while that never was.
ALTER TABLE draft ADD COLUMN heads BLOB NOT NULL DEFAULT x'';
ALTER TABLE draft ADD COLUMN shared TEXT;
