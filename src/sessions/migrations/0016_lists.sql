-- Every column is described in docs/storage.md.

-- What operators list, the newest first, and what a start tells of.
CREATE INDEX handoffs_by_state ON handoffs (state, id);
CREATE INDEX handoffs_of_bot ON handoffs (bot, id);
CREATE INDEX handoffs_of_flow ON handoffs (flow, id);
