//! Snapshots that are kept until something is written to their checkouts.
//!
//! A page asks every few seconds for what hardly ever changes. What is kept is never older than the last commit of this process:
//! from before a write begins until after it has ended, whatever has become of it, its checkout is read from the database, and what was
//! read before counts no more. What others write to the same database is seen after [`kept_for`](super::database::Checkouts::kept_for)
//! at the latest.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;

use super::changes::Changed;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::snapshot::Snapshot;
use crate::lock::lock;

/// How many are kept. Those that were not asked for lately go first.
const MOST: usize = 8_192;
/// How many marks there are. Checkouts that share one lose what is kept of them together.
const MARKS: usize = 1_024;
/// The lower bits of a mark count the writes that are under way, the others those that have begun or ended.
const WRITES: u32 = 16;

/// What one database has said lately.
#[derive(Clone)]
pub(super) struct Kept(Arc<Inner>);

struct Inner {
    snapshots: Cache<CheckoutId, Entry>,
    /// Held while it is decided which of two readings stays.
    putting: Mutex<()>,
    hasher: RandomState,
    checkouts: Box<[Mark]>,
    /// One for all customers: their purses and deposits show in each of their checkouts.
    customers: Mark,
    kept_for: Duration,
}

#[derive(Clone)]
struct Entry {
    snapshot: Arc<Snapshot>,
    read_at: Instant,
    put_at: Instant,
    seen: Seen,
}

/// The marks as they were before a snapshot was read. It is as good as then while they are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    checkout: u64,
    customers: u64,
}

impl Kept {
    pub(super) fn new(kept_for: Duration) -> Self {
        Self(Arc::new(Inner {
            snapshots: Cache::new(MOST),
            putting: Mutex::default(),
            hasher: RandomState::new(),
            checkouts: (0..MARKS).map(|_| Mark::default()).collect(),
            customers: Mark::default(),
            kept_for,
        }))
    }

    /// What is kept of a checkout, if it is still as good as read.
    pub(super) fn get(&self, id: CheckoutId, now: Instant) -> Option<Arc<Snapshot>> {
        let entry = self.0.snapshots.get(&id)?;
        let is_old = now.saturating_duration_since(entry.read_at) >= self.0.kept_for;
        (!is_old && self.is_unchanged(&entry)).then_some(entry.snapshot)
    }

    /// To be called before a snapshot is read that is to be kept.
    pub(super) fn before_reading(&self, id: CheckoutId) -> Seen {
        Seen {
            checkout: self.mark(id).0.load(Ordering::SeqCst),
            customers: self.0.customers.0.load(Ordering::SeqCst),
        }
    }

    /// Keeps what was read from `read_at` until `now`, before which the marks were `seen`. Answers with what is to be shown: where another
    /// reading was kept meanwhile, nobody knows which of the two is older. Somebody else may have written in between, and whoever has seen
    /// that must not be shown what was before.
    pub(super) fn put(
        &self,
        snapshot: Arc<Snapshot>,
        seen: Seen,
        read_at: Instant,
        now: Instant,
    ) -> Arc<Snapshot> {
        let id = snapshot.checkout.id;
        let entry = Entry {
            snapshot: Arc::clone(&snapshot),
            read_at,
            put_at: now,
            seen,
        };
        let _putting = lock(&self.0.putting);
        if let Some(kept) = self.0.snapshots.get(&id)
            && kept.put_at >= read_at
            && self.is_unchanged(&kept)
        {
            return kept.snapshot;
        }
        if is_quiet(seen.checkout) && is_quiet(seen.customers) && self.is_unchanged(&entry) {
            self.0.snapshots.insert(id, entry);
        }
        snapshot
    }

    /// A write begins. What is kept of what it concerns counts no more, and nothing of it is kept until the guard is dropped.
    pub(super) fn writing(&self, concerned: Concerned) -> Writing {
        let writing = Writing {
            kept: self.clone(),
            concerned,
        };
        self.each(concerned, Mark::begin);
        writing
    }

    /// Something was written that nobody here has begun.
    pub(super) fn forget(&self, changed: Changed) {
        drop(self.writing(Concerned::Only(changed)));
    }

    fn is_unchanged(&self, entry: &Entry) -> bool {
        let checkout = &entry.snapshot.checkout;
        let now = self.before_reading(checkout.id);
        let of_customer = checkout.purpose.customer().is_some();
        now.checkout == entry.seen.checkout
            && (!of_customer || now.customers == entry.seen.customers)
    }

    fn mark(&self, id: CheckoutId) -> &Mark {
        let hash = self.0.hasher.hash_one(id);
        let index = usize::try_from(hash % MARKS as u64).unwrap_or(0);
        &self.0.checkouts[index]
    }

    fn each(&self, concerned: Concerned, move_on: fn(&Mark)) {
        match concerned {
            Concerned::Only(Changed::Checkout(id)) => move_on(self.mark(id)),
            Concerned::Only(Changed::Customer(_)) => move_on(&self.0.customers),
            Concerned::Everything => self.0.checkouts.iter().for_each(move_on),
        }
    }
}

/// What a write may change.
#[derive(Clone, Copy)]
pub(super) enum Concerned {
    Only(Changed),
    /// Any checkouts.
    Everything,
}

/// A write that is under way.
pub(super) struct Writing {
    kept: Kept,
    concerned: Concerned,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.kept.each(self.concerned, Mark::end);
    }
}

/// Moves with each write that begins and with each that ends, and says how many are under way.
#[derive(Default)]
struct Mark(AtomicU64);

impl Mark {
    fn begin(&self) {
        self.0.fetch_add((1 << WRITES) + 1, Ordering::SeqCst);
    }

    fn end(&self) {
        self.0.fetch_add((1 << WRITES) - 1, Ordering::SeqCst);
    }
}

/// Whether no write was under way.
fn is_quiet(mark: u64) -> bool {
    mark & ((1 << WRITES) - 1) == 0
}

#[cfg(test)]
mod tests;
