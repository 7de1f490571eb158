-- Version 14: what proxies that share a database know of each other's readings of the gateway; and deliveries by what they came as.

-- Each reading that was made lately. A file has one proxy, which remembers them by itself, so these two tables are empty here.
CREATE TABLE readings (
    subject       TEXT PRIMARY KEY,                -- the key of an invoice, a customer, or an address of theirs
    read_by       TEXT NOT NULL DEFAULT '',        -- a name that each run of a proxy has for itself
    read_at       INTEGER NOT NULL DEFAULT 0,      -- when the last reading began that succeeded
    claimed_by    TEXT NOT NULL DEFAULT '',        -- who reads it just now
    claimed_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX readings_age ON readings (read_at);

-- What is left of the readings of each gateway account.
CREATE TABLE budgets (
    account      TEXT PRIMARY KEY,
    remaining    INTEGER NOT NULL,                 -- in 60 000ths of a reading
    at           INTEGER NOT NULL,
    paused_until INTEGER NOT NULL DEFAULT 0        -- the gateway has had too many calls
) STRICT, WITHOUT ROWID;

-- The same event as other bytes has a row of its own, so that it takes the place of none that is open still.
ALTER TABLE deliveries RENAME TO deliveries_13;
CREATE TABLE deliveries (
    store       TEXT NOT NULL,
    event       TEXT NOT NULL,                 -- the gateway's id of the event, or a name made of its bytes
    fingerprint TEXT NOT NULL,                 -- SHA-256 of the body it came as
    kind        TEXT NOT NULL,
    about       TEXT NOT NULL,                 -- 'invoice', 'invoice_key', 'customer', or empty
    subject     TEXT NOT NULL,                 -- what the gateway calls it
    happened_at INTEGER,
    received_at INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    due_at      INTEGER NOT NULL,              -- when an open one is tried next
    PRIMARY KEY (store, event, fingerprint)
) STRICT, WITHOUT ROWID;
INSERT INTO deliveries (store, event, fingerprint, kind, about, subject, happened_at, received_at, outcome, due_at)
    SELECT store, event, fingerprint, kind, about, subject, happened_at, received_at, outcome, due_at FROM deliveries_13;
DROP TABLE deliveries_13;
CREATE INDEX deliveries_open ON deliveries (due_at) WHERE outcome = 'open';
CREATE INDEX deliveries_of_stores ON deliveries (store, received_at);
