//! The gateway as the rest of the proxy sees it: three questions, and every failure as one of the proxy's own codes.

use calypso::{Client, Error, InvoiceRef, Rate, SingleFiatInvoice};
use checkout::ErrorCode;
use tokio::sync::Semaphore;
use url::Url;

use crate::checkout::Checkout;
use crate::config::GatewayConfig;
use crate::invoice::{Invoice, InvoiceRequest};
use crate::refusal::Refusal;

/// How many calls run at the same time; more wait.
const CALLS: usize = 32;

/// The signed connection to the gateway.
pub(crate) struct Gateway {
    client: Client,
    calls: Semaphore,
}

impl Gateway {
    /// Sets the connection up; nothing is called yet.
    pub(crate) fn new(config: &GatewayConfig) -> Result<Self, Error> {
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
            client,
            calls: Semaphore::new(CALLS),
        })
    }

    /// Makes the invoice of a request, or finds the one it made before.
    pub(crate) async fn make_invoice(
        &self,
        checkout: &Checkout,
        request: &InvoiceRequest,
    ) -> Result<calypso::Invoice, Error> {
        let price = &checkout.price;
        let mut asked = SingleFiatInvoice::new(
            request.currency,
            price.amount(),
            price.currency(),
            checkout.description.clone(),
            request.key,
        );
        // The merchant finds the invoice under their own id of the order; where there is none, under the checkout's.
        asked.external_id = Some(
            checkout
                .external_id
                .clone()
                .unwrap_or_else(|| checkout.id.to_string()),
        );
        asked.expiration = request.expiration;
        let link = |text: &Option<String>| text.as_deref().and_then(|text| Url::parse(text).ok());
        asked.return_url = link(&checkout.return_url);
        asked.support_url = link(&checkout.support_url);
        asked.logo_url = link(&checkout.logo_url);
        let _permit = self.calls.acquire().await;
        self.client.create_single_fiat_invoice(&asked).await
    }

    /// Looks for the invoice of a request. `None` when the gateway says there is none.
    pub(crate) async fn find_invoice(
        &self,
        request: &InvoiceRequest,
    ) -> Result<Option<calypso::Invoice>, Error> {
        let _permit = self.calls.acquire().await;
        match self
            .client
            .invoice(&InvoiceRef::IdempotencyKey(request.key))
            .await
        {
            Ok(invoice) => Ok(Some(invoice)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads an invoice anew.
    pub(crate) async fn read_invoice(&self, invoice: &Invoice) -> Result<calypso::Invoice, Error> {
        let _permit = self.calls.acquire().await;
        self.client
            .invoice(&InvoiceRef::Id(invoice.gateway_id.clone()))
            .await
    }

    /// What one unit of each crypto currency costs in a fiat currency. Currencies the gateway does not know are left out.
    pub(crate) async fn rates(&self, crypto: &[&str], fiat: &str) -> Result<Vec<Rate>, Error> {
        let _permit = self.calls.acquire().await;
        self.client.rates(crypto, &[fiat]).await
    }
}

/// The proxy's code for a failed gateway call. The gateway's own words go to the log only.
pub(crate) fn refusal(error: &Error) -> Refusal {
    match code(error) {
        ErrorCode::GatewayUnavailable => Refusal::new(
            ErrorCode::GatewayUnavailable,
            "the payment gateway does not answer; try again in a moment",
        ),
        ErrorCode::GatewayUnsound => unsound(),
        ErrorCode::GatewayFailed => Refusal::new(
            ErrorCode::GatewayFailed,
            "the payment gateway could not do this; try again in a moment",
        ),
        _ => Refusal::internal("a request to the gateway could not be made"),
    }
    .because(error)
}

/// The gateway's answer contradicts what was asked, so nothing of it may be shown to a buyer.
pub(crate) fn unsound() -> Refusal {
    Refusal::new(
        ErrorCode::GatewayUnsound,
        "the payment gateway's answer contradicts the request, so nothing of it is shown; please tell the merchant",
    )
}

fn code(error: &Error) -> ErrorCode {
    match error {
        Error::NoConnection { .. } | Error::Timeout { .. } | Error::Interrupted { .. } => {
            ErrorCode::GatewayUnavailable
        }
        Error::KeyReused { .. } | Error::Contradiction { .. } => ErrorCode::GatewayUnsound,
        Error::Settings(_) | Error::Invalid { .. } => ErrorCode::Internal,
        Error::Unsettled { write, .. } => code(write),
        // What is left is an answer that is none, or a refusal; new kinds of failure are the gateway's too.
        _ => ErrorCode::GatewayFailed,
    }
}
