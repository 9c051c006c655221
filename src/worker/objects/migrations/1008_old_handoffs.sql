-- The lists forget a handoff that its object has forgotten.
CREATE TRIGGER handoff_forgotten AFTER DELETE ON handoffs BEGIN
  UPDATE projections SET version = version + 1 WHERE handoff_id = OLD.id;
END;
