-- Version 6: checkouts of pages know which network made them, so that each network has its turns.

-- A keyed hash of the network; the key is in the memory of the process alone. None for the merchant's own, and where it is not known.
ALTER TABLE checkouts ADD COLUMN network INTEGER;
-- To find those whose network is of no use any more.
CREATE INDEX checkouts_of_networks ON checkouts (expires_at) WHERE network IS NOT NULL;
