-- Every column is described in docs/storage.md. Times are milliseconds since the epoch.

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  bot TEXT NOT NULL,
  session TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  control TEXT NOT NULL CHECK (control IN ('bot', 'queue', 'agent', 'nobody')),
  conversation_id TEXT,
  agent_id TEXT,
  facts TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (bot, session)
) STRICT;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  content_key BLOB,
  bot TEXT NOT NULL,
  source TEXT NOT NULL,
  session_id INTEGER REFERENCES sessions (id),
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'ignored')),
  rule TEXT,
  why TEXT,
  handoff_id TEXT,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;

CREATE INDEX events_of_session ON events (session_id, seq) WHERE session_id IS NOT NULL;
CREATE INDEX events_by_content ON events (content_key, received_at) WHERE content_key IS NOT NULL;

CREATE TABLE handoffs (
  id TEXT PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES sessions (id),
  bot TEXT NOT NULL,
  session TEXT NOT NULL,
  flow TEXT NOT NULL,
  account TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  token TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL
    CHECK (state IN ('pending', 'deferred', 'routed', 'assigned', 'returned', 'parked', 'cancelled')),
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  message TEXT,
  decision TEXT NOT NULL,
  routed_by TEXT NOT NULL CHECK (routed_by IN ('baton', 'answers')),
  keep_queue TEXT NOT NULL CHECK (keep_queue IN ('leave', 'enforce')),
  conversation_id TEXT,
  agent_id TEXT,
  replaces TEXT NOT NULL,
  parked_because TEXT,
  due_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  routed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX one_open_handoff ON handoffs (session_id) WHERE state NOT IN ('returned', 'cancelled');
CREATE INDEX handoffs_of_session ON handoffs (session_id, id);
CREATE INDEX handoffs_due ON handoffs (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE steps (
  handoff_id TEXT NOT NULL REFERENCES handoffs (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  arguments TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'sent', 'unknown', 'done', 'skipped', 'refused')),
  sends INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  first_sent_at INTEGER,
  next_at INTEGER NOT NULL,
  lease_until INTEGER,
  result TEXT,
  PRIMARY KEY (handoff_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX steps_sent ON steps (handoff_id) WHERE state = 'sent';

CREATE TABLE attempts (
  handoff_id TEXT NOT NULL REFERENCES handoffs (id),
  position INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT CHECK (outcome IN ('ok', 'refused', 'unknown')),
  status INTEGER,
  request_id TEXT,
  code TEXT,
  PRIMARY KEY (handoff_id, position, fence)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  bot TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  handoff_id TEXT,
  answer TEXT,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (bot, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
