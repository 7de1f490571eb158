-- Version 3: invoices stay watched after their end, the first one paid decides, and contradictions of the gateway are kept.

ALTER TABLE invoices ADD COLUMN fee TEXT;                -- the gateway's, as far as it is known
ALTER TABLE invoices ADD COLUMN latest_expiry INTEGER NOT NULL DEFAULT 0; -- the latest expires_at ever read
ALTER TABLE invoices ADD COLUMN held_at INTEGER;         -- when money was first seen that had arrived
ALTER TABLE invoices ADD COLUMN paid_at INTEGER;         -- when it was first seen to be paid

UPDATE invoices SET latest_expiry = expires_at;
UPDATE invoices SET held_at = coalesce(second_payment_at, priced_at) WHERE received <> '0';
-- Of several paid ones the first is the one that was not reported as a second payment.
UPDATE invoices SET paid_at = coalesce(second_payment_at, priced_at) WHERE phase IN ('paid', 'completed');

DROP INDEX invoices_watched;
CREATE INDEX invoices_watched ON invoices (latest_expiry);
CREATE INDEX invoices_by_address ON invoices (address);

-- What the gateway contradicted itself about, once per invoice and kind.
CREATE TABLE alarms (
    checkout_id TEXT NOT NULL REFERENCES checkouts (id) ON DELETE CASCADE,
    invoice     TEXT NOT NULL,                 -- key of the invoice, or of the request that made none
    kind        TEXT NOT NULL,
    detail      TEXT NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (checkout_id, invoice, kind)
) STRICT, WITHOUT ROWID;
