-- Version 11: the ledger. A row is only ever added: none is changed, none is deleted.

CREATE TABLE ledger (
    seq              INTEGER PRIMARY KEY AUTOINCREMENT,
    store            TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('deposit', 'credit', 'correction')),
    receiver         TEXT NOT NULL,            -- as in deposits
    checkout_id      TEXT REFERENCES checkouts (id), -- none for a customer
    deposit          TEXT NOT NULL,            -- as id in deposits
    currency         TEXT NOT NULL,
    source           TEXT NOT NULL,            -- what brought the row about
    at               INTEGER NOT NULL,         -- when it was written
    -- Of a deposit, when it began to count.
    transaction_id   TEXT,                     -- the gateway's id of it, which no other deposit to its store has
    received         TEXT,
    asked            TEXT,                     -- by the invoice's pricing in force; none where any amount is taken, or it is not known
    expected         TEXT,                     -- how much of that was still due
    sender           TEXT,
    transaction_hash TEXT,
    deposited_at     INTEGER,                  -- by the gateway
    late             INTEGER,                  -- whether that was after the invoice's expiry; none for a customer
    second           TEXT,                     -- in which way the checkout had no use for it
    -- Of a credit.
    credited         TEXT,
    fee              TEXT,
    -- Worth of the deposit at its sale, or of the credit then.
    fiat             TEXT,
    rate             TEXT,
    worth            TEXT,
    -- Of a correction.
    reason           TEXT,
    says             TEXT,                     -- none if the gateway says nothing of it any more
    CHECK ((kind = 'deposit') = (transaction_id IS NOT NULL AND received IS NOT NULL AND deposited_at IS NOT NULL)),
    CHECK ((kind = 'correction') = (reason IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX ledger_counts_once ON ledger (store, transaction_id) WHERE kind = 'deposit';
CREATE UNIQUE INDEX ledger_by_deposit ON ledger (receiver, deposit) WHERE kind = 'deposit';
CREATE INDEX ledger_by_receiver ON ledger (receiver, seq);

-- What counted before there was a ledger, with what is known of it. An invoice that is paid asks for what it did then; one deposit that is alone
-- with it was expected to be that, and has its fee. Such a row has the deposit's own time.
INSERT INTO ledger (store, kind, receiver, checkout_id, deposit, currency, source, at, transaction_id, received, asked, expected, sender,
                    transaction_hash, deposited_at, late)
    SELECT deposits.store, 'deposit', receiver, invoices.checkout_id, id, deposits.currency, 'upgrade', seen_at,
           CASE WHEN id LIKE 'hash:%' OR row_number() OVER (PARTITION BY deposits.store, id ORDER BY seen_at, receiver) > 1
                THEN id || '@' || receiver ELSE id END,
           deposits.amount,
           CASE WHEN phase IN ('paid', 'completed') AND invoices.amount <> '' THEN invoices.amount END,
           CASE WHEN phase IN ('paid', 'completed') AND invoices.amount <> '' AND count(*) OVER (PARTITION BY receiver) = 1
                THEN invoices.amount END,
           sender, deposits.transaction_hash, seen_at, seen_at >= expires_at
    FROM deposits LEFT JOIN invoices ON invoices.idempotency_key = deposits.receiver
    WHERE state = 'confirmed' ORDER BY deposits.seen_at, deposits.id, deposits.receiver;
INSERT INTO ledger (store, kind, receiver, checkout_id, deposit, currency, source, at, fee)
    SELECT ledger.store, 'credit', receiver, ledger.checkout_id, deposit, ledger.currency, 'upgrade', at,
           CASE WHEN count(*) OVER (PARTITION BY receiver) = 1 THEN fee END
    FROM (SELECT seq, store, receiver, checkout_id, deposit, currency, at FROM ledger) AS ledger
    JOIN invoices ON invoices.idempotency_key = receiver
    WHERE phase = 'completed' AND amount <> '' ORDER BY ledger.seq;

CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN SELECT raise(ABORT, 'a row of the ledger is never changed'); END;
CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger
BEGIN SELECT raise(ABORT, 'a row of the ledger is never deleted'); END;
