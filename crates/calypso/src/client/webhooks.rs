//! Calls about subscriptions to events.

use serde::Serialize;
use uuid::Uuid;

use super::Client;
use super::call::{Call, NO_PAYLOAD};
use crate::Error;
use crate::webhook::{Webhook, WebhookOrder, Webhooks};

const CREATE: Call = Call::post("/api/v1/subscription/webhook/create").with_secret_answer();
const CHANGE: Call = Call::post("/api/v1/subscription/webhook/change").with_secret_answer();
const LIST: Call = Call::post("/api/v1/subscription/webhook").with_secret_answer();
const DELETE: Call = Call::delete("/api/v1/subscription/webhook");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    request_id: Uuid,
}

impl Client {
    /// Subscribes to events (gateway reference §2.16). Keep the pair of keys in the answer: deliveries are signed with it.
    ///
    /// Sent once, and again only while no connection came about. After an open outcome list the subscriptions.
    ///
    /// # Errors
    /// [`Error::Invalid`] without any event or group; [`Error::Refused`], network and answer errors as for every call.
    /// An error about an unreadable answer quotes nothing of it, since it holds a secret.
    pub async fn create_webhook(&self, order: &WebhookOrder) -> Result<Webhook, Error> {
        order.check()?;
        self.write(CREATE, Some(order)).await
    }

    /// Changes address and events of the subscription with the order's `request_id` (gateway reference §2.17; the path is
    /// that of the previous API). Repeating it does no harm.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when there is none; otherwise as for [`Client::create_webhook`].
    pub async fn change_webhook(&self, order: &WebhookOrder) -> Result<Webhook, Error> {
        order.check()?;
        self.read(CHANGE, Some(order)).await
    }

    /// Lists the subscriptions with their keys (gateway reference §2.17).
    ///
    /// A read: repeated after passing failures.
    ///
    /// # Errors
    /// Network and answer errors as for every call, without quotations.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, Error> {
        let webhooks: Webhooks = self.read(LIST, NO_PAYLOAD).await?;
        Ok(webhooks.subscriptions)
    }

    /// Ends a subscription (gateway reference §2.17).
    ///
    /// Sent once, and again only while no connection came about.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when there is none; network and answer errors as for every call.
    pub async fn delete_webhook(&self, request_id: Uuid) -> Result<(), Error> {
        self.command(DELETE, Some(&Named { request_id })).await
    }
}
