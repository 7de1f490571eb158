-- Version 8: several stores in one file. A row names its store, or belongs to a row that does: alarms and chosen purses to their
-- checkouts, flags to what the deposits beside them were paid to. What was there before belongs to the store 'default'.

ALTER TABLE checkouts ADD COLUMN store TEXT NOT NULL DEFAULT 'default';
ALTER TABLE invoice_requests ADD COLUMN store TEXT NOT NULL DEFAULT 'default';
ALTER TABLE deposits ADD COLUMN store TEXT NOT NULL DEFAULT 'default';
ALTER TABLE deposit_flags ADD COLUMN store TEXT NOT NULL DEFAULT 'default';

DROP INDEX checkouts_by_external_id;
CREATE INDEX checkouts_by_external_id ON checkouts (store, external_id, created_at, id) WHERE external_id IS NOT NULL;

-- Below are tables in which a value was the only one of its kind, and now is within its store alone.

CREATE TABLE invoices_of_stores (
    idempotency_key   TEXT PRIMARY KEY REFERENCES invoice_requests (idempotency_key),
    store             TEXT NOT NULL,
    checkout_id       TEXT NOT NULL REFERENCES checkouts (id),
    currency          TEXT NOT NULL,
    attempt           INTEGER NOT NULL,
    gateway_id        TEXT NOT NULL,
    address           TEXT NOT NULL,
    amount            TEXT NOT NULL,           -- to pay, by the latest pricing; empty for a top-up's
    received          TEXT NOT NULL,
    phase             TEXT NOT NULL,
    status            TEXT NOT NULL,           -- the gateway's own word
    intervention      TEXT,
    transaction_hash  TEXT,
    priced_at         INTEGER NOT NULL,
    expires_at        INTEGER NOT NULL,
    chosen            INTEGER NOT NULL,        -- rises with every choice of the buyer; the highest is the one shown
    second_payment_at INTEGER,
    fee               TEXT,
    latest_expiry     INTEGER NOT NULL DEFAULT 0,
    held_at           INTEGER,
    paid_at           INTEGER,
    looked_at         INTEGER,
    watched_until     INTEGER NOT NULL DEFAULT 253402300799999,
    saw_money         INTEGER NOT NULL DEFAULT 1,
    UNIQUE (store, gateway_id),
    UNIQUE (checkout_id, currency, attempt)
) STRICT;

INSERT INTO invoices_of_stores
    SELECT idempotency_key, 'default', checkout_id, currency, attempt, gateway_id, address, amount, received, phase, status, intervention,
           transaction_hash, priced_at, expires_at, chosen, second_payment_at, fee, latest_expiry, held_at, paid_at, looked_at,
           watched_until, saw_money
    FROM invoices ORDER BY rowid;
DROP TABLE invoices;
ALTER TABLE invoices_of_stores RENAME TO invoices;
CREATE INDEX invoices_by_checkout ON invoices (checkout_id, chosen);
CREATE INDEX invoices_by_address ON invoices (address);
CREATE INDEX invoices_watched ON invoices (watched_until);

CREATE TABLE customers_of_stores (
    store      TEXT NOT NULL,
    customer   TEXT NOT NULL,                  -- the merchant's own id
    gateway_id TEXT,                           -- none until the gateway's answer is on disk
    open_calls INTEGER NOT NULL CHECK (open_calls >= 0), -- calls whose outcome is not on disk; each may have made a customer
    started_at INTEGER NOT NULL,
    shown_at   INTEGER,                        -- when an address was last shown, to the hour; none while none was
    due_at     INTEGER NOT NULL DEFAULT 0,     -- when the watcher reads it next
    PRIMARY KEY (store, customer),
    UNIQUE (store, gateway_id)
) STRICT;

CREATE TABLE purses_of_stores (
    store        TEXT NOT NULL,
    customer     TEXT NOT NULL,
    currency     TEXT NOT NULL,
    address      TEXT NOT NULL,
    confirmed_at INTEGER NOT NULL,             -- when the gateway last named this address, to the hour
    PRIMARY KEY (store, customer, currency),
    FOREIGN KEY (store, customer) REFERENCES customers_of_stores (store, customer)
) STRICT, WITHOUT ROWID;

INSERT INTO customers_of_stores
    SELECT 'default', customer, gateway_id, open_calls, started_at, shown_at, due_at FROM customers ORDER BY rowid;
INSERT INTO purses_of_stores SELECT 'default', customer, currency, address, confirmed_at FROM purses;
DROP TABLE purses;
DROP TABLE customers;
ALTER TABLE customers_of_stores RENAME TO customers;
ALTER TABLE purses_of_stores RENAME TO purses;
CREATE INDEX customers_due ON customers (due_at) WHERE shown_at IS NOT NULL;
CREATE INDEX purses_by_address ON purses (address);

CREATE TABLE idempotency_keys_of_stores (
    store       TEXT NOT NULL,
    scope       TEXT NOT NULL,                 -- who called: 'merchant', or a page of an origin for a product
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,                 -- SHA-256 of the request's body
    checkout_id TEXT,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (store, scope, key)
) STRICT, WITHOUT ROWID;

INSERT INTO idempotency_keys_of_stores
    SELECT 'default', scope, key, fingerprint, checkout_id, created_at FROM idempotency_keys;
DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_of_stores RENAME TO idempotency_keys;
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
