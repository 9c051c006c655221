-- Every column is described in docs/storage.md.

-- The round of its session that an event belongs to.
ALTER TABLE events ADD COLUMN epoch INTEGER;
-- Rounds that may still go on keep what was said in them.
UPDATE events SET epoch = s.epoch FROM sessions AS s
  WHERE events.session_id = s.id AND events.source <> 'conversations' AND events.received_at >= coalesce(s.returned_at, 0)
    AND (s.updated_at > (SELECT max(updated_at) FROM sessions) - 86400000
      OR EXISTS (SELECT 1 FROM handoffs WHERE session_id = s.id AND state NOT IN ('returned', 'cancelled')));

-- An event without an id is compared with the newest one of its session.
DROP INDEX events_by_content;

-- Events received until then have keys that know neither their session nor what they say.
CREATE TABLE former_keys (received_until INTEGER NOT NULL) STRICT;
INSERT INTO former_keys SELECT received_at FROM events ORDER BY seq DESC LIMIT 1;

-- When the customer left while this handoff was open.
ALTER TABLE handoffs ADD COLUMN left_at INTEGER;
