-- What came by mail and waits for its commander; where an agency's reminders go, and which have gone.

ALTER TABLE filing ADD COLUMN confirmed_by TEXT; -- the commander, of one that came by mail: it is what the agency sent
ALTER TABLE filing ADD COLUMN confirmed_at TEXT; -- UTC

-- What a collector entered is the agency's word only once its commander has said so, and he says it once.
CREATE TRIGGER filing_is_confirmed BEFORE UPDATE ON filing
WHEN OLD.received_by IS DISTINCT FROM NEW.received_by
    OR (NEW.state = 'accepted' AND NEW.received_by IS NOT NULL AND NEW.confirmed_by IS NULL)
    OR (OLD.confirmed_by IS NOT NULL
        AND (OLD.confirmed_by, OLD.confirmed_at) IS DISTINCT FROM (NEW.confirmed_by, NEW.confirmed_at))
BEGIN SELECT RAISE(ABORT, 'what came by mail is confirmed once, before it is accepted'); END;

-- Where an agency is reminded. An address of an office, in no log and in no reason.
CREATE TABLE contact (
    agency TEXT NOT NULL PRIMARY KEY REFERENCES agency (code),
    address TEXT NOT NULL,             -- name@host
    language TEXT NOT NULL,            -- en, es
    set_by TEXT NOT NULL,
    set_at TEXT NOT NULL               -- UTC
) STRICT, WITHOUT ROWID;

-- Which reminder has gone, so that none goes twice.
CREATE TABLE reminder (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL REFERENCES agency (code),
    quarter TEXT NOT NULL,             -- 2026-Q3
    kind TEXT NOT NULL,                -- due_soon, overdue_1, …, given_back, accepted, to_confirm
    about TEXT NOT NULL,               -- the last day it speaks of, or the number of the filing
    sent_at TEXT NOT NULL,             -- UTC
    UNIQUE (agency, quarter, kind, about)
) STRICT;

-- Whether anything of an agency stands for a quarter.
CREATE INDEX figure_by_reporter ON figure (reporter, quarter);
