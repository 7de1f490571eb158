-- Version 12: when each invoice is read next, so that those that are not due are not looked through.

ALTER TABLE invoices ADD COLUMN moved_at BIGINT NOT NULL DEFAULT 0; -- when it was made, or its phase or its money last moved
ALTER TABLE invoices ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;   -- when the watcher reads it next
UPDATE invoices SET moved_at = greatest(priced_at, held_at, paid_at);

DROP INDEX invoices_watched;
CREATE INDEX invoices_due ON invoices (store, due_at);

DROP INDEX deliveries_age;
CREATE INDEX deliveries_of_stores ON deliveries (store, received_at);
