-- Version 17: what the merchants' servers are told, written in the transaction of the change it tells of.

CREATE TABLE events (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,            -- follows from what is told, so that nothing is told twice
    store         TEXT NOT NULL,
    checkout_id   TEXT NOT NULL,                   -- names no row: an event outlives a checkout of a page that is deleted
    kind          TEXT NOT NULL,
    at            INTEGER NOT NULL,
    body          TEXT NOT NULL,                   -- what each delivery sends, byte for byte
    state         TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead', 'unsent')),
    tries         INTEGER NOT NULL DEFAULT 0,      -- attempts of the schedule
    attempts      TEXT NOT NULL DEFAULT '[]',      -- the latest ones, as JSON
    due_at        INTEGER NOT NULL,                -- when it is sent next; the year 9999 if it waits for an earlier one of its checkout, or is not
    kept_from     INTEGER NOT NULL,                -- when it was written, or last asked for
    claimed_by    TEXT NOT NULL DEFAULT '',        -- who sends it just now
    claimed_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX events_due ON events (store, due_at) WHERE state = 'pending';
CREATE INDEX events_waiting ON events (checkout_id, seq) WHERE state = 'pending';
CREATE INDEX events_of_stores ON events (store, seq);
CREATE INDEX events_of_checkouts ON events (checkout_id, seq);
CREATE INDEX events_age ON events (kept_from);

-- Targets that have answered with 410: they want no more.
CREATE TABLE gone_targets (
    store TEXT PRIMARY KEY,
    mark  TEXT NOT NULL,                           -- SHA-256 of its URL
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whether what time has brought to a checkout was told. Those that closed before there were events are told of no more.
ALTER TABLE checkouts ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
UPDATE checkouts SET closed = 1 WHERE expires_at <= unixepoch('now') * 1000;
CREATE INDEX checkouts_to_close ON checkouts (store, expires_at) WHERE closed = 0;
CREATE INDEX checkouts_of_customers ON checkouts (store, customer, created_at) WHERE customer IS NOT NULL;
