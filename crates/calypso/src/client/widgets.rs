//! Calls about the gateway's own payment widgets.

use serde::Serialize;
use uuid::Uuid;

use super::Client;
use super::call::Call;
use super::creation::{Creation, Difference};
use crate::rules::{currencies, filled, positive};
use crate::{Error, PaymentWidget, SingleFiatWidget, UnlimitedWidget, WidgetKind};

const FIND_SINGLE_FIAT: Call = Call::post("/api/v1/payment-widget/single-fiat/find");
const FIND_UNLIMITED: Call = Call::post("/api/v1/payment-widget/unlimited-linked/find");

/// The payload that finds a widget: its key under the name `requestId` (gateway reference §2.2).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Find {
    request_id: Uuid,
}

impl Client {
    /// Makes a payment widget over a fiat price (gateway reference §2.1), or finds the one its key made before.
    ///
    /// # Errors
    /// As for [`Client::create_single_fiat_invoice`].
    pub async fn create_single_fiat_widget(
        &self,
        widget: &SingleFiatWidget,
    ) -> Result<PaymentWidget, Error> {
        self.create(widget).await
    }

    /// Reads a payment widget by its key, with the invoices made from it so far (gateway reference §2.2).
    ///
    /// A read: repeated after passing failures.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when there is none; network and answer errors as for every call.
    pub async fn find_single_fiat_widget(&self, key: Uuid) -> Result<PaymentWidget, Error> {
        self.read(FIND_SINGLE_FIAT, Some(&Find { request_id: key }))
            .await
    }

    /// Makes a top-up widget (gateway reference §2.3), or finds the one its key made before.
    ///
    /// # Errors
    /// As for [`Client::create_single_fiat_invoice`].
    pub async fn create_unlimited_widget(
        &self,
        widget: &UnlimitedWidget,
    ) -> Result<PaymentWidget, Error> {
        self.create(widget).await
    }

    /// Reads a top-up widget by its key, with the invoices made from it so far (gateway reference §2.4).
    ///
    /// A read: repeated after passing failures.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when there is none; network and answer errors as for every call.
    pub async fn find_unlimited_widget(&self, key: Uuid) -> Result<PaymentWidget, Error> {
        self.read(FIND_UNLIMITED, Some(&Find { request_id: key }))
            .await
    }
}

impl Creation for SingleFiatWidget {
    const CALL: Call = Call::post("/api/v1/payment-widget/single-fiat/create");
    type Made = PaymentWidget;

    fn check(&self) -> Result<(), Error> {
        currencies(&self.crypto_currencies)?;
        positive("fiatAmount", self.fiat_amount)?;
        filled("fiatCurrency", &self.fiat_currency)?;
        filled("description", &self.description)
    }

    fn key(&self) -> Option<Uuid> {
        Some(self.idempotency_key)
    }

    async fn find(client: &Client, key: Uuid) -> Result<PaymentWidget, Error> {
        client.find_single_fiat_widget(key).await
    }

    fn difference(&self, made: &PaymentWidget) -> Option<Difference> {
        Difference::of("widgetType", &WidgetKind::SingleFiat, Some(&made.kind))
            .or_else(|| Difference::of("fiatAmount", &self.fiat_amount, made.fiat_amount.as_ref()))
            .or_else(|| {
                Difference::of(
                    "fiatCurrency",
                    &self.fiat_currency,
                    made.fiat_currency.as_ref(),
                )
            })
    }
}

impl Creation for UnlimitedWidget {
    const CALL: Call = Call::post("/api/v1/payment-widget/unlimited-linked/create");
    type Made = PaymentWidget;

    fn check(&self) -> Result<(), Error> {
        currencies(&self.crypto_currencies)?;
        filled("description", &self.description)
    }

    fn key(&self) -> Option<Uuid> {
        self.idempotency_key
    }

    async fn find(client: &Client, key: Uuid) -> Result<PaymentWidget, Error> {
        client.find_unlimited_widget(key).await
    }

    fn difference(&self, made: &PaymentWidget) -> Option<Difference> {
        Difference::of("widgetType", &WidgetKind::UnlimitedLinked, Some(&made.kind))
    }
}
