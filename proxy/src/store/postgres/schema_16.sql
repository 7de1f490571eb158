-- Version 16: checkouts that pages make from orders which the merchant's server has signed. A store has one checkout for each.

ALTER TABLE checkouts ADD COLUMN signed_order TEXT COLLATE "C"; -- the merchant's own id of the order
CREATE UNIQUE INDEX checkouts_by_signed_order ON checkouts (store, signed_order) WHERE signed_order IS NOT NULL;
