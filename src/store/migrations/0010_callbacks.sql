-- Every column is described in docs/storage.md.

ALTER TABLE callbacks ADD COLUMN set_aside_because TEXT;

UPDATE callbacks SET set_aside_because = coalesce(
    (SELECT code FROM callback_attempts WHERE callback_id = callbacks.id ORDER BY fence DESC LIMIT 1), 'refused')
  WHERE state = 'refused';

-- What tells who has the customer, and waits behind one that was tried and not taken, waits no longer.
UPDATE callbacks SET next_at = created_at WHERE seq IN (
  SELECT min(waiting.seq) FROM callbacks AS waiting JOIN callbacks AS head
    ON head.session_id = waiting.session_id AND head.state = 'ready' AND head.tries > 0 AND head.next_at IS NOT NULL
  WHERE waiting.state = 'ready' AND waiting.next_at IS NULL
    AND waiting.type IN ('handoff.routed', 'handoff.parked', 'handoff.returned', 'agent.joined')
  GROUP BY waiting.session_id);
