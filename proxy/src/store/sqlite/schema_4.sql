-- Version 4: deposits to every kind of address in every currency, contradictions about them, when customers are read, and look-up by
-- the merchant's own id.

ALTER TABLE deposits ADD COLUMN sender TEXT;           -- the address it came from
ALTER TABLE deposits ADD COLUMN missing_since INTEGER; -- since when the gateway's list has it no more

-- In what the gateway has contradicted itself about a deposit, each once.
CREATE TABLE deposit_flags (
    receiver TEXT NOT NULL,                    -- as in deposits
    deposit  TEXT NOT NULL,                    -- id of the deposit, or a name made for an entry nobody can read
    kind     TEXT NOT NULL,
    known    TEXT NOT NULL,                    -- what counts; empty where nothing was known
    read     TEXT NOT NULL,                    -- what the gateway said; empty where it said nothing any more
    seen_at  INTEGER NOT NULL,
    PRIMARY KEY (receiver, deposit, kind, read)
) STRICT, WITHOUT ROWID;

-- Customers are read for ever, less often the longer nobody has looked and nothing has arrived.
ALTER TABLE customers ADD COLUMN shown_at INTEGER;     -- when an address was last shown, to the hour; none while none was
ALTER TABLE customers ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0; -- when the watcher reads it next
UPDATE customers SET shown_at = (SELECT max(confirmed_at) FROM purses WHERE purses.customer = customers.customer);
CREATE INDEX customers_due ON customers (due_at) WHERE shown_at IS NOT NULL;

CREATE INDEX checkouts_by_external_id ON checkouts (external_id, created_at, id) WHERE external_id IS NOT NULL;
