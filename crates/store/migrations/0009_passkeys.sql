-- Passkeys: a member's key, wrapped by what her passkey alone gives out, and how its signatures are checked.

CREATE TABLE passkey (
    id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES member (id),
    label TEXT NOT NULL,               -- as she calls it
    credential BLOB NOT NULL UNIQUE,   -- its id, by which the browser names it
    public_key BLOB NOT NULL,          -- COSE; it checks signatures and opens nothing
    by_passkey BLOB NOT NULL,          -- her secret key, wrapped by the passkey's secret, which is not here
    counter INTEGER NOT NULL,          -- how often it has signed; 0 where it does not count
    made_on TEXT NOT NULL,             -- day
    used_on TEXT                       -- day; null while it has not been used
) STRICT;

CREATE INDEX passkey_of ON passkey (member_id);

-- What a passkey is to sign next. The browser has a cookie from which `browser` is derived; good once, for
-- five minutes.
CREATE TABLE passkey_challenge (
    browser BLOB PRIMARY KEY,          -- 32 bytes
    challenge BLOB NOT NULL,           -- 32 bytes
    member_id INTEGER REFERENCES member (id), -- whose passphrase was typed, to make one; null: to answer by one
    at INTEGER NOT NULL                -- seconds since 1970, UTC
) STRICT;
