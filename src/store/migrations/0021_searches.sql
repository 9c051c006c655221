-- Every column is described in docs/storage.md.

-- Lists by reason, the newest first. A handoff keeps its reason, so a row is written once.
CREATE INDEX handoffs_of_reason ON handoffs (reason, id);

-- Lists by tag. Triggers write it, so that no writer of handoffs has to know of it.
CREATE TABLE handoff_tags (
  tag TEXT NOT NULL,
  handoff_id TEXT NOT NULL,
  PRIMARY KEY (tag, handoff_id)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO handoff_tags
  SELECT t.value, h.id FROM handoffs AS h, json_each(iif(json_valid(h.decision), h.decision, '{}'), '$.tags') AS t
  WHERE t.type = 'text';
CREATE TRIGGER handoff_tags_added AFTER INSERT ON handoffs BEGIN
  INSERT OR IGNORE INTO handoff_tags SELECT value, NEW.id FROM json_each(NEW.decision, '$.tags') WHERE type = 'text';
END;
CREATE TRIGGER handoff_tags_changed AFTER UPDATE OF decision ON handoffs BEGIN
  DELETE FROM handoff_tags WHERE handoff_id = OLD.id
    AND tag IN (SELECT value FROM json_each(iif(json_valid(OLD.decision), OLD.decision, '{}'), '$.tags'));
  INSERT OR IGNORE INTO handoff_tags SELECT value, NEW.id FROM json_each(NEW.decision, '$.tags') WHERE type = 'text';
END;
CREATE TRIGGER handoff_tags_removed AFTER DELETE ON handoffs BEGIN
  DELETE FROM handoff_tags WHERE handoff_id = OLD.id
    AND tag IN (SELECT value FROM json_each(iif(json_valid(OLD.decision), OLD.decision, '{}'), '$.tags'));
END;
