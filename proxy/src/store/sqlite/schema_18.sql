-- Version 18: what merchants have decided about checkouts, and refunds.

ALTER TABLE checkouts ADD COLUMN closed_at INTEGER; -- when its merchant has closed it for its buyer

ALTER TABLE invoices ADD COLUMN accepted_at INTEGER; -- when its merchant has accepted what it has received as enough

-- What the gateway has to be told, written down before it is.
CREATE TABLE decisions (
    checkout_id TEXT NOT NULL REFERENCES checkouts (id) ON DELETE CASCADE,
    store       TEXT NOT NULL,
    act         TEXT NOT NULL,
    invoice     TEXT NOT NULL,                 -- key of the invoice; empty for what is decided about the checkout
    decided_at  INTEGER NOT NULL,
    state       TEXT NOT NULL,
    due_at      INTEGER NOT NULL,              -- when the gateway is told next of an open one
    PRIMARY KEY (checkout_id, act, invoice)
) STRICT, WITHOUT ROWID;

CREATE INDEX decisions_open ON decisions (store, due_at) WHERE state = 'open';

-- What is sent back, as records. Those that are not cancelled never sum up to more than was received.
CREATE TABLE refunds (
    id               TEXT PRIMARY KEY,
    store            TEXT NOT NULL,
    checkout_id      TEXT NOT NULL REFERENCES checkouts (id),
    owner            TEXT NOT NULL,            -- whose money it is: the checkout, or its customer as in deposits
    invoice          TEXT,                     -- key of the invoice it is about
    deposit          TEXT,                     -- the gateway's id of the deposit it is about
    currency         TEXT NOT NULL,
    amount           TEXT NOT NULL,
    address          TEXT NOT NULL,            -- where it goes
    reason           TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'sent', 'cancelled')),
    requested_at     INTEGER NOT NULL,
    approved_at      INTEGER,
    sent_at          INTEGER,
    transaction_hash TEXT,                     -- by the merchant's word
    cancelled_at     INTEGER,
    idempotency_key  TEXT NOT NULL,
    fingerprint      BLOB NOT NULL,            -- SHA-256 of the request's body
    UNIQUE (store, idempotency_key)
) STRICT;

CREATE INDEX refunds_by_owner ON refunds (owner, currency);
CREATE INDEX refunds_by_time ON refunds (store, requested_at, id);
