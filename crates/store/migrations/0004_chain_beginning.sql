-- An agency whose folder was lost or restored from a backup cannot follow its own last file. Somebody
-- at the clearinghouse lets it begin anew, once, with a reason (record_act of the agency's card).
-- From here on `sequence` is a file's place among everything of its agency, across new beginnings.

ALTER TABLE received_file ADD COLUMN own_sequence INTEGER; -- the agency's own number; null: the same as sequence
ALTER TABLE refused_file ADD COLUMN own_sequence INTEGER;

CREATE TABLE chain_beginning (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL,              -- code
    after_sequence INTEGER NOT NULL,   -- the last place before it: files after it are of the new numbering
    new_keys INTEGER NOT NULL CHECK (new_keys IN (0, 1)), -- 1: files stand that came under other keys, with other opaque ids
    begun_at TEXT NOT NULL,            -- UTC
    UNIQUE (agency, after_sequence)
) STRICT;

CREATE TRIGGER chain_beginning_is_final BEFORE UPDATE ON chain_beginning
BEGIN SELECT RAISE(ABORT, 'a new beginning is written once'); END;
CREATE TRIGGER chain_beginning_is_kept BEFORE DELETE ON chain_beginning
BEGIN SELECT RAISE(ABORT, 'a new beginning is kept'); END;
