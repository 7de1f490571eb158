//! Rows of `refunds`.

use async_trait::async_trait;
use checkout::Timestamp;

use super::checkouts::snapshot;
use super::failure::Failure;
use super::handle::Postgres;
use super::history;
use super::transaction::{Transaction, Values};
use crate::checkouts::refund::{
    Refund, RefundId, RefundKey, RefundOrder, RefundPlace, RefundSearch, RefundStep,
};
use crate::checkouts::shop_id::ShopId;
use crate::reading::history::{Cause, Entry};
use crate::store::columns::Columns;
use crate::store::database::{Refunded, Refunds, Stepped};
use crate::store::error::StoreError;
use crate::store::merchant_rows::{refund, refund_page};

#[async_trait]
impl Refunds for Postgres {
    /// Serializable: of two that together would take more than there is, one is repeated, and finds the other.
    async fn ask_refund(
        &self,
        order: RefundOrder,
        id: RefundId,
        key: RefundKey,
        cause: Cause,
    ) -> Result<Refunded, StoreError> {
        self.write(
            (order, id, key, cause),
            |transaction, (order, id, key, cause)| {
                Box::pin(ask(transaction, order, *id, key, *cause))
            },
        )
        .await
    }

    async fn step_refund(
        &self,
        shop: ShopId,
        id: RefundId,
        step: RefundStep,
        cause: Cause,
    ) -> Result<Stepped, StoreError> {
        self.write(
            (shop, id, step, cause),
            |transaction, (shop, id, step, cause)| {
                Box::pin(take_step(transaction, shop, *id, step, *cause))
            },
        )
        .await
    }

    async fn refund(&self, shop: ShopId, id: RefundId) -> Result<Option<Refund>, StoreError> {
        self.read((shop, id), |view, (shop, id)| {
            Box::pin(one(view, shop, *id))
        })
        .await
    }

    async fn refunds(
        &self,
        shop: ShopId,
        search: RefundSearch,
        after: Option<RefundPlace>,
        most: u32,
    ) -> Result<(Vec<Refund>, Option<RefundPlace>), StoreError> {
        self.read(
            (shop, search, after, most),
            |view, (shop, search, after, most)| {
                Box::pin(async move {
                    let place =
                        after.map(|place| (place.requested_at.millis(), place.id.to_string()));
                    let (millis, last) = place.unwrap_or((i64::MAX, String::new()));
                    let query =
                        "SELECT * FROM refunds WHERE store = $1 AND (requested_at, id) < ($2, $3)
                               AND ($4 = '' OR checkout_id = $4) AND ($5 = '' OR state = $5)
                             ORDER BY requested_at DESC, id DESC LIMIT $6";
                    let checkout = search.checkout.map(|checkout| checkout.to_string());
                    let checkout = checkout.unwrap_or_default();
                    let state = search.state.map_or("", |state| state.as_str());
                    let more = i64::from(most.saturating_add(1));
                    let values: Values<'_> =
                        &[&shop.as_str(), &millis, &last, &checkout, &state, &more];
                    Ok(refund_page(listed(view, query, values).await?, *most))
                })
            },
        )
        .await
    }
}

async fn ask(
    transaction: &Transaction,
    order: &RefundOrder,
    id: RefundId,
    key: &RefundKey,
    cause: Cause,
) -> Result<Refunded, Failure> {
    let known = "SELECT * FROM refunds WHERE store = $1 AND idempotency_key = $2";
    if let Some(found) = transaction
        .row(known, &[&order.shop.as_str(), &key.key])
        .await?
    {
        let fingerprint: Vec<u8> = Columns::get(&found, "fingerprint")?;
        return Ok(if fingerprint == key.fingerprint {
            Refunded::Kept(refund(&found)?)
        } else {
            Refunded::OtherRequest
        });
    }
    let stored = snapshot(transaction, order.checkout).await?;
    let Some(stored) = stored.filter(|stored| stored.checkout.shop == order.shop) else {
        return Ok(Refunded::NoCheckout);
    };
    let owner = RefundOrder::owner(&stored);
    let of_owner = "SELECT * FROM refunds WHERE owner = $1 AND currency = $2";
    let there = listed(transaction, of_owner, &[&owner, &order.currency.code]).await?;
    let made = match order.decide(id, &stored, &there, cause.at) {
        Ok(made) => made,
        Err(error) => return Ok(Refunded::Refused(error)),
    };
    insert(transaction, &made, &owner, key).await?;
    history::put(
        transaction,
        &order.shop,
        &[Entry::refund(&made, None, cause)],
    )
    .await?;
    Ok(Refunded::Kept(made))
}

async fn take_step(
    transaction: &Transaction,
    shop: &ShopId,
    id: RefundId,
    step: &RefundStep,
    cause: Cause,
) -> Result<Stepped, Failure> {
    let Some(known) = one(transaction, shop, id).await? else {
        return Ok(Stepped::NoRefund);
    };
    let after = match known.step(step, cause.at) {
        Ok(Some(after)) => after,
        Ok(None) => return Ok(Stepped::Stands(Box::new(known))),
        Err(error) => return Ok(Stepped::Refused(error)),
    };
    update(transaction, &after).await?;
    let entry = Entry::refund(&after, Some(known.state), cause);
    history::put(transaction, shop, &[entry]).await?;
    Ok(Stepped::Stands(Box::new(after)))
}

async fn listed(
    view: &Transaction,
    query: &str,
    values: Values<'_>,
) -> Result<Vec<Refund>, Failure> {
    let rows = view.rows(query, values).await?;
    Ok(rows.iter().map(refund).collect::<Result<_, _>>()?)
}

async fn one(view: &Transaction, shop: &ShopId, id: RefundId) -> Result<Option<Refund>, Failure> {
    let query = "SELECT * FROM refunds WHERE store = $1 AND id = $2";
    Ok(listed(view, query, &[&shop.as_str(), &id.to_string()])
        .await?
        .pop())
}

async fn insert(
    transaction: &Transaction,
    made: &Refund,
    owner: &str,
    key: &RefundKey,
) -> Result<(), Failure> {
    let order = &made.order;
    transaction
        .run(
            "INSERT INTO refunds (id, store, checkout_id, owner, invoice, deposit, currency, amount, address, reason, state, requested_at,
                                  idempotency_key, fingerprint)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            &[
                &made.id.to_string(),
                &order.shop.as_str(),
                &order.checkout.to_string(),
                &owner,
                &order.invoice.map(|key| key.to_string()),
                &order.deposit,
                &order.currency.code,
                &order.amount.to_string(),
                &order.address.as_str(),
                &order.reason,
                &made.state.as_str(),
                &made.requested_at.millis(),
                &key.key,
                &key.fingerprint.as_slice(),
            ],
        )
        .await?;
    Ok(())
}

async fn update(transaction: &Transaction, after: &Refund) -> Result<(), Failure> {
    let change = "UPDATE refunds SET state = $2, approved_at = $3, sent_at = $4, transaction_hash = $5, cancelled_at = $6 WHERE id = $1";
    transaction
        .run(
            change,
            &[
                &after.id.to_string(),
                &after.state.as_str(),
                &after.approved_at.map(Timestamp::millis),
                &after.sent_at.map(Timestamp::millis),
                &after.transaction,
                &after.cancelled_at.map(Timestamp::millis),
            ],
        )
        .await?;
    Ok(())
}
