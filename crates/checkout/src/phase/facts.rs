//! What is true of a phase wherever it is met. Each fact is answered for every phase by name, so that a new phase asks for all of them.

use super::Phase;

/// How soon a page that shows a phase asks again. The proxy's configuration says how many milliseconds each one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pace {
    /// Somebody has to decide, the buyer or the merchant, and may do so at any moment.
    Choosing,
    /// A payment, or the rest of one, is awaited.
    Awaiting,
    /// A payment is on its way: seen, under review, or paid and not yet credited.
    Moving,
    /// Nothing more is expected.
    Settled,
}

impl Phase {
    /// Whether nothing more is expected of the buyer or the gateway: completed, declined, expired,
    /// archived. Only `completed` is beyond change; money that arrives late can still reopen the others.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Phase::Completed | Phase::Declined | Phase::Expired | Phase::Archived => true,
            Phase::Choosing
            | Phase::Awaiting
            | Phase::Detected
            | Phase::Paid
            | Phase::Reviewing
            | Phase::Underpaid
            | Phase::Overpaid
            | Phase::Intervention => false,
        }
    }

    /// Whether an invoice in this phase has come to its end at the gateway: completed, expired, archived. A declined one is final for
    /// its buyer, but the gateway's review may still release it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        match self {
            Phase::Completed | Phase::Expired | Phase::Archived => true,
            Phase::Choosing
            | Phase::Awaiting
            | Phase::Detected
            | Phase::Paid
            | Phase::Reviewing
            | Phase::Declined
            | Phase::Underpaid
            | Phase::Overpaid
            | Phase::Intervention => false,
        }
    }

    /// Whether the merchant may deliver: paid or completed.
    #[must_use]
    pub const fn is_paid(self) -> bool {
        match self {
            Phase::Paid | Phase::Completed => true,
            Phase::Choosing
            | Phase::Awaiting
            | Phase::Detected
            | Phase::Reviewing
            | Phase::Declined
            | Phase::Underpaid
            | Phase::Overpaid
            | Phase::Intervention
            | Phase::Expired
            | Phase::Archived => false,
        }
    }

    /// Whether money is to be followed on an invoice in this phase, be it only on its way.
    #[must_use]
    pub const fn has_money(self) -> bool {
        self.progress() > 0
    }

    /// Whether the buyer may choose a currency, or another one. Whoever offers the choice also checks that the checkout has not
    /// expired: an expired invoice may be followed by a new one, an expired checkout may not.
    #[must_use]
    pub const fn may_choose(self) -> bool {
        match self {
            Phase::Choosing | Phase::Awaiting | Phase::Expired => true,
            Phase::Detected
            | Phase::Paid
            | Phase::Completed
            | Phase::Reviewing
            | Phase::Declined
            | Phase::Underpaid
            | Phase::Overpaid
            | Phase::Intervention
            | Phase::Archived => false,
        }
    }

    /// Whether the buyer is still asked for money: where an address is shown, and before a currency is chosen.
    #[must_use]
    pub const fn may_pay(self) -> bool {
        match self {
            Phase::Choosing => true,
            Phase::Awaiting
            | Phase::Detected
            | Phase::Paid
            | Phase::Completed
            | Phase::Reviewing
            | Phase::Declined
            | Phase::Underpaid
            | Phase::Overpaid
            | Phase::Intervention
            | Phase::Expired
            | Phase::Archived => self.shows_address(),
        }
    }

    /// Whether the buyer may be shown an address to pay to: awaiting, or underpaid (to add the rest).
    /// Whoever shows it also checks that the invoice has not expired.
    #[must_use]
    pub const fn shows_address(self) -> bool {
        match self {
            Phase::Awaiting | Phase::Underpaid => true,
            Phase::Choosing
            | Phase::Detected
            | Phase::Paid
            | Phase::Completed
            | Phase::Reviewing
            | Phase::Declined
            | Phase::Overpaid
            | Phase::Intervention
            | Phase::Expired
            | Phase::Archived => false,
        }
    }

    /// How far money has come on an invoice in this phase, from 0 to 8; 0 where there is none to follow. Of a checkout's invoices
    /// the one with the most progress decides.
    #[must_use]
    pub const fn progress(self) -> u8 {
        match self {
            Phase::Choosing | Phase::Awaiting | Phase::Expired | Phase::Archived => 0,
            Phase::Declined => 1,
            Phase::Detected => 2,
            Phase::Reviewing => 3,
            Phase::Underpaid => 4,
            Phase::Intervention => 5,
            Phase::Overpaid => 6,
            Phase::Paid => 7,
            Phase::Completed => 8,
        }
    }

    /// How soon a page that shows this phase asks again.
    #[must_use]
    pub const fn pace(self) -> Pace {
        match self {
            Phase::Choosing | Phase::Overpaid | Phase::Intervention => Pace::Choosing,
            Phase::Awaiting | Phase::Underpaid => Pace::Awaiting,
            Phase::Detected | Phase::Reviewing | Phase::Paid => Pace::Moving,
            Phase::Completed | Phase::Declined | Phase::Expired | Phase::Archived => Pace::Settled,
        }
    }
}
