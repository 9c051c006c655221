-- Figures over all sessions are not asked of one.
DROP INDEX IF EXISTS callbacks_set_aside;
