-- The fields of a request that could not be used, or not whole: a JSON list of names.
ALTER TABLE events ADD COLUMN left_out TEXT;
