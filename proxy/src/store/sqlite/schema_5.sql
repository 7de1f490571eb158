-- Version 5: keys name their checkouts, and what nobody uses can be found.

-- Keys of requests name the checkout they made; the answer is put together anew each time, from the checkout as it is by then.
ALTER TABLE idempotency_keys ADD COLUMN checkout_id TEXT;
UPDATE idempotency_keys SET checkout_id = json_extract(body, '$.id'), body = '' WHERE json_valid(body);

-- When somebody last had a look at an invoice, to ten minutes; none when nobody ever had.
ALTER TABLE invoices ADD COLUMN looked_at INTEGER;

-- Checkouts made by pages, to find those that can be deleted.
CREATE INDEX checkouts_of_pages ON checkouts (expires_at) WHERE made_by = 'page';
