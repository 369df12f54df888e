-- Returns of aggregate counts: which file, which figures, who changed what, when and why.
-- Only integers and text; dates are ISO 8601 text, which sorts as dates do.

CREATE TABLE return_file (
    id INTEGER PRIMARY KEY,            -- the return's number, as people use it
    digest TEXT NOT NULL UNIQUE,       -- BLAKE3 of the file's bytes, hexadecimal
    file_name TEXT NOT NULL,           -- the file's name, without its folders
    mapping TEXT NOT NULL,             -- the mapping that read it
    document TEXT,                     -- the published document behind it, if any
    definition_version TEXT NOT NULL,  -- the register's version its figures follow
    standing TEXT NOT NULL CHECK (standing IN ('published', 'submitted', 'synthetic')),
    state TEXT NOT NULL CHECK (state IN ('accepted', 'corrected', 'withdrawn')),
    corrected_by INTEGER REFERENCES return_file (id), -- the return that took its place
    data_rows INTEGER NOT NULL,        -- rows read, examples not counted
    received_at TEXT NOT NULL          -- UTC, ISO 8601
) STRICT;

CREATE TABLE figure (
    id INTEGER PRIMARY KEY,
    return_id INTEGER NOT NULL REFERENCES return_file (id),
    figure_id TEXT NOT NULL,           -- measure:period:reporter[:dimension=value…]
    measure TEXT NOT NULL,             -- counted unit, by its code
    reporter TEXT NOT NULL,            -- who states it, by code
    unit TEXT NOT NULL,                -- count, percent, hours, dollars, rank, words
    period TEXT NOT NULL,              -- as the return states it
    period_start TEXT,                 -- first day, null when open
    period_end TEXT,                   -- last day, null when open
    quarter TEXT,                      -- the state quarter it overlaps most, null when it is none
    signature INTEGER NOT NULL,        -- one bit for each dimension it is broken down by
    breakdowns INTEGER NOT NULL,       -- how many bits that is
    place TEXT,
    county TEXT,
    task_force TEXT,
    agency TEXT,
    trafficking_type TEXT,
    statute TEXT,
    conduct TEXT,
    age TEXT,
    status TEXT,
    service TEXT,
    benefit TEXT,
    origin TEXT,
    programme TEXT,
    category TEXT,
    answer TEXT NOT NULL CHECK (answer IN
        ('exactly', 'qualified', 'unknown', 'not_collected', 'not_stated', 'said')),
    scaled INTEGER,                    -- the number without its decimal point
    decimals INTEGER,                  -- digits behind the point
    qualifier TEXT,                    -- more_than, at_least, about, fewer_than
    as_said TEXT NOT NULL,             -- the cell's own words
    as_of TEXT,                        -- the day on which it was true
    part TEXT NOT NULL CHECK (part IN ('cell', 'total')),
    row_number INTEGER NOT NULL,       -- the header is row 1
    column_name TEXT NOT NULL,
    note TEXT,
    UNIQUE (return_id, figure_id)
) STRICT;

CREATE INDEX figure_by_name ON figure (figure_id);
CREATE INDEX figure_by_measure ON figure (measure, quarter);

CREATE TABLE cross_foot (
    return_id INTEGER NOT NULL REFERENCES return_file (id),
    figure_id TEXT NOT NULL,           -- the total
    stated INTEGER NOT NULL,
    summed INTEGER NOT NULL,
    cells INTEGER NOT NULL             -- how many cells were added
) STRICT;

CREATE TABLE classification (
    id INTEGER PRIMARY KEY,            -- the query's number, when the two disagree
    return_id INTEGER NOT NULL REFERENCES return_file (id),
    figure_id TEXT NOT NULL,
    agency_word TEXT NOT NULL,         -- the agency's own classification
    state_code TEXT,                   -- the state's
    agrees INTEGER NOT NULL CHECK (agrees IN (0, 1)),
    answer TEXT,                       -- how the disagreement was answered
    answered_by TEXT,
    answered_at TEXT
) STRICT;

CREATE TABLE act (
    id INTEGER PRIMARY KEY,
    return_id INTEGER NOT NULL REFERENCES return_file (id),
    act TEXT NOT NULL CHECK (act IN ('received', 'corrected', 'withdrawn', 'restored', 'answered')),
    who TEXT NOT NULL,
    at TEXT NOT NULL,                  -- UTC, ISO 8601
    why TEXT NOT NULL
) STRICT;

-- What is done to a return is written once and never changed.
CREATE TRIGGER act_is_final BEFORE UPDATE ON act
BEGIN SELECT RAISE(ABORT, 'an act is written once'); END;
CREATE TRIGGER act_is_kept BEFORE DELETE ON act
BEGIN SELECT RAISE(ABORT, 'an act is kept'); END;
-- The figures of a return are never changed either: a correction is another return.
CREATE TRIGGER figure_is_final BEFORE UPDATE ON figure
BEGIN SELECT RAISE(ABORT, 'a figure is written once'); END;
CREATE TRIGGER figure_is_kept BEFORE DELETE ON figure
BEGIN SELECT RAISE(ABORT, 'a figure is kept'); END;

-- The answer that stands to each question: of the accepted returns, the one with the latest
-- as-of date, then the latest received.
CREATE VIEW current_figure AS
SELECT * FROM (
    SELECT figure.*, return_file.standing AS standing,
        return_file.definition_version AS definition_version,
        ROW_NUMBER() OVER (
            PARTITION BY figure.figure_id, return_file.standing
            ORDER BY COALESCE(figure.as_of, '') DESC, figure.return_id DESC
        ) AS place_in_line
    FROM figure JOIN return_file ON return_file.id = figure.return_id
    WHERE return_file.state = 'accepted'
) AS in_line WHERE place_in_line = 1;
