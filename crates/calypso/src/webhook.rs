//! Webhooks: subscribing to events, and judging what is delivered.
//!
//! A delivery is checked over its raw bytes first and read afterwards:
//!
//! ```
//! use calypso::webhook::{EventKind, Verifier, WebhookError};
//!
//! # fn on_delivery(verifier: &Verifier, headers: &http::HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
//! let delivery = verifier.verify(headers, body)?;
//! if delivery.kind == EventKind::InvoicePaid {
//!     // An event is a hint: read the invoice it names before giving anything away.
//!     println!("read invoice {:?}", delivery.invoice());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Deliveries come at least once, in any order, and only the answer 200 counts as received (gateway reference §5.1).

mod delivery;
mod error;
mod event_kind;
mod invoice_event;
mod other_events;
mod subscription;
mod verifier;

pub use delivery::{Delivery, Event};
pub use error::WebhookError;
pub use event_kind::{EventKind, Level, Service};
pub use invoice_event::{FiatAmounts, InvoiceEvent};
pub use other_events::{PayoutEvent, PurseEvent, TopUpEvent};
pub use subscription::{Topics, Webhook, WebhookOrder};
pub use verifier::Verifier;

pub(crate) use subscription::Webhooks;
