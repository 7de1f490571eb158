//! The open store.

mod decisions;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Instant;

use checkout::{Currency, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use super::changes::{Changed, Changes};
use super::database::Database;
use super::error::{StoreError, TakeInError};
use super::following::follow;
use super::kept::{Concerned, Kept};
use super::meter::KeptMeter;
use super::outcome::{Finished, KeptPurse};
use super::postgres::{Postgres, give_hints, take_hints};
use super::sqlite::Sqlite;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::customer::Purse;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::snapshot::Snapshot;
use crate::config::{DatabasePlace, PostgresPlace};
use crate::gateway::source::Source;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::events::teller::Teller;
use crate::reading::history::Cause;
use crate::reading::invoice::Change;
use crate::reading::invoice_reading::InvoiceReading;
use crate::reading::merge::DepositChanges;
use crate::request_id::spawn;

/// The store. Cheap to clone; the database is closed when the last clone is gone.
///
/// Every operation of [`Database`] is here. Those that change a snapshot stand below under the same names: they make what is kept of it
/// count no more, and tell [`Store::changes`] after the commit. Once begun they go on to their end, also when nobody waits for them any
/// more: only then is it known what they have changed.
#[derive(Clone)]
pub(crate) struct Store {
    database: Arc<dyn Database>,
    changes: Changes,
    kept: Kept,
    kept_meter: Arc<KeptMeter>,
    /// Ends the tasks that follow other proxies when the last clone is gone.
    following: Option<Arc<DropGuard>>,
}

impl Deref for Store {
    type Target = dyn Database;

    fn deref(&self) -> &Self::Target {
        &*self.database
    }
}

impl Store {
    /// Opens the database, making a SQLite file that is not there (readable by its owner only) and bringing the schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`], [`StoreError::Newer`], or [`StoreError::Refused`] when the schema cannot be brought up to date.
    pub(crate) async fn open(place: &DatabasePlace) -> Result<Self, StoreError> {
        match place {
            DatabasePlace::File(path) => Ok(Self::on(Arc::new(Sqlite::open(path).await?.0))),
            DatabasePlace::Postgres(place) => {
                let database = Arc::new(Postgres::open(place).await?.0);
                Ok(Self::shared(&database, place))
            }
        }
    }

    /// A store on a database that other proxies may use as well: it tells their changes, too.
    fn shared(database: &Arc<Postgres>, place: &PostgresPlace) -> Self {
        let mut store = Self::on(Arc::clone(database) as Arc<dyn Database>);
        let (stop, wake) = (CancellationToken::new(), Arc::<Notify>::default());
        let telling = store.clone();
        tokio::spawn(follow(
            Arc::clone(&store.database),
            move |changed| telling.tell(changed),
            Arc::clone(&wake),
            stop.clone(),
        ));
        if place.notify {
            tokio::spawn(give_hints(Arc::clone(database), stop.clone()));
            tokio::spawn(take_hints(place.clone(), wake, stop.clone()));
        }
        store.following = Some(Arc::new(stop.drop_guard()));
        store
    }

    /// A store on an open database.
    pub(crate) fn on(database: Arc<dyn Database>) -> Self {
        Self {
            kept: Kept::new(database.kept_for()),
            kept_meter: Arc::default(),
            database,
            changes: Changes::new(),
            following: None,
        }
    }

    /// The checkout and everything known of it, as it was read a moment ago, but never older than the last write that this process has
    /// begun. For what is shown; whatever decides about money reads [`snapshot`](super::database::Checkouts::snapshot).
    ///
    /// # Errors
    /// [`StoreError`] when it has to be read and cannot be.
    pub(crate) async fn kept_snapshot(
        &self,
        id: CheckoutId,
    ) -> Result<Option<Arc<Snapshot>>, StoreError> {
        let now = Instant::now();
        if let Some(kept) = self.kept.get(id, now) {
            self.kept_meter.hits.inc();
            return Ok(Some(kept));
        }
        self.kept_meter.misses.inc();
        let seen = self.kept.before_reading(id);
        let Some(snapshot) = self.database.snapshot(id).await? else {
            return Ok(None);
        };
        let snapshot = Arc::new(snapshot);
        Ok(Some(self.kept.put(snapshot, seen, now, Instant::now())))
    }

    /// Whatever is asked for next is read anew: somebody else on the same database has written it, which may not have been told yet.
    pub(crate) fn look_anew(&self, checkout: CheckoutId) {
        self.kept.forget(Changed::Checkout(checkout));
    }

    /// Tells everybody who listens what has changed, here or by somebody else on the same database.
    pub(super) fn tell(&self, changed: Changed) {
        self.kept.forget(changed);
        self.changes.publish(changed);
    }

    /// Runs a write to its end. When it has failed, it may have been done all the same, so then it is told as well.
    pub(super) async fn write<T, E>(
        &self,
        changed: Changed,
        has_changed: fn(&T) -> bool,
        work: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (writing, store) = (self.kept.writing(Concerned::Only(changed)), self.clone());
        let written = spawn(async move {
            let outcome = work.await;
            // Before anybody hears of it.
            drop(writing);
            if outcome.as_ref().map_or(true, has_changed) {
                store.tell(changed);
            }
            outcome
        });
        written
            .await
            .unwrap_or_else(|_| Err(StoreError::NotDone.into()))
    }

    /// Runs to its end what deletes checkouts. Answers with their number.
    async fn delete(
        &self,
        work: impl Future<Output = Result<usize, StoreError>> + Send + 'static,
    ) -> Result<usize, StoreError> {
        let writing = self.kept.writing(Concerned::Everything);
        let deleted = tokio::spawn(async move {
            let outcome = work.await;
            drop(writing);
            outcome
        });
        deleted.await.unwrap_or(Err(StoreError::NotDone))
    }

    /// Deletes expired checkouts of pages that never saw money.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn forget_unpaid(
        &self,
        unchosen: Timestamp,
        unpaid: Timestamp,
    ) -> Result<usize, StoreError> {
        let database = Arc::clone(&self.database);
        self.delete(async move { database.forget_unpaid(unchosen, unpaid).await })
            .await
    }

    /// Deletes the oldest expired checkouts of pages that never saw money, until at most `most` of them are kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn forget_more(
        &self,
        unwatched: Timestamp,
        most: u32,
    ) -> Result<usize, StoreError> {
        let database = Arc::clone(&self.database);
        self.delete(async move { database.forget_more(unwatched, most).await })
            .await
    }

    /// Deletes open checkouts of a shop's pages for which nobody picked a currency, until at most `most` of them are open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn make_room(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<usize, StoreError> {
        let database = Arc::clone(&self.database);
        self.delete(async move { database.make_room(shop, now, most).await })
            .await
    }

    /// How often it was shown from memory.
    pub(crate) fn kept_meter(&self) -> &KeptMeter {
        &self.kept_meter
    }

    /// What changes from now on.
    pub(crate) fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Takes a reading of an invoice in. `None` when nothing changed.
    ///
    /// # Errors
    /// [`TakeInError`].
    pub(crate) async fn take_in(
        &self,
        reading: InvoiceReading,
    ) -> Result<Option<Change>, TakeInError> {
        let checkout = reading.checkout_id;
        let database = Arc::clone(&self.database);
        self.write(Changed::Checkout(checkout), Option::is_some, async move {
            database.take_in(reading).await
        })
        .await
    }

    /// Takes a list of deposits in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn take_in_deposits(
        &self,
        reading: DepositReading,
    ) -> Result<DepositChanges, StoreError> {
        let changed = match reading.paid_to {
            PaidTo::Invoice { checkout, .. } => Changed::Checkout(checkout),
            PaidTo::Customer(customer) => Changed::Customer(customer),
        };
        let (database, has_changed) = (Arc::clone(&self.database), |changes: &DepositChanges| {
            *changes != DepositChanges::default()
        });
        self.write(changed, has_changed, async move {
            database.take_in_deposits(reading).await
        })
        .await
    }

    /// Keeps the invoice an attempt has made.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn finish_attempt(
        &self,
        invoice: Invoice,
        alarms: Vec<Alarm>,
        cause: Cause,
        teller: Teller,
    ) -> Result<Finished, StoreError> {
        let checkout = invoice.checkout_id;
        let (database, is_kept) = (Arc::clone(&self.database), |finished: &Finished| {
            *finished == Finished::Kept
        });
        self.write(Changed::Checkout(checkout), is_kept, async move {
            database
                .finish_attempt(invoice, alarms, cause, teller)
                .await
        })
        .await
    }

    /// Keeps an alarm. `false` when there is one of this kind for the invoice already; then that one stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn raise(
        &self,
        checkout: CheckoutId,
        alarm: Alarm,
        source: Source,
    ) -> Result<bool, StoreError> {
        let database = Arc::clone(&self.database);
        self.write(Changed::Checkout(checkout), |is_new| *is_new, async move {
            database.raise(checkout, alarm, source).await
        })
        .await
    }

    /// Makes an invoice of a checkout the one shown.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn choose_invoice(
        &self,
        checkout: CheckoutId,
        invoice: Uuid,
        cause: Cause,
    ) -> Result<(), StoreError> {
        let database = Arc::clone(&self.database);
        self.write(Changed::Checkout(checkout), |is_new| *is_new, async move {
            database.choose_invoice(invoice, cause).await
        })
        .await
        .map(drop)
    }

    /// Makes a currency the one a deposit checkout shows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn choose_purse(
        &self,
        checkout: CheckoutId,
        currency: &'static Currency,
        cause: Cause,
    ) -> Result<(), StoreError> {
        let database = Arc::clone(&self.database);
        self.write(Changed::Checkout(checkout), |is_new| *is_new, async move {
            database.choose_purse(checkout, currency, cause).await
        })
        .await
        .map(drop)
    }

    /// Keeps a customer's address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn keep_purse(
        &self,
        purse: Purse,
        source: Source,
    ) -> Result<KeptPurse, StoreError> {
        let customer = key::customer(&purse.customer);
        let (database, is_kept) = (Arc::clone(&self.database), |kept: &KeptPurse| {
            *kept == KeptPurse::Kept
        });
        self.write(Changed::Customer(customer), is_kept, async move {
            database.keep_purse(purse, source).await
        })
        .await
    }
}
