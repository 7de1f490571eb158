-- Version 2: checkouts without a price, customers with permanent addresses, and what was paid to either.

-- A checkout without a price has empty texts in price_amount and price_currency, which version 1 made NOT NULL; so has the invoice of
-- a top-up in amount.
ALTER TABLE checkouts ADD COLUMN kind TEXT NOT NULL DEFAULT 'payment' CHECK (kind IN ('payment', 'topup', 'deposit'));
ALTER TABLE checkouts ADD COLUMN customer TEXT; -- the merchant's own id of the customer; of deposits only

-- The gateway's customers, by the merchant's own ids. A row is committed before the gateway is called, which has no idempotency key
-- for this call: see decision record 0005.
CREATE TABLE customers (
    customer   TEXT PRIMARY KEY,
    gateway_id TEXT UNIQUE,                    -- none until the gateway's answer is on disk
    open_calls INTEGER NOT NULL CHECK (open_calls >= 0), -- calls whose outcome is not on disk; each may have made a customer
    started_at INTEGER NOT NULL
) STRICT;

CREATE TABLE purses (
    customer     TEXT NOT NULL REFERENCES customers (customer),
    currency     TEXT NOT NULL,
    address      TEXT NOT NULL,
    confirmed_at INTEGER NOT NULL,             -- when the gateway last named this address, to the hour
    PRIMARY KEY (customer, currency)
) STRICT, WITHOUT ROWID;

CREATE INDEX purses_by_address ON purses (address);

-- The currency a buyer has picked in a deposit checkout.
CREATE TABLE chosen_purses (
    checkout_id TEXT PRIMARY KEY REFERENCES checkouts (id),
    currency    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE deposits (
    receiver         TEXT NOT NULL,            -- key of the top-up's invoice, or UUID v5 of the customer
    id               TEXT NOT NULL,            -- the gateway's
    currency         TEXT NOT NULL,
    amount           TEXT NOT NULL,
    state            TEXT NOT NULL,
    transaction_hash TEXT,
    seen_at          INTEGER NOT NULL,
    PRIMARY KEY (receiver, id)
) STRICT, WITHOUT ROWID;
