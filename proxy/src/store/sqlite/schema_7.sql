-- Version 7: what the rules say of an invoice is worked out when it is written, and only compared here. Rows that were there before are
-- worked out anew when this step is made.

-- Until when it is read; the default is the end of all time.
ALTER TABLE invoices ADD COLUMN watched_until INTEGER NOT NULL DEFAULT 253402300799999;
-- Whether there ever was a sign of money, or of somebody having to decide about some.
ALTER TABLE invoices ADD COLUMN saw_money INTEGER NOT NULL DEFAULT 1;

DROP INDEX invoices_watched;
CREATE INDEX invoices_watched ON invoices (watched_until);
