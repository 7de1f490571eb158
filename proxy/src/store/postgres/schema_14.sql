-- Version 14: what proxies that share a database know of each other's readings of the gateway; and deliveries by what they came as.

-- Each reading that was made lately.
CREATE TABLE readings (
    subject       TEXT PRIMARY KEY,                -- the key of an invoice, a customer, or an address of theirs
    read_by       TEXT NOT NULL DEFAULT '',        -- a name that each run of a proxy has for itself
    read_at       BIGINT NOT NULL DEFAULT 0,       -- when the last reading began that succeeded
    claimed_by    TEXT NOT NULL DEFAULT '',        -- who reads it just now
    claimed_until BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX readings_age ON readings (read_at);

-- What is left of the readings of each gateway account.
CREATE TABLE budgets (
    account      TEXT PRIMARY KEY,
    remaining    BIGINT NOT NULL,                  -- in 60 000ths of a reading
    at           BIGINT NOT NULL,
    paused_until BIGINT NOT NULL DEFAULT 0         -- the gateway has had too many calls
);

-- The same event as other bytes has a row of its own, so that it takes the place of none that is open still.
ALTER TABLE deliveries DROP CONSTRAINT deliveries_pkey;
ALTER TABLE deliveries ADD PRIMARY KEY (store, event, fingerprint);
