-- What all migrations of a session's object make of nothing: see test/store/object-schema.test.ts.

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
  updated_at INTEGER NOT NULL, previous_conversation_id TEXT, returned_at INTEGER, notice TEXT, follows TEXT, follows_epoch INTEGER, quiet_since INTEGER NOT NULL DEFAULT 0,
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
, message TEXT, left_out TEXT, epoch INTEGER) STRICT;

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
, parked_for TEXT CHECK (parked_for IN ('person', 'credentials')), replacements INTEGER NOT NULL DEFAULT 0, continues TEXT, deferred_until INTEGER, waited INTEGER NOT NULL DEFAULT 0, alerted_at INTEGER, returned_because TEXT
  CHECK (returned_because IN ('solved', 'closed', 'deleted', 'given-to-bot', 'waited', 'nobody-there')), left_at INTEGER, told_until INTEGER, words_at INTEGER, on_channel INTEGER CHECK (on_channel IN (0, 1)), failures INTEGER NOT NULL DEFAULT 0, waiting_since INTEGER, late_at INTEGER, ended_at INTEGER, assigned_at INTEGER) STRICT, WITHOUT ROWID;

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
  result TEXT, tries INTEGER NOT NULL DEFAULT 0, tries_since INTEGER, sent_at INTEGER,
  PRIMARY KEY (handoff_id, position)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE scratch (filler BLOB NOT NULL) STRICT;

CREATE TABLE conversations (
  account TEXT NOT NULL,
  id TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('unknown', 'open', 'solved', 'closed', 'deleted')),
  status_at INTEGER NOT NULL,
  assignee TEXT NOT NULL CHECK (assignee IN ('unknown', 'none', 'bot', 'human')),
  agent_id TEXT,
  agent_name TEXT,
  assignee_at INTEGER NOT NULL,
  queue_id TEXT,
  queue_at INTEGER NOT NULL,
  customer_messages INTEGER NOT NULL,
  agent_messages INTEGER NOT NULL,
  heard_at INTEGER NOT NULL, agent_wrote_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

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
, set_aside_because TEXT) STRICT;

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

CREATE TABLE secret_uses (
  bot TEXT NOT NULL,
  salt TEXT NOT NULL,
  hash TEXT NOT NULL,
  known_since INTEGER NOT NULL,
  last_used_at INTEGER,
  PRIMARY KEY (bot, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE former_keys (received_until INTEGER NOT NULL) STRICT;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  operator TEXT NOT NULL,
  act TEXT NOT NULL,
  bot TEXT,
  handoff_id TEXT,
  callback_id TEXT,
  request_id TEXT NOT NULL,
  -- Null until the act has ended.
  outcome TEXT
) STRICT;

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

CREATE TABLE projections (
  handoff_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  told INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
  conversation_id TEXT PRIMARY KEY,
  told INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE held (
  session_id INTEGER PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  agent_id TEXT,
  is_held INTEGER NOT NULL,
  since INTEGER NOT NULL,
  version INTEGER NOT NULL,
  told INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX one_open_handoff ON handoffs (session_id) WHERE state NOT IN ('returned', 'cancelled');

CREATE INDEX handoffs_late ON handoffs (id) WHERE alerted_at IS NOT NULL AND state IN ('pending', 'routed');

CREATE TRIGGER handoff_opened AFTER INSERT ON handoffs BEGIN
  INSERT INTO projections (handoff_id, version, told) VALUES (NEW.id, 1, 0);
END;

CREATE TRIGGER handoff_changed AFTER UPDATE ON handoffs
WHEN NEW.state IS NOT OLD.state OR NEW.conversation_id IS NOT OLD.conversation_id OR NEW.agent_id IS NOT OLD.agent_id
  OR NEW.alerted_at IS NOT OLD.alerted_at OR NEW.returned_because IS NOT OLD.returned_because
  OR NEW.parked_because IS NOT OLD.parked_because OR NEW.deferred_until IS NOT OLD.deferred_until
BEGIN
  UPDATE projections SET version = version + 1 WHERE handoff_id = NEW.id;
END;

CREATE TRIGGER conversation_of_handoff AFTER UPDATE ON handoffs
WHEN NEW.conversation_id IS NOT NULL AND NEW.conversation_id IS NOT OLD.conversation_id BEGIN
  INSERT INTO claims (conversation_id, told) VALUES (NEW.conversation_id, 0)
    ON CONFLICT (conversation_id) DO UPDATE SET told = 0;
END;

CREATE TRIGGER conversation_of_new_handoff AFTER INSERT ON handoffs
WHEN NEW.conversation_id IS NOT NULL BEGIN
  INSERT INTO claims (conversation_id, told) VALUES (NEW.conversation_id, 0)
    ON CONFLICT (conversation_id) DO UPDATE SET told = 0;
END;

CREATE TRIGGER conversation_of_session AFTER UPDATE ON sessions
WHEN NEW.conversation_id IS NOT NULL AND NEW.conversation_id IS NOT OLD.conversation_id BEGIN
  INSERT INTO claims (conversation_id, told) VALUES (NEW.conversation_id, 0)
    ON CONFLICT (conversation_id) DO UPDATE SET told = 0;
END;

CREATE TRIGGER handoff_decision_changed AFTER UPDATE OF decision ON handoffs
WHEN NEW.decision IS NOT OLD.decision AND NEW.state IS OLD.state
BEGIN
  UPDATE projections SET version = version + 1 WHERE handoff_id = NEW.id;
END;

CREATE TRIGGER session_taken AFTER UPDATE ON sessions
WHEN NEW.control = 'agent' AND NEW.conversation_id IS NOT NULL
  AND (OLD.control <> 'agent' OR NEW.agent_id IS NOT OLD.agent_id)
  AND NOT EXISTS (SELECT 1 FROM handoffs
    WHERE conversation_id = NEW.conversation_id AND state NOT IN ('returned', 'cancelled'))
BEGIN
  INSERT INTO held (session_id, conversation_id, agent_id, is_held, since, version, told)
    VALUES (NEW.id, NEW.conversation_id, NEW.agent_id, 1, NEW.updated_at, 1, 0)
    ON CONFLICT (session_id) DO UPDATE SET conversation_id = excluded.conversation_id, agent_id = excluded.agent_id,
      is_held = 1, since = excluded.since, version = version + 1;
END;

CREATE TRIGGER session_given_back AFTER UPDATE ON sessions
WHEN OLD.control = 'agent' AND NEW.control <> 'agent' BEGIN
  UPDATE held SET is_held = 0, version = version + 1 WHERE session_id = NEW.id;
END;

CREATE TRIGGER session_erased AFTER DELETE ON sessions BEGIN
  DELETE FROM held WHERE session_id = OLD.id;
END;

CREATE TRIGGER handoff_forgotten AFTER DELETE ON handoffs BEGIN
  UPDATE projections SET version = version + 1 WHERE handoff_id = OLD.id;
END;
