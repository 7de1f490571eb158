//! What is compared with the gateway, and what a comparison finds.

use checkout::wire::FlagKind;
use checkout::{Amount, Timestamp};
use uuid::Uuid;

use crate::checkouts::customer::WatchedCustomer;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::input::printable::printable;

/// What is to be compared.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// One shop; all of them without it.
    pub shop: Option<ShopId>,
    /// From when on; with this or the next one, every invoice priced in between is compared, and otherwise each on which money was ever seen, and each of a top-up.
    pub from: Option<Timestamp>,
    /// Until when, this moment not included.
    pub to: Option<Timestamp>,
}

/// In what the books and the gateway differ.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Difference {
    /// The gateway does not know the invoice.
    #[error("the gateway does not know it")]
    UnknownThere,
    /// The gateway names another address for the invoice.
    #[error("its address is {known} here and {read} there")]
    UnknownAddress {
        /// The address here.
        known: String,
        /// What the gateway names.
        read: String,
    },
    /// The invoice is in another state.
    #[error("it is {known} here and {read} there")]
    PhaseDiffers {
        /// Its state here.
        known: String,
        /// What follows from the gateway's answer.
        read: String,
    },
    /// The gateway's answer cannot be about this invoice.
    #[error("the gateway contradicts itself: {0}")]
    Contradiction(String),
    /// The gateway has counted another sum.
    #[error("it has received {known} here and {read} there")]
    ReceivedDiffers {
        /// The sum here.
        known: Amount,
        /// The gateway's.
        read: Amount,
    },
    /// The gateway names another fee than that of the credits in the ledger, so another amount is credited.
    #[error("the fee of its credits is {known} here and {read} there")]
    CreditedDiffers {
        /// The fee here.
        known: Amount,
        /// The gateway's.
        read: Amount,
    },
    /// The ledger has counted another sum than the gateway.
    #[error("the ledger has {booked} for it, the gateway {read}")]
    SumDiffers {
        /// The ledger's sum.
        booked: Amount,
        /// The gateway's.
        read: Amount,
    },
    /// A deposit that arrived is not in the books.
    #[error("the deposit {deposit} of {figure} is missing here")]
    MissingHere {
        /// The gateway's id.
        deposit: String,
        /// Amount and currency.
        figure: String,
    },
    /// The gateway does not list a deposit.
    #[error("the deposit {deposit} of {figure} is missing there")]
    MissingThere {
        /// The gateway's id.
        deposit: String,
        /// Amount and currency.
        figure: String,
    },
    /// A deposit has another amount.
    #[error("the deposit {deposit} is {known} here and {read} there")]
    AmountsDiffer {
        /// The gateway's id.
        deposit: String,
        /// What counts.
        known: String,
        /// What the gateway lists.
        read: String,
    },
    /// The gateway lists something else about a deposit.
    #[error("the deposit {deposit}: {kind}, known {known}, read {read}")]
    DepositDiffers {
        /// The gateway's id.
        deposit: String,
        /// In what.
        kind: FlagKind,
        /// What counts.
        known: String,
        /// What the gateway lists.
        read: String,
    },
}

/// One invoice or customer that was compared, and by which names it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compared<T> {
    /// Whose it is.
    pub shop: ShopId,
    /// `invoice` or `customer`.
    pub what: &'static str,
    /// Its key.
    pub key: Uuid,
    /// The checkout of an invoice, or the merchant's own id of a customer.
    pub of: String,
    /// What the gateway calls it.
    pub gateway_id: String,
    /// What was found.
    pub found: T,
}

/// What a comparison has found.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Reconciled {
    /// Invoices that were compared.
    pub invoices: u64,
    /// Customers that were compared.
    pub customers: u64,
    /// In what books and gateway differ.
    pub differences: Vec<Compared<Difference>>,
    /// What could not be read to its end, and why.
    pub not_read: Vec<Compared<String>>,
}

/// What was found about one thing.
#[derive(Default)]
pub(in crate::app) struct Found {
    pub(in crate::app) differences: Vec<Difference>,
    pub(in crate::app) not_read: Option<String>,
}

impl Reconciled {
    /// Adds what was found about an invoice.
    pub(in crate::app) fn add_invoice(&mut self, invoice: &Invoice, found: Found) {
        self.invoices += 1;
        let about = Compared {
            shop: invoice.shop.clone(),
            what: "invoice",
            key: invoice.key,
            of: invoice.checkout_id.to_string(),
            gateway_id: printable(&invoice.gateway_id),
            found: (),
        };
        self.add(&about, found);
    }

    /// Adds what was found about a customer.
    pub(in crate::app) fn add_customer(&mut self, watched: &WatchedCustomer, found: Found) {
        self.customers += 1;
        let customer = &watched.customer;
        let about = Compared {
            shop: customer.shop().clone(),
            what: "customer",
            key: key::customer(customer),
            of: printable(customer.as_str()),
            gateway_id: printable(&watched.gateway_id),
            found: (),
        };
        self.add(&about, found);
    }

    fn add(&mut self, about: &Compared<()>, found: Found) {
        let differences = found.differences.into_iter();
        self.differences
            .extend(differences.map(|found| about.with(found)));
        let not_read = found.not_read.into_iter();
        self.not_read
            .extend(not_read.map(|found| about.with(found)));
    }
}

impl Compared<()> {
    fn with<T>(&self, found: T) -> Compared<T> {
        let Self {
            shop,
            what,
            key,
            of,
            gateway_id,
            found: (),
        } = self.clone();
        Compared {
            shop,
            what,
            key,
            of,
            gateway_id,
            found,
        }
    }
}
