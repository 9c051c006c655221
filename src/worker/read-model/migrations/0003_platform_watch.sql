-- What the platform is asked about, in the order of its portions.
DROP INDEX IF EXISTS handoffs_at_platform;
DROP INDEX IF EXISTS handoffs_solved;
CREATE INDEX IF NOT EXISTS handoffs_watched ON handoffs (account, id) WHERE state IN ('routed', 'assigned');
CREATE INDEX IF NOT EXISTS handoffs_returned ON handoffs (account, updated_at, id)
  WHERE state = 'returned' AND (returned_because IS NULL OR returned_because NOT IN ('closed', 'deleted'));

-- Chats that a person has although no handoff brought them.
CREATE TABLE IF NOT EXISTS held (
  -- The Durable Object of its session, and the session there.
  object TEXT NOT NULL,
  session_id INTEGER NOT NULL,
  bot TEXT NOT NULL,
  account TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  agent_id TEXT,
  since INTEGER NOT NULL,
  PRIMARY KEY (object, session_id)
) STRICT;
CREATE INDEX IF NOT EXISTS held_of_account ON held (account, conversation_id);
