//! The places of things in the ledger. They are types, so that the place of one thing is never taken for that of another.

use serde::{Deserialize, Serialize};

/// Place of an invoice in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct InvoiceIndex(pub(crate) usize);

/// Place of a deposit in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct DepositIndex(pub(crate) usize);

/// Place of a customer in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct CustomerIndex(pub(crate) usize);

/// Place of a purse in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct PurseIndex(pub(crate) usize);

/// Place of a widget in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct WidgetIndex(pub(crate) usize);

/// Place of a delivery in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct DeliveryIndex(pub(crate) usize);
