//! What the gateway tells by a webhook: its event is noted once, what it is about is read, and both are on disk before it is
//! acknowledged.

use std::sync::Arc;
use std::time::Duration;

use calypso::webhook::{Event, EventKind, InvoiceEvent};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::state::App;
use crate::app::webhooks::deliver::Delivered;
use crate::checkouts::delivery::{Delivery, DeliveryOutcome, EventName, Named};
use crate::checkouts::shop_id::ShopId;
use crate::input::printable::{printable, shortened};
use crate::store::StoreError;

/// How long the gateway waits for its acknowledgement while what it told is read. What takes longer is kept as open, and the reading
/// goes on.
const PATIENCE: Duration = Duration::from_secs(4);
/// The longest word for a kind of event that is kept.
const LONGEST_KIND: usize = 64;
/// What stands for a kind of event that is not known.
const UNKNOWN: &str = "unknown";

impl App {
    /// Takes in a delivery that was signed for a shop. When this returns, the event and what came of it are on disk: what it is about was
    /// read after it came, or is noted as still to be read.
    ///
    /// # Errors
    /// When the store refuses. Then the gateway has to tell it again.
    pub(crate) async fn take_in_delivery(
        self: &Arc<Self>,
        shop: ShopId,
        told: &calypso::webhook::Delivery,
        body: &[u8],
    ) -> Result<DeliveryOutcome, StoreError> {
        let received_at = self.clock.now();
        let name = EventName::new(shop, told.id.clone(), fingerprint(body));
        let shop = name.shop.clone();
        if let Some(outcome) = self.store.told_before(name.clone()).await?
            && outcome != DeliveryOutcome::Open
        {
            self.meter.told(known(&told.kind), "told_before");
            return Ok(outcome);
        }
        let subject = self.subject_of(&shop, told).await?;
        let outcome = match tokio::time::timeout(PATIENCE, self.looked_into(&shop, &subject)).await
        {
            Ok(outcome) => outcome?,
            Err(_) => DeliveryOutcome::Open,
        };
        self.meter.told(known(&told.kind), outcome.as_str());
        let kind = shortened(told.kind.as_str(), LONGEST_KIND);
        if outcome != DeliveryOutcome::TakenIn {
            tracing::info!(
                event = printable(&name.event),
                kind,
                outcome = outcome.as_str(),
                "a webhook has changed nothing yet"
            );
        }
        let delivery = Delivery {
            name,
            kind,
            subject,
            happened_at: told.created,
            received_at,
            outcome,
            due_at: received_at,
        };
        let due_at = delivery.next_try(received_at).unwrap_or(received_at);
        self.store
            .keep_delivery(Delivery { due_at, ..delivery })
            .await?;
        if outcome.is_of_ours() {
            self.telling.came(&shop, received_at);
        }
        Ok(outcome)
    }

    /// Notes that something came that was signed and that nobody can read. To have it sent again would not help.
    ///
    /// # Errors
    /// When the store refuses.
    pub(crate) async fn note_unreadable(
        self: &Arc<Self>,
        shop: ShopId,
        body: &[u8],
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let name = EventName::new(shop, None, fingerprint(body));
        self.meter
            .told(UNKNOWN, DeliveryOutcome::Unreadable.as_str());
        tracing::warn!(event = name.event, "a signed webhook cannot be read");
        let delivery = Delivery {
            name,
            kind: String::new(),
            subject: Named::Nothing,
            happened_at: None,
            received_at: now,
            outcome: DeliveryOutcome::Unreadable,
            due_at: now,
        };
        self.store.keep_delivery(delivery).await
    }

    pub(in crate::app) async fn looked_into(
        self: &Arc<Self>,
        shop: &ShopId,
        subject: &Named,
    ) -> Result<DeliveryOutcome, StoreError> {
        if *subject == Named::Nothing {
            return Ok(DeliveryOutcome::Ignored);
        }
        Ok(match self.deliver(shop, subject).await? {
            Delivered::TakenIn => DeliveryOutcome::TakenIn,
            Delivered::NotOurs => DeliveryOutcome::NotOurs,
            Delivered::NotRead => DeliveryOutcome::Open,
        })
    }

    /// What is to be read because of an event. Of an invoice the gateway may name its id, the key it was made with, or both; some versions
    /// of it give invoices two ids.
    async fn subject_of(
        &self,
        shop: &ShopId,
        told: &calypso::webhook::Delivery,
    ) -> Result<Named, StoreError> {
        if let Event::Purse(purse) = &told.event {
            let customer = purse.customer_id.clone();
            return Ok(customer.map_or(Named::Nothing, Named::Customer));
        }
        if matches!(
            told.kind,
            EventKind::InvoiceCreated | EventKind::UnlimitedInvoiceCreated
        ) {
            // It has its answer, or its attempt is settled by asking for it.
            return Ok(Named::Nothing);
        }
        let (id, key) = match &told.event {
            Event::Invoice(event) => named(event),
            // A kind of event that is not known yet may be about an invoice all the same.
            Event::Other(text) if told.kind.as_str().starts_with("INVOICE_") => {
                serde_json::from_str::<InvoiceEvent>(text)
                    .as_ref()
                    .map(named)
                    .unwrap_or_default()
            }
            _ => (None, None),
        };
        let by_id = id.map(Named::Invoice);
        if let Some(subject) = &by_id
            && self.invoice_of(shop, subject).await?.is_some()
        {
            return Ok(by_id.unwrap_or(Named::Nothing));
        }
        let by_key = key.map(Named::InvoiceKey);
        Ok(by_key.or(by_id).unwrap_or(Named::Nothing))
    }
}

fn named(event: &InvoiceEvent) -> (Option<String>, Option<Uuid>) {
    let key = event.idempotency_key.as_deref();
    (
        event.invoice_id.clone(),
        key.and_then(|key| Uuid::try_parse(key).ok()),
    )
}

/// A kind of event as it is counted: those that nobody knows are one.
fn known(kind: &EventKind) -> &str {
    match kind {
        EventKind::Unknown(_) => UNKNOWN,
        known => known.as_str(),
    }
}

fn fingerprint(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}
