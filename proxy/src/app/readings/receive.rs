//! Addresses that take any amount: a customer's own is found or made, and what has arrived is read.

use std::sync::Arc;
use std::time::Duration;

use checkout::{Address, Currency, RefusalCode};

use crate::app::outcome::ReadOutcome;
use crate::app::readings::turns::ToRead;
use crate::app::shops::UnknownShop;
use crate::app::state::App;
use crate::checkouts::customer::{CustomerId, Purse};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::unsound::Unsound;
use crate::gateway::failure;
use crate::gateway::source::Source;
use crate::gateway::{Listing, ListingError};
use crate::limits::places::Place;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::deposits;
use crate::reading::history::Cause;
use crate::reading::merge::DepositChanges;
use crate::refusal::Refusal;
use crate::store::{KeptPurse, StoreError, TakeInError};

/// Why what has arrived could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReceiveError {
    #[error(transparent)]
    Listing(#[from] ListingError),
    #[error(transparent)]
    TakeIn(#[from] TakeInError),
    #[error(transparent)]
    Shop(#[from] UnknownShop),
}

impl From<calypso::Error> for ReceiveError {
    fn from(error: calypso::Error) -> Self {
        Self::Listing(ListingError::Gateway(error))
    }
}

impl From<StoreError> for ReceiveError {
    fn from(error: StoreError) -> Self {
        Self::TakeIn(TakeInError::Store(error))
    }
}

impl From<Unsound> for ReceiveError {
    fn from(unsound: Unsound) -> Self {
        Self::TakeIn(TakeInError::Unsound(unsound))
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
        let is_over = snapshot.checkout.is_past_expiry(self.clock.now());
        if is_over || snapshot.closed_at.is_some() {
            let why = if is_over {
                "it has expired"
            } else {
                "the merchant has closed it"
            };
            return Err(Refusal::new(
                RefusalCode::CheckoutClosed,
                format!("this checkout shows no address any more: {why}"),
            ));
        }
        let gateway_id = self.gateway_customer(customer).await?;
        self.confirm_address(customer, &gateway_id, currency, Source::Page)
            .await
            .map_err(refusal)?;
        let cause = Cause {
            source: Source::Page,
            at: self.clock.now(),
        };
        self.store.choose_purse(id, currency, cause).await?;
        self.freshness
            .succeeded(key::purse(customer, currency), cause.at, &*self.clock);
        // What has arrived before belongs into the first answer; without it the next one has it.
        self.read_customer(customer, &gateway_id, Duration::ZERO, Source::Poll)
            .await;
        Ok(())
    }

    /// Reads a customer's address in one currency and all deposits at the gateway, unless that was done within `pace`. Whoever asks
    /// for the same meanwhile waits for the same reading.
    pub(crate) async fn read_purse(
        self: &Arc<Self>,
        purse: Purse,
        pace: Duration,
        place: Place,
    ) -> ReadOutcome {
        let (app, key) = (
            Arc::clone(self),
            key::purse(&purse.customer, purse.currency),
        );
        let work = || async move {
            let _place = place;
            if !app.freshness.is_due(key, pace, &[], &*app.clock) {
                return ReadOutcome::Fresh;
            }
            let Purse {
                customer,
                gateway_id,
                currency,
                ..
            } = &purse;
            let reading = async {
                let named = app
                    .confirm_address(customer, gateway_id, currency, Source::Poll)
                    .await;
                if let Err(error) = &named {
                    tracing::warn!(customer = %key::customer(customer), currency = currency.code, cause = %error, "a customer's address could not be read");
                }
                let read = app
                    .read_customer(customer, gateway_id, pace, Source::Poll)
                    .await;
                if read == ReadOutcome::NotNow {
                    read
                } else if named.is_ok() && read.is_read() {
                    // The gateway may have named another address.
                    ReadOutcome::Changed
                } else {
                    ReadOutcome::Failed
                }
            };
            let to_read = ToRead::within(key, pace, app.clock.now());
            app.in_turn(customer.shop(), to_read, Source::Poll, reading)
                .await
        };
        let outcome = self.reads.run(key, work).await;
        outcome.unwrap_or(ReadOutcome::Failed)
    }

    /// Reads every deposit to every address of a customer, in whatever currency, unless that was done within `pace`. Pages and the
    /// watcher share one reading. A gateway that gave no whole answer has failed; what it gave is taken in all the same.
    pub(crate) async fn read_customer(
        self: &Arc<Self>,
        customer: &CustomerId,
        gateway_id: &str,
        pace: Duration,
        source: Source,
    ) -> ReadOutcome {
        let (app, key) = (Arc::clone(self), key::customer(customer));
        let (customer, gateway_id) = (customer.clone(), gateway_id.to_owned());
        let work = || async move {
            if !app.freshness.is_due(key, pace, &[], &*app.clock) {
                return ReadOutcome::Fresh;
            }
            let reading = async {
                let recorded = app.record_customer_deposits(&customer, &gateway_id, source);
                match recorded.await {
                    Ok(true) => ReadOutcome::Changed,
                    Ok(false) => ReadOutcome::Unchanged,
                    Err(error) => {
                        tracing::warn!(customer = %key, cause = %error, "a customer's deposits could not be read to their end");
                        ReadOutcome::Failed
                    }
                }
            };
            let to_read = ToRead::within(key, pace, app.clock.now());
            app.in_turn(customer.shop(), to_read, source, reading).await
        };
        let outcome = self.reads.run(key, work).await;
        outcome.unwrap_or(ReadOutcome::Failed)
    }

    /// Reads every deposit to every address of a customer of whom the gateway has just said that something has changed, by a reading that
    /// begins after this call.
    pub(in crate::app) async fn read_customer_after_event(
        self: &Arc<Self>,
        customer: &CustomerId,
        gateway_id: &str,
    ) -> ReadOutcome {
        self.after_event(key::customer(customer), || {
            self.read_customer(customer, gateway_id, Duration::ZERO, Source::Delivery)
        })
        .await
    }

    /// Asks for a customer's address and keeps it. The gateway names the same one each time, until it lets go of one that was not
    /// used for long and names another (gateway reference §7.3).
    async fn confirm_address(
        self: &Arc<Self>,
        customer: &CustomerId,
        gateway_id: &str,
        currency: &'static Currency,
        source: Source,
    ) -> Result<(), ReceiveError> {
        let shop = self.shop(customer.shop())?;
        let named = shop.gateway.address(gateway_id, currency).await?;
        let address =
            Address::parse(currency.network, &named.address).map_err(Unsound::BadAddress)?;
        let purse = Purse {
            customer: customer.clone(),
            gateway_id: gateway_id.to_owned(),
            currency,
            address,
            confirmed_at: self.clock.now(),
        };
        match self.store.keep_purse(purse, source).await? {
            KeptPurse::Kept | KeptPurse::Known => Ok(()),
            KeptPurse::Taken => Err(Unsound::SharedAddress.into()),
        }
    }

    async fn record_customer_deposits(
        self: &Arc<Self>,
        customer: &CustomerId,
        gateway_id: &str,
        source: Source,
    ) -> Result<bool, ReceiveError> {
        let shop = self.shop(customer.shop())?;
        let listing = shop.gateway.customer_deposits(gateway_id, source).await;
        let mut listing = self.heeded(shop.id(), listing).await?;
        let broken = listing.broken.take();
        let listed = deposits::of_customer(listing);
        let paid_to = PaidTo::Customer(key::customer(customer));
        let at = self.clock.now();
        let reading = DepositReading {
            shop: shop.id().clone(),
            paid_to,
            listed,
            customer: Some(customer.clone()),
            source,
            teller: self.teller(),
            at,
        };
        let changes = self.apply_deposits(reading).await?;
        self.note_found_deposits(customer, gateway_id, &changes, source, at);
        broken.map_or(Ok(changes != DepositChanges::default()), |error| {
            Err(error.into())
        })
    }

    /// Reads what has arrived at an invoice, and takes it in; whether anything of it was new.
    pub(crate) async fn record_invoice_deposits(
        self: &Arc<Self>,
        invoice: &Invoice,
        source: Source,
    ) -> Result<bool, ReceiveError> {
        let shop = self.shop(&invoice.shop)?;
        let listing = shop
            .gateway
            .invoice_deposits(&invoice.gateway_id, source)
            .await;
        let mut listing = self.heeded(shop.id(), listing).await?;
        let broken = listing.broken.take();
        let listed = deposits::of_invoice(listing, invoice.currency);
        let paid_to = PaidTo::Invoice {
            key: invoice.key,
            checkout: invoice.checkout_id,
        };
        let reading = DepositReading {
            shop: shop.id().clone(),
            paid_to,
            listed,
            customer: None,
            source,
            teller: self.teller(),
            at: self.clock.now(),
        };
        let changes = self.apply_deposits(reading).await?;
        broken.map_or(Ok(changes != DepositChanges::default()), |error| {
            Err(error.into())
        })
    }

    /// A list as it came, whose failure is heeded, also that of one of its later parts.
    async fn heeded<T>(
        &self,
        shop: &ShopId,
        listing: Result<Listing<T>, ListingError>,
    ) -> Result<Listing<T>, ListingError> {
        let failed = match &listing {
            Ok(listing) => listing.broken.as_ref(),
            Err(error) => Some(error),
        };
        if let Some(ListingError::Gateway(error)) = failed {
            self.heed(shop, error).await;
        }
        listing
    }
}

fn refusal(error: ReceiveError) -> Refusal {
    match error {
        ReceiveError::Listing(ListingError::Gateway(error)) => failure::refusal(&error),
        ReceiveError::TakeIn(TakeInError::Store(error)) => error.into(),
        ReceiveError::Shop(error) => error.into(),
        ReceiveError::Listing(ListingError::Endless)
        | ReceiveError::TakeIn(TakeInError::Unsound(_)) => failure::unsound().because(error),
    }
}
