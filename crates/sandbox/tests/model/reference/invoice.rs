//! The state machine of an invoice, as the gateway reference §4.1, §4.2 and §7 describe it.

use super::coin::Coin;

/// A credited deposit appears five seconds after it was received (agreed for the sandbox; the gateway gives no figure).
pub(crate) const CREDITING: i64 = 5_000;
/// An unlimited invoice that got no money for three months is archived (§4.2).
pub(crate) const IDLE: i64 = 90 * 86_400_000;

/// §3.1, without CANCEL, which nothing leads to in 2.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    PendingPayment,
    MemPoolFound,
    PendingComplianceCheck,
    Declined,
    Paid,
    PendingIntervention,
    Completed,
    Archived,
}

/// Why the merchant must decide (§3.1, §3.3). For several senders no name is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Underpay,
    Overpay,
    SeveralSenders,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terms {
    /// A price in fiat, in cents; the amount follows the rate.
    SingleFiat {
        cents: u128,
    },
    Single,
    Bound {
        least: u128,
    },
    Unlimited,
    /// As unlimited, but made by a widget.
    UnlimitedLinked,
}

impl Terms {
    pub(crate) fn is_endless(self) -> bool {
        matches!(self, Self::Unlimited | Self::UnlimitedLinked)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Mempool,
    Confirmed,
    Dropped,
    Review,
    Declined,
}

impl Stage {
    /// From the mempool a deposit goes anywhere, from a review to its end, from there nowhere (agreed for the sandbox).
    pub(crate) fn leads_to(self, next: Self) -> bool {
        match self {
            Self::Mempool => next != Self::Mempool,
            Self::Review => matches!(next, Self::Confirmed | Self::Declined),
            Self::Confirmed | Self::Dropped | Self::Declined => false,
        }
    }
}

/// Who paid. The usual sender is whoever the sandbox takes when nobody is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    Usual,
    Alice,
    Bob,
}

#[derive(Clone, Debug)]
pub(crate) struct Deposit {
    pub(crate) amount: u128,
    pub(crate) sender: Sender,
    pub(crate) stage: Stage,
    /// It went to an address that was not watched any more (§7.3).
    pub(crate) lost: bool,
    /// When it is credited by itself: only endless invoices credit deposit by deposit.
    credit_at: Option<i64>,
}

/// What a webhook says (§5.5): of the fields those that carry a decision. Deposits are named by their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) at: i64,
    pub(crate) amount: Option<u128>,
    pub(crate) real_amount: Option<u128>,
    pub(crate) service_fee: Option<u128>,
    pub(crate) deposits: Vec<usize>,
}

/// A decision at the wrong time: `006`, and nothing changes (§1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WrongState;

/// What time alone will do to an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// Comes before a repricing of the same moment: what ends is not repriced.
    End,
    Reprice,
    Credit(usize),
    Complete,
}

#[derive(Clone, Debug)]
pub(crate) struct Invoice {
    pub(crate) coin: &'static Coin,
    pub(crate) terms: Terms,
    pub(crate) created: i64,
    pub(crate) expiration: Option<i64>,
    pub(crate) amount: Option<u128>,
    pub(crate) repriced: Option<i64>,
    pub(crate) state: State,
    pub(crate) reason: Option<Reason>,
    /// True unless a decision is waited for; true on a fresh invoice too (§2.0).
    pub(crate) resolved: bool,
    pub(crate) fee: Option<u128>,
    pub(crate) deposits: Vec<Deposit>,
    pub(crate) last_deposit: Option<usize>,
    /// Archived by its expiry, not by a person.
    pub(crate) has_expired: bool,
    pub(crate) widget: Option<usize>,
    /// Thousandths by which it may be overpaid.
    pub(crate) tolerance: u128,
    pub(crate) events: Vec<Event>,
    paid_at: Option<i64>,
    fed_at: i64,
    /// The last moment at which it was repriced, or would have been.
    priced_at: i64,
}

impl Invoice {
    pub(crate) fn new(coin: &'static Coin, terms: Terms, amount: Option<u128>, now: i64) -> Self {
        let mut invoice = Self {
            coin,
            terms,
            created: now,
            expiration: (!terms.is_endless()).then_some(now + coin.life),
            amount,
            repriced: None,
            state: State::PendingPayment,
            reason: None,
            resolved: true,
            fee: None,
            deposits: Vec::new(),
            last_deposit: None,
            has_expired: false,
            widget: None,
            tolerance: 0,
            events: Vec::new(),
            paid_at: None,
            fed_at: now,
            priced_at: now,
        };
        let name = if terms.is_endless() {
            "INVOICE_CREATE_UNLIMITED_INVOICE"
        } else {
            "INVOICE_CREATE_INVOICE"
        };
        invoice.tell(name, now, |_| Event {
            amount,
            ..Event::default()
        });
        invoice
    }

    fn tell(&mut self, name: &'static str, at: i64, say: impl FnOnce(&Self) -> Event) {
        let event = Event {
            name,
            at,
            ..say(self)
        };
        self.events.push(event);
    }

    /// What was received: the confirmed deposits (§2.0).
    pub(crate) fn received(&self) -> u128 {
        self.counted().map(|(_, deposit)| deposit.amount).sum()
    }

    /// The confirmed deposits, oldest first by arrival.
    pub(crate) fn counted(&self) -> impl Iterator<Item = (usize, &Deposit)> {
        let counts = |deposit: &Deposit| deposit.stage == Stage::Confirmed && !deposit.lost;
        self.deposits
            .iter()
            .enumerate()
            .filter(move |(_, deposit)| counts(deposit))
    }

    fn has(&self, stage: Stage) -> bool {
        self.deposits
            .iter()
            .any(|deposit| deposit.stage == stage && !deposit.lost)
    }

    /// States that money no longer changes (§4.1). Until the invoice is archived its address stays watched, so what
    /// comes is counted and told all the same (chosen).
    fn is_settled(&self) -> bool {
        matches!(
            self.state,
            State::Paid | State::Completed | State::Declined | State::Archived
        )
    }

    /// Money is sent to the address.
    pub(crate) fn deposit(&mut self, amount: u128, sender: Sender, stage: Stage, now: i64) {
        self.deposits.push(Deposit {
            amount,
            sender,
            stage: Stage::Mempool,
            lost: self.state == State::Archived,
            credit_at: None,
        });
        let place = self.deposits.len() - 1;
        if stage == Stage::Mempool {
            self.seen(place, now);
        } else {
            self.advance(place, stage, now);
        }
    }

    /// A transaction is in the mempool. Only an unpaid invoice moves (§4.1); each transaction is told (chosen).
    fn seen(&mut self, place: usize, now: i64) {
        if self.deposits[place].lost || self.terms.is_endless() {
            return;
        }
        if self.state == State::PendingPayment {
            self.state = State::MemPoolFound;
        }
        self.tell("INVOICE_MEMPOOL_FOUND", now, |invoice| Event {
            amount: Some(invoice.asked()),
            real_amount: Some(invoice.deposits[place].amount),
            ..Event::default()
        });
    }

    /// The amount events name: a bound invoice has none, so what was received stands there (chosen).
    fn asked(&self) -> u128 {
        self.amount.unwrap_or_else(|| self.received())
    }

    /// A deposit goes on, as [`Stage::leads_to`] allows.
    pub(crate) fn advance(&mut self, place: usize, stage: Stage, now: i64) {
        self.deposits[place].stage = stage;
        // After the end of an invoice nothing is watched any more, not even what was on its way (§7.3).
        if self.state == State::Archived {
            self.deposits[place].lost = true;
        }
        if self.deposits[place].lost {
            return;
        }
        match stage {
            // Nobody goes back to the mempool.
            Stage::Mempool => {}
            Stage::Confirmed => self.confirmed(place, now),
            Stage::Dropped => self.dropped(now),
            Stage::Review => self.reviewed(place, now),
            Stage::Declined => self.declined(place, now),
        }
    }

    fn confirmed(&mut self, place: usize, now: i64) {
        self.last_deposit = Some(place);
        self.fed_at = now;
        self.tell_deposit("INVOICE_FUNDS_RECEIVED_FOR_INVOICE", place, now);
        if self.terms.is_endless() {
            self.deposits[place].credit_at = Some(now + CREDITING);
            return;
        }
        // A review comes before everything else (chosen): the amount is judged when the last one is over.
        if self.is_settled() || self.has(Stage::Review) {
            return;
        }
        match self.judge() {
            None => {
                self.reason = None;
                self.pay(now);
            }
            Some(reason) => self.intervene(reason, now),
        }
    }

    /// Told once; again only when the reason becomes another (chosen).
    fn intervene(&mut self, reason: Reason, now: i64) {
        let known = self.state == State::PendingIntervention && self.reason == Some(reason);
        self.state = State::PendingIntervention;
        self.reason = Some(reason);
        self.resolved = false;
        if !known {
            self.tell("INVOICE_PENDING_INTERVENTION", now, |_| Event::default());
        }
    }

    /// §7.2: from one sender, at least 0.995 of the amount, and more than it by the tolerance at most.
    fn judge(&self) -> Option<Reason> {
        let mut senders = self.counted().map(|(_, deposit)| deposit.sender);
        let first = senders.next();
        if senders.any(|sender| Some(sender) != first) {
            return Some(Reason::SeveralSenders);
        }
        let received = self.received();
        match (self.terms, self.amount) {
            (Terms::Bound { least }, _) => (received < least).then_some(Reason::Underpay),
            (_, Some(amount)) if received * 1000 < amount * 995 => Some(Reason::Underpay),
            (_, Some(amount)) if received * 1000 > amount * (1000 + self.tolerance) => {
                Some(Reason::Overpay)
            }
            _ => None,
        }
    }

    fn pay(&mut self, now: i64) {
        self.state = State::Paid;
        // Visible once paid (§2.0); money that still comes counts when all is credited (chosen).
        self.fee = Some(service_fee(self.coin, self.received()));
        self.fee = Some(service_fee(self.coin, self.received()));
        self.resolved = true;
        self.paid_at = Some(now);
        self.tell("INVOICE_PAID", now, |invoice| Event {
            amount: Some(invoice.asked()),
            real_amount: Some(invoice.received()),
            ..Event::default()
        });
    }

    /// A transaction vanished: the invoice is as if it had never been, and may have expired meanwhile (§4.1).
    fn dropped(&mut self, now: i64) {
        if self.state == State::MemPoolFound && !self.has(Stage::Mempool) {
            self.state = State::PendingPayment;
            // Counted from creation, whatever happened between (§7.1): what was missed is not made up for.
            let age = now - self.created;
            self.priced_at = now - age % self.coin.reprice;
            if self.expiration.is_some_and(|end| end <= now) {
                self.end(now);
            }
        }
    }

    fn reviewed(&mut self, place: usize, now: i64) {
        self.tell_deposit("INVOICE_PENDING_COMPLIANCE", place, now);
        self.hold(State::PendingComplianceCheck);
    }

    fn declined(&mut self, place: usize, now: i64) {
        self.tell_deposit("INVOICE_COMPLIANCE_DECLINED", place, now);
        self.hold(State::Declined);
    }

    /// Compliance holds a limited invoice, which ends an intervention for now (chosen). An endless one goes on (§4.2).
    fn hold(&mut self, state: State) {
        if !self.is_settled() && !self.terms.is_endless() {
            self.state = state;
            self.reason = None;
            self.resolved = true;
        }
    }

    fn tell_deposit(&mut self, name: &'static str, place: usize, now: i64) {
        self.tell(name, now, |invoice| Event {
            amount: Some(invoice.deposits[place].amount),
            deposits: vec![place],
            ..Event::default()
        });
    }

    /// The merchant removes it: only while unpaid (§2.14).
    pub(crate) fn archive(&mut self) -> Result<(), WrongState> {
        if self.state != State::PendingPayment {
            return Err(WrongState);
        }
        self.state = State::Archived;
        Ok(())
    }

    /// The merchant takes what came (§2.15). Why it had to be decided stays to be read (chosen).
    pub(crate) fn return_to_paid(&mut self, now: i64) -> Result<(), WrongState> {
        if self.state != State::PendingIntervention {
            return Err(WrongState);
        }
        self.pay(now);
        Ok(())
    }

    /// Only sets a mark, and only once everything is over (§2.15).
    pub(crate) fn close_intervention(&mut self) -> Result<(), WrongState> {
        if self.state != State::Completed {
            return Err(WrongState);
        }
        self.resolved = true;
        Ok(())
    }

    /// The money goes back (§4.1: no event).
    pub(crate) fn refund(&mut self) -> Result<(), WrongState> {
        if self.state != State::PendingIntervention {
            return Err(WrongState);
        }
        self.state = State::Archived;
        self.resolved = true;
        Ok(())
    }

    /// What time does next, and when.
    pub(crate) fn next_due(&self) -> Option<(i64, Due)> {
        let waits = self.state == State::PendingPayment;
        let end = match (waits, self.expiration) {
            (false, _) => None,
            (true, Some(end)) => Some(end),
            (true, None) => Some(self.fed_at + IDLE),
        };
        let priced = waits && matches!(self.terms, Terms::SingleFiat { .. });
        let reprice = priced.then_some(self.priced_at + self.coin.reprice);
        let credits = self.deposits.iter().enumerate();
        let credits =
            credits.filter_map(|(place, deposit)| Some((deposit.credit_at?, Due::Credit(place))));
        let paid = self.paid_at.filter(|_| self.state == State::Paid);
        [
            end.map(|at| (at, Due::End)),
            reprice.map(|at| (at, Due::Reprice)),
            paid.map(|at| (at + CREDITING, Due::Complete)),
            credits.min(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Time does it. `rate` is what one coin costs, in ten-thousandths.
    pub(crate) fn apply(&mut self, due: Due, rate: u128, now: i64) {
        match due {
            Due::End => self.end(now),
            Due::Reprice => {
                if let Terms::SingleFiat { cents } = self.terms {
                    self.amount = Some(self.coin.amount_for(cents, rate));
                    self.repriced = Some(now);
                    self.priced_at = now;
                }
            }
            Due::Credit(place) => {
                self.deposits[place].credit_at = None;
                let amount = self.deposits[place].amount;
                self.credited(amount, vec![place], now);
            }
            Due::Complete => {
                self.state = State::Completed;
                let received = self.received();
                self.fee = Some(service_fee(self.coin, received));
                let deposits = self.counted().map(|(place, _)| place).collect();
                self.credited(received, deposits, now);
            }
        }
    }

    fn credited(&mut self, amount: u128, deposits: Vec<usize>, now: i64) {
        self.tell("INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED", now, |invoice| {
            Event {
                amount: Some(amount),
                service_fee: Some(service_fee(invoice.coin, amount)),
                deposits,
                ..Event::default()
            }
        });
    }

    fn end(&mut self, now: i64) {
        self.state = State::Archived;
        self.has_expired = true;
        if !self.terms.is_endless() {
            self.tell("INVOICE_EXPIRED", now, |invoice| Event {
                amount: invoice.amount,
                ..Event::default()
            });
        }
    }
}

/// One percent (§7.5), rounded up to the gateway's scale (chosen), but never more than there is.
fn service_fee(coin: &Coin, amount: u128) -> u128 {
    let fee = amount.div_ceil(100 * coin.step()) * coin.step();
    fee.min(amount)
}
