-- Version 10: webhooks of the gateway.

-- Subscriptions whose deliveries are taken, with the keys these are signed with.
CREATE TABLE subscriptions (
    store      TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,      -- the gateway's name of it, which the proxy has chosen
    url        TEXT NOT NULL,                  -- where its deliveries go
    public_key TEXT NOT NULL,
    secret     TEXT NOT NULL,
    kept_at    BIGINT NOT NULL,
    PRIMARY KEY (store, id)
);

-- What was told, each event of a shop once, and what became of it.
CREATE TABLE deliveries (
    store       TEXT COLLATE "C" NOT NULL,
    event       TEXT COLLATE "C" NOT NULL,     -- the gateway's id of the event, or a name made of its bytes
    fingerprint TEXT NOT NULL,                 -- SHA-256 of the body it came as last
    kind        TEXT NOT NULL,
    about       TEXT NOT NULL,                 -- 'invoice', 'invoice_key', 'customer', or empty
    subject     TEXT NOT NULL,                 -- what the gateway calls it
    happened_at BIGINT,
    received_at BIGINT NOT NULL,
    outcome     TEXT NOT NULL,
    due_at      BIGINT NOT NULL,               -- when an open one is tried next
    PRIMARY KEY (store, event)
);

CREATE INDEX deliveries_open ON deliveries (due_at) WHERE outcome = 'open';
CREATE INDEX deliveries_age ON deliveries (received_at);
