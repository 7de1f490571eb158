//! The open store.

use std::ops::Deref;
use std::sync::Arc;

use checkout::Currency;
use uuid::Uuid;

use super::changes::{Changed, Changes};
use super::database::Database;
use super::error::{StoreError, TakeInError};
use super::outcome::{Finished, KeptPurse};
use super::postgres::Postgres;
use super::sqlite::Sqlite;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::customer::Purse;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::config::DatabasePlace;
use crate::gateway::source::Source;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::history::Cause;
use crate::reading::invoice::Change;
use crate::reading::invoice_reading::InvoiceReading;
use crate::reading::merge::DepositChanges;

/// The store. Cheap to clone; the database is closed when the last clone is gone.
///
/// Every operation of [`Database`] is here. Those that change what a buyer sees stand below under the same names: they tell
/// [`Store::changes`] after the commit.
#[derive(Clone)]
pub(crate) struct Store {
    database: Arc<dyn Database>,
    changes: Changes,
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
        Ok(Self::on(match place {
            DatabasePlace::File(path) => Arc::new(Sqlite::open(path).await?.0),
            DatabasePlace::Postgres(place) => Arc::new(Postgres::open(place).await?.0),
        }))
    }

    /// A store on an open database.
    pub(crate) fn on(database: Arc<dyn Database>) -> Self {
        Self {
            database,
            changes: Changes::new(),
        }
    }

    /// What changes from now on.
    pub(crate) fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Takes a reading of an invoice in. `None` when nothing changed.
    ///
    /// # Errors
    /// [`TakeInError`]; then nothing has changed.
    pub(crate) async fn take_in(
        &self,
        reading: InvoiceReading,
    ) -> Result<Option<Change>, TakeInError> {
        let checkout = reading.checkout_id;
        let change = self.database.take_in(reading).await?;
        if change.is_some() {
            self.changes.publish(Changed::Checkout(checkout));
        }
        Ok(change)
    }

    /// Takes a list of deposits in.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub(crate) async fn take_in_deposits(
        &self,
        reading: DepositReading,
    ) -> Result<DepositChanges, StoreError> {
        let changed = match reading.paid_to {
            PaidTo::Invoice { checkout, .. } => Changed::Checkout(checkout),
            PaidTo::Customer(customer) => Changed::Customer(customer),
        };
        let changes = self.database.take_in_deposits(reading).await?;
        if changes != DepositChanges::default() {
            self.changes.publish(changed);
        }
        Ok(changes)
    }

    /// Keeps the invoice an attempt has made.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub(crate) async fn finish_attempt(
        &self,
        invoice: Invoice,
        alarms: Vec<Alarm>,
        cause: Cause,
    ) -> Result<Finished, StoreError> {
        let checkout = invoice.checkout_id;
        let finished = self.database.finish_attempt(invoice, alarms, cause).await?;
        if finished == Finished::Kept {
            self.changes.publish(Changed::Checkout(checkout));
        }
        Ok(finished)
    }

    /// Keeps an alarm. `false` when there is one of this kind for the invoice already; then that one stays.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub(crate) async fn raise(
        &self,
        checkout: CheckoutId,
        alarm: Alarm,
        source: Source,
    ) -> Result<bool, StoreError> {
        let is_new = self.database.raise(checkout, alarm, source).await?;
        if is_new {
            self.changes.publish(Changed::Checkout(checkout));
        }
        Ok(is_new)
    }

    /// Makes an invoice of a checkout the one shown.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub(crate) async fn choose_invoice(
        &self,
        checkout: CheckoutId,
        invoice: Uuid,
        cause: Cause,
    ) -> Result<(), StoreError> {
        if self.database.choose_invoice(invoice, cause).await? {
            self.changes.publish(Changed::Checkout(checkout));
        }
        Ok(())
    }

    /// Makes a currency the one a deposit checkout shows.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub(crate) async fn choose_purse(
        &self,
        checkout: CheckoutId,
        currency: &'static Currency,
        cause: Cause,
    ) -> Result<(), StoreError> {
        if self
            .database
            .choose_purse(checkout, currency, cause)
            .await?
        {
            self.changes.publish(Changed::Checkout(checkout));
        }
        Ok(())
    }

    /// Keeps a customer's address.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub(crate) async fn keep_purse(
        &self,
        purse: Purse,
        source: Source,
    ) -> Result<KeptPurse, StoreError> {
        let customer = key::customer(&purse.customer);
        let kept = self.database.keep_purse(purse, source).await?;
        if kept == KeptPurse::Kept {
            self.changes.publish(Changed::Customer(customer));
        }
        Ok(kept)
    }
}
