-- Every column is described in docs/storage.md.

ALTER TABLE sessions ADD COLUMN previous_conversation_id TEXT;
ALTER TABLE sessions ADD COLUMN returned_at INTEGER;
ALTER TABLE sessions ADD COLUMN notice TEXT;
CREATE INDEX sessions_of_conversation ON sessions (conversation_id) WHERE conversation_id IS NOT NULL;

ALTER TABLE events ADD COLUMN message TEXT;

ALTER TABLE handoffs ADD COLUMN continues TEXT;
ALTER TABLE handoffs ADD COLUMN deferred_until INTEGER;
ALTER TABLE handoffs ADD COLUMN waited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE handoffs ADD COLUMN alerted_at INTEGER;
ALTER TABLE handoffs ADD COLUMN returned_because TEXT
  CHECK (returned_because IN ('solved', 'closed', 'deleted', 'given-to-bot', 'waited', 'nobody-there'));

UPDATE handoffs SET returned_because = 'closed' WHERE state = 'returned';
CREATE INDEX handoffs_of_conversation ON handoffs (account, conversation_id, id) WHERE conversation_id IS NOT NULL;
-- What should have reached an agent, has not, and was not told of.
CREATE INDEX handoffs_without_agent ON handoffs (created_at)
  WHERE alerted_at IS NULL AND state IN ('pending', 'routed');
CREATE INDEX handoffs_late ON handoffs (id) WHERE alerted_at IS NOT NULL AND state IN ('pending', 'routed');
CREATE INDEX handoffs_at_platform ON handoffs (account, id) WHERE state IN ('routed', 'assigned');
-- What may be opened again.
CREATE INDEX handoffs_solved ON handoffs (account, updated_at) WHERE returned_because = 'solved';

-- What the platform told of conversations: for each field the newest word of it, whatever the order it came in.
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
  heard_at INTEGER NOT NULL,
  PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_heard ON conversations (heard_at);
