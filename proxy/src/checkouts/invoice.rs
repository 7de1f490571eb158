//! An invoice of a checkout: one currency, one address, one amount; and the request it is made by.

use checkout::{Address, Amount, Currency, InterventionKind, InvoiceStatus, Phase, Timestamp};
use uuid::Uuid;

use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;

/// An invoice the gateway has made, as last read.
#[derive(Debug, Clone)]
pub(crate) struct Invoice {
    /// The idempotency key it was made under; the proxy's own name for it.
    pub(crate) key: Uuid,
    pub(crate) checkout_id: CheckoutId,
    /// The shop whose gateway has made it.
    pub(crate) shop: ShopId,
    pub(crate) currency: &'static Currency,
    pub(crate) attempt: u32,
    pub(crate) gateway_id: String,
    pub(crate) address: Address,
    /// To pay, by the latest pricing. `None` for the invoice of a top-up, which takes any amount, any number of times.
    pub(crate) amount: Option<Amount>,
    /// The most that was ever read as received. It never becomes less.
    pub(crate) received: Amount,
    /// The gateway's fee, as far as it is known.
    pub(crate) fee: Option<Amount>,
    pub(crate) phase: Phase,
    pub(crate) status: InvoiceStatus,
    pub(crate) intervention: Option<InterventionKind>,
    pub(crate) transaction: Option<String>,
    /// When `amount` was worked out from the price.
    pub(crate) priced_at: Timestamp,
    /// When the gateway stops watching the address; for a top-up, which has no such moment, when the checkout closes.
    pub(crate) expires_at: Timestamp,
    /// The latest moment that was ever read as the one above. It is watched from here, whatever is read later.
    pub(crate) latest_expiry: Timestamp,
    /// When it was made, or its phase, its state or its money has last moved. How often it is read falls from here.
    pub(crate) moved_at: Timestamp,
    /// When money was first seen that has arrived, enough or not.
    pub(crate) held_at: Option<Timestamp>,
    /// When it was first seen to be paid. The first invoice of a checkout that is paid decides, whatever is paid after it.
    pub(crate) paid_at: Option<Timestamp>,
    /// When money was seen here although the checkout had been paid elsewhere, or more money after it was paid here.
    pub(crate) second_payment_at: Option<Timestamp>,
    /// When the merchant has accepted what it has received as enough. That it is paid says the gateway, in a reading after that.
    pub(crate) accepted_at: Option<Timestamp>,
}

impl Invoice {
    /// Where it stands now: what was read last, moved on by the time that has passed since.
    pub(crate) fn phase_at(&self, now: Timestamp) -> Phase {
        if self.amount.is_none() {
            return topup_phase(self.phase, &self.status, now >= self.expires_at);
        }
        match self.phase {
            Phase::Choosing | Phase::Awaiting if now >= self.expires_at => Phase::Expired,
            phase => phase,
        }
    }

    /// Whether money has been seen, be it only on its way.
    pub(crate) fn has_money(&self) -> bool {
        self.phase.has_money() || (!self.received.is_zero() && self.phase != Phase::Archived)
    }

    /// Whether money has arrived and is still here: not only on its way, and not returned.
    pub(crate) fn holds_money(&self) -> bool {
        self.has_money() && (self.phase != Phase::Detected || !self.received.is_zero())
    }

    /// Notes that it has moved, if it has since `before`.
    pub(crate) fn note_move(&mut self, before: &Self, now: Timestamp) {
        if self.phase != before.phase
            || self.status != before.status
            || self.received != before.received
        {
            self.moved_at = now;
        }
    }

    /// Notes when it held money first, and when it was paid first.
    pub(crate) fn note_money(&mut self, now: Timestamp) {
        if self.holds_money() {
            self.held_at.get_or_insert(now);
        }
        if self.phase.is_paid() {
            self.paid_at.get_or_insert(now);
        }
    }

    /// Whether a reading of this invoice has left everything as it was in `before`.
    pub(crate) fn is_unchanged(&self, before: &Self) -> bool {
        self.amount == before.amount
            && self.received == before.received
            && self.fee == before.fee
            && self.phase == before.phase
            && self.status == before.status
            && self.intervention == before.intervention
            && self.transaction == before.transaction
            && self.priced_at == before.priced_at
            && self.expires_at == before.expires_at
            && self.latest_expiry == before.latest_expiry
            && self.held_at == before.held_at
            && self.paid_at == before.paid_at
            && self.second_payment_at == before.second_payment_at
    }

    /// When the gateway works the amount out anew; `None` once money was seen or the invoice is over.
    pub(crate) fn reprice_at(&self, now: Timestamp) -> Option<Timestamp> {
        let at = self
            .priced_at
            .plus_seconds(i64::from(self.currency.reprice_seconds()));
        (self.amount.is_some() && self.phase_at(now) == Phase::Awaiting).then_some(at)
    }

    /// Moments at which what was read before is no longer true: its repricing and its end. They are the same where no amount is worked
    /// out anew.
    pub(crate) fn deadlines(&self) -> [Timestamp; 2] {
        let reprice = match self.amount {
            Some(_) => self
                .priced_at
                .plus_seconds(i64::from(self.currency.reprice_seconds())),
            None => self.expires_at,
        };
        [reprice, self.expires_at]
    }

    /// What is still to be sent of `amount`.
    pub(crate) fn due(&self, amount: Amount) -> Amount {
        amount
            .checked_sub(self.received)
            .unwrap_or(Amount::ZERO)
            .normalized()
    }

    /// Until when it is read. What is over is read on for [`WATCHED_WHEN_OVER`], because money may be paid again, or late; what waits for
    /// a decision longer. The address of a top-up takes money until the gateway archives it, however long ago the checkout has ended; so
    /// it is read until then.
    pub(crate) fn watched_until(&self) -> Timestamp {
        if self.amount.is_none() && self.phase != Phase::Archived {
            return Timestamp::MAX;
        }
        let seconds = if self.phase.is_over() {
            WATCHED_WHEN_OVER
        } else {
            WATCHED_AFTER_EXPIRY
        };
        self.latest_expiry.plus_seconds(seconds)
    }

    /// Whether it is still read.
    pub(crate) fn is_watched(&self, now: Timestamp) -> bool {
        now < self.watched_until()
    }

    /// Whether there ever was a sign of money, or of somebody having to decide about some. Such an invoice is kept for ever.
    pub(crate) fn saw_money(&self) -> bool {
        self.has_money()
            || !self.received.is_zero()
            || self.intervention.is_some()
            || self.transaction.is_some()
            || self.held_at.is_some()
            || self.paid_at.is_some()
    }
}

/// The phase of a top-up's invoice that was in `phase` when `status` was read. Money does not move it: it takes more at any time. Only
/// the gateway's ARCHIVED and CANCEL end it (gateway reference §4.2), for good, and the checkout's own end hides it.
pub(crate) fn topup_phase(phase: Phase, status: &InvoiceStatus, checkout_is_over: bool) -> Phase {
    match status {
        _ if phase == Phase::Archived => Phase::Archived,
        InvoiceStatus::Archived | InvoiceStatus::Cancel => Phase::Archived,
        InvoiceStatus::PendingPayment
        | InvoiceStatus::MemPoolFound
        | InvoiceStatus::PendingComplianceCheck
        | InvoiceStatus::Declined
        | InvoiceStatus::Paid
        | InvoiceStatus::PendingIntervention
        | InvoiceStatus::Completed
        | InvoiceStatus::Unknown(_) => {
            if checkout_is_over {
                Phase::Expired
            } else {
                Phase::Awaiting
            }
        }
    }
}

/// How long after its latest expiry an invoice is read that is over: completed, expired or archived.
pub(crate) const WATCHED_WHEN_OVER: i64 = 3 * 24 * 60 * 60;
/// How long after its expiry an invoice is read in any case. Reviews and interventions take days; an invoice the gateway
/// never settles must not be asked for for ever.
pub(crate) const WATCHED_AFTER_EXPIRY: i64 = 90 * 24 * 60 * 60;

#[cfg(test)]
mod tests;
