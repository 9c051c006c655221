-- The version of each flow that the Worker runs, and since when.
CREATE TABLE IF NOT EXISTS flow_versions (
  flow TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;
