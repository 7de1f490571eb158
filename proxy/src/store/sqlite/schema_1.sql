-- Version 1. Times are milliseconds since the Unix epoch, amounts are decimal text exactly as parsed.

CREATE TABLE checkouts (
    id             TEXT PRIMARY KEY,           -- UUID v4; whoever has it may see and pay the checkout
    made_by        TEXT NOT NULL CHECK (made_by IN ('merchant', 'page')),
    product        TEXT,                       -- key of the price list, for checkouts made by a page
    price_amount   TEXT NOT NULL,
    price_currency TEXT NOT NULL,
    description    TEXT NOT NULL,
    currencies     TEXT NOT NULL,              -- codes offered, in order, separated by one space
    external_id    TEXT,
    return_url     TEXT,
    support_url    TEXT,
    logo_url       TEXT,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL
) STRICT;

-- What was asked of the gateway: committed before the call, so that a retry after a crash asks for the same thing again.
CREATE TABLE invoice_requests (
    idempotency_key TEXT PRIMARY KEY,          -- UUID v5 of checkout, currency and attempt
    checkout_id     TEXT NOT NULL REFERENCES checkouts (id),
    currency        TEXT NOT NULL,
    attempt         INTEGER NOT NULL CHECK (attempt >= 1),
    expiration      INTEGER,                   -- the one part of the request that the checkout does not fix
    state           TEXT NOT NULL CHECK (state IN ('started', 'made', 'refused')),
    started_at      INTEGER NOT NULL,
    UNIQUE (checkout_id, currency, attempt)
) STRICT;

CREATE INDEX invoice_requests_started ON invoice_requests (started_at) WHERE state = 'started';

CREATE TABLE invoices (
    idempotency_key   TEXT PRIMARY KEY REFERENCES invoice_requests (idempotency_key),
    checkout_id       TEXT NOT NULL REFERENCES checkouts (id),
    currency          TEXT NOT NULL,
    attempt           INTEGER NOT NULL,
    gateway_id        TEXT NOT NULL UNIQUE,
    address           TEXT NOT NULL,
    amount            TEXT NOT NULL,           -- to pay, by the latest pricing
    received          TEXT NOT NULL,
    phase             TEXT NOT NULL,
    status            TEXT NOT NULL,           -- the gateway's own word
    intervention      TEXT,
    transaction_hash  TEXT,
    priced_at         INTEGER NOT NULL,        -- when the amount was last worked out
    expires_at        INTEGER NOT NULL,
    chosen            INTEGER NOT NULL,        -- rises with every choice of the buyer; the highest is the one shown
    second_payment_at INTEGER,                 -- when money was seen here although the checkout had money already
    UNIQUE (checkout_id, currency, attempt)
) STRICT;

CREATE INDEX invoices_by_checkout ON invoices (checkout_id, chosen);
CREATE INDEX invoices_watched ON invoices (expires_at)
    WHERE phase NOT IN ('completed', 'archived');

CREATE TABLE idempotency_keys (
    scope       TEXT NOT NULL,                 -- who called: 'merchant' or 'page'
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,                 -- SHA-256 of the request's body
    status      INTEGER NOT NULL,
    body        TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
