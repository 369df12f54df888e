-- Who did what, when, for what purpose and why: one chain for the whole database, in which a
-- changed, removed or re-ordered row shows. What was in `act` and `record_act` is carried over.

CREATE TABLE audit_row (
    id INTEGER PRIMARY KEY CHECK (id >= 1), -- its place in the chain, from 1 without gaps
    at TEXT NOT NULL,                  -- UTC
    who TEXT NOT NULL,
    role TEXT NOT NULL,                -- in what role
    purpose TEXT NOT NULL,             -- for what
    subject TEXT NOT NULL,             -- return, agency, import, mode, release, order, sent, known_agency,
                                       -- received, refused, count, link, audit
    subject_id INTEGER NOT NULL,       -- its number in its table; 0 for all of them
    act TEXT NOT NULL,
    reason BLOB NOT NULL,              -- BLAKE3 of salt and reason
    hash BLOB NOT NULL                 -- BLAKE3 of the hash before and of this row
) STRICT;

CREATE INDEX audit_of ON audit_row (subject, subject_id);
CREATE INDEX audit_by ON audit_row (who);

-- Reasons are apart, so that one can be destroyed by order and the chain still holds.
CREATE TABLE audit_reason (
    row_id INTEGER PRIMARY KEY REFERENCES audit_row (id),
    salt BLOB NOT NULL,                -- 32 random bytes: what was destroyed cannot be guessed and tried
    why TEXT NOT NULL                  -- never about a person
) STRICT;

CREATE TRIGGER audit_row_is_final BEFORE UPDATE ON audit_row
BEGIN SELECT RAISE(ABORT, 'a row of the audit is written once'); END;
CREATE TRIGGER audit_row_is_kept BEFORE DELETE ON audit_row
BEGIN SELECT RAISE(ABORT, 'a row of the audit is kept'); END;
CREATE TRIGGER audit_reason_is_final BEFORE UPDATE ON audit_reason
BEGIN SELECT RAISE(ABORT, 'a reason is written once'); END;
CREATE TRIGGER audit_reason_is_kept BEFORE DELETE ON audit_reason
WHEN NOT EXISTS (SELECT 1 FROM audit_row
    WHERE subject = 'audit' AND subject_id = OLD.row_id AND act = 'reason_destroyed')
BEGIN SELECT RAISE(ABORT, 'a reason is destroyed by order only'); END;
