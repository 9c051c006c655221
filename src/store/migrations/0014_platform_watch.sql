-- What the platform is asked about: handoffs that may come back to it, whatever gave them back, and chats that a person took
-- although no handoff brought them.
DROP INDEX IF EXISTS handoffs_solved;
CREATE INDEX handoffs_returned ON handoffs (account, updated_at)
  WHERE state = 'returned' AND (returned_because IS NULL OR returned_because NOT IN ('closed', 'deleted'));
CREATE INDEX sessions_with_agent ON sessions (conversation_id) WHERE control = 'agent';
