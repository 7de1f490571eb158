//! Rows of `decisions`, read.

use super::failure::Failure;
use super::transaction::{Transaction, Values};
use crate::checkouts::decision::Decision;
use crate::checkouts::id::CheckoutId;
use crate::store::merchant_rows::decision;

/// Everything that was decided about a checkout, the oldest first.
pub(super) async fn of_checkout(
    view: &Transaction,
    checkout: CheckoutId,
) -> Result<Vec<Decision>, Failure> {
    let query = "SELECT * FROM decisions WHERE checkout_id = $1 ORDER BY decided_at, act, invoice";
    listed(view, query, &[&checkout.to_string()]).await
}

/// What a query for whole rows finds.
pub(super) async fn listed(
    view: &Transaction,
    query: &str,
    values: Values<'_>,
) -> Result<Vec<Decision>, Failure> {
    let rows = view.rows(query, values).await?;
    Ok(rows.iter().map(decision).collect::<Result<_, _>>()?)
}
