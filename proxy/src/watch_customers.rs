//! Looking after customers' addresses nobody looks at: they are permanent, so they are read for ever, at a pace that falls.

use std::sync::Arc;
use std::time::Duration;

use checkout::Timestamp;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::customer::WatchedCustomer;
use crate::gateway::Occasion;
use crate::inner::Inner;
use crate::refusal::Refusal;
use crate::watch::{GIVE_UP, Round};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long after an address was shown, or the last deposit was seen, a customer is read how often, in seconds.
const PACES: [(i64, i64); 4] = [
    (HOUR, YOUNGEST_PACE_SECONDS),
    (DAY, 10 * MINUTE),
    (7 * DAY, HOUR),
    (30 * DAY, 6 * HOUR),
];
/// The first of these paces.
pub(crate) const YOUNGEST_PACE_SECONDS: i64 = 2 * MINUTE;
/// The pace after the last of these ages, for ever.
pub(crate) const LONGEST_PACE_SECONDS: i64 = DAY;
/// When one is tried again that could not be read.
const RETRY_SECONDS: i64 = 5 * MINUTE;

/// Customers that have their turn in one round. More wait for the next, the longest overdue first. With a round every 30 seconds
/// 115 000 a day have their turn.
const A_ROUND: u32 = 40;
/// Gateway calls at the same time, so that buyers' own come through.
const AT_ONCE: usize = 2;

/// How often a customer is read whose last showing or deposit is so old.
fn pace_seconds(age_seconds: i64) -> i64 {
    PACES
        .iter()
        .find(|(age, _)| age_seconds < *age)
        .map_or(LONGEST_PACE_SECONDS, |(_, pace)| *pace)
}

/// When a customer has its next turn that was read just now.
fn next_turn(shown_at: Timestamp, last_deposit: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let last = last_deposit.map_or(shown_at, |at| at.max(shown_at));
    now.plus_seconds(pace_seconds(now.millis_since(last) / 1000))
}

impl Inner {
    /// Rounds of customers until `shutdown`, the first at once.
    pub(crate) async fn watch_customers(self: Arc<Self>, shutdown: CancellationToken) {
        loop {
            let round = tokio::select! {
                () = shutdown.cancelled() => return,
                round = self.watch_customers_once() => round,
            };
            if let Err(refusal) = round {
                tracing::error!(
                    code = refusal.code.as_str(),
                    cause = refusal.cause,
                    "a round of customers failed"
                );
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(self.config.paces.watch) => {}
            }
        }
    }

    /// One round: at most [`A_ROUND`] customers whose turn it is. It ends early when the gateway seems to be down.
    ///
    /// # Errors
    /// `store_unavailable`. A gateway that fails is counted, not reported.
    pub(crate) async fn watch_customers_once(self: &Arc<Self>) -> Result<Round, Refusal> {
        let mut round = Round::default();
        let due = self.store.due_customers(self.clock.now(), A_ROUND).await?;
        let mut failures_in_a_row = 0;
        for group in due.chunks(AT_ONCE) {
            let mut readings = JoinSet::new();
            for customer in group {
                let (inner, customer) = (Arc::clone(self), customer.clone());
                readings.spawn(async move { inner.give_turn(customer).await });
            }
            for read in readings.join_all().await {
                if read? {
                    round.customers += 1;
                    failures_in_a_row = 0;
                } else {
                    round.failed += 1;
                    failures_in_a_row += 1;
                }
            }
            if failures_in_a_row >= GIVE_UP {
                break;
            }
        }
        Ok(round)
    }

    /// Reads one customer and says when the next turn is. `false` when it could not be read.
    async fn give_turn(self: &Arc<Self>, watched: WatchedCustomer) -> Result<bool, Refusal> {
        let WatchedCustomer {
            customer,
            gateway_id,
            shown_at,
        } = watched;
        // A page may have read it a moment ago.
        let pace = Duration::from_secs(YOUNGEST_PACE_SECONDS.unsigned_abs() / 2);
        let read = self
            .read_customer(&customer, &gateway_id, pace, Occasion::Watch)
            .await;
        let now = self.clock.now();
        let due_at = if read {
            let known = self.store.deposits(customer.key()).await?;
            let last_deposit = known.deposits.iter().map(|deposit| deposit.at).max();
            next_turn(shown_at, last_deposit, now)
        } else {
            now.plus_seconds(RETRY_SECONDS)
        };
        self.store.put_off_customer(customer, due_at).await?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use checkout::Timestamp;

    use super::{DAY, HOUR, LONGEST_PACE_SECONDS, MINUTE, next_turn, pace_seconds};

    #[test]
    fn the_pace_falls_with_age_and_never_ends() {
        for (age, pace) in [
            (-HOUR, 2 * MINUTE),
            (0, 2 * MINUTE),
            (HOUR - 1, 2 * MINUTE),
            (HOUR, 10 * MINUTE),
            (DAY - 1, 10 * MINUTE),
            (DAY, HOUR),
            (7 * DAY - 1, HOUR),
            (7 * DAY, 6 * HOUR),
            (30 * DAY - 1, 6 * HOUR),
            (30 * DAY, DAY),
            (10_000 * DAY, LONGEST_PACE_SECONDS),
        ] {
            assert_eq!(pace_seconds(age), pace, "{age}");
        }
    }

    #[test]
    fn a_deposit_makes_a_customer_young_again() {
        let now = Timestamp::from_millis(1_795_250_000_000);
        let shown = now.plus_seconds(-40 * DAY);
        let in_seconds = |at: Timestamp| at.millis_since(now) / 1000;
        assert_eq!(in_seconds(next_turn(shown, None, now)), DAY);
        assert_eq!(in_seconds(next_turn(shown, Some(now), now)), 2 * MINUTE);
        let older = shown.plus_seconds(-DAY);
        assert_eq!(in_seconds(next_turn(shown, Some(older), now)), DAY);
        assert_eq!(in_seconds(next_turn(now, Some(older), now)), 2 * MINUTE);
    }
}
