//! How much is stored of each kind of thing.

use checkout::Phase;

/// How many things of each kind a store holds. It names none of them, so it can be shown to whoever operates the proxy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Books {
    /// Checkouts, of pages and of the merchant's server.
    pub checkouts: u32,
    /// Idempotency keys that are remembered.
    pub idempotency_keys: u32,
    /// Attempts to make an invoice whose outcome is not known.
    pub attempts_started: u32,
    /// Attempts whose invoice is stored.
    pub attempts_made: u32,
    /// Attempts that have made no invoice and will make none.
    pub attempts_refused: u32,
    /// Invoices by the phase in which each was read last, in the order of [`Phase::ALL`]; a phase that none is in is left out. An invoice
    /// whose time is over keeps its phase until it is read again.
    pub invoices: Vec<(Phase, u32)>,
    /// Deposits, whatever became of them.
    pub deposits: u32,
    /// Contradictions about deposits.
    pub flags: u32,
    /// Contradictions about invoices.
    pub alarms: u32,
    /// Customers that the gateway knows.
    pub customers: u32,
    /// Events that the gateway told by webhooks, whatever became of them.
    pub deliveries: u32,
    /// Of these, those about something that has still to be read.
    pub deliveries_open: u32,
    /// Subscriptions whose webhooks are taken.
    pub subscriptions: u32,
    /// Calls to make a customer whose outcome is not known. Each may have made one.
    pub customer_calls: u32,
}

impl Books {
    /// All attempts.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts_started + self.attempts_made + self.attempts_refused
    }

    /// All invoices.
    #[must_use]
    pub fn invoices(&self) -> u32 {
        self.invoices.iter().map(|(_, count)| count).sum()
    }

    /// Invoices in one phase.
    #[must_use]
    pub fn invoices_in(&self, phase: Phase) -> u32 {
        let mut found = self.invoices.iter().filter(|(known, _)| *known == phase);
        found.next().map_or(0, |(_, count)| *count)
    }
}
