-- Every column is described in docs/storage.md.

-- Another session's handoff that this one is in, since both are in one conversation, and the round in which it came to it.
ALTER TABLE sessions ADD COLUMN follows TEXT;
ALTER TABLE sessions ADD COLUMN follows_epoch INTEGER;
CREATE INDEX sessions_following ON sessions (follows) WHERE follows IS NOT NULL;
