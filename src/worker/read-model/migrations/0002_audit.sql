-- Who did what as an operator. Nothing personal: of a session's acts the bot and the id of its last handoff.
CREATE TABLE IF NOT EXISTS audit (
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
CREATE INDEX IF NOT EXISTS audit_by_time ON audit (at);
CREATE INDEX IF NOT EXISTS audit_of_operator ON audit (operator, seq);
CREATE INDEX IF NOT EXISTS audit_of_act ON audit (act, seq);
CREATE INDEX IF NOT EXISTS audit_of_handoff ON audit (handoff_id, seq) WHERE handoff_id IS NOT NULL;
