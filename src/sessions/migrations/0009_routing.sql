-- Kept for what routing needs.
SELECT 1;
