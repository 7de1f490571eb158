//! What the gateway has listed as paid to an invoice or a customer, ready to be taken in.

use checkout::Timestamp;

use super::deposits::Listed;
use super::events::teller::Teller;
use super::merge::{DepositChanges, merge};
pub(crate) use super::paid_to::PaidTo;
use crate::checkouts::customer::CustomerId;
use crate::checkouts::deposit::Known;
use crate::checkouts::shop_id::ShopId;
use crate::gateway::source::Source;

/// One list of the gateway.
#[derive(Debug, Clone)]
pub(crate) struct DepositReading {
    /// The shop whose gateway has listed it.
    pub(crate) shop: ShopId,
    pub(crate) paid_to: PaidTo,
    pub(crate) listed: Listed,
    /// The customer they were paid to, where they were paid to one.
    pub(crate) customer: Option<CustomerId>,
    pub(crate) source: Source,
    /// Who tells the merchant.
    pub(crate) teller: Teller,
    /// When it was read.
    pub(crate) at: Timestamp,
}

impl DepositReading {
    /// What changes by it, given what is stored. It asks nobody and remembers nothing, so it may be called again, on what is stored by
    /// then.
    pub(crate) fn decide(&self, stored: &Known) -> DepositChanges {
        merge(self.paid_to.key(), stored, &self.listed, self.at)
    }
}
