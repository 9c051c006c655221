-- A bot's pending handoffs are counted: it has a share of the places.
DROP INDEX IF EXISTS handoffs_pending;
CREATE INDEX handoffs_pending ON handoffs (account, bot) WHERE state = 'pending';
