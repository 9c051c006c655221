-- Every column is described in docs/storage.md.

CREATE TABLE callbacks (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  bot TEXT NOT NULL,
  session_id INTEGER NOT NULL REFERENCES sessions (id),
  handoff_id TEXT REFERENCES handoffs (id),
  type TEXT NOT NULL,
  data TEXT,
  state TEXT NOT NULL CHECK (state IN ('ready', 'sent', 'done', 'refused')),
  tries INTEGER NOT NULL,
  tries_since INTEGER,
  next_at INTEGER,
  lease_until INTEGER,
  fence INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Only the first of a session that is not over has a time; those behind it get theirs when it is over.
CREATE INDEX callbacks_due ON callbacks (bot, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX callbacks_of_session ON callbacks (session_id, seq) WHERE state IN ('ready', 'sent');
CREATE INDEX callbacks_sent ON callbacks (seq) WHERE state = 'sent';
CREATE INDEX callbacks_over ON callbacks (created_at) WHERE state IN ('done', 'refused');
CREATE INDEX callbacks_of_handoff ON callbacks (handoff_id, seq) WHERE handoff_id IS NOT NULL;

CREATE TABLE callback_attempts (
  callback_id TEXT NOT NULL REFERENCES callbacks (id),
  fence INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT CHECK (outcome IN ('ok', 'refused', 'unknown')),
  status INTEGER,
  code TEXT,
  PRIMARY KEY (callback_id, fence)
) STRICT, WITHOUT ROWID;
