-- Every column is described in docs/storage.md.

-- Not later than the last word of a session. It is moved only when it is looked at, so that no event writes its index.
ALTER TABLE sessions ADD COLUMN quiet_since INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET quiet_since = updated_at;
CREATE INDEX sessions_quiet ON sessions (quiet_since);

-- All of a session, and what a reference to it is checked by: the other index has only those that are not over.
CREATE INDEX callbacks_by_session ON callbacks (session_id);

-- The first answer of a key names the handoff, with which it goes.
UPDATE idempotency SET handoff_id = json_extract(answer, '$.handoffId') WHERE answer IS NOT NULL;
CREATE INDEX idempotency_of_handoff ON idempotency (handoff_id) WHERE handoff_id IS NOT NULL;

-- Pushes of a conversation that is no session's.
CREATE INDEX events_of_nobody ON events (json_extract(body, '$.conversationId'))
  WHERE session_id IS NULL AND source = 'conversations';
