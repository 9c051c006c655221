-- Nobody but the one process that has the record works on it: the fence and the start of that process say what is on its way.

ALTER TABLE steps DROP COLUMN lease_until;
-- Due again when its lease ended; now by the end of its request, or by the start of the next process.
UPDATE callbacks SET next_at = NULL WHERE state = 'sent';
ALTER TABLE callbacks DROP COLUMN lease_until;
