//! What a checkout is: its order, its invoices, its customer, what was paid to it, and the rules they follow. Nothing here asks
//! anybody or waits; the time is a parameter.

pub(crate) mod alarm;
pub(crate) mod attempt;
pub(crate) mod checkout;
pub(crate) mod customer;
pub(crate) mod customer_pace;
pub(crate) mod decision;
pub(crate) mod delivery;
pub(crate) mod deposit;
pub(crate) mod deposit_currency;
pub(crate) mod event;
pub(crate) mod id;
pub(crate) mod idempotency_key;
pub(crate) mod invoice;
pub(crate) mod key;
pub(crate) mod links;
pub(crate) mod list_cursor;
pub(crate) mod offer;
pub(crate) mod price;
pub(crate) mod price_list;
pub(crate) mod purpose;
pub(crate) mod quote;
pub(crate) mod refund;
pub(crate) mod search;
pub(crate) mod shop_id;
pub(crate) mod snapshot;
pub(crate) mod subscription;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod unsound;
pub(crate) mod visits;
