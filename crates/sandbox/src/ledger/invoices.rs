//! Invoices in the ledger: making, finding, and what happens to them with time and money.

use checkout::{Amount, NetworkId, Rounding, Timestamp};
use uuid::Uuid;

use super::{Due, Ledger};
use crate::addresses;
use crate::deposit::Stage;
use crate::invoice::{Intervention, Invoice, InvoiceIndex, InvoiceOrder, InvoiceState, Terms};
use crate::widget::WidgetIndex;

/// How a request names an invoice (gateway reference §2.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InvoiceName {
    Id(String),
    Key(Uuid),
    /// The newest of those that share it.
    ExternalId(String),
}

/// Why an invoice or a widget is not made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum OrderRefusal {
    /// The idempotency key belongs to something else already.
    #[error("Idempotency key already exists")]
    KeyReused,
    /// The expiration is not in the future.
    #[error("must be in the future")]
    ExpirationPast,
    /// The expiration is further away than the gateway allows.
    #[error("must be less than {0} seconds ahead")]
    ExpirationTooFar(u32),
}

impl Ledger {
    /// Makes an invoice, or returns the one that this key made with the same order.
    pub(crate) fn order_invoice(
        &mut self,
        now: Timestamp,
        key: Option<Uuid>,
        order: InvoiceOrder,
    ) -> Result<InvoiceIndex, OrderRefusal> {
        if let Some(index) = key.and_then(|key| self.invoice_by_key.get(&key)) {
            let same = self.invoices[index.0].order == order;
            return if same && !self.rules.repeated_key_is_refused {
                Ok(*index)
            } else {
                Err(OrderRefusal::KeyReused)
            };
        }
        let life = self.invoice_life(&order);
        let expiration = expiration(now, order.expiration, life, self.rules.max_invoice_seconds)?;
        Ok(self.make_invoice(now, key, order, expiration, None))
    }

    /// How long an invoice lives when nobody says otherwise (gateway reference §7.3).
    pub(super) fn invoice_life(&self, order: &InvoiceOrder) -> u32 {
        if order.currency.network == NetworkId::Tron {
            self.rules.tron_invoice_seconds
        } else {
            self.rules.invoice_seconds
        }
    }

    pub(super) fn make_invoice(
        &mut self,
        now: Timestamp,
        key: Option<Uuid>,
        order: InvoiceOrder,
        expiration: Timestamp,
        widget: Option<WidgetIndex>,
    ) -> InvoiceIndex {
        let count = self.count();
        let index = InvoiceIndex(self.invoices.len());
        let invoice = Invoice {
            id: self.seed.uuid("invoice", count),
            key: key.unwrap_or_else(|| self.seed.uuid("invoice key", count)),
            address: addresses::address(self.seed, order.currency.network, "invoice", count),
            amount: Some(self.amount_due(&order, now)),
            created: now,
            expiration: Some(expiration),
            last_fiat_updated: None,
            state: InvoiceState::PendingPayment,
            intervention: None,
            intervention_resolved: true,
            received: Amount::ZERO,
            fee: None,
            deposits: Vec::new(),
            last_deposit_hash: None,
            widget,
            order,
        };
        self.invoice_by_id.insert(invoice.id, index);
        self.invoice_by_key.insert(invoice.key, index);
        self.invoice_by_address
            .insert(addresses::canonical(&invoice.address), index);
        if let Some(external_id) = &invoice.order.external_id {
            self.newest_by_external_id
                .insert(external_id.clone(), index);
        }
        self.due.insert((expiration, Due::Expire(index)));
        self.due
            .insert((invoice.next_repricing(now), Due::Reprice(index)));
        self.invoices.push(invoice);
        index
    }

    fn amount_due(&self, order: &InvoiceOrder, now: Timestamp) -> Amount {
        match &order.terms {
            Terms::SingleFiat {
                fiat_amount,
                fiat_currency,
            } => self
                .rates
                .amount_for(*fiat_amount, fiat_currency, order.currency, now)
                .expect("orders name known currencies and bounded prices"),
        }
    }

    /// The invoice at a place of this ledger.
    pub(crate) fn invoice(&self, index: InvoiceIndex) -> &Invoice {
        &self.invoices[index.0]
    }

    /// Every invoice, oldest first.
    pub(crate) fn invoices(&self) -> &[Invoice] {
        &self.invoices
    }

    /// The invoice a request names, if there is one.
    pub(crate) fn find_invoice(&self, name: &InvoiceName) -> Option<InvoiceIndex> {
        match name {
            InvoiceName::Id(id) => self.invoice_by_id.get(&Uuid::try_parse(id).ok()?),
            InvoiceName::Key(key) => self.invoice_by_key.get(key),
            InvoiceName::ExternalId(id) => self.newest_by_external_id.get(id),
        }
        .copied()
    }

    /// An unpaid invoice gets today's amount; any other keeps its own (gateway reference §7.1).
    pub(super) fn reprice(&mut self, index: InvoiceIndex, at: Timestamp) {
        let invoice = &self.invoices[index.0];
        if invoice.state != InvoiceState::PendingPayment {
            return;
        }
        let amount = self.amount_due(&invoice.order, at);
        let next = invoice.next_repricing(at);
        let invoice = &mut self.invoices[index.0];
        invoice.amount = Some(amount);
        invoice.last_fiat_updated = Some(at);
        self.due.insert((next, Due::Reprice(index)));
    }

    /// Only an unpaid invoice expires; then its address is not watched any more (gateway reference §7.3).
    pub(super) fn expire(&mut self, index: InvoiceIndex) {
        let invoice = &mut self.invoices[index.0];
        if invoice.state == InvoiceState::PendingPayment {
            invoice.state = InvoiceState::Archived;
        }
    }

    /// The money reaches the merchant's balance, less the service fee.
    pub(super) fn credit(&mut self, index: InvoiceIndex) {
        let invoice = &self.invoices[index.0];
        if invoice.state == InvoiceState::Paid {
            let fee = self.fee_of(invoice.received, invoice.order.currency.scale);
            let invoice = &mut self.invoices[index.0];
            invoice.fee = Some(fee);
            invoice.state = InvoiceState::Completed;
        }
    }

    /// Puts an invoice where its deposits say it stands (gateway reference §4.1, §7.2).
    ///
    /// Nothing leads back from PAID; DECLINED stays, because compliance has suspended the invoice.
    pub(super) fn settle(&mut self, index: InvoiceIndex, now: Timestamp) {
        use InvoiceState::{
            Archived, Completed, Declined, Paid, PendingIntervention, PendingPayment,
        };
        let invoice = &self.invoices[index.0];
        if matches!(invoice.state, Paid | Completed | Archived | Declined) {
            return;
        }
        let (state, intervention) = self.standing(invoice);
        let before = invoice.state;
        let next_repricing = invoice.next_repricing(now);
        let expired = invoice.is_past_expiry(now);
        let invoice = &mut self.invoices[index.0];
        invoice.state = state;
        invoice.intervention = intervention;
        invoice.intervention_resolved = state != PendingIntervention;
        match state {
            Paid => {
                let credited = now.plus_seconds(i64::from(self.rules.crediting_seconds));
                self.due.insert((credited, Due::Credit(index)));
                self.complete_widget(index);
            }
            // A dropped deposit leaves an invoice that is repriced again, or that should have expired meanwhile.
            PendingPayment if before != PendingPayment && expired => self.expire(index),
            PendingPayment if before != PendingPayment => {
                self.due.insert((next_repricing, Due::Reprice(index)));
            }
            _ => {}
        }
    }

    /// Where the deposits of an open invoice put it.
    fn standing(&self, invoice: &Invoice) -> (InvoiceState, Option<Intervention>) {
        let deposits = || invoice.deposits.iter().map(|index| &self.deposits[index.0]);
        let any = |stage: Stage| deposits().any(|deposit| deposit.stage == stage);
        let mut senders = deposits()
            .filter(|deposit| deposit.stage == Stage::Confirmed)
            .map(|deposit| &deposit.from);
        let first = senders.next();
        if any(Stage::Declined) {
            (InvoiceState::Declined, None)
        } else if any(Stage::Review) {
            (InvoiceState::PendingComplianceCheck, None)
        } else if let Some(first) = first {
            let mixed = senders.any(|sender| !addresses::same(sender, first));
            match if mixed {
                Verdict::MixedSenders
            } else {
                self.judge(invoice)
            } {
                Verdict::Acceptable => (InvoiceState::Paid, None),
                Verdict::TooLittle => (
                    InvoiceState::PendingIntervention,
                    Some(Intervention::Underpay),
                ),
                Verdict::TooMuch => (
                    InvoiceState::PendingIntervention,
                    Some(Intervention::Overpay),
                ),
                Verdict::MixedSenders => (InvoiceState::PendingIntervention, None),
            }
        } else if any(Stage::Mempool) {
            (InvoiceState::MemPoolFound, None)
        } else {
            (InvoiceState::PendingPayment, None)
        }
    }

    /// Compares what was received with the amount, by whole numbers only: at least 995 thousandths of it, and
    /// above it by no more than the tolerance in percent.
    fn judge(&self, invoice: &Invoice) -> Verdict {
        let Some(amount) = invoice.amount else {
            return Verdict::Acceptable;
        };
        let exact = |amount: Amount, factor: Amount| {
            let product =
                amount.checked_mul(factor, amount.scale() + factor.scale(), Rounding::Down);
            product.expect("deposits and amounts are bounded, so a few digits more fit")
        };
        let whole = |units| Amount::from_units(units, 0).expect("a small number is an amount");
        let hundred = whole(100);
        let most = hundred
            .checked_add(self.rules.overpay_tolerance_percent)
            .expect("a tolerance is small");
        if exact(invoice.received, whole(1000)) < exact(amount, whole(995)) {
            Verdict::TooLittle
        } else if exact(invoice.received, hundred) > exact(amount, most) {
            Verdict::TooMuch
        } else {
            Verdict::Acceptable
        }
    }
}

enum Verdict {
    Acceptable,
    TooLittle,
    TooMuch,
    MixedSenders,
}

/// The moment something made now expires: its own wish if that lies within the limit, else after its usual life.
pub(super) fn expiration(
    now: Timestamp,
    wish: Option<Timestamp>,
    life_seconds: u32,
    limit_seconds: u32,
) -> Result<Timestamp, OrderRefusal> {
    let Some(wish) = wish else {
        return Ok(now.plus_seconds(i64::from(life_seconds)));
    };
    if wish <= now {
        Err(OrderRefusal::ExpirationPast)
    } else if wish >= now.plus_seconds(i64::from(limit_seconds)) {
        Err(OrderRefusal::ExpirationTooFar(limit_seconds))
    } else {
        Ok(wish)
    }
}
