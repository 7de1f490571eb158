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
    kept.put(snapshot, kept.before_reading(id), now, now);
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
    let put = |seen| drop(kept.put(Arc::clone(&snapshot), seen, now, now));
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

#[test]
fn whoever_has_seen_what_others_wrote_is_not_shown_what_was_before() {
    let (kept, start) = (Kept::new(KEPT_FOR), Instant::now());
    let checkout = sample::payment();
    let read = || Arc::new(Snapshot::new(checkout.clone()));
    let (old, new) = (read(), read());
    let id = old.checkout.id;
    let at = |millis| start + Duration::from_millis(millis);
    let seen = kept.before_reading(id);
    // Two readings at the same time; another proxy writes between them, and the later one is quicker.
    let shown = kept.put(Arc::clone(&new), seen, at(1), at(2));
    assert!(Arc::ptr_eq(&shown, &new));
    let shown = kept.put(Arc::clone(&old), seen, at(0), at(3));
    assert!(Arc::ptr_eq(&shown, &new), "it has been shown already");
    assert!(Arc::ptr_eq(&kept.get(id, at(4)).unwrap(), &new));
    // A reading that began after that is newer for sure.
    let newer = read();
    kept.put(Arc::clone(&newer), seen, at(5), at(6));
    assert!(Arc::ptr_eq(&kept.get(id, at(7)).unwrap(), &newer));
}
