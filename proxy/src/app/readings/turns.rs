//! Who reads: of several proxies on one database, one reads what all of them are asked about, and together they stay within the budget of the
//! gateway's account.

use std::time::Duration;

use checkout::Timestamp;
use uuid::Uuid;

use crate::app::leases::LOOKS;
use crate::app::outcome::ReadOutcome;
use crate::app::shop::Shop;
use crate::app::state::App;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::gateway::source::Source;
use crate::limits::shared_budget::Allowance;
use crate::refusal::Refusal;
use crate::store::{Begun, Readings, Wish};

/// After which pause it is looked again whether another proxy's reading has ended. Nobody tells of that.
const PACE: Duration = Duration::from_millis(100);
/// A price that stands although it is over is read again after so long at first, as in [`freshness`](crate::gateway::freshness).
const AFTER_DEADLINE_MILLIS: i64 = 2000;

/// What is to be read, and since when another proxy's reading of it is as good.
pub(in crate::app) struct ToRead {
    pub(in crate::app) key: Uuid,
    pub(in crate::app) fresh_since: Timestamp,
}

impl ToRead {
    /// A reading that may be so old.
    pub(in crate::app) fn within(key: Uuid, pace: Duration, now: Timestamp) -> Self {
        let pace = i64::try_from(pace.as_millis()).unwrap_or(i64::MAX);
        Self {
            key,
            fresh_since: Timestamp::from_millis(now.millis().saturating_sub(pace)),
        }
    }

    /// One of an invoice, which no deadline has passed since, by the rules of [`freshness`](crate::gateway::freshness).
    pub(in crate::app) fn invoice(invoice: &Invoice, pace: Duration, now: Timestamp) -> Self {
        let mut to_read = Self::within(invoice.key, pace, now);
        let passed = invoice.deadlines().into_iter().filter(|at| *at <= now);
        for deadline in passed {
            to_read.fresh_since = to_read.fresh_since.max(deadline);
        }
        if let Some(over) = invoice.reprice_at(now).filter(|at| *at <= now) {
            // Read later than half of the time for which it has been over, or just now.
            let half = i64::midpoint(over.millis(), now.millis());
            let since = half.min(now.millis().saturating_sub(AFTER_DEADLINE_MILLIS));
            to_read.fresh_since = to_read.fresh_since.max(Timestamp::from_millis(since));
        }
        to_read
    }
}

impl App {
    /// Reads something in its turn, and notes what came of it: when it was read, that it could not be, or that the account may not be asked
    /// any further, whereupon the turn is anybody's.
    pub(in crate::app) async fn in_turn(
        &self,
        shop: &ShopId,
        to_read: ToRead,
        source: Source,
        reading: impl Future<Output = ReadOutcome>,
    ) -> ReadOutcome {
        let key = to_read.key;
        // Of a shop that is not known the reading itself says so.
        if let Ok(shop) = self.shop(shop)
            && let Err(outcome) = self.take_turn(shop, to_read, source).await
        {
            self.meter.read(source, outcome);
            return outcome;
        }
        let began = self.clock.now();
        let outcome = reading.await;
        self.meter.read(source, outcome);
        match outcome {
            ReadOutcome::NotNow => self.end_turn(key, None).await,
            ReadOutcome::Failed => self.note_not_read(key).await,
            ReadOutcome::Fresh | ReadOutcome::Unchanged | ReadOutcome::Changed => {
                self.freshness.succeeded(key, began, &*self.clock);
                self.end_turn(key, Some(began)).await;
            }
        }
        outcome
    }

    /// Takes the turn to read something, with one reading of the account's budget.
    ///
    /// # Errors
    /// What becomes of a reading that is not made: [`ReadOutcome::Fresh`] when another proxy has made it meanwhile,
    /// [`ReadOutcome::NotNow`] when the account may not be asked, [`ReadOutcome::Failed`] when the database does not say.
    async fn take_turn(
        &self,
        shop: &Shop,
        to_read: ToRead,
        source: Source,
    ) -> Result<(), ReadOutcome> {
        if let Some(readings) = self.store.readings() {
            // Whoever has nothing left by itself need not ask what all have left.
            if !shop.has_reading(source, self.clock.monotonic()) {
                return Err(ReadOutcome::NotNow);
            }
            self.take_turn_among(readings, shop, &to_read, source)
                .await?;
        }
        if shop.may_read(source, self.clock.monotonic()) {
            return Ok(());
        }
        self.end_turn(to_read.key, None).await;
        Err(ReadOutcome::NotNow)
    }

    /// Takes it among the proxies on this database, after the reading of another one that is under way.
    async fn take_turn_among(
        &self,
        readings: &dyn Readings,
        shop: &Shop,
        to_read: &ToRead,
        source: Source,
    ) -> Result<(), ReadOutcome> {
        for _ in 0..LOOKS {
            let Ok(wish) = self.wish(shop, to_read, source) else {
                return Err(ReadOutcome::Failed);
            };
            match readings.begin_reading(wish).await {
                Ok(Begun::Ours) => return Ok(()),
                Ok(Begun::Read(at)) => {
                    self.freshness.learned(to_read.key, at, &*self.clock);
                    return Err(ReadOutcome::Fresh);
                }
                Ok(Begun::UnderWay) => tokio::time::sleep(PACE).await,
                Ok(Begun::NotNow) => return Err(ReadOutcome::NotNow),
                Err(error) => {
                    tracing::warn!(key = %to_read.key, %error, "whose turn it is to read cannot be said");
                    return Err(ReadOutcome::Failed);
                }
            }
        }
        Err(ReadOutcome::NotNow)
    }

    /// Notes that something could not be read: others may try.
    async fn note_not_read(&self, key: Uuid) {
        self.freshness.failed(key, &*self.clock);
        self.end_turn(key, None).await;
    }

    /// Says that a turn has ended. When that cannot be stored, others wait for the end of its lease.
    async fn end_turn(&self, key: Uuid, read_at: Option<Timestamp>) {
        let Some(readings) = self.store.readings() else {
            return;
        };
        if let Err(error) = readings.end_reading(key, self.run, read_at).await {
            tracing::debug!(%key, %error, "a turn ends by itself");
        }
    }

    fn wish(&self, shop: &Shop, to_read: &ToRead, source: Source) -> Result<Wish, Refusal> {
        let must_be_new = matches!(
            source,
            Source::Delivery | Source::Reconcile | Source::Merchant
        );
        Ok(Wish {
            subject: to_read.key,
            lease: self.lease(shop.id())?,
            fresh_since: (!must_be_new).then_some(to_read.fresh_since),
            account: shop.account(),
            allowance: Allowance {
                per_minute: shop.budget.most(),
                urgency: source.urgency(),
            },
        })
    }

    /// Asks for nothing for a while, no proxy on this database does, if the gateway has had too many calls.
    pub(in crate::app) async fn heed(&self, shop: &ShopId, error: &calypso::Error) {
        let Ok(shop) = self.shop(shop) else { return };
        let Some(wait) = shop.heed(error, self.clock.monotonic()) else {
            return;
        };
        if let Some(readings) = self.store.readings() {
            let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            let until = self.clock.now().plus_millis(millis);
            if let Err(error) = readings.pause_account(shop.account(), until).await {
                tracing::warn!(shop = %shop.id(), %error, "other proxies go on asking");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use checkout::{Phase, Timestamp};

    use super::ToRead;
    use crate::checkouts::tests::{NOW, invoice, payment_closing_in};

    #[test]
    fn what_others_read_is_fresh_within_the_pace_and_since_the_last_deadline() {
        let mut invoice = invoice(&payment_closing_in(86_400), 1, Phase::Awaiting);
        invoice.priced_at = NOW;
        invoice.expires_at = NOW.plus_seconds(80_000);
        let reprice = i64::from(invoice.currency.reprice_seconds());
        let since = |at: i64, pace: u64| {
            let now = NOW.plus_seconds(at);
            let to_read = ToRead::invoice(&invoice, Duration::from_secs(pace), now);
            to_read.fresh_since.millis_since(NOW)
        };
        assert_eq!(since(100, 30), 70_000);
        let late = |seconds: i64| since(reprice + seconds, 10_000) - reprice * 1000;
        assert_eq!(late(-1), (reprice - 1 - 10_000) * 1000 - reprice * 1000);
        assert_eq!(late(0), 0, "at the new price itself");
        assert_eq!(late(3), 1_000, "a reading is good for two seconds");
        assert_eq!(late(20), 10_000, "and then for as long as it came late");
        let far = ToRead::within(invoice.key, Duration::MAX, NOW);
        assert!(far.fresh_since < Timestamp::from_millis(0));
    }
}
