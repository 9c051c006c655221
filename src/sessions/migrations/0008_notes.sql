-- Kept for what notes need.
SELECT 1;
