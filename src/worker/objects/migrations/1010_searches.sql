-- Lists are the read model's.
DROP TRIGGER IF EXISTS handoff_tags_added;
DROP TRIGGER IF EXISTS handoff_tags_changed;
DROP TRIGGER IF EXISTS handoff_tags_removed;
DROP TABLE IF EXISTS handoff_tags;
DROP INDEX IF EXISTS handoffs_of_reason;
