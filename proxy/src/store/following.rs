//! Hearing what other proxies change in the same database, by a cursor over the history.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::changes::Changed;
use super::cursor::Cursor;
use super::database::Database;
use super::error::StoreError;

/// How often is looked when nobody wakes.
const PACE: Duration = Duration::from_millis(500);
/// How many entries one look takes.
const MOST: u32 = 1000;

/// Tells whatever others have changed, until `stop` is cancelled. While the database is away it goes on trying; then nothing is left out.
pub(super) async fn follow(
    database: Arc<dyn Database>,
    tell: impl Fn(Changed),
    wake: Arc<Notify>,
    stop: CancellationToken,
) {
    let began = Instant::now();
    let mut cursor = None;
    while !stop.is_cancelled() {
        match look(&*database, &mut cursor, began.elapsed(), &tell).await {
            Ok(count) if count >= MOST => continue,
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "others' changes cannot be read just now"),
        }
        tokio::select! {
            () = tokio::time::sleep(PACE) => {}
            () = wake.notified() => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Reads what is new and tells it. Answers with how many entries there were.
pub(super) async fn look(
    database: &dyn Database,
    cursor: &mut Option<Cursor>,
    now: Duration,
    tell: &impl Fn(Changed),
) -> Result<u32, StoreError> {
    let Some(cursor) = cursor else {
        let latest = database.latest_entries(MOST).await?;
        *cursor = Some(Cursor::behind(&latest, now));
        return Ok(0);
    };
    let news = database
        .news(cursor.highest(), cursor.missing(), MOST)
        .await?;
    if news.is_empty() {
        go_back(database, cursor, now).await?;
    }
    cursor.take(news.iter().map(|one| one.seq), now);
    for changed in news.iter().filter_map(|one| one.changed) {
        tell(changed);
    }
    Ok(u32::try_from(news.len()).unwrap_or(u32::MAX))
}

/// Begins again before the latest entries when the numbers have: a standby that was behind has become the primary, or the database was put back.
/// Otherwise nothing would be told until they have grown beyond those that were read. What is told twice is only a look too many.
async fn go_back(
    database: &dyn Database,
    cursor: &mut Cursor,
    now: Duration,
) -> Result<(), StoreError> {
    if database
        .latest_entries(1)
        .await?
        .first()
        .is_some_and(|last| *last < cursor.highest())
    {
        let latest = database.latest_entries(MOST).await?;
        let lowest = latest.iter().min().copied().unwrap_or(0);
        *cursor = Cursor::behind(&[lowest.saturating_sub(1)], now);
    }
    Ok(())
}
