//! The tables, and the steps from one version of them to the next.

use rusqlite::{Connection, TransactionBehavior};

use super::derived;
use crate::store::error::StoreError;
use crate::store::migrated::Migrated;

/// One step per version, in order; a step that has shipped is never edited.
const STEPS: [&str; 18] = [
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
    include_str!("schema_8.sql"),
    include_str!("schema_9.sql"),
    include_str!("schema_10.sql"),
    include_str!("schema_11.sql"),
    include_str!("schema_12.sql"),
    include_str!("schema_13.sql"),
    include_str!("schema_14.sql"),
    include_str!("schema_15.sql"),
    include_str!("schema_16.sql"),
    include_str!("schema_17.sql"),
    include_str!("schema_18.sql"),
];

/// The version this program writes.
pub(in crate::store) const VERSION: i64 = STEPS.len() as i64;

/// Brings the file up to [`VERSION`], in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<Migrated, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    if done > STEPS.len() {
        return Err(StoreError::Newer {
            found,
            known: VERSION,
        });
    }
    if done < STEPS.len() {
        for step in &STEPS[done..] {
            transaction.execute_batch(step)?;
        }
        derived::repeat_rules(&transaction)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()?;
    Ok(Migrated {
        from: found,
        to: VERSION,
    })
}
