-- How much of a total came as coded rows. The rest stayed with the agency. It is taken from the coded
-- tables once, when they come in, so that a count need not read them again for it.

ALTER TABLE received_total ADD COLUMN coded_records INTEGER NOT NULL DEFAULT 0;
ALTER TABLE received_total ADD COLUMN coded_people INTEGER NOT NULL DEFAULT 0;

-- Files whose signature holds and whose content does not: nothing of them is in, but the agency's next
-- file follows them.
CREATE TABLE refused_file (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL,              -- code
    sequence INTEGER NOT NULL,         -- the agency's own count of its files
    digest TEXT NOT NULL UNIQUE,       -- BLAKE3 of the manifest, hexadecimal
    corrects TEXT,                     -- the digest of the one that it would have replaced
    manifest_json TEXT NOT NULL,
    answer_json TEXT NOT NULL,         -- the quality report that the agency got, with every reason
    refused_at TEXT NOT NULL,          -- UTC
    UNIQUE (agency, sequence)
) STRICT;

CREATE TRIGGER refused_file_is_final BEFORE UPDATE ON refused_file
BEGIN SELECT RAISE(ABORT, 'a refusal is written once'); END;
CREATE TRIGGER refused_file_is_kept BEFORE DELETE ON refused_file
BEGIN SELECT RAISE(ABORT, 'a refusal is kept'); END;

-- Rows that had to go: by an order, by a revoked release, by one that has ended. The table is written
-- anew without them; row_count of received_table is what is left.
ALTER TABLE received_table ADD COLUMN purged_through INTEGER NOT NULL DEFAULT 0; -- the last row of received_withdrawn that was looked for in it

-- What was removed, without any id: nobody is to be found by what was removed of her.
CREATE TABLE purged_row (
    id INTEGER PRIMARY KEY,
    received_id INTEGER NOT NULL REFERENCES received_file (id),
    record TEXT NOT NULL,              -- kind of record
    order_kind TEXT NOT NULL CHECK (order_kind IN ('sealing', 'vacatur', 'destruction', 'release_revoked', 'release_expired')),
    row_count INTEGER NOT NULL,        -- rows removed
    purged_at TEXT NOT NULL            -- UTC
) STRICT;

CREATE INDEX purged_row_of ON purged_row (received_id);

-- What the removed rows filled, where the person is in the totals still: a release that was revoked or
-- has ended makes her one of those who stayed with the agency. Rows removed by other orders are in no
-- later count and are not here.
CREATE TABLE purged_cell (
    id INTEGER PRIMARY KEY,
    purged_row_id INTEGER NOT NULL REFERENCES purged_row (id),
    counted_as TEXT,                   -- of victims: which count
    quarter TEXT,                      -- null: the whole period
    field TEXT,                        -- null: all records
    code TEXT,                         -- the field's code
    records INTEGER NOT NULL,          -- rows removed
    people INTEGER NOT NULL            -- people of whom no row of this cell is left
) STRICT;

CREATE INDEX purged_cell_of ON purged_cell (purged_row_id);

CREATE TRIGGER purged_row_is_final BEFORE UPDATE ON purged_row
BEGIN SELECT RAISE(ABORT, 'a removal is written once'); END;
CREATE TRIGGER purged_row_is_kept BEFORE DELETE ON purged_row
BEGIN SELECT RAISE(ABORT, 'a removal is kept'); END;
CREATE TRIGGER purged_cell_is_final BEFORE UPDATE ON purged_cell
BEGIN SELECT RAISE(ABORT, 'a removal is written once'); END;
CREATE TRIGGER purged_cell_is_kept BEFORE DELETE ON purged_cell
BEGIN SELECT RAISE(ABORT, 'a removal is kept'); END;
