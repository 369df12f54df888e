-- Why a signed return corrects the one that stands, and the draft as it was typed: given back, it is opened again.

ALTER TABLE filing ADD COLUMN reason TEXT; -- why it corrects what was accepted; null: it is the first. Never about a person
ALTER TABLE filing ADD COLUMN typed BLOB;  -- the draft, sealed as it was to the agency; null: it came by mail

CREATE TRIGGER filing_keeps_its_reason BEFORE UPDATE ON filing
WHEN (OLD.reason, OLD.typed) IS DISTINCT FROM (NEW.reason, NEW.typed)
BEGIN SELECT RAISE(ABORT, 'the reason of a filing is kept'); END;
