-- Every column is described in docs/storage.md.

-- What operators list, the newest first, and what a start tells of. Partial, so that only a query that says so uses it: those
-- of what is due, late or at the platform have better ones.
CREATE INDEX handoffs_by_state ON handoffs (state, id) WHERE state NOT IN ('returned');
CREATE INDEX handoffs_of_bot ON handoffs (bot, id);
CREATE INDEX handoffs_of_flow ON handoffs (flow, id);
