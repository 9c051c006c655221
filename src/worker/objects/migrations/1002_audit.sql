-- Operators' acts are kept over all sessions, in D1: the table stays empty here.
DROP INDEX IF EXISTS audit_by_time;
DROP INDEX IF EXISTS audit_of_operator;
DROP INDEX IF EXISTS audit_of_act;
DROP INDEX IF EXISTS audit_of_handoff;
