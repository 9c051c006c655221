-- Every column is described in docs/storage.md.

-- Alerts that are open, or whose end the webhook was not told yet. Few, and nothing personal.
CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  bot TEXT,
  account TEXT,
  handoff_id TEXT,
  count INTEGER NOT NULL,
  since INTEGER NOT NULL,
  over_at INTEGER,
  told TEXT,
  told_count INTEGER NOT NULL,
  tries INTEGER NOT NULL
) STRICT;
