//! Rows of `decisions`: what merchants have decided, and when a checkout was closed by that.

use async_trait::async_trait;
use checkout::Timestamp;

use super::checkouts::snapshot;
use super::decision_rows::{listed, of_checkout};
use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::{Transaction, Values};
use super::{history, told};
use crate::checkouts::decision::{
    Act, Decision, DecisionName, DecisionState, LONGEST_PAUSE_SECONDS, Said,
};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::reading::events::facts;
use crate::reading::events::teller::Teller;
use crate::reading::history::{Cause, Entry};
use crate::store::database::{Decided, Decisions};
use crate::store::error::StoreError;
use crate::store::merchant_rows::decision_key;

#[async_trait]
impl Decisions for Postgres {
    async fn decide(
        &self,
        name: DecisionName,
        cause: Cause,
        due_at: Timestamp,
        teller: Teller,
    ) -> Result<Decided, StoreError> {
        self.write(
            (name, cause, due_at, teller),
            |transaction, (name, cause, due_at, teller)| {
                Box::pin(decide(transaction, *name, *cause, *due_at, teller))
            },
        )
        .await
    }

    async fn settle_decision(
        &self,
        name: DecisionName,
        said: Said,
        cause: Cause,
    ) -> Result<Option<Decision>, StoreError> {
        self.write((name, said, cause), |transaction, (name, said, cause)| {
            Box::pin(settle(transaction, *name, *said, *cause))
        })
        .await
    }

    async fn decisions_of(&self, checkout: CheckoutId) -> Result<Vec<Decision>, StoreError> {
        self.read(checkout, |view, checkout| {
            Box::pin(of_checkout(view, *checkout))
        })
        .await
    }

    async fn due_decisions(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<Decision>, StoreError> {
        let latest = now.plus_seconds(LONGEST_PAUSE_SECONDS).millis();
        let due = (shop, now.millis(), latest, i64::from(most));
        self.read(due, |view, (shop, now, latest, most)| {
            Box::pin(async move {
                let query = "SELECT * FROM decisions WHERE store = $1 AND state = 'open' AND (due_at <= $2 OR due_at > $3)
                             ORDER BY due_at, checkout_id LIMIT $4";
                listed(view, query, &[&shop.as_str(), now, latest, most]).await
            })
        })
        .await
    }

    /// Decided by its own row.
    async fn claim_decision(
        &self,
        name: DecisionName,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write_keyed((name, now, until), |transaction, (name, now, until)| {
            Box::pin(async move {
                let (checkout, act, invoice) = decision_key(*name);
                let latest = now.plus_seconds(LONGEST_PAUSE_SECONDS).millis();
                let change = "UPDATE decisions SET due_at = $4 WHERE checkout_id = $1 AND act = $2 AND invoice = $3 AND state = 'open'
                              AND (due_at <= $5 OR due_at > $6)";
                let values: Values<'_> =
                    &[&checkout, &act, &invoice, &until.millis(), &now.millis(), &latest];
                Ok(transaction.run(change, values).await? > 0)
            })
        })
        .await
    }

    /// Decided by its own row.
    async fn put_off_decision(
        &self,
        name: DecisionName,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write_keyed((name, due_at), |transaction, (name, due_at)| {
            Box::pin(async move {
                let (checkout, act, invoice) = decision_key(*name);
                let change = "UPDATE decisions SET due_at = $4 WHERE checkout_id = $1 AND act = $2 AND invoice = $3 AND state = 'open'";
                let values: Values<'_> = &[&checkout, &act, &invoice, &due_at.millis()];
                transaction.run(change, values).await?;
                Ok(())
            })
        })
        .await
    }
}

async fn decide(
    transaction: &Transaction,
    name: DecisionName,
    cause: Cause,
    due_at: Timestamp,
    teller: &Teller,
) -> Result<Decided, Failure> {
    // Waits for whoever begins an attempt just now; whoever begins one after this finds the checkout closed.
    let lock = "SELECT 1 FROM checkouts WHERE id = $1 FOR UPDATE";
    let checkout = name.checkout.to_string();
    if !transaction.has(lock, &[&checkout]).await? {
        return Ok(Decided::Gone);
    }
    if let Some(known) = Decided::known(one(transaction, name).await?) {
        return Ok(known);
    }
    let Some(stored) = snapshot(transaction, name.checkout).await? else {
        return Ok(Decided::Gone);
    };
    if let Some(objection) = name.objection(&stored) {
        return Ok(Decided::Objected(objection));
    }
    let made = Decision {
        name,
        shop: stored.checkout.shop.clone(),
        decided_at: cause.at,
        state: DecisionState::Open,
    };
    put(transaction, &made, due_at).await?;
    match name.act {
        Act::Archive => {
            close(transaction, name.checkout, Some(cause.at)).await?;
            let closed = stored.closed(cause.at);
            let facts = facts::decided(&stored, &closed, cause.at);
            told::put(transaction, closed, &facts, teller).await?;
        }
        Act::ReturnToPaid => accept(transaction, name, Some(cause.at)).await?,
        Act::Close => {}
    }
    history::put(transaction, &made.shop, &[Entry::decided(name, cause)]).await?;
    Ok(Decided::Begun(made))
}

async fn settle(
    transaction: &Transaction,
    name: DecisionName,
    said: Said,
    cause: Cause,
) -> Result<Option<Decision>, Failure> {
    let Some(mut known) = one(transaction, name).await? else {
        return Ok(None);
    };
    let Some(stored) = snapshot(transaction, name.checkout).await? else {
        return Ok(None);
    };
    if known.state != DecisionState::Open {
        return Ok(Some(known));
    }
    let (checkout, act, invoice) = decision_key(name);
    let making =
        "SELECT 1 FROM invoice_requests WHERE checkout_id = $1 AND state = 'started' LIMIT 1";
    let is_making = transaction.has(making, &[&checkout]).await?;
    known.state = known.settled(&stored, is_making, said, cause.at);
    if known.state == DecisionState::Open {
        return Ok(Some(known));
    }
    let change =
        "UPDATE decisions SET state = $4 WHERE checkout_id = $1 AND act = $2 AND invoice = $3";
    let values: Values<'_> = &[&checkout, &act, &invoice, &known.state.as_str()];
    transaction.run(change, values).await?;
    match (name.act, known.state) {
        (Act::Archive, DecisionState::Withdrawn) => {
            close(transaction, name.checkout, None).await?;
        }
        (Act::ReturnToPaid, DecisionState::Refused) => accept(transaction, name, None).await?,
        _ => {}
    }
    let entry = Entry::settled(name, known.state, cause);
    history::put(transaction, &known.shop, &[entry]).await?;
    Ok(Some(known))
}

async fn one(view: &Transaction, name: DecisionName) -> Result<Option<Decision>, Failure> {
    let (checkout, act, invoice) = decision_key(name);
    let query = "SELECT * FROM decisions WHERE checkout_id = $1 AND act = $2 AND invoice = $3";
    Ok(listed(view, query, &[&checkout, &act, &invoice])
        .await?
        .pop())
}

async fn put(transaction: &Transaction, made: &Decision, due_at: Timestamp) -> Result<(), Failure> {
    let (checkout, act, invoice) = decision_key(made.name);
    transaction
        .run(
            "INSERT INTO decisions (checkout_id, store, act, invoice, decided_at, state, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (checkout_id, act, invoice) DO UPDATE
             SET decided_at = excluded.decided_at, state = excluded.state, due_at = excluded.due_at",
            &[
                &checkout,
                &made.shop.as_str(),
                &act,
                &invoice,
                &made.decided_at.millis(),
                &made.state.as_str(),
                &due_at.millis(),
            ],
        )
        .await?;
    Ok(())
}

/// Closes a checkout for its buyer, or opens it again.
async fn close(
    transaction: &Transaction,
    checkout: CheckoutId,
    at: Option<Timestamp>,
) -> Result<(), Failure> {
    let change = "UPDATE checkouts SET closed_at = $2 WHERE id = $1";
    let values: Values<'_> = &[&checkout.to_string(), &at.map(Timestamp::millis)];
    transaction.run(change, values).await?;
    Ok(())
}

/// Notes that what an invoice has received is enough to its merchant, or is not.
async fn accept(
    transaction: &Transaction,
    name: DecisionName,
    at: Option<Timestamp>,
) -> Result<(), Failure> {
    let change = "UPDATE invoices SET accepted_at = $2 WHERE idempotency_key = $1";
    let key = name.invoice.map(|key| key.to_string());
    let values: Values<'_> = &[&key, &at.map(Timestamp::millis)];
    transaction.run(change, values).await?;
    Ok(())
}
