-- Version 18: what merchants have decided about checkouts, and refunds.

ALTER TABLE checkouts ADD COLUMN closed_at BIGINT; -- when its merchant has closed it for its buyer

ALTER TABLE invoices ADD COLUMN accepted_at BIGINT; -- when its merchant has accepted what it has received as enough

-- What the gateway has to be told, written down before it is.
CREATE TABLE decisions (
    checkout_id TEXT COLLATE "C" NOT NULL REFERENCES checkouts (id) ON DELETE CASCADE,
    store       TEXT COLLATE "C" NOT NULL,
    act         TEXT COLLATE "C" NOT NULL,
    invoice     TEXT COLLATE "C" NOT NULL,     -- key of the invoice, empty for what is decided about the checkout
    decided_at  BIGINT NOT NULL,
    state       TEXT NOT NULL,
    due_at      BIGINT NOT NULL,               -- when the gateway is told next of an open one
    PRIMARY KEY (checkout_id, act, invoice)
);

CREATE INDEX decisions_open ON decisions (store, due_at) WHERE state = 'open';

-- What is sent back, as records. Those that are not cancelled never sum up to more than was received.
CREATE TABLE refunds (
    id               TEXT COLLATE "C" PRIMARY KEY,
    store            TEXT COLLATE "C" NOT NULL,
    checkout_id      TEXT COLLATE "C" NOT NULL REFERENCES checkouts (id),
    owner            TEXT COLLATE "C" NOT NULL, -- whose money it is, the checkout's or its customer's as in deposits
    invoice          TEXT,                     -- key of the invoice it is about
    deposit          TEXT,                     -- the gateway's id of the deposit it is about
    currency         TEXT COLLATE "C" NOT NULL,
    amount           TEXT NOT NULL,
    address          TEXT NOT NULL,            -- where it goes
    reason           TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'sent', 'cancelled')),
    requested_at     BIGINT NOT NULL,
    approved_at      BIGINT,
    sent_at          BIGINT,
    transaction_hash TEXT,                     -- by the merchant's word
    cancelled_at     BIGINT,
    idempotency_key  TEXT COLLATE "C" NOT NULL,
    fingerprint      BYTEA NOT NULL,           -- SHA-256 of the request's body
    UNIQUE (store, idempotency_key)
);

CREATE INDEX refunds_by_owner ON refunds (owner, currency);
CREATE INDEX refunds_by_time ON refunds (store, requested_at, id);
