//! What a checkout is for: one payment of a price, top-ups of any amount, or deposits to a customer's own address.

use crate::words;

words! {
    /// The kind of a checkout. On the wire a lower-case word.
    #[derive(Default)]
    pub enum Kind expecting "payment, topup or deposit" {
        /// One price, paid once.
        #[default]
        Payment = "payment",
        /// Any amount, any number of times, to an address of this checkout.
        Topup = "topup",
        /// Any amount, any number of times, to the permanent address of one of the merchant's customers.
        Deposit = "deposit",
    }
}

impl Kind {
    /// Whether it is a payment, which has a price and an invoice; the others take what comes.
    #[must_use]
    pub const fn is_payment(self) -> bool {
        matches!(self, Kind::Payment)
    }
}
