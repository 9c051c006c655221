-- Handoffs as lists show them, over all sessions: written by the sessions' own outboxes, so it may lag behind them.
CREATE TABLE IF NOT EXISTS handoffs (
  id TEXT PRIMARY KEY,
  -- The Durable Object of its session.
  object TEXT NOT NULL,
  bot TEXT NOT NULL,
  flow TEXT NOT NULL,
  account TEXT NOT NULL,
  state TEXT NOT NULL,
  is_late INTEGER NOT NULL,
  conversation_id TEXT,
  returned_because TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- Of the row: what arrives late changes nothing.
  version INTEGER NOT NULL,
  -- The handoff as the object has it, as JSON.
  body TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS handoffs_of_bot ON handoffs (bot, id);
CREATE INDEX IF NOT EXISTS handoffs_by_state ON handoffs (state, id);
CREATE INDEX IF NOT EXISTS handoffs_of_object ON handoffs (object);
CREATE INDEX IF NOT EXISTS handoffs_of_conversation ON handoffs (account, conversation_id);
CREATE INDEX IF NOT EXISTS handoffs_at_platform ON handoffs (account, created_at) WHERE state IN ('routed', 'assigned');
CREATE INDEX IF NOT EXISTS handoffs_solved ON handoffs (account, updated_at) WHERE returned_because = 'solved';
