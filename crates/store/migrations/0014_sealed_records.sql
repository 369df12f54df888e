-- An agency's own records, sealed: what they say under the key in keys/records.key, and the agency's own
-- numbers replaced by pseudonyms. What stood here in clear waits in the unsealed_ tables until the folder
-- is first opened with its key; then they are empty for good.

DROP INDEX agency_record_by_key;
DROP INDEX agency_record_by_person;
DROP INDEX agency_record_open;
ALTER TABLE agency_record RENAME TO unsealed_agency_record;
ALTER TABLE record_content RENAME TO unsealed_record_content;
ALTER TABLE release RENAME TO unsealed_release;

-- By what the key is known again, so that nothing is written under another.
CREATE TABLE records_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    mark BLOB NOT NULL                 -- a pseudonym of nothing
) STRICT;

-- That an import states a record. Of the imports that are in, the latest that states it makes it current.
-- An order deletes the rows of its record.
-- No foreign keys: with one, every statement would first copy each page that it changes.
CREATE TABLE agency_record (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,        -- of record_import
    kind TEXT NOT NULL,
    key BLOB NOT NULL,                 -- pseudonym of the own number; of a victim, that of the whole key follows
    row_number INTEGER NOT NULL,       -- its place among the records of the file, from 1
    person BLOB,                       -- pseudonym of the person whom a service or a letter names
    day TEXT NOT NULL,                 -- the record's day
    follow_ups TEXT,                   -- what must be asked again: words with spaces between; null when nothing
    content_id INTEGER NOT NULL,       -- of record_content
    digest BLOB NOT NULL,              -- keyed, of the content: the same content is seen without being opened
    current INTEGER NOT NULL CHECK (current IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX agency_record_by_key ON agency_record (kind, key, import_id);
CREATE INDEX agency_record_by_person ON agency_record (person) WHERE person IS NOT NULL;
CREATE INDEX agency_record_open ON agency_record (kind, key) WHERE current = 1 AND follow_ups IS NOT NULL;

-- A content that comes again unchanged is kept once.
CREATE TABLE record_content (
    id INTEGER PRIMARY KEY,            -- the number of the row of agency_record that brought it
    content BLOB NOT NULL              -- sealed to this row: one JSON object, field to the text of the cell
) STRICT;

-- An order to destroy deletes hers.
CREATE TABLE release (
    id INTEGER PRIMARY KEY,
    victim BLOB NOT NULL,              -- pseudonym of her own number
    victim_id BLOB NOT NULL,           -- her opaque id
    recipient TEXT NOT NULL,
    content BLOB NOT NULL,             -- sealed to her pseudonym: her own number, and the purpose
    digest BLOB NOT NULL,              -- keyed, of the content
    signed_on TEXT NOT NULL,
    expires_on TEXT NOT NULL,          -- its last day
    revoked_on TEXT,                   -- null while it is not
    UNIQUE (victim, recipient, signed_on)
) STRICT;
