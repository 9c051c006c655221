-- Every column is described in docs/storage.md.

-- Up to which event the agent was told what was said; null: nothing yet.
ALTER TABLE handoffs ADD COLUMN told_until INTEGER;
ALTER TABLE handoffs ADD COLUMN words_at INTEGER;
ALTER TABLE handoffs ADD COLUMN on_channel INTEGER CHECK (on_channel IN (0, 1));

-- What is open has its note already written into its steps: what was said since is told with the next words.
UPDATE handoffs SET told_until = coalesce(
    (SELECT max(seq) FROM events WHERE events.session_id = handoffs.session_id AND received_at <= handoffs.created_at), 0)
  WHERE state NOT IN ('returned', 'cancelled')
    AND EXISTS (SELECT 1 FROM steps WHERE handoff_id = handoffs.id AND json_extract(arguments, '$.kind') = 'note');
UPDATE handoffs SET on_channel = 0
  WHERE EXISTS (SELECT 1 FROM steps WHERE handoff_id = handoffs.id
    AND json_extract(arguments, '$.kind') = 'conversation' AND json_extract(arguments, '$.adopt') IS NULL);
