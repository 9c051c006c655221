-- The few handoffs of an object are gone through.
DROP INDEX IF EXISTS handoffs_late_at;
