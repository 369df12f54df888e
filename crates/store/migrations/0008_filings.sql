-- Returns that are filed in the browser: a draft, sealed to its agency; what the commander signed; what the
-- collector said to it.

CREATE TABLE draft (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL REFERENCES agency (code),
    quarter TEXT NOT NULL,             -- 2026-Q3
    body BLOB NOT NULL,                -- sealed to the compartment `returns` of the agency
    version INTEGER NOT NULL,          -- counts how often it was saved: nobody saves over what she has not seen
    saved_by TEXT NOT NULL,
    saved_at TEXT NOT NULL,            -- UTC
    UNIQUE (agency, quarter)
) STRICT;

CREATE TABLE filing (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL REFERENCES agency (code),
    quarter TEXT NOT NULL,
    csv TEXT NOT NULL,                 -- the return as it was signed: totals, and nothing about a person
    digest TEXT NOT NULL,              -- BLAKE3 of it, hexadecimal
    signed_by TEXT NOT NULL,           -- the commander; of one that came by mail, whoever confirms it
    signed_at TEXT NOT NULL,           -- UTC
    received_by TEXT,                  -- the collector who entered what came by mail; null: it was filed here
    state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'returned')),
    question TEXT,                     -- why it was given back. Never about a person
    return_id INTEGER REFERENCES return_file (id), -- what it became
    decided_by TEXT,
    decided_at TEXT                    -- UTC
) STRICT;

-- One at a time waits for the collector.
CREATE UNIQUE INDEX filing_waiting ON filing (agency, quarter) WHERE state = 'waiting';

CREATE TRIGGER filing_is_kept BEFORE DELETE ON filing
BEGIN SELECT RAISE(ABORT, 'a filing is kept'); END;
CREATE TRIGGER filing_is_signed BEFORE UPDATE ON filing
WHEN OLD.state <> 'waiting' OR (OLD.agency, OLD.quarter, OLD.csv, OLD.digest, OLD.signed_by, OLD.signed_at)
    IS DISTINCT FROM (NEW.agency, NEW.quarter, NEW.csv, NEW.digest, NEW.signed_by, NEW.signed_at)
BEGIN SELECT RAISE(ABORT, 'a filing is decided once'); END;

-- More time for one agency and one quarter.
CREATE TABLE extension (
    agency TEXT NOT NULL REFERENCES agency (code),
    quarter TEXT NOT NULL,
    due_on TEXT NOT NULL,              -- its new last day
    why TEXT NOT NULL,                 -- never about a person
    PRIMARY KEY (agency, quarter)
) STRICT, WITHOUT ROWID;
