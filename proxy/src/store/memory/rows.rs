//! What is kept in memory: one list for each kind of thing, in the order in which they came.

use std::collections::HashMap;

use checkout::{Address, Currency, Timestamp};
use uuid::Uuid;

use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::{CustomerId, Purse};
use crate::checkouts::deposit::{Deposit, Flag, Known};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::idempotency_key::Fingerprint;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::snapshot::Snapshot;
use crate::store::error::StoreError;

#[derive(Default)]
pub(super) struct Rows {
    pub(super) checkouts: Vec<Checkout>,
    /// By scope and key.
    pub(super) keys: HashMap<(String, String), KeyRow>,
    pub(super) attempts: Vec<InvoiceAttempt>,
    pub(super) invoices: Vec<InvoiceRow>,
    pub(super) deposits: Vec<Deposit>,
    pub(super) flags: Vec<Flag>,
    pub(super) alarms: Vec<(CheckoutId, Alarm)>,
    pub(super) customers: Vec<CustomerRow>,
    pub(super) purses: Vec<Purse>,
    pub(super) chosen_purses: HashMap<CheckoutId, &'static Currency>,
}

pub(super) struct KeyRow {
    pub(super) fingerprint: Fingerprint,
    pub(super) checkout: CheckoutId,
    pub(super) created_at: Timestamp,
}

pub(super) struct InvoiceRow {
    pub(super) invoice: Invoice,
    /// Rises with every choice; the highest of a checkout is the one shown.
    pub(super) chosen: u64,
    pub(super) looked_at: Option<Timestamp>,
}

pub(super) struct CustomerRow {
    pub(super) customer: CustomerId,
    pub(super) gateway_id: Option<String>,
    /// Calls whose outcome is not known.
    pub(super) open_calls: u32,
    pub(super) shown_at: Option<Timestamp>,
    pub(super) due_at: Timestamp,
}

impl Rows {
    pub(super) fn checkout(&self, id: CheckoutId) -> Option<&Checkout> {
        self.checkouts.iter().find(|checkout| checkout.id == id)
    }

    /// # Errors
    /// [`StoreError::Refused`] where something is to be kept of a checkout that is not there.
    pub(super) fn require(&self, id: CheckoutId) -> Result<(), StoreError> {
        match self.checkout(id) {
            Some(_) => Ok(()),
            None => Err(StoreError::Refused(format!("no checkout {}", id.short()))),
        }
    }

    pub(super) fn invoices_of(&self, checkout: CheckoutId) -> impl Iterator<Item = &InvoiceRow> {
        self.invoices
            .iter()
            .filter(move |row| row.invoice.checkout_id == checkout)
    }

    pub(super) fn customer(&self, customer: &CustomerId) -> Option<&CustomerRow> {
        self.customers.iter().find(|row| row.customer == *customer)
    }

    pub(super) fn customer_mut(&mut self, customer: &CustomerId) -> Option<&mut CustomerRow> {
        self.customers
            .iter_mut()
            .find(|row| row.customer == *customer)
    }

    /// Whether a watched invoice other than `own` has this address.
    pub(super) fn is_watched(&self, address: &Address, own: Option<Uuid>, now: Timestamp) -> bool {
        self.invoices.iter().any(|row| {
            row.invoice.address == *address
                && Some(row.invoice.key) != own
                && row.invoice.is_watched(now)
        })
    }

    /// Whether a customer other than `own` has this address.
    pub(super) fn has_purse(&self, address: &Address, own: Option<&CustomerId>) -> bool {
        self.purses
            .iter()
            .any(|purse| purse.address == *address && Some(&purse.customer) != own)
    }

    /// Keeps an alarm; `false` when there is one of this kind for the invoice already.
    pub(super) fn raise(&mut self, checkout: CheckoutId, alarm: &Alarm) -> bool {
        let is_known = self.alarms.iter().any(|(known_of, known)| {
            *known_of == checkout && known.invoice == alarm.invoice && known.kind == alarm.kind
        });
        if !is_known {
            self.alarms.push((checkout, alarm.clone()));
        }
        !is_known
    }

    /// What was paid to one invoice or customer, the oldest first.
    pub(super) fn known(&self, paid_to: Uuid) -> Known {
        let deposits = self.deposits.iter().filter(|d| d.paid_to == paid_to);
        let flags = self.flags.iter().filter(|flag| flag.paid_to == paid_to);
        let mut known = Known {
            deposits: deposits.cloned().collect(),
            flags: flags.cloned().collect(),
        };
        known
            .deposits
            .sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        known
            .flags
            .sort_by_key(|flag| (flag.at, flag.kind.as_str()));
        known
    }

    pub(super) fn snapshot(&self, id: CheckoutId) -> Option<Snapshot> {
        let checkout = self.checkout(id)?.clone();
        let mut invoices: Vec<&InvoiceRow> = self.invoices_of(id).collect();
        invoices.sort_by_key(|row| row.chosen);
        let mut deposits: Vec<Deposit> = match &checkout.purpose {
            Purpose::Payment(_) | Purpose::Topup => invoices
                .iter()
                .flat_map(|row| self.known(row.invoice.key).deposits)
                .collect(),
            Purpose::Deposit(customer) => self.known(key::customer(customer)).deposits,
        };
        deposits.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let alarms = self.alarms.iter().filter(|(of, _)| *of == id);
        let mut alarms: Vec<Alarm> = alarms.map(|(_, alarm)| alarm.clone()).collect();
        alarms.sort_by(|a, b| (a.at, &a.kind).cmp(&(b.at, &b.kind)));
        Some(Snapshot {
            purse: self.chosen_purse(&checkout),
            invoices: invoices.iter().map(|row| row.invoice.clone()).collect(),
            deposits,
            alarms,
            checkout,
        })
    }

    /// The address a deposit checkout shows.
    fn chosen_purse(&self, checkout: &Checkout) -> Option<Purse> {
        let customer = self.customer(checkout.purpose.customer()?)?;
        let currency = self.chosen_purses.get(&checkout.id)?;
        let purse = self
            .purses
            .iter()
            .find(|purse| purse.customer == customer.customer && purse.currency == *currency)?;
        Some(Purse {
            gateway_id: customer.gateway_id.clone()?,
            ..purse.clone()
        })
    }
}
