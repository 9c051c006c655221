-- The few sessions of an object are gone through.
DROP INDEX IF EXISTS sessions_following;

-- The lists show tags and queue as the platform has them.
CREATE TRIGGER handoff_decision_changed AFTER UPDATE OF decision ON handoffs
WHEN NEW.decision IS NOT OLD.decision AND NEW.state IS OLD.state
BEGIN
  UPDATE projections SET version = version + 1 WHERE handoff_id = NEW.id;
END;
