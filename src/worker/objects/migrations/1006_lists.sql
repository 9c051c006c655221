-- Lists are the read model's.
DROP INDEX IF EXISTS handoffs_by_state;
DROP INDEX IF EXISTS handoffs_of_bot;
DROP INDEX IF EXISTS handoffs_of_flow;
