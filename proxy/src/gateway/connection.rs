//! The gateway as the rest of the proxy sees it: a few questions, and every failure as one of the proxy's own codes.

use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use calypso::{
    Client, Customer, DepositAddress, Error, InvoiceKey, InvoiceRef, Links, NewCustomer, Options,
    PaymentWidget, Rate, SingleFiatInvoice, SingleFiatWidget, UnlimitedInvoice, UnlimitedWidget,
};
use checkout::{Currency, Timestamp};
use tokio::sync::Semaphore;
use tracing::Instrument;
use url::Url;

use super::meter::{GatewayMeter, outcome};
use super::source::Source;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::CustomerId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::config::GatewayConfig;
use crate::spans;

/// How many calls run at the same time for what buyers do; more wait.
const CALLS: usize = 16;
/// How many readings run at the same time because somebody looks.
const LOOKS: usize = 32;
/// How many readings the watcher makes at the same time, which nobody who looks can take from it.
const WATCHER: usize = 8;

/// The signed connection to the gateway.
pub(crate) struct Gateway {
    client: RwLock<Client>,
    calls: Semaphore,
    looks: Semaphore,
    watcher: Semaphore,
    meter: GatewayMeter,
}

impl Gateway {
    /// Sets the connection of a store up; nothing is called yet.
    pub(crate) fn new(config: &GatewayConfig, store: &str) -> Result<Self, Error> {
        let client = Client::builder(
            config.base_url.clone(),
            config.credentials.clone(),
            config.account.clone(),
        )
        .timeout(config.timeout)
        .connect_timeout(config.timeout.min(std::time::Duration::from_secs(5)))
        .retries(1)
        .build()?;
        Ok(Self {
            client: RwLock::new(client),
            calls: Semaphore::new(CALLS),
            looks: Semaphore::new(LOOKS),
            watcher: Semaphore::new(WATCHER),
            meter: GatewayMeter::new(store),
        })
    }

    /// What is counted of its calls.
    pub(crate) fn meter(&self) -> &GatewayMeter {
        &self.meter
    }

    /// Makes a call, measures it, and lets a trace show it. `call` is a word of the source.
    pub(super) async fn call<T>(
        &self,
        call: &'static str,
        asking: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let (begun, span) = (Instant::now(), spans::gateway(call));
        let answer = asking.instrument(span.clone()).await;
        let outcome = outcome(&answer);
        spans::ended(&span, outcome, answer.is_err());
        self.meter.ended(call, outcome, begun.elapsed());
        answer
    }

    /// The client with the credentials that count now.
    pub(super) fn client(&self) -> Client {
        let client = self.client.read();
        client.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes the connection of another one, for calls that begin from now on.
    pub(crate) fn exchange(&self, other: Self) {
        let new = other.client.into_inner();
        let new = new.unwrap_or_else(PoisonError::into_inner);
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = new;
    }

    /// The calls that readings are taken from.
    pub(super) fn readings(&self, source: Source) -> &Semaphore {
        match source {
            Source::Poll | Source::Delivery | Source::Merchant | Source::Page => &self.looks,
            Source::Watcher | Source::Reconcile | Source::Upgrade => &self.watcher,
        }
    }

    /// Makes the invoice of a request, or finds the one it made before.
    pub(crate) async fn make_invoice(
        &self,
        checkout: &Checkout,
        attempt: &InvoiceAttempt,
    ) -> Result<calypso::Invoice, Error> {
        let Some(price) = checkout.purpose.price() else {
            let mut asked = UnlimitedInvoice::new(
                attempt.currency.code,
                checkout.description.clone(),
                attempt.key,
            );
            asked.external_id = Some(external_id(checkout));
            asked.links = links(checkout);
            let _permit = self.calls.acquire().await;
            return self
                .call(
                    "create_invoice",
                    self.client().create_unlimited_invoice(&asked),
                )
                .await;
        };
        let mut asked = SingleFiatInvoice::new(
            attempt.currency.code,
            price.amount(),
            price.currency(),
            checkout.description.clone(),
            attempt.key,
        );
        asked.options = options(checkout, attempt.expiration);
        let _permit = self.calls.acquire().await;
        self.call(
            "create_invoice",
            self.client().create_single_fiat_invoice(&asked),
        )
        .await
    }

    /// Looks for the invoice of an attempt. `None` when the gateway says there is none.
    pub(crate) async fn find_invoice(
        &self,
        attempt: &InvoiceAttempt,
    ) -> Result<Option<calypso::Invoice>, Error> {
        let _permit = self.calls.acquire().await;
        let key = InvoiceRef::IdempotencyKey(attempt.key);
        match self.call("find_invoice", self.client().invoice(&key)).await {
            Ok(invoice) => Ok(Some(invoice)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads an invoice anew.
    pub(crate) async fn read_invoice(
        &self,
        invoice: &Invoice,
        source: Source,
    ) -> Result<calypso::Invoice, Error> {
        let _permit = self.readings(source).acquire().await;
        let id = InvoiceRef::Id(invoice.gateway_id.clone());
        self.call("read_invoice", self.client().invoice(&id)).await
    }

    /// Archives an invoice that waits for money.
    pub(crate) async fn archive(&self, invoice: &Invoice) -> Result<calypso::Invoice, Error> {
        let _permit = self.calls.acquire().await;
        let id = named(invoice);
        self.call("archive_invoice", self.client().archive_invoice(&id))
            .await
    }

    /// Accepts what an invoice has received as its payment.
    pub(crate) async fn return_to_paid(
        &self,
        invoice: &Invoice,
    ) -> Result<calypso::Invoice, Error> {
        let _permit = self.calls.acquire().await;
        let id = named(invoice);
        self.call("return_to_paid", self.client().return_to_paid(&id))
            .await
    }

    /// Marks the intervention of a credited invoice as resolved.
    pub(crate) async fn close_intervention(
        &self,
        invoice: &Invoice,
    ) -> Result<calypso::Invoice, Error> {
        let _permit = self.calls.acquire().await;
        let id = named(invoice);
        self.call("close_intervention", self.client().close_intervention(&id))
            .await
    }

    /// Makes a customer. There is no key: an open outcome stays open (gateway reference §2.20).
    pub(crate) async fn make_customer(&self, customer: &CustomerId) -> Result<Customer, Error> {
        let asked = NewCustomer {
            external_id: Some(customer.as_str().to_owned()),
            ..NewCustomer::default()
        };
        let _permit = self.calls.acquire().await;
        self.call("create_customer", self.client().create_customer(&asked))
            .await
    }

    /// The address of a customer for one currency, made when there is none.
    pub(crate) async fn address(
        &self,
        customer: &str,
        currency: &'static Currency,
    ) -> Result<DepositAddress, Error> {
        let _permit = self.calls.acquire().await;
        self.call(
            "deposit_address",
            self.client().deposit_address(customer, currency.code),
        )
        .await
    }

    /// Looks for the gateway's own widget of a checkout. `None` when the gateway says there is none.
    pub(crate) async fn find_widget(
        &self,
        checkout: &Checkout,
    ) -> Result<Option<PaymentWidget>, Error> {
        let key = key::hosted_widget(checkout.id);
        let _permit = self.calls.acquire().await;
        let found = if checkout.purpose.price().is_some() {
            self.call("find_widget", self.client().find_single_fiat_widget(key))
                .await
        } else {
            self.call("find_widget", self.client().find_unlimited_widget(key))
                .await
        };
        match found {
            Ok(widget) => Ok(Some(widget)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes the gateway's own widget of a checkout, or finds the one made before.
    pub(crate) async fn make_widget(
        &self,
        checkout: &Checkout,
        expiration: Timestamp,
    ) -> Result<PaymentWidget, Error> {
        let key = key::hosted_widget(checkout.id);
        let currencies = checkout.currencies.iter().map(|currency| currency.code);
        let description = checkout.description.clone();
        let options = options(checkout, Some(expiration));
        let _permit = self.calls.acquire().await;
        let Some(price) = checkout.purpose.price() else {
            let mut asked = UnlimitedWidget::new(currencies, description, key);
            asked.options = options;
            return self
                .call(
                    "create_widget",
                    self.client().create_unlimited_widget(&asked),
                )
                .await;
        };
        let (amount, fiat) = (price.amount(), price.currency());
        let mut asked = SingleFiatWidget::new(currencies, amount, fiat, description, key);
        asked.options = options;
        self.call(
            "create_widget",
            self.client().create_single_fiat_widget(&asked),
        )
        .await
    }

    /// What one unit of each crypto currency costs in a fiat currency. Currencies the gateway does not know are left out.
    pub(crate) async fn rates(&self, crypto: &[&str], fiat: &str) -> Result<Vec<Rate>, Error> {
        let _permit = self.calls.acquire().await;
        self.call("rates", self.client().rates(crypto, &[fiat]))
            .await
    }
}

/// An invoice, by the gateway's own id of it.
fn named(invoice: &Invoice) -> InvoiceKey {
    InvoiceKey::Id(invoice.gateway_id.clone())
}

/// Under what the merchant finds an invoice: their own id of the order; where there is none, the checkout's.
fn external_id(checkout: &Checkout) -> String {
    checkout
        .external_id
        .clone()
        .unwrap_or_else(|| checkout.id.to_string())
}

/// What is set on every order with an expiry.
fn options(checkout: &Checkout, expiration: Option<Timestamp>) -> Options {
    Options {
        external_id: Some(external_id(checkout)),
        expiration,
        links: links(checkout),
    }
}

/// The links of a checkout, as the gateway's page offers them.
fn links(checkout: &Checkout) -> Links {
    let link = |text: &Option<String>| text.as_deref().and_then(|text| Url::parse(text).ok());
    Links {
        return_url: link(&checkout.return_url),
        support_url: link(&checkout.support_url),
        logo_url: link(&checkout.logo_url),
    }
}
