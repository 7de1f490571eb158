//! Addresses that take any amount: a customer's own is found or made, and what has arrived is read.

use std::sync::Arc;
use std::time::Duration;

use checkout::{Address, Currency, ErrorCode};
use uuid::Uuid;

use super::apply::ApplyError;
use super::state::App;
use crate::checkouts::customer::{CustomerId, Purse};
use crate::checkouts::deposit::total;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::unsound::Unsound;
use crate::gateway::failure;
use crate::gateway::{ListingError, Occasion};
use crate::limits::places::Place;
use crate::reading::deposits;
use crate::refusal::Refusal;
use crate::store::StoreError;

/// Why what has arrived could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReceivingError {
    #[error(transparent)]
    Listing(#[from] ListingError),
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl From<calypso::Error> for ReceivingError {
    fn from(error: calypso::Error) -> Self {
        Self::Listing(ListingError::Gateway(error))
    }
}

impl From<StoreError> for ReceivingError {
    fn from(error: StoreError) -> Self {
        Self::Apply(ApplyError::Store(error))
    }
}

impl From<Unsound> for ReceivingError {
    fn from(unsound: Unsound) -> Self {
        Self::Apply(ApplyError::Unsound(unsound))
    }
}

impl App {
    /// Makes sure that a customer has an address for this currency, and that it is the one the checkout shows.
    ///
    /// # Errors
    /// `checkout_closed`; the gateway's and the store's failures, after which calling again takes up where it stopped.
    pub(crate) async fn ensure_purse(
        self: &Arc<Self>,
        id: CheckoutId,
        customer: &CustomerId,
        currency: &'static Currency,
    ) -> Result<(), Refusal> {
        let snapshot = self.stored(id).await?;
        if snapshot.checkout.is_past_expiry(self.clock.now()) {
            return Err(Refusal::new(
                ErrorCode::CheckoutClosed,
                "this checkout shows no address any more: it has expired",
            ));
        }
        let gateway_id = self.gateway_customer(customer).await?;
        self.take_address(customer, &gateway_id, currency)
            .await
            .map_err(refusal)?;
        self.store.choose_purse(id, currency).await?;
        self.freshness
            .succeeded(key::purse(customer, currency), &*self.clock);
        // What has arrived before belongs into the first answer; without it the next one has it.
        self.read_customer(customer, &gateway_id, Duration::ZERO, Occasion::Look)
            .await;
        Ok(())
    }

    /// Reads a customer's address in one currency and all deposits at the gateway, unless that was done within `pace`. Whoever asks
    /// for the same meanwhile waits for the same reading. `false` when the gateway gave no usable answer.
    pub(crate) async fn read_purse(
        self: &Arc<Self>,
        purse: Purse,
        pace: Duration,
        place: Place,
    ) -> bool {
        let (app, key) = (
            Arc::clone(self),
            key::purse(&purse.customer, purse.currency),
        );
        let work = || async move {
            let _place = place;
            if !app.freshness.is_due(key, pace, &[], &*app.clock) {
                return true;
            }
            let Purse {
                customer,
                gateway_id,
                currency,
                ..
            } = &purse;
            let named = app.take_address(customer, gateway_id, currency).await;
            if let Err(error) = &named {
                tracing::warn!(customer = %key::customer(customer), currency = currency.code, cause = %error, "a customer's address could not be read");
            }
            let read = app
                .read_customer(customer, gateway_id, pace, Occasion::Look)
                .await;
            let succeeded = named.is_ok() && read;
            if succeeded {
                app.freshness.succeeded(key, &*app.clock);
            } else {
                app.freshness.failed(key, &*app.clock);
            }
            succeeded
        };
        self.reads.run(key, work).await.unwrap_or(false)
    }

    /// Reads every deposit to every address of a customer, in whatever currency, unless that was done within `pace`. Pages and the
    /// watcher share one reading. `false` when the gateway gave no whole answer; what it gave is taken in all the same.
    pub(crate) async fn read_customer(
        self: &Arc<Self>,
        customer: &CustomerId,
        gateway_id: &str,
        pace: Duration,
        occasion: Occasion,
    ) -> bool {
        let (app, key) = (Arc::clone(self), key::customer(customer));
        let gateway_id = gateway_id.to_owned();
        let work = || async move {
            if !app.freshness.is_due(key, pace, &[], &*app.clock) {
                return true;
            }
            match app.take_customer_deposits(key, &gateway_id, occasion).await {
                Ok(()) => {
                    app.freshness.succeeded(key, &*app.clock);
                    true
                }
                Err(error) => {
                    app.freshness.failed(key, &*app.clock);
                    tracing::warn!(customer = %key, cause = %error, "a customer's deposits could not be read to their end");
                    false
                }
            }
        };
        self.reads.run(key, work).await.unwrap_or(false)
    }

    /// Asks for a customer's address and keeps it. The gateway names the same one each time, until it lets go of one that was not
    /// used for long and names another (gateway reference §7.3).
    async fn take_address(
        self: &Arc<Self>,
        customer: &CustomerId,
        gateway_id: &str,
        currency: &'static Currency,
    ) -> Result<(), ReceivingError> {
        let named = self.gateway.address(gateway_id, currency).await?;
        let address =
            Address::parse(currency.network, &named.address).map_err(Unsound::BadAddress)?;
        let purse = Purse {
            customer: customer.clone(),
            gateway_id: gateway_id.to_owned(),
            currency,
            address,
            confirmed_at: self.clock.now(),
        };
        if self.store.keep_purse(purse).await? {
            Ok(())
        } else {
            Err(Unsound::SharedAddress.into())
        }
    }

    async fn take_customer_deposits(
        self: &Arc<Self>,
        customer: Uuid,
        gateway_id: &str,
        occasion: Occasion,
    ) -> Result<(), ReceivingError> {
        let mut listing = self.gateway.customer_deposits(gateway_id, occasion).await?;
        let broken = listing.broken.take();
        let listed = deposits::of_customer(listing);
        self.apply_deposits(customer, listed).await?;
        broken.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Whether the gateway has, or may have, other deposits to an invoice than are known: always for one that takes any amount; for
    /// one of a payment when their sum is not the one it names.
    pub(crate) async fn has_other_deposits(
        &self,
        invoice: &Invoice,
        seen: &calypso::Invoice,
    ) -> Result<bool, StoreError> {
        if invoice.amount.is_none() {
            return Ok(true);
        }
        let known = self.store.deposits(invoice.key).await?.deposits;
        let sum = total(
            known
                .iter()
                .filter(|deposit| deposit.missing_since.is_none()),
        );
        Ok(sum.is_ok_and(|sum| sum != seen.total_debit_amount))
    }

    /// Reads what has arrived at an invoice.
    pub(crate) async fn take_invoice_deposits(
        self: &Arc<Self>,
        invoice: &Invoice,
        occasion: Occasion,
    ) -> Result<(), ReceivingError> {
        let mut listing = self
            .gateway
            .invoice_deposits(&invoice.gateway_id, occasion)
            .await?;
        let broken = listing.broken.take();
        let listed = deposits::of_invoice(listing, invoice.currency);
        self.apply_deposits(invoice.key, listed).await?;
        broken.map_or(Ok(()), |error| Err(error.into()))
    }
}

fn refusal(error: ReceivingError) -> Refusal {
    match error {
        ReceivingError::Listing(ListingError::Gateway(error)) => failure::refusal(&error),
        ReceivingError::Apply(ApplyError::Store(error)) => error.into(),
        ReceivingError::Listing(ListingError::Endless)
        | ReceivingError::Apply(ApplyError::Unsound(_)) => failure::unsound().because(error),
    }
}
