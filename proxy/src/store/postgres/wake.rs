//! `LISTEN` and `NOTIFY`: only a hint that there is something to look for. Without it the others look a moment later.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_postgres::AsyncMessage;
use tokio_util::sync::CancellationToken;

use super::handle::Postgres;
use super::tls::connector;
use crate::config::PostgresPlace;

/// The shortest time between two hints: many changes at once are one.
const COALESCED: Duration = Duration::from_millis(50);
/// How long to wait before a lost connection is made anew.
const AGAIN: Duration = Duration::from_secs(1);

/// Gives a hint after changes of this proxy, never in their transactions: a `NOTIFY` makes commits wait for each other.
pub(in crate::store) async fn give_hints(database: Arc<Postgres>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = database.has_told().notified() => {}
            () = stop.cancelled() => return,
        }
        let hint = database.write_keyed((), |transaction, ()| {
            Box::pin(transaction.make("NOTIFY calypso_history"))
        });
        if let Err(error) = hint.await {
            tracing::debug!(%error, "the other proxies get no hint");
        }
        tokio::time::sleep(COALESCED).await;
    }
}

/// Wakes whoever follows whenever another proxy gives a hint.
pub(in crate::store) async fn take_hints(
    place: PostgresPlace,
    wake: Arc<Notify>,
    stop: CancellationToken,
) {
    loop {
        tokio::select! {
            () = listen(&place, &wake) => {}
            () = stop.cancelled() => return,
        }
        tokio::select! {
            () = tokio::time::sleep(AGAIN) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Listens until the connection ends.
async fn listen(place: &PostgresPlace, wake: &Notify) {
    let (Some(config), Ok(connector)) = (super::pool::config(place), connector(place)) else {
        return;
    };
    let Ok((client, mut connection)) = config.connect(connector).await else {
        return;
    };
    let messages = async {
        while let Some(Ok(message)) =
            poll_fn(|context| Pin::new(&mut connection).poll_message(context)).await
        {
            if matches!(message, AsyncMessage::Notification(_)) {
                wake.notify_one();
            }
        }
    };
    let listening = async {
        if client.batch_execute("LISTEN calypso_history").await.is_ok() {
            // What was told before is looked for once.
            wake.notify_one();
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = messages => {}
        () = listening => {}
    }
}
