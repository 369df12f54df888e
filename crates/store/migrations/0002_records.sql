-- Coded records: an agency's own records and what it sent; the clearinghouse's agencies and what it
-- received. One database is normally one of the two.
-- Only integers, text and blobs; days and times are ISO 8601 text, which sorts as dates do.
-- An opaque id is 16 bytes that stand for a record or a person of one agency and say nothing else.

------------------------------------------------------------------------------------------------
-- The agency's side
------------------------------------------------------------------------------------------------

CREATE TABLE agency_self (
    id INTEGER PRIMARY KEY CHECK (id = 1), -- one installation is one agency
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    legal_entity TEXT NOT NULL,        -- code of definitions/legal_entities.csv
    task_force TEXT,                   -- code, if it belongs to one
    county TEXT,                       -- code
    calendar_offset_days INTEGER NOT NULL, -- days by which its quarters start after the state's
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)) -- 1: everything here is made up
) STRICT;

CREATE TABLE record_import (
    id INTEGER PRIMARY KEY,            -- the import's number; a later one stands before an earlier one
    digest TEXT NOT NULL,              -- BLAKE3 of the file's bytes, hexadecimal
    file_name TEXT NOT NULL,           -- the file's name, without its folders
    kind TEXT NOT NULL,                -- kind of record
    format TEXT NOT NULL,              -- csv, parquet, htcds …
    definition_version TEXT NOT NULL,  -- the register's version that checked it
    state TEXT NOT NULL CHECK (state IN ('in', 'withdrawn')),
    first_row INTEGER NOT NULL,        -- its rows of agency_record have numbers from here …
    last_row INTEGER NOT NULL,         -- … to here; no other import has any of these numbers
    added INTEGER NOT NULL,            -- records that were not there
    replaced INTEGER NOT NULL,         -- records that took the place of another content
    unchanged INTEGER NOT NULL,        -- records that were there with this content
    repeated INTEGER NOT NULL,         -- rows that stood in the file twice
    barred INTEGER NOT NULL,           -- records that an order keeps out
    received_at TEXT NOT NULL          -- UTC
) STRICT;

-- The same file is in once; withdrawn, it may come again.
CREATE UNIQUE INDEX record_import_once ON record_import (digest, kind) WHERE state = 'in';

-- That an import states a record. Of the imports that are in, the latest that states it makes it current.
-- PERSONAL: key and person hold the agency's own numbers. An order deletes the rows of its record.
-- No foreign keys: with one, every statement would first copy each page that it changes.
CREATE TABLE agency_record (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,        -- of record_import
    kind TEXT NOT NULL,
    key TEXT NOT NULL,                 -- own number; of a victim also the count and the quarter, after U+001F
    row_number INTEGER NOT NULL,       -- its place among the records of the file, from 1
    person TEXT,                       -- own number of the person whom a service or a letter names
    day TEXT NOT NULL,                 -- the record's day
    follow_ups TEXT,                   -- what must be asked again: words with spaces between; null when nothing
    content_id INTEGER NOT NULL,       -- of record_content
    current INTEGER NOT NULL CHECK (current IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX agency_record_by_key ON agency_record (kind, key, import_id);
CREATE INDEX agency_record_by_person ON agency_record (person) WHERE person IS NOT NULL;
CREATE INDEX agency_record_open ON agency_record (kind, key) WHERE current = 1 AND follow_ups IS NOT NULL;

-- PERSONAL: what the records say, names included. A content that comes again unchanged is kept once.
CREATE TABLE record_content (
    id INTEGER PRIMARY KEY,            -- the number of the row of agency_record that brought it
    content TEXT NOT NULL              -- one JSON object: field to the text of the cell
) STRICT;

CREATE TABLE disclosure_mode (
    id INTEGER PRIMARY KEY,
    record TEXT NOT NULL,              -- kind of record
    recipient TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('totals_only', 'with_release', 'encoded')),
    basis TEXT NOT NULL,               -- code of definitions/legal_bases.csv
    signatory TEXT NOT NULL,
    signed_on TEXT NOT NULL,
    expires_on TEXT NOT NULL,          -- its last day
    revoked_at TEXT,                   -- UTC; null while it is not
    UNIQUE (record, recipient, mode, basis, signatory, signed_on, expires_on)
) STRICT;

-- A signed paper is kept as it was signed; it can be revoked, once.
CREATE TRIGGER disclosure_mode_is_final BEFORE UPDATE ON disclosure_mode
WHEN OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
    OR (OLD.id, OLD.record, OLD.recipient, OLD.mode, OLD.basis, OLD.signatory, OLD.signed_on, OLD.expires_on)
    IS DISTINCT FROM (NEW.id, NEW.record, NEW.recipient, NEW.mode, NEW.basis, NEW.signatory, NEW.signed_on, NEW.expires_on)
BEGIN SELECT RAISE(ABORT, 'a disclosure mode is written once'); END;
CREATE TRIGGER disclosure_mode_is_kept BEFORE DELETE ON disclosure_mode
BEGIN SELECT RAISE(ABORT, 'a disclosure mode is kept'); END;

-- PERSONAL: victim is a person's own number. An order to destroy deletes hers.
CREATE TABLE release (
    id INTEGER PRIMARY KEY,
    victim TEXT NOT NULL,
    victim_id BLOB NOT NULL,           -- her opaque id
    recipient TEXT NOT NULL,
    purpose TEXT NOT NULL,
    signed_on TEXT NOT NULL,
    expires_on TEXT NOT NULL,          -- its last day
    revoked_on TEXT,                   -- null while it is not
    UNIQUE (victim, recipient, signed_on)
) STRICT;

-- An order about a record, and what it keeps out for good. Of the record itself only the opaque id is left.
CREATE TABLE order_entered (
    id INTEGER PRIMARY KEY,
    record TEXT NOT NULL,              -- kind of record
    record_id BLOB NOT NULL,           -- opaque id
    order_kind TEXT NOT NULL CHECK (order_kind IN ('sealing', 'vacatur', 'destruction', 'release_revoked')),
    authority TEXT NOT NULL,           -- the court or statute
    ordered_on TEXT NOT NULL,
    follows INTEGER REFERENCES order_entered (id), -- the order about the person whom this record names
    destroyed INTEGER NOT NULL,        -- rows deleted: earlier contents, and what names the person, included
    entered_at TEXT NOT NULL,          -- UTC
    UNIQUE (record, record_id, order_kind, ordered_on)
) STRICT;

CREATE TRIGGER order_entered_is_final BEFORE UPDATE ON order_entered
BEGIN SELECT RAISE(ABORT, 'an order is written once'); END;
CREATE TRIGGER order_entered_is_kept BEFORE DELETE ON order_entered
BEGIN SELECT RAISE(ABORT, 'an order is kept'); END;

-- The files sent to the clearinghouse, written down before they are written out.
CREATE TABLE sent_file (
    sequence INTEGER PRIMARY KEY,      -- 1, 2, … without a gap
    kind TEXT NOT NULL CHECK (kind IN ('submission', 'withdrawal')),
    first_quarter TEXT,                -- null for a withdrawal
    last_quarter TEXT,
    digest TEXT NOT NULL UNIQUE,       -- BLAKE3 of the manifest, hexadecimal
    previous TEXT,                     -- the digest of the file before
    corrects TEXT,                     -- the digest of the file that it replaces
    recipient TEXT NOT NULL,           -- fingerprint of the clearinghouse
    content_digest TEXT NOT NULL,      -- of what goes in, before the manifest: the same content is the same file
    manifest_json TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sent_at TEXT NOT NULL,             -- UTC
    written_at TEXT                    -- UTC; null until the file is known to be whole on the disk
) STRICT;

CREATE TRIGGER sent_file_is_final BEFORE UPDATE ON sent_file
WHEN OLD.written_at IS NOT NULL OR NEW.written_at IS NULL OR OLD.digest <> NEW.digest
BEGIN SELECT RAISE(ABORT, 'a file sent is written down once'); END;
CREATE TRIGGER sent_file_is_kept BEFORE DELETE ON sent_file WHEN OLD.written_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a file sent is kept'); END;

-- Which records have gone, and in which submission last.
CREATE TABLE sent_record (
    record TEXT NOT NULL,              -- kind of record
    record_id BLOB NOT NULL,           -- opaque id
    sequence INTEGER NOT NULL,         -- the last submission that held it
    person_id BLOB,                    -- the person whose release let it go; null when none was needed
    PRIMARY KEY (record, record_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sent_record_by_person ON sent_record (person_id) WHERE person_id IS NOT NULL;

-- What a withdrawal took back.
CREATE TABLE sent_withdrawn (
    sequence INTEGER NOT NULL REFERENCES sent_file (sequence),
    record TEXT NOT NULL,
    record_id BLOB NOT NULL,
    order_kind TEXT NOT NULL,
    ordered_on TEXT NOT NULL,
    PRIMARY KEY (record, record_id, sequence, order_kind, ordered_on)
) STRICT, WITHOUT ROWID;

------------------------------------------------------------------------------------------------
-- The clearinghouse's side
------------------------------------------------------------------------------------------------

-- The cards of agencies, checked by voice and accepted by somebody.
CREATE TABLE known_agency (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    card TEXT NOT NULL,                -- the card as it came: public keys and what the agency is
    fingerprint TEXT NOT NULL,
    legal_entity TEXT NOT NULL,
    label TEXT NOT NULL,
    task_force TEXT,
    county TEXT,
    calendar_offset_days INTEGER NOT NULL,
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('accepted', 'replaced', 'forgotten')),
    accepted_at TEXT NOT NULL,         -- UTC
    accepted_by TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX known_agency_by_code ON known_agency (code) WHERE state = 'accepted';

CREATE TABLE received_file (
    id INTEGER PRIMARY KEY,            -- its number here, as people use it
    agency TEXT NOT NULL,              -- code
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)), -- as its card said that day
    kind TEXT NOT NULL CHECK (kind IN ('submission', 'withdrawal')),
    sequence INTEGER NOT NULL,         -- the agency's own count of its files
    digest TEXT NOT NULL UNIQUE,       -- BLAKE3 of the manifest, hexadecimal
    previous TEXT,
    corrects TEXT,                     -- the digest of the one that it replaces
    first_quarter TEXT,                -- null for a withdrawal
    last_quarter TEXT,
    definition_version TEXT NOT NULL,
    manifest_json TEXT NOT NULL,
    folder TEXT NOT NULL UNIQUE,       -- where its tables lie, below the data folder
    answer_json TEXT NOT NULL,         -- the quality report that the agency got
    state TEXT NOT NULL CHECK (state IN ('accepted', 'replaced', 'withdrawn')),
    replaced_by INTEGER REFERENCES received_file (id),
    received_at TEXT NOT NULL,         -- UTC
    UNIQUE (agency, sequence)
) STRICT;

CREATE TABLE received_table (
    received_id INTEGER NOT NULL REFERENCES received_file (id),
    record TEXT NOT NULL,              -- kind of record
    file TEXT NOT NULL,                -- its name in the folder
    row_count INTEGER NOT NULL,
    PRIMARY KEY (received_id, record)
) STRICT, WITHOUT ROWID;

-- What the agency counted itself, over all its records, those that stay behind too.
CREATE TABLE received_total (
    id INTEGER PRIMARY KEY,
    received_id INTEGER NOT NULL REFERENCES received_file (id),
    record TEXT NOT NULL,              -- kind of record
    counted_as TEXT,                   -- of victims: which count
    quarter TEXT,                      -- null: the whole period
    field TEXT,                        -- null: all records
    code TEXT,                         -- the field's code
    records INTEGER NOT NULL,
    people INTEGER NOT NULL
) STRICT;

CREATE INDEX received_total_of ON received_total (received_id);

-- What an agency has taken back. It stays taken back, whatever becomes of any submission.
CREATE TABLE received_withdrawn (
    id INTEGER PRIMARY KEY,
    received_id INTEGER NOT NULL REFERENCES received_file (id),
    record TEXT NOT NULL,              -- kind of record
    record_id BLOB NOT NULL,           -- opaque id
    order_kind TEXT NOT NULL CHECK (order_kind IN ('sealing', 'vacatur', 'destruction', 'release_revoked')),
    ordered_on TEXT NOT NULL
) STRICT;

CREATE INDEX received_withdrawn_of ON received_withdrawn (received_id);

CREATE TRIGGER received_total_is_final BEFORE UPDATE ON received_total
BEGIN SELECT RAISE(ABORT, 'a total is written once'); END;
CREATE TRIGGER received_total_is_kept BEFORE DELETE ON received_total
BEGIN SELECT RAISE(ABORT, 'a total is kept'); END;
CREATE TRIGGER received_withdrawn_is_final BEFORE UPDATE ON received_withdrawn
BEGIN SELECT RAISE(ABORT, 'a withdrawal is written once'); END;
CREATE TRIGGER received_withdrawn_is_kept BEFORE DELETE ON received_withdrawn
BEGIN SELECT RAISE(ABORT, 'a withdrawal is kept'); END;

-- Every count of people that was made. A later withdrawal is a note beside it and never changes it.
CREATE TABLE people_count (
    id INTEGER PRIMARY KEY,
    first_quarter TEXT NOT NULL,
    last_quarter TEXT NOT NULL,
    as_of TEXT NOT NULL,               -- the day on which it was true
    definition_version TEXT NOT NULL,
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
    raw INTEGER NOT NULL,              -- people as the agencies count them, added up
    low INTEGER NOT NULL,              -- the fewest people there can be
    high INTEGER NOT NULL,             -- the most
    unduplicated INTEGER,              -- people after linkage; null when nothing could be linked
    withdrawn_so_far INTEGER NOT NULL, -- records taken back until then
    last_withdrawn INTEGER NOT NULL,   -- the last row of received_withdrawn then
    made_at TEXT NOT NULL,             -- UTC
    made_by TEXT NOT NULL
) STRICT;

CREATE TRIGGER people_count_is_final BEFORE UPDATE ON people_count
BEGIN SELECT RAISE(ABORT, 'a count is written once'); END;
CREATE TRIGGER people_count_is_kept BEFORE DELETE ON people_count
BEGIN SELECT RAISE(ABORT, 'a count is kept'); END;

------------------------------------------------------------------------------------------------
-- Both sides: who did what, when and why
------------------------------------------------------------------------------------------------

CREATE TABLE record_act (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,             -- agency, import, mode, release, order, sent, known_agency, received, count
    subject_id INTEGER NOT NULL,       -- its number in its table; 0 for all of them
    act TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,                  -- UTC
    why TEXT NOT NULL                  -- never about a person
) STRICT;

CREATE INDEX record_act_of ON record_act (subject, subject_id);

CREATE TRIGGER record_act_is_final BEFORE UPDATE ON record_act
BEGIN SELECT RAISE(ABORT, 'an act is written once'); END;
CREATE TRIGGER record_act_is_kept BEFORE DELETE ON record_act
BEGIN SELECT RAISE(ABORT, 'an act is kept'); END;
