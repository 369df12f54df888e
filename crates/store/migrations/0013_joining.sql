-- How an agency joins, step by step, and how it leaves. Each step is decided from what stands here, never
-- from a tick.

ALTER TABLE agency ADD COLUMN live_at TEXT;      -- UTC; from then on its returns are real; null before
ALTER TABLE agency ADD COLUMN live_asked_by INTEGER REFERENCES member (id); -- who waits for a second consent

-- Whoever has filed already was taking part before there were these steps.
UPDATE agency SET live_at = (SELECT MIN(signed_at) FROM filing WHERE filing.agency = agency.code);

-- The paper by which an agency takes part; a later one takes the place of an earlier one.
CREATE TABLE agreement (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL REFERENCES agency (code),
    title TEXT NOT NULL,
    reference TEXT NOT NULL,           -- digest of the document, or under what it is filed
    signatory TEXT NOT NULL,           -- the official who signed for the agency
    signed_on TEXT NOT NULL,
    valid_until TEXT NOT NULL,         -- its last day
    withdraws INTEGER NOT NULL CHECK (withdraws IN (0, 1)), -- 1: what it sent is withdrawn when it leaves
    entered_at TEXT NOT NULL           -- UTC
) STRICT;

-- How far records of each kind may leave, as the agency agreed; the latest of a kind stands.
CREATE TABLE agreed_mode (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL REFERENCES agency (code),
    record TEXT NOT NULL,              -- kind of record
    mode TEXT NOT NULL CHECK (mode IN ('totals_only', 'with_release', 'encoded')),
    basis TEXT NOT NULL,               -- code of definitions/legal_bases.csv
    signatory TEXT NOT NULL,
    signed_on TEXT NOT NULL,
    expires_on TEXT NOT NULL           -- its last day
) STRICT;

-- One administrator has heard another's fingerprint from her own mouth.
CREATE TABLE key_comparison (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL REFERENCES agency (code),
    by_member INTEGER NOT NULL REFERENCES member (id),
    by_key BLOB NOT NULL,              -- her own public key then; with another it is compared anew
    of_member INTEGER NOT NULL REFERENCES member (id),
    of_key BLOB NOT NULL,
    at TEXT NOT NULL                   -- UTC
) STRICT;

-- A made-up return that was read and checked like a real one. What it says is not kept, and counts nowhere.
CREATE TABLE test_return (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL REFERENCES agency (code),
    quarter TEXT NOT NULL,             -- 2026-Q3
    digest TEXT NOT NULL,              -- BLAKE3 of it, hexadecimal
    figures INTEGER NOT NULL,          -- how many it had
    checked_by TEXT NOT NULL,
    checked_at TEXT NOT NULL           -- UTC
) STRICT;

CREATE TRIGGER agreement_is_final BEFORE UPDATE ON agreement
BEGIN SELECT RAISE(ABORT, 'an agreement is written once'); END;
CREATE TRIGGER agreement_is_kept BEFORE DELETE ON agreement
BEGIN SELECT RAISE(ABORT, 'an agreement is kept'); END;
CREATE TRIGGER agreed_mode_is_final BEFORE UPDATE ON agreed_mode
BEGIN SELECT RAISE(ABORT, 'an agreed mode is written once'); END;
CREATE TRIGGER agreed_mode_is_kept BEFORE DELETE ON agreed_mode
BEGIN SELECT RAISE(ABORT, 'an agreed mode is kept'); END;

-- That an agency leaves: asked by one administrator, agreed by a second, or done by the operator.
CREATE TABLE leaving (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL REFERENCES agency (code),
    why TEXT NOT NULL,                 -- never about a person
    asked_by TEXT NOT NULL,
    asked_at TEXT NOT NULL,            -- UTC
    agreed_by TEXT,                    -- the second administrator
    left_at TEXT,                      -- UTC; null until it has left
    destroy_after TEXT,                -- UTC; until then it can come back
    ended TEXT CHECK (ended IN ('taken_back', 'destroyed')), -- null while it is open
    ended_at TEXT,                     -- UTC
    receipt TEXT                       -- what was destroyed and what stays, once it was
) STRICT;

-- One at a time.
CREATE UNIQUE INDEX leaving_open ON leaving (agency) WHERE ended IS NULL;

-- Who was turned off by it, and is turned on again when the agency comes back.
CREATE TABLE leaving_member (
    leaving_id INTEGER NOT NULL REFERENCES leaving (id),
    member_id INTEGER NOT NULL REFERENCES member (id),
    PRIMARY KEY (leaving_id, member_id)
) STRICT, WITHOUT ROWID;
