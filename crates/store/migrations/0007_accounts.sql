-- Agencies, their members, and the keys by which members read. What is here opens nothing without a
-- passphrase, a passkey or the secret in a session's cookie; `crates/sealing/notes` says why.

CREATE TABLE agency (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    legal_entity TEXT NOT NULL,        -- code of definitions/legal_entities.csv
    county TEXT,                       -- code of definitions/counties.csv; its jurisdiction
    clearinghouse INTEGER NOT NULL CHECK (clearinghouse IN (0, 1)), -- 1: counts for the state; one at most
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)), -- 1: made up
    added_at TEXT NOT NULL,            -- UTC
    left_at TEXT                       -- UTC; null while it belongs to this installation
) STRICT;

CREATE UNIQUE INDEX agency_clearinghouse ON agency (clearinghouse) WHERE clearinghouse = 1;

-- A person who signs in. Her name is in clear: colleagues are named in the audit.
CREATE TABLE member (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL REFERENCES agency (code),
    name TEXT NOT NULL UNIQUE,         -- by which she signs in
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'off')),
    invitation BLOB,                   -- BLAKE3 of the code of an open invitation; null when there is none
    invited_until TEXT,                -- UTC; the code's end
    public_key BLOB,                   -- null until the invitation was accepted
    by_passphrase BLOB,                -- her secret key, wrapped by her passphrase
    personal_public_key BLOB,          -- of her own compartment, which nobody else opens
    personal_grant BLOB,               -- that compartment's secret, for her
    totp BLOB,                         -- the secret of her one-time codes, sealed to it
    totp_step INTEGER,                 -- of the last code taken; no code is taken twice
    last_seen_on TEXT                  -- day of her last sign-in; after 90 idle days she is off
) STRICT;

CREATE TABLE member_role (
    member_id INTEGER NOT NULL REFERENCES member (id),
    role TEXT NOT NULL,
    PRIMARY KEY (member_id, role)
) STRICT, WITHOUT ROWID;

-- Failed tries to sign in, by BLAKE3 of the name that was typed: five in fifteen minutes are enough,
-- and a name that nobody has is answered like any other.
CREATE TABLE failed_try (
    id INTEGER PRIMARY KEY,
    name BLOB NOT NULL,
    at INTEGER NOT NULL                -- seconds since 1970, UTC
) STRICT;

CREATE INDEX failed_try_of ON failed_try (name);

-- Where somebody is signed in. The cookie has a secret from which `id` is derived; the secret is not here.
CREATE TABLE session (
    id BLOB PRIMARY KEY,               -- 32 bytes
    member_id INTEGER NOT NULL REFERENCES member (id),
    role TEXT NOT NULL,                -- in which she acts
    purpose TEXT NOT NULL,             -- for what: one of a list
    by_session BLOB,                   -- her secret key, wrapped by the cookie's secret; null when locked
    signed_in_at TEXT NOT NULL,        -- UTC; twelve hours later she signs in again
    seen_at TEXT NOT NULL              -- UTC; half an hour later it is locked
) STRICT;

CREATE INDEX session_of ON session (member_id);

-- Whose text can be read by whom: one compartment for each agency and sort of text.
CREATE TABLE compartment (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL REFERENCES agency (code),
    name TEXT NOT NULL,                -- drafts, tips, notes …
    public_key BLOB NOT NULL,          -- with its suite
    generation INTEGER NOT NULL,       -- of its recovery shares
    made_at TEXT NOT NULL,             -- UTC
    UNIQUE (agency, name)
) STRICT;

CREATE TABLE compartment_grant (
    compartment_id INTEGER NOT NULL REFERENCES compartment (id),
    member_id INTEGER NOT NULL REFERENCES member (id),
    sealed BLOB NOT NULL,              -- the compartment's secret, for her
    until TEXT,                        -- UTC; null but for one given in an emergency
    PRIMARY KEY (compartment_id, member_id)
) STRICT, WITHOUT ROWID;

-- For every two recovery officers of the agency, half of the secret for each: one half says nothing.
CREATE TABLE recovery_share (
    compartment_id INTEGER NOT NULL REFERENCES compartment (id),
    officer_id INTEGER NOT NULL REFERENCES member (id),
    other_id INTEGER NOT NULL REFERENCES member (id),
    officer_key BLOB NOT NULL,         -- her public key, to which it is sealed; with another it is made anew
    sealed BLOB NOT NULL,
    PRIMARY KEY (compartment_id, officer_id, other_id)
) STRICT, WITHOUT ROWID;

-- A member who lost her passphrase asks for what she could read before; or one who never could, in an
-- emergency.
CREATE TABLE recovery_request (
    id BLOB PRIMARY KEY,               -- 16 bytes
    member_id INTEGER NOT NULL REFERENCES member (id),
    compartment_id INTEGER NOT NULL REFERENCES compartment (id),
    public_key BLOB NOT NULL,          -- her new one
    emergency TEXT,                    -- why she must read it for some hours; null: she read it before. Never about a person
    asked_at TEXT NOT NULL,            -- UTC
    done_at TEXT                       -- UTC; when she had the secret
) STRICT;

-- What an officer handed over to her: half of the secret, sealed to her new key.
CREATE TABLE recovery_hand (
    request_id BLOB NOT NULL REFERENCES recovery_request (id) ON DELETE CASCADE,
    officer_id INTEGER NOT NULL REFERENCES member (id),
    other_id INTEGER NOT NULL REFERENCES member (id),
    sealed BLOB NOT NULL,
    PRIMARY KEY (request_id, officer_id, other_id)
) STRICT, WITHOUT ROWID;
