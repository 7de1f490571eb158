//! A database in memory, for tests: it keeps every promise of the seam and shares no line with the other one.
//!
//! Its transactions are optimistic, as those of a database with several writers are. A decision is made on rows that others go on
//! changing, and made again when they have.

mod attempts;
mod books;
mod checkouts;
mod customers;
mod deposits;
mod invoices;
mod retention;
mod rows;

use std::sync::Mutex;

use self::rows::Rows;
use crate::lock::lock;
use crate::store::error::StoreError;

/// An empty database at first. It is gone when this is dropped.
#[derive(Default)]
pub(in crate::store) struct Memory {
    stored: Mutex<Stored>,
}

#[derive(Default)]
struct Stored {
    /// How often something was written.
    version: u64,
    rows: Rows,
}

impl Memory {
    fn read<T>(&self, look: impl FnOnce(&Rows) -> T) -> T {
        look(&lock(&self.stored).rows)
    }

    /// Makes one change. Whoever fails must have changed nothing.
    fn write<T>(&self, work: impl FnOnce(&mut Rows) -> T) -> T {
        let mut stored = lock(&self.stored);
        stored.version += 1;
        work(&mut stored.rows)
    }

    /// Decides on what is stored and keeps what follows. Others write in between; then it is decided again, on what is stored by then.
    async fn decide<S, D, E: From<StoreError>>(
        &self,
        look: impl Fn(&Rows) -> S,
        decide: impl Fn(&S) -> Result<D, E>,
        keep: impl Fn(&mut Rows, &D) -> Result<(), StoreError>,
    ) -> Result<D, E> {
        loop {
            let (version, seen) = {
                let stored = lock(&self.stored);
                (stored.version, look(&stored.rows))
            };
            let decided = decide(&seen)?;
            tokio::task::yield_now().await;
            let mut stored = lock(&self.stored);
            if stored.version == version {
                stored.version += 1;
                keep(&mut stored.rows, &decided)?;
                return Ok(decided);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::Memory;
    use crate::checkouts::tests as sample;
    use crate::store::database::Checkouts;
    use crate::store::error::StoreError;
    use crate::store::suite::{Empty, suite};

    async fn empty() -> Empty {
        Empty::new(Arc::new(Memory::default()), None)
    }

    suite!(crate::store::memory::tests::empty);

    #[tokio::test]
    async fn what_was_decided_on_rows_that_changed_meanwhile_is_decided_again() {
        let memory = Arc::new(Memory::default());
        let checkout = sample::payment();
        let decided = AtomicU32::new(0);
        let deciding = memory.decide(
            |rows| rows.checkouts.len(),
            |seen| {
                decided.fetch_add(1, Ordering::SeqCst);
                Ok::<_, StoreError>(*seen)
            },
            |_, _| Ok(()),
        );
        let (seen, added) = tokio::join!(deciding, memory.add_checkout(checkout));
        added.unwrap();
        assert_eq!((seen.unwrap(), decided.into_inner()), (1, 2));
    }
}
