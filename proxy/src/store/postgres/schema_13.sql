-- Version 13: which proxy is asking the gateway for an attempt's invoice or for a customer, and until when others leave it to that one.

ALTER TABLE invoice_requests ADD COLUMN claimed_by TEXT NOT NULL DEFAULT '';      -- a name that each run of a proxy has for itself
ALTER TABLE invoice_requests ADD COLUMN claimed_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN claimed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN claimed_until BIGINT NOT NULL DEFAULT 0;
