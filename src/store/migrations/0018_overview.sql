-- Every column is described in docs/storage.md.

-- When an agent first had it.
ALTER TABLE handoffs ADD COLUMN assigned_at INTEGER;

-- Callbacks that wait for an operator.
CREATE INDEX callbacks_set_aside ON callbacks (seq) WHERE state = 'refused' AND set_aside_because <> 'overtaken';
