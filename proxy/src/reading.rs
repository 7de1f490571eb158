//! What the gateway says, turned into changes of what is known. Nothing here asks anybody; whatever cannot be true is refused by name.

pub(crate) mod deposit_reading;
pub(crate) mod deposits;
pub(crate) mod events;
pub(crate) mod history;
pub(crate) mod invoice;
pub(crate) mod invoice_reading;
pub(crate) mod ledger;
pub(crate) mod merge;
pub(crate) mod money;
pub(crate) mod paid_to;
pub(crate) mod second;
pub(crate) mod terms;
