-- Every column is described in docs/storage.md.

ALTER TABLE handoffs ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
