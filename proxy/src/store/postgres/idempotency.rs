//! Rows of `idempotency_keys`: keys under which checkouts were asked for, with the checkouts they made.

use checkout::Timestamp;
use tokio_postgres::Row;

use super::failure::Failure;
use super::transaction::Transaction;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::idempotency_key::{Answered, IdempotencyKey};
use crate::store::columns::Columns;
use crate::store::database::KEY_SECONDS;
use crate::store::error::StoreError;
use crate::store::row;

/// Forgets keys older than [`KEY_SECONDS`]. Answers with their number.
pub(super) async fn forget_old(
    transaction: &Transaction,
    now: Timestamp,
) -> Result<usize, Failure> {
    let oldest = now.plus_seconds(-KEY_SECONDS).millis();
    let forgotten = transaction
        .run(
            "DELETE FROM idempotency_keys WHERE created_at < $1",
            &[&oldest],
        )
        .await?;
    Ok(usize::try_from(forgotten).unwrap_or(usize::MAX))
}

/// What is known of a key.
pub(super) async fn find(
    transaction: &Transaction,
    key: &IdempotencyKey,
) -> Result<Option<Answered>, Failure> {
    // A key whose checkout is gone, because nobody used it, is as good as new.
    let query = "SELECT fingerprint, checkout_id FROM idempotency_keys
                 WHERE store = $1 AND scope = $2 AND key = $3 AND EXISTS (SELECT 1 FROM checkouts WHERE id = checkout_id)";
    let found = transaction
        .row(query, &[&key.shop.as_str(), &key.scope, &key.key])
        .await?;
    Ok(found
        .as_ref()
        .map(|found| answered(found, key))
        .transpose()?)
}

fn answered(found: &Row, key: &IdempotencyKey) -> Result<Answered, StoreError> {
    let known: Vec<u8> = Columns::get(found, "fingerprint")?;
    Ok(if known == key.fingerprint {
        Answered::Same(row::id(found, "checkout_id")?)
    } else {
        Answered::Other
    })
}

/// Puts a key there for a checkout that is about to be made; or says what is known of it. Whoever comes at the same time waits here for
/// the other's commit.
pub(super) async fn claim(
    transaction: &Transaction,
    key: &IdempotencyKey,
    made: &Checkout,
) -> Result<Option<Answered>, Failure> {
    let (id, at) = (made.id.to_string(), made.created_at.millis());
    let shop = key.shop.as_str();
    let fingerprint = key.fingerprint.as_slice();
    let put = "INSERT INTO idempotency_keys (store, scope, key, fingerprint, checkout_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (store, scope, key) DO NOTHING";
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
        [&shop, &key.scope, &key.key, &fingerprint, &id, &at];
    if transaction.run(put, &values).await? == 1 {
        return Ok(None);
    }
    // It is known. Its row is locked first and read then, by statements of their own: only a statement that begins behind the lock sees
    // what was committed before it, the checkout too.
    let lock =
        "SELECT 1 FROM idempotency_keys WHERE store = $1 AND scope = $2 AND key = $3 FOR UPDATE";
    if !transaction
        .has(lock, &[&shop, &key.scope, &key.key])
        .await?
    {
        // Forgotten in between, for its age.
        return Err(Failure::Met(
            "a key was forgotten while it was asked for".to_owned(),
        ));
    }
    if let Some(answered) = find(transaction, key).await? {
        return Ok(Some(answered));
    }
    let anew = "UPDATE idempotency_keys SET fingerprint = $4, checkout_id = $5, created_at = $6 WHERE store = $1 AND scope = $2 AND key = $3";
    transaction.run(anew, &values).await?;
    Ok(None)
}
