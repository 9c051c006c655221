-- Every column is described in docs/storage.md.

-- The schedule of retries, which begins anew when a handoff is resumed; `sends` and `first_sent_at` never do.
ALTER TABLE steps ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE steps ADD COLUMN tries_since INTEGER;
-- Until when the last request may have had its effect, as far as is known.
ALTER TABLE steps ADD COLUMN sent_at INTEGER;
UPDATE steps SET tries = sends, tries_since = first_sent_at, sent_at = next_at WHERE sends > 0;

ALTER TABLE handoffs ADD COLUMN parked_for TEXT CHECK (parked_for IN ('person', 'credentials'));
ALTER TABLE handoffs ADD COLUMN replacements INTEGER NOT NULL DEFAULT 0;
UPDATE handoffs SET parked_for = 'person' WHERE state = 'parked';
UPDATE handoffs SET replacements = json_array_length(replaces);

CREATE INDEX handoffs_parked_for_credentials ON handoffs (account, id) WHERE parked_for = 'credentials';
CREATE INDEX handoffs_pending ON handoffs (account, id) WHERE state = 'pending';
DROP INDEX handoffs_due;
CREATE INDEX handoffs_due ON handoffs (account, bot, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE scratch (filler BLOB NOT NULL) STRICT;
