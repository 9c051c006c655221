-- What a session's object has beyond the record.

-- Indexes that find one session's rows among many sessions': here they would cost a page each, and a row with every write.
DROP INDEX events_of_session;
DROP INDEX handoffs_of_session;
DROP INDEX handoffs_due;
DROP INDEX handoffs_parked_for_credentials;
DROP INDEX handoffs_pending;
DROP INDEX handoffs_of_conversation;
DROP INDEX IF EXISTS handoffs_without_agent;
DROP INDEX handoffs_at_platform;
DROP INDEX IF EXISTS handoffs_solved;
DROP INDEX steps_sent;
DROP INDEX sessions_of_conversation;
DROP INDEX conversations_heard;
DROP INDEX idempotency_by_expiry;
DROP INDEX callbacks_due;
DROP INDEX callbacks_of_session;
DROP INDEX callbacks_sent;
DROP INDEX callbacks_over;
DROP INDEX callbacks_of_handoff;

-- What it has to tell others, kept by the same commits that make it true.

-- Handoffs as the read model has them: behind while `version` is above `told`.
CREATE TABLE projections (
  handoff_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  told INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER handoff_opened AFTER INSERT ON handoffs BEGIN
  INSERT INTO projections (handoff_id, version, told) VALUES (NEW.id, 1, 0);
END;
CREATE TRIGGER handoff_changed AFTER UPDATE ON handoffs
WHEN NEW.state IS NOT OLD.state OR NEW.conversation_id IS NOT OLD.conversation_id OR NEW.agent_id IS NOT OLD.agent_id
  OR NEW.alerted_at IS NOT OLD.alerted_at OR NEW.returned_because IS NOT OLD.returned_because
  OR NEW.parked_because IS NOT OLD.parked_because OR NEW.deferred_until IS NOT OLD.deferred_until
BEGIN
  UPDATE projections SET version = version + 1 WHERE handoff_id = NEW.id;
END;

-- Conversations that this session is in: whoever hears of one has to know. `told`: it does.
CREATE TABLE claims (
  conversation_id TEXT PRIMARY KEY,
  told INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER conversation_of_handoff AFTER UPDATE ON handoffs
WHEN NEW.conversation_id IS NOT NULL AND NEW.conversation_id IS NOT OLD.conversation_id BEGIN
  INSERT INTO claims (conversation_id, told) VALUES (NEW.conversation_id, 0)
    ON CONFLICT (conversation_id) DO UPDATE SET told = 0;
END;
CREATE TRIGGER conversation_of_new_handoff AFTER INSERT ON handoffs
WHEN NEW.conversation_id IS NOT NULL BEGIN
  INSERT INTO claims (conversation_id, told) VALUES (NEW.conversation_id, 0)
    ON CONFLICT (conversation_id) DO UPDATE SET told = 0;
END;
CREATE TRIGGER conversation_of_session AFTER UPDATE ON sessions
WHEN NEW.conversation_id IS NOT NULL AND NEW.conversation_id IS NOT OLD.conversation_id BEGIN
  INSERT INTO claims (conversation_id, told) VALUES (NEW.conversation_id, 0)
    ON CONFLICT (conversation_id) DO UPDATE SET told = 0;
END;
