//! Subscriptions to the gateway's webhooks (gateway reference §2.16, §2.17).

use calypso::Error;
use calypso::webhook::{Service, Webhook, WebhookOrder};
use url::Url;
use uuid::Uuid;

use super::connection::Gateway;

/// What is subscribed to: everything about invoices and about customers' addresses.
fn order(id: Uuid, url: Url) -> WebhookOrder {
    WebhookOrder::to_services(id, url, [Service::Invoice, Service::CustomerPurse])
}

impl Gateway {
    /// Every subscription of the merchant's, with its keys.
    pub(crate) async fn webhooks(&self) -> Result<Vec<Webhook>, Error> {
        self.call("list_webhooks", self.client().webhooks()).await
    }

    /// Makes a subscription under a name that was never used.
    pub(crate) async fn subscribe(&self, id: Uuid, url: Url) -> Result<Webhook, Error> {
        let order = order(id, url);
        self.call("create_webhook", self.client().create_webhook(&order))
            .await
    }

    /// Makes a subscription what a new one would be. Its keys stay.
    pub(crate) async fn subscribe_again(&self, id: Uuid, url: Url) -> Result<Webhook, Error> {
        let order = order(id, url);
        self.call("change_webhook", self.client().change_webhook(&order))
            .await
    }

    /// Ends a subscription. `false` when there is none.
    pub(crate) async fn unsubscribe(&self, id: Uuid) -> Result<bool, Error> {
        match self
            .call("delete_webhook", self.client().delete_webhook(id))
            .await
        {
            Ok(()) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }
}
