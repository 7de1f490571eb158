//! The end of a run with traffic: the program is stopped, its books are looked through without the gateway, and everything that clients were
//! told is held against them.

use super::child::Child;
use super::door::Door;
use super::history::{What, judge};
use super::size::Size;
use super::traffic::Traffic;

/// Judges a run whose clients have ended; how many deposits there were.
pub(crate) async fn verdict(
    what: &str,
    size: &Size,
    run: &Traffic,
    child: &mut Child,
    door: &Door,
) -> usize {
    child.kill();
    // What was acknowledged while the gateway was out of reach is still to be read.
    let opened = child.opened().await;
    while opened.books().await.unwrap().deliveries_open > 0 {
        opened.watch_once().await.unwrap();
    }
    let kept = opened.books().await.unwrap().deliveries;
    let acknowledged = run.acknowledged.lock().unwrap().len();
    let kept = usize::try_from(kept).unwrap();
    assert_eq!(kept, acknowledged, "seed {}: events on disk", size.seed);
    let audit = opened.audit().await.unwrap();
    assert_eq!(audit.differences, [""; 0], "seed {}", size.seed);
    drop(opened);
    door.shut();
    child.start().await;
    let books = run.books().await;
    let (told, sent) = run.scribe.all();
    let wrong = judge(&told, &sent, &books);
    assert!(wrong.is_empty(), "seed {}: {wrong:#?}", size.seed);
    let moved = told.iter().filter(|told| {
        matches!(&told.what, What::Seen { state, .. } if state == "paid" || state == "completed")
    });
    println!(
        "{} {what}: {} answers ({} of them after a payment), {} checkouts, {} deposits, {acknowledged} events acknowledged, {} entries of \
         histories: nothing missing, nothing twice",
        size.count,
        told.len(),
        moved.count(),
        books.len(),
        sent.len(),
        audit.entries
    );
    sent.len()
}
