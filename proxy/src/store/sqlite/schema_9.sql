-- Version 9: what has happened to a checkout or a customer, written in the transaction of the change.

CREATE TABLE history (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT, -- rises with every change and is never used again
    store       TEXT NOT NULL,
    checkout_id TEXT REFERENCES checkouts (id) ON DELETE CASCADE,
    customer    TEXT,                          -- UUID v5 of the customer, as in deposits
    at          INTEGER NOT NULL,
    source      TEXT NOT NULL,                 -- what brought it about
    kind        TEXT NOT NULL,
    invoice     TEXT,                          -- key of the invoice, or of the request that made none
    deposit     TEXT,                          -- the gateway's id of the deposit
    was         TEXT,                          -- none if there was nothing
    became      TEXT,
    CHECK ((checkout_id IS NULL) <> (customer IS NULL))
) STRICT;

CREATE INDEX history_by_checkout ON history (checkout_id, seq) WHERE checkout_id IS NOT NULL;
CREATE INDEX history_by_customer ON history (customer, seq) WHERE customer IS NOT NULL;

-- What is there begins with a word that says so, for the checkout, each invoice, and each deposit that counts.
INSERT INTO history (store, checkout_id, at, source, kind, became)
    SELECT store, id, created_at, 'upgrade', 'kept_before', trim(kind || ' ' || price_amount || ' ' || price_currency)
    FROM checkouts ORDER BY created_at, id;
INSERT INTO history (store, checkout_id, at, source, kind, invoice, became)
    SELECT store, checkout_id, priced_at, 'upgrade', 'kept_before', idempotency_key, phase || ' ' || received || ' ' || currency
    FROM invoices ORDER BY checkout_id, chosen;
INSERT INTO history (store, checkout_id, customer, at, source, kind, invoice, deposit, became)
    SELECT deposits.store, invoices.checkout_id, CASE WHEN invoices.checkout_id IS NULL THEN receiver END, seen_at, 'upgrade', 'deposit_confirmed',
           invoices.idempotency_key, deposits.id, deposits.amount || ' ' || deposits.currency
    FROM deposits LEFT JOIN invoices ON invoices.idempotency_key = deposits.receiver
    WHERE state = 'confirmed' ORDER BY seen_at, deposits.id;

-- An entry is never changed, and goes only together with its checkout.
CREATE TRIGGER history_is_never_changed BEFORE UPDATE ON history
BEGIN SELECT raise(ABORT, 'history is never changed'); END;
CREATE TRIGGER history_is_kept BEFORE DELETE ON history
    WHEN old.customer IS NOT NULL OR EXISTS (SELECT 1 FROM checkouts WHERE id = old.checkout_id)
BEGIN SELECT raise(ABORT, 'history is kept as long as its checkout'); END;
