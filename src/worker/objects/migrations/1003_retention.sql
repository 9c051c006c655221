-- The rows of an object are gone through, and it forgets itself as a whole.
DROP INDEX IF EXISTS sessions_quiet;
DROP INDEX IF EXISTS callbacks_by_session;
DROP INDEX IF EXISTS idempotency_of_handoff;
DROP INDEX IF EXISTS events_of_nobody;
