//! Whether a history can be true: what holds for every one, whatever the gateway has said and whenever the proxy was stopped.

use std::collections::{HashMap, HashSet};

use checkout::wire::ChangeKind;
use checkout::{Amount, InterventionKind, InvoiceStatus, Observation, Phase, advance};
use uuid::Uuid;

use super::{Entry, Recorded, Subject};

/// What of a history cannot be true. `{subject}` is the checkout, or the key of the customer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// Entries have to be told in the order of their numbers.
    #[error("entry {seq} follows entry {before}")]
    OutOfOrder { before: i64, seq: i64 },
    /// A checkout begins with its making, an invoice with its own.
    #[error("entry {seq} ({kind}) is about something that was never made")]
    NoBeginning { seq: i64, kind: ChangeKind },
    /// And does so once.
    #[error("entry {seq} ({kind}) makes something that is there already")]
    BegunTwice { seq: i64, kind: ChangeKind },
    /// Each entry begins where the one before has ended.
    #[error("entry {seq} ({kind}) goes on from {was}, but the entry before has ended with {known}")]
    Gap {
        seq: i64,
        kind: ChangeKind,
        was: String,
        known: String,
    },
    /// No status of the gateway leads from the one to the other; nothing leads back from paid.
    #[error("entry {seq}: no way leads from {from} to {to}")]
    NoWay { seq: i64, from: Phase, to: Phase },
    /// What was received never becomes less.
    #[error("entry {seq}: received fell from {from} to {to}")]
    ReceivedFell { seq: i64, from: Amount, to: Amount },
    /// A deposit counts once.
    #[error("entry {seq}: the deposit {deposit} is counted a second time")]
    CountedTwice { seq: i64, deposit: String },
    /// An entry does not say what entries of its kind say.
    #[error("entry {seq} ({kind}) cannot be read")]
    Unreadable { seq: i64, kind: ChangeKind },
}

/// Where an invoice stands by what was told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) phase: Phase,
    pub(crate) received: Amount,
}

/// A history, told entry by entry.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    last: i64,
    entries: u64,
    begun: HashSet<Subject>,
    invoices: HashMap<Uuid, Standing>,
    /// What was counted, by the invoice or the customer, and the deposit.
    counted: HashMap<(Uuid, String), String>,
    faults: Vec<Fault>,
}

impl Audit {
    /// Takes the next entry.
    pub(crate) fn note(&mut self, recorded: &Recorded) {
        let Recorded { seq, entry } = recorded;
        if *seq <= self.last {
            let before = self.last;
            self.faults.push(Fault::OutOfOrder { before, seq: *seq });
        }
        self.last = *seq;
        self.entries += 1;
        if let Err(fault) = self.follow(*seq, entry) {
            self.faults.push(fault);
        }
    }

    /// How many entries there were.
    pub(crate) fn entries(&self) -> u64 {
        self.entries
    }

    /// Where an invoice has to stand; none for one that was never told of.
    pub(crate) fn invoice(&self, key: Uuid) -> Option<Standing> {
        self.invoices.get(&key).copied()
    }

    /// What was counted for this deposit to an invoice or a customer.
    pub(crate) fn counted(&self, paid_to: Uuid, deposit: &str) -> Option<&str> {
        let counted = self.counted.get(&(paid_to, deposit.to_owned()))?;
        Some(counted)
    }

    /// Everything that was counted: to what it was paid, and which deposit it is.
    pub(crate) fn all_counted(&self) -> impl Iterator<Item = (Uuid, &str)> {
        self.counted
            .keys()
            .map(|(paid_to, deposit)| (*paid_to, deposit.as_str()))
    }

    /// Whose histories there are.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = Subject> + '_ {
        self.begun.iter().copied()
    }

    /// What cannot be true, in the order of the entries.
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    fn follow(&mut self, seq: i64, entry: &Entry) -> Result<(), Fault> {
        let kind = entry.kind;
        let is_new = self.begun.insert(entry.subject);
        let is_beginning = matches!(kind, ChangeKind::Created | ChangeKind::KeptBefore);
        if matches!(entry.subject, Subject::Checkout(_)) && is_new && !is_beginning {
            return Err(Fault::NoBeginning { seq, kind });
        }
        match kind {
            ChangeKind::Created if !is_new => Err(Fault::BegunTwice { seq, kind }),
            ChangeKind::InvoiceMade => self.begin(seq, entry, Phase::Awaiting, Amount::ZERO),
            ChangeKind::KeptBefore => match (entry.invoice, &entry.became) {
                (Some(_), Some(words)) => {
                    let unreadable = || Fault::Unreadable { seq, kind };
                    let (phase, received) = standing(words).ok_or_else(unreadable)?;
                    self.begin(seq, entry, phase, received)
                }
                _ => Ok(()),
            },
            ChangeKind::Phase => self.move_on(seq, entry),
            ChangeKind::Received => self.receive(seq, entry),
            ChangeKind::DepositConfirmed => self.count(seq, entry),
            ChangeKind::Status
            | ChangeKind::Repriced
            | ChangeKind::Fee
            | ChangeKind::Transaction
            | ChangeKind::Expiry
            | ChangeKind::Intervention
            | ChangeKind::SecondPayment
            | ChangeKind::Noted => self.standing(seq, entry).map(drop),
            // An alarm may be about a request that made no invoice; the rest is about no invoice's state.
            ChangeKind::Created
            | ChangeKind::Chosen
            | ChangeKind::Alarm
            | ChangeKind::DepositSeen
            | ChangeKind::DepositChanged
            | ChangeKind::DepositMissing
            | ChangeKind::DepositFound
            | ChangeKind::Flag
            | ChangeKind::AddressNamed
            | ChangeKind::AddressConfirmed
            | ChangeKind::Decided
            | ChangeKind::DecisionSettled
            | ChangeKind::Refund => Ok(()),
        }
    }

    fn begin(
        &mut self,
        seq: i64,
        entry: &Entry,
        phase: Phase,
        received: Amount,
    ) -> Result<(), Fault> {
        let kind = entry.kind;
        let key = entry.invoice.ok_or(Fault::Unreadable { seq, kind })?;
        let standing = Standing { phase, received };
        match self.invoices.insert(key, standing) {
            None => Ok(()),
            Some(_) => Err(Fault::BegunTwice { seq, kind }),
        }
    }

    fn standing(&mut self, seq: i64, entry: &Entry) -> Result<&mut Standing, Fault> {
        let kind = entry.kind;
        let found = entry.invoice.and_then(|key| self.invoices.get_mut(&key));
        found.ok_or(Fault::NoBeginning { seq, kind })
    }

    fn move_on(&mut self, seq: i64, entry: &Entry) -> Result<(), Fault> {
        let kind = entry.kind;
        let parsed = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        let unreadable = || Fault::Unreadable { seq, kind };
        let from: Phase = parsed(&entry.was).ok_or_else(unreadable)?;
        let to: Phase = parsed(&entry.became).ok_or_else(unreadable)?;
        let standing = self.standing(seq, entry)?;
        let known = std::mem::replace(&mut standing.phase, to);
        if known != from {
            return Err(gap(seq, kind, &from, &known));
        }
        if !leads(from, to) {
            return Err(Fault::NoWay { seq, from, to });
        }
        Ok(())
    }

    fn receive(&mut self, seq: i64, entry: &Entry) -> Result<(), Fault> {
        let kind = entry.kind;
        let parsed = |text: &Option<String>| Amount::parse(text.as_deref()?).ok();
        let unreadable = || Fault::Unreadable { seq, kind };
        let from = parsed(&entry.was).ok_or_else(unreadable)?;
        let to = parsed(&entry.became).ok_or_else(unreadable)?;
        let standing = self.standing(seq, entry)?;
        let known = std::mem::replace(&mut standing.received, to);
        if known != from {
            return Err(gap(seq, kind, &from, &known));
        }
        if to <= from {
            return Err(Fault::ReceivedFell { seq, from, to });
        }
        Ok(())
    }

    fn count(&mut self, seq: i64, entry: &Entry) -> Result<(), Fault> {
        let kind = entry.kind;
        let paid_to = match entry.subject {
            Subject::Checkout(_) => entry.invoice,
            Subject::Customer(key) => Some(key),
        };
        let unreadable = Fault::Unreadable { seq, kind };
        let (Some(paid_to), Some(deposit), Some(figure)) =
            (paid_to, entry.deposit.clone(), entry.became.clone())
        else {
            return Err(unreadable);
        };
        match self.counted.insert((paid_to, deposit.clone()), figure) {
            None => Ok(()),
            Some(_) => Err(Fault::CountedTwice { seq, deposit }),
        }
    }
}

fn gap(seq: i64, kind: ChangeKind, was: &impl ToString, known: &impl ToString) -> Fault {
    Fault::Gap {
        seq,
        kind,
        was: was.to_string(),
        known: known.to_string(),
    }
}

/// The state and the sum that an invoice began with.
fn standing(words: &str) -> Option<(Phase, Amount)> {
    let mut words = words.split(' ');
    let phase = words.next()?.parse().ok()?;
    let received = Amount::parse(words.next()?).ok()?;
    Some((phase, received))
}

/// Whether a reading can lead from one phase to another.
fn leads(from: Phase, to: Phase) -> bool {
    if from == to || to == Phase::Choosing {
        return false;
    }
    // Money that the gateway has no word for, or that contradicts its word, is not passed over.
    let by_money = to == Phase::Intervention
        || (to == Phase::Detected && matches!(from, Phase::Awaiting | Phase::Underpaid));
    if by_money && !from.is_paid() {
        return true;
    }
    let kinds = [
        None,
        Some(InterventionKind::Underpay),
        Some(InterventionKind::Overpay),
    ];
    let mut seen = InvoiceStatus::KNOWN.iter().flat_map(|status| {
        kinds.iter().flat_map(move |intervention| {
            [false, true].map(|past_expiry| Observation {
                status,
                intervention: intervention.as_ref(),
                past_expiry,
            })
        })
    });
    seen.any(|observation| advance(from, &observation) == to)
}

#[cfg(test)]
mod tests;
