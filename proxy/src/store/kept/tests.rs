//! What is kept for how long.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Concerned, Kept};
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::tests as sample;
use crate::store::changes::Changed;

const KEPT_FOR: Duration = Duration::from_secs(5);

#[test]
fn what_others_write_is_seen_when_it_is_old() {
    let (kept, now) = (Kept::new(KEPT_FOR), Instant::now());
    let snapshot = Arc::new(Snapshot::new(sample::payment()));
    let id = snapshot.checkout.id;
    kept.put(snapshot, kept.before_reading(id), now);
    let just_before = now + KEPT_FOR - Duration::from_millis(1);
    assert!(kept.get(id, just_before).is_some());
    assert!(kept.get(id, now + KEPT_FOR).is_none());
}

#[test]
fn what_was_read_beside_a_write_is_not_kept() {
    let (kept, now) = (Kept::new(KEPT_FOR), Instant::now());
    let snapshot = Arc::new(Snapshot::new(sample::payment()));
    let id = snapshot.checkout.id;
    let write = || kept.writing(Concerned::Only(Changed::Checkout(id)));
    let put = |seen| kept.put(Arc::clone(&snapshot), seen, now);
    let before = kept.before_reading(id);
    let writing = write();
    put(before);
    assert!(kept.get(id, now).is_none(), "it began after the reading");
    put(kept.before_reading(id));
    assert!(kept.get(id, now).is_none(), "it was under way");
    let second = write();
    drop(writing);
    put(kept.before_reading(id));
    assert!(kept.get(id, now).is_none(), "another one was");
    let during = kept.before_reading(id);
    drop(second);
    put(during);
    assert!(kept.get(id, now).is_none(), "it has ended since");
    put(kept.before_reading(id));
    assert!(kept.get(id, now).is_some());
    drop(write());
    assert!(kept.get(id, now).is_none());
}
