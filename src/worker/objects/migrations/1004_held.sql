-- The few rows of an object are gone through.
DROP INDEX IF EXISTS handoffs_returned;
DROP INDEX IF EXISTS sessions_with_agent;

-- Chats that a person has although no handoff brought them: the platform is asked about these too, by whoever has the account.
-- Behind while `version` is above `told`.
CREATE TABLE held (
  session_id INTEGER PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  agent_id TEXT,
  is_held INTEGER NOT NULL,
  since INTEGER NOT NULL,
  version INTEGER NOT NULL,
  told INTEGER NOT NULL
) STRICT;

CREATE TRIGGER session_taken AFTER UPDATE ON sessions
WHEN NEW.control = 'agent' AND NEW.conversation_id IS NOT NULL
  AND (OLD.control <> 'agent' OR NEW.agent_id IS NOT OLD.agent_id)
  AND NOT EXISTS (SELECT 1 FROM handoffs
    WHERE conversation_id = NEW.conversation_id AND state NOT IN ('returned', 'cancelled'))
BEGIN
  INSERT INTO held (session_id, conversation_id, agent_id, is_held, since, version, told)
    VALUES (NEW.id, NEW.conversation_id, NEW.agent_id, 1, NEW.updated_at, 1, 0)
    ON CONFLICT (session_id) DO UPDATE SET conversation_id = excluded.conversation_id, agent_id = excluded.agent_id,
      is_held = 1, since = excluded.since, version = version + 1;
END;
CREATE TRIGGER session_given_back AFTER UPDATE ON sessions
WHEN OLD.control = 'agent' AND NEW.control <> 'agent' BEGIN
  UPDATE held SET is_held = 0, version = version + 1 WHERE session_id = NEW.id;
END;
CREATE TRIGGER session_erased AFTER DELETE ON sessions BEGIN
  DELETE FROM held WHERE session_id = OLD.id;
END;

-- Sessions that are held already.
INSERT INTO held (session_id, conversation_id, agent_id, is_held, since, version, told)
  SELECT id, conversation_id, agent_id, 1, updated_at, 1, 0 FROM sessions
  WHERE control = 'agent' AND conversation_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM handoffs
    WHERE conversation_id = sessions.conversation_id AND state NOT IN ('returned', 'cancelled'));
