-- Every column is described in docs/storage.md.

CREATE TABLE secret_uses (
  bot TEXT NOT NULL,
  salt TEXT NOT NULL,
  hash TEXT NOT NULL,
  known_since INTEGER NOT NULL,
  last_used_at INTEGER,
  PRIMARY KEY (bot, hash)
) STRICT, WITHOUT ROWID;
