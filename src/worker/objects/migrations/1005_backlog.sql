-- One session's pending handoffs need no index.
DROP INDEX IF EXISTS handoffs_pending;
