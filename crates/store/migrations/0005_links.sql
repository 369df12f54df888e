-- Encodings of people, one file beside the tables of a submission. They are kept until who is whom is
-- accepted, or until the person is taken back or her release ends.
CREATE TABLE received_encodings (
    received_id INTEGER PRIMARY KEY REFERENCES received_file (id),
    file TEXT,                         -- its name in the folder; null: deleted, when a linkage was accepted
    row_count INTEGER NOT NULL,        -- people in it
    key_fingerprint TEXT NOT NULL,     -- of the linkage key, as the manifest has it
    purged_through INTEGER NOT NULL DEFAULT 0 -- the last row of received_withdrawn that was looked for in it
) STRICT;

-- Each time that encodings were compared. Who is whom lies in a file below the data folder: agency,
-- opaque id, person, probability; no name and no encoding.
CREATE TABLE link_run (
    id INTEGER PRIMARY KEY,
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
    linked_at TEXT NOT NULL,           -- UTC
    covers_json TEXT NOT NULL,         -- which files of encodings: [[submission, file], …], in order
    keys_json TEXT NOT NULL,           -- fingerprints of the linkage keys under which they came
    agencies_json TEXT NOT NULL,       -- codes of agencies, in order; a place here is a number in the file
    encoded INTEGER NOT NULL,          -- people as the agencies know them, who were compared
    people INTEGER NOT NULL,           -- people that these come to
    low INTEGER NOT NULL,              -- at least, by the draws
    high INTEGER NOT NULL,             -- at most, by the draws
    seed INTEGER NOT NULL,             -- of the draws
    parameters_json TEXT NOT NULL,     -- thresholds and settings, for whoever repeats it
    members_file TEXT,                 -- below the data folder; null: another linkage has taken its place
    purged_through INTEGER NOT NULL,   -- the last row of received_withdrawn that was looked for in that file
    state TEXT NOT NULL CHECK (state IN ('current', 'accepted', 'superseded'))
) STRICT;

CREATE TRIGGER link_run_is_kept BEFORE DELETE ON link_run
BEGIN SELECT RAISE(ABORT, 'a linkage is kept'); END;

-- What a reviewer decided of two records, by opaque ids. A decision about somebody who is taken back
-- goes with her.
CREATE TABLE pair_decision (
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
    first_agency TEXT NOT NULL,        -- code; the pair is in order
    first_id BLOB NOT NULL CHECK (length(first_id) = 16),
    second_agency TEXT NOT NULL,
    second_id BLOB NOT NULL CHECK (length(second_id) = 16),
    same INTEGER NOT NULL CHECK (same IN (0, 1)), -- 1: one person
    decided_at TEXT NOT NULL,          -- UTC
    PRIMARY KEY (first_agency, first_id, second_agency, second_id)
) STRICT, WITHOUT ROWID;
