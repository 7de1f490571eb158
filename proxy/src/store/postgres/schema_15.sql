-- Version 15: a shop's checkouts in the order in which its server lists them.

CREATE INDEX checkouts_by_creation ON checkouts (store, created_at, id);
