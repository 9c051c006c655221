-- Keys of events begin with the number of their session from now on. An earlier build would not know them again and take a
-- repeated event for a new one, so it must not open the file: the version says so, and nothing else changes.
SELECT 1;
