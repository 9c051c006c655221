-- Versions of flows are noted once for all sessions, in D1.
DROP TABLE IF EXISTS flow_versions;
