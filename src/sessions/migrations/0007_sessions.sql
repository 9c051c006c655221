-- Kept for what a session is. An object takes no file without a statement.
SELECT 1;
