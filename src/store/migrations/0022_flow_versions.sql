-- Every column is described in docs/storage.md.

-- The version of each flow that the service runs, and since when.
CREATE TABLE flow_versions (
  flow TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
