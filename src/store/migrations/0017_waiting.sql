-- Since when a handoff that is routed waits for an agent: the route, or the last time that an agent gave it back.
ALTER TABLE handoffs ADD COLUMN waiting_since INTEGER;
UPDATE handoffs SET waiting_since = coalesce(routed_at, updated_at) WHERE state = 'routed';

-- When whoever runs this is to be told that it has no agent; null: told, or not to be told.
ALTER TABLE handoffs ADD COLUMN late_at INTEGER;
UPDATE handoffs SET late_at = coalesce(deferred_until, created_at)
    + min(60000, coalesce(json_extract(decision, '$.alertAfterMs'), 300000))
  WHERE state = 'pending' AND alerted_at IS NULL AND left_at IS NULL;
UPDATE handoffs SET late_at = max(waiting_since, coalesce(json_extract(decision, '$.opensAt'), 0))
    + coalesce(json_extract(decision, '$.alertAfterMs'), 300000)
  WHERE state = 'routed' AND alerted_at IS NULL AND left_at IS NULL;
DROP INDEX IF EXISTS handoffs_without_agent;
CREATE INDEX handoffs_late_at ON handoffs (late_at) WHERE late_at IS NOT NULL;

-- When an operator ended it: its `returned_because` is null then.
ALTER TABLE handoffs ADD COLUMN ended_at INTEGER;
-- The newest time at which an agent wrote, by the platform's clock.
ALTER TABLE conversations ADD COLUMN agent_wrote_at INTEGER NOT NULL DEFAULT 0;
