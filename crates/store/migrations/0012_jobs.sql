-- Long analyses that were asked for in the browser: what, by whom, how far, what came of it.

CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('report', 'people', 'estimate')),
    agency TEXT NOT NULL REFERENCES agency (code),
    asked_by TEXT NOT NULL,
    role TEXT NOT NULL,                -- in which it was asked for
    asked_at TEXT NOT NULL,            -- UTC
    state TEXT NOT NULL
        CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
    steps_done INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    started_at TEXT,                   -- UTC
    ended_at TEXT,                     -- UTC
    outcome TEXT                       -- numbers as they may be printed, or why it failed. Never about a person
) STRICT;

-- One of a kind at a time.
CREATE UNIQUE INDEX job_open ON job (kind) WHERE state IN ('waiting', 'running');

CREATE TRIGGER job_is_kept BEFORE DELETE ON job
BEGIN SELECT RAISE(ABORT, 'a job is kept'); END;
CREATE TRIGGER job_ends_once BEFORE UPDATE ON job
WHEN OLD.state NOT IN ('waiting', 'running')
    OR (OLD.kind, OLD.agency, OLD.asked_by, OLD.role, OLD.asked_at)
    IS DISTINCT FROM (NEW.kind, NEW.agency, NEW.asked_by, NEW.role, NEW.asked_at)
BEGIN SELECT RAISE(ABORT, 'a job ends once'); END;
