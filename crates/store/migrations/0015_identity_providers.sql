-- Where members of an agency may show who they are, in the place of passphrase and code: the identity
-- provider that the agency runs (OpenID Connect Core 1.0). It unlocks nothing: nothing here opens a text.

CREATE TABLE identity_provider (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL UNIQUE REFERENCES agency (code),
    issuer TEXT NOT NULL,              -- its address, exactly as it names itself
    client_id TEXT NOT NULL,           -- by which it knows this installation
    client_secret BLOB,                -- sealed to this row under keys/records.key; null: it asks for none
    set_at TEXT NOT NULL               -- UTC
) STRICT;

-- Whose account there is whose here. She links it herself, after passphrase and code; nothing is ever
-- found by a mail address.
CREATE TABLE identity_link (
    member_id INTEGER PRIMARY KEY REFERENCES member (id),
    provider_id INTEGER NOT NULL REFERENCES identity_provider (id) ON DELETE CASCADE,
    subject BLOB NOT NULL,             -- BLAKE3 of issuer and subject
    linked_on TEXT NOT NULL,           -- day
    used_on TEXT,                      -- day; null while it has not been used
    UNIQUE (provider_id, subject)
) STRICT;

-- Who is on her way to a provider. The browser has a cookie from which `browser` is derived, and so are
-- state, nonce and verifier, which are not here; good once, for ten minutes.
CREATE TABLE identity_asked (
    browser BLOB PRIMARY KEY,          -- 32 bytes
    provider_id INTEGER NOT NULL REFERENCES identity_provider (id) ON DELETE CASCADE,
    member_id INTEGER REFERENCES member (id), -- who links her account; null: somebody signs in
    role TEXT,                         -- in which she will act; null: the first of hers
    purpose TEXT NOT NULL,             -- for what
    next TEXT NOT NULL,                -- the page to which she goes then
    at INTEGER NOT NULL                -- seconds since 1970, UTC
) STRICT;
