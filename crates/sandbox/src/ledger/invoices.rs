//! Invoices in the ledger: making, finding, and what happens to them with time and money.

use checkout::{Amount, NetworkId, Timestamp};
use uuid::Uuid;

use super::{Due, Ledger};
use crate::addresses;
use crate::deposit::Recipient;
use crate::event::EventName;
use crate::index::{InvoiceIndex, WidgetIndex};
use crate::invoice::{Invoice, InvoiceOrder, InvoiceState, Terms};

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
        let end = if order.terms.is_limited() {
            let life = self.invoice_life(&order);
            let limit = self.rules.max_invoice_seconds;
            Some(expiration(now, order.expiration, life, limit)?)
        } else {
            None
        };
        Ok(self.make_invoice(now, key, order, end, None))
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
        expiration: Option<Timestamp>,
        widget: Option<WidgetIndex>,
    ) -> InvoiceIndex {
        let count = self.count();
        let index = InvoiceIndex(self.invoices.len());
        let invoice = Invoice {
            id: self.seed.uuid("invoice", count),
            number: count,
            key: key.unwrap_or_else(|| self.seed.uuid("invoice key", count)),
            address: addresses::address(self.seed, order.currency.network, "invoice", count),
            amount: self.amount_due(&order, now),
            created: now,
            expiration,
            last_fiat_updated: None,
            state: InvoiceState::PendingPayment,
            intervention: None,
            intervention_resolved: true,
            received: Amount::ZERO,
            fee: self.commission(&order, now),
            deposits: Vec::new(),
            last_deposit_hash: None,
            widget,
            idle_since: now,
            order,
        };
        self.invoice_by_id.insert(invoice.id, index);
        self.invoice_by_key.insert(invoice.key, index);
        let address = addresses::canonical(&invoice.address);
        self.recipients.insert(address, Recipient::Invoice(index));
        if let Some(external_id) = &invoice.order.external_id {
            self.newest_by_external_id
                .insert(external_id.clone(), index);
        }
        match expiration {
            Some(expiration) => self.due.insert((expiration, Due::Expire(index))),
            None => self
                .due
                .insert((invoice.idle_until(), Due::ArchiveIdle(index))),
        };
        if invoice.order.terms.fiat().is_some() {
            let next = invoice.next_repricing(now);
            self.due.insert((next, Due::Reprice(index)));
        }
        let limited = invoice.order.terms.is_limited();
        self.invoices.push(invoice);
        let event = if limited {
            EventName::InvoiceCreated
        } else {
            EventName::UnlimitedInvoiceCreated
        };
        self.announce(now, event, index, None);
        index
    }

    /// What has to be paid; none where any amount will do.
    pub(super) fn amount_due(&self, order: &InvoiceOrder, now: Timestamp) -> Option<Amount> {
        match order.terms {
            Terms::SingleFiat {
                fiat_amount,
                fiat_currency,
            } => {
                let rates = &self.rates;
                let amount = rates.amount_for(fiat_amount, fiat_currency, order.currency, now);
                Some(amount.expect("orders name known currencies and bounded prices"))
            }
            Terms::Single { amount } => Some(amount),
            Terms::Bound { .. } | Terms::Unlimited | Terms::UnlimitedLinked => None,
        }
    }

    /// What an invoice without end costs once, shown as its fee from the start (gateway reference §2.9).
    fn commission(&self, order: &InvoiceOrder, now: Timestamp) -> Option<Amount> {
        let dollars = self.rules.unlimited_commission_usd;
        if order.terms.is_limited() || dollars.is_zero() {
            return None;
        }
        self.rates.amount_for(dollars, "USD", order.currency, now)
    }

    /// The expiration that one example shows of an invoice that has none, if that was asked for (gateway reference §2.9).
    pub(crate) fn shown_expiration(&self, invoice: &Invoice) -> Option<Timestamp> {
        let shown = self.rules.unlimited_expiration && !invoice.order.terms.is_limited();
        shown.then(|| invoice.created.plus_seconds(30 * 24 * 60 * 60))
    }

    /// The invoice at a place of this ledger.
    pub(crate) fn invoice(&self, index: InvoiceIndex) -> &Invoice {
        &self.invoices[index.0]
    }

    /// Every invoice, oldest first.
    pub(crate) fn invoices(&self) -> &[Invoice] {
        &self.invoices
    }

    /// Every invoice of an external id, oldest first.
    pub(crate) fn with_external_id<'a>(
        &'a self,
        id: &'a str,
    ) -> impl DoubleEndedIterator<Item = &'a Invoice> {
        let has = move |invoice: &&Invoice| invoice.order.external_id.as_deref() == Some(id);
        self.invoices.iter().filter(has)
    }

    /// The invoice a request names, if there is one.
    pub(crate) fn find_invoice(&self, name: &InvoiceName) -> Option<InvoiceIndex> {
        match name {
            InvoiceName::Id(id) => match Uuid::try_parse(id) {
                Ok(id) => self.invoice_by_id.get(&id),
                Err(_) => return self.numbered(id),
            },
            InvoiceName::Key(key) => self.invoice_by_key.get(key),
            InvoiceName::ExternalId(id) => self.newest_by_external_id.get(id),
        }
        .copied()
    }

    /// The invoice whose id is this number. Numbers only grow.
    fn numbered(&self, id: &str) -> Option<InvoiceIndex> {
        let number: u64 = id.parse().ok().filter(|number| *number > 0)?;
        let place = self
            .invoices
            .binary_search_by_key(&number, |invoice| invoice.number);
        place.ok().map(InvoiceIndex)
    }
}

/// The moment something made now expires: as asked if that lies within the limit, else after its usual life.
pub(super) fn expiration(
    now: Timestamp,
    asked: Option<Timestamp>,
    life_seconds: u32,
    limit_seconds: u32,
) -> Result<Timestamp, OrderRefusal> {
    let Some(asked) = asked else {
        return Ok(now.plus_seconds(i64::from(life_seconds)));
    };
    if asked <= now {
        Err(OrderRefusal::ExpirationPast)
    } else if asked >= now.plus_seconds(i64::from(limit_seconds)) {
        Err(OrderRefusal::ExpirationTooFar(limit_seconds))
    } else {
        Ok(asked)
    }
}
