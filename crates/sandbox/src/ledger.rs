//! Everything a sandbox holds, and the order in which things become due.

mod announcements;
mod clockwork;
mod customers;
mod decisions;
mod deposits;
mod invoices;
mod standing;
mod webhooks;
mod widgets;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use checkout::{Amount, Rounding, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::addresses;
use crate::customer::{Customer, Purse};
use crate::deposit::{Deposit, Recipient};
use crate::dialect::Dialect;
use crate::faults::Faults;
use crate::index::{
    CustomerIndex, DeliveryIndex, DepositIndex, InvoiceIndex, PurseIndex, WidgetIndex,
};
use crate::invoice::Invoice;
use crate::rates::Rates;
use crate::seed::Seed;
use crate::settings::Settings;
use crate::webhook::{Delivery, Post, Subscription};
use crate::widget::Widget;

pub(crate) use customers::CustomerDetails;
pub(crate) use decisions::WrongState;
pub(crate) use deposits::{DepositRefusal, Sending};
pub(crate) use invoices::{InvoiceName, OrderRefusal};
pub(crate) use widgets::ChoiceRefusal;

/// Everything a sandbox holds. All methods take the time; `catch_up` must have been called with it before.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ledger {
    pub(crate) rates: Rates,
    #[serde(skip)]
    rules: Rules,
    seed: Seed,
    /// Counts everything that was ever made, over resets too, so that no identifier comes twice.
    made: u64,
    invoices: Vec<Invoice>,
    #[serde(skip)]
    invoice_by_id: HashMap<Uuid, InvoiceIndex>,
    #[serde(skip)]
    invoice_by_key: HashMap<Uuid, InvoiceIndex>,
    #[serde(skip)]
    recipients: HashMap<String, Recipient>,
    #[serde(skip)]
    newest_by_external_id: HashMap<String, InvoiceIndex>,
    widgets: Vec<Widget>,
    #[serde(skip)]
    widget_by_key: HashMap<Uuid, WidgetIndex>,
    deposits: Vec<Deposit>,
    #[serde(skip)]
    deposit_by_id: HashMap<Uuid, DepositIndex>,
    customers: Vec<Customer>,
    #[serde(skip)]
    customer_by_id: HashMap<Uuid, CustomerIndex>,
    purses: Vec<Purse>,
    subscriptions: HashMap<Uuid, Subscription>,
    deliveries: Vec<Delivery>,
    /// Attempts that are due and wait for the courier.
    #[serde(skip)]
    posts: Vec<Post>,
    /// Deliveries that a fault lets wait until another to their subscription was sent.
    #[serde(skip)]
    overtaken: Vec<DeliveryIndex>,
    #[serde(skip)]
    faults: Arc<Faults>,
    due: BTreeSet<(Timestamp, Due)>,
    /// Up to when everything has been applied.
    caught_up: Timestamp,
}

/// The figures by which the ledger decides; see [`Settings`] for each.
#[derive(Clone, Debug)]
struct Rules {
    repeated_key_is_refused: bool,
    overpay_tolerance_percent: Amount,
    service_fee_percent: Amount,
    unlimited_commission_usd: Amount,
    tron_invoice_seconds: u32,
    invoice_seconds: u32,
    max_invoice_seconds: u32,
    widget_seconds: u32,
    max_widget_seconds: u32,
    crediting_seconds: u32,
    reprice_on_opening: bool,
    unlimited_expiration: bool,
    dialect: Dialect,
}

impl Rules {
    fn of(settings: &Settings) -> Self {
        Self {
            repeated_key_is_refused: settings.repeated_key_is_refused,
            overpay_tolerance_percent: settings.overpay_tolerance_percent,
            service_fee_percent: settings.service_fee_percent,
            unlimited_commission_usd: settings.unlimited_commission_usd,
            tron_invoice_seconds: settings.tron_invoice_seconds,
            invoice_seconds: settings.invoice_seconds,
            max_invoice_seconds: settings.max_invoice_seconds,
            widget_seconds: settings.widget_seconds,
            max_widget_seconds: settings.max_widget_seconds,
            crediting_seconds: settings.crediting_seconds,
            reprice_on_opening: settings.reprice_on_opening,
            unlimited_expiration: settings.unlimited_expiration,
            dialect: settings.dialect,
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::of(&Settings::default())
    }
}

/// Something that happens by time alone. Of two at one moment the earlier in this list comes first: what expires
/// at a repricing is not repriced any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Due {
    Credit(InvoiceIndex),
    CreditDeposit(DepositIndex),
    Expire(InvoiceIndex),
    ArchiveIdle(InvoiceIndex),
    ExpireWidget(WidgetIndex),
    ExpirePurse(PurseIndex),
    Reprice(InvoiceIndex),
    Deliver(DeliveryIndex),
}

impl Ledger {
    pub(crate) fn new(settings: &Settings) -> Self {
        let seed = Seed(settings.seed);
        Self {
            rates: Rates::new(seed),
            rules: Rules::of(settings),
            seed,
            made: 0,
            invoices: Vec::new(),
            invoice_by_id: HashMap::new(),
            invoice_by_key: HashMap::new(),
            recipients: HashMap::new(),
            newest_by_external_id: HashMap::new(),
            widgets: Vec::new(),
            widget_by_key: HashMap::new(),
            deposits: Vec::new(),
            deposit_by_id: HashMap::new(),
            customers: Vec::new(),
            customer_by_id: HashMap::new(),
            purses: Vec::new(),
            subscriptions: HashMap::new(),
            deliveries: Vec::new(),
            posts: Vec::new(),
            overtaken: Vec::new(),
            faults: Arc::default(),
            due: BTreeSet::new(),
            caught_up: Timestamp::from_millis(0),
        }
    }

    /// Makes a ledger that was read from a file usable: by these settings, with its indexes, and with every delivery that
    /// was under way sent again.
    pub(crate) fn resume(&mut self, settings: &Settings) {
        self.rules = Rules::of(settings);
        for (place, invoice) in self.invoices.iter().enumerate() {
            let index = InvoiceIndex(place);
            self.invoice_by_id.insert(invoice.id, index);
            self.invoice_by_key.insert(invoice.key, index);
            let address = addresses::canonical(&invoice.address);
            self.recipients.insert(address, Recipient::Invoice(index));
            if let Some(external_id) = &invoice.order.external_id {
                self.newest_by_external_id
                    .insert(external_id.clone(), index);
            }
        }
        for (place, purse) in self.purses.iter().enumerate() {
            let address = addresses::canonical(&purse.address);
            self.recipients
                .insert(address, Recipient::Purse(PurseIndex(place)));
        }
        let keys = self
            .widgets
            .iter()
            .enumerate()
            .map(|(place, widget)| (widget.key, WidgetIndex(place)));
        self.widget_by_key = keys.collect();
        let ids = self
            .deposits
            .iter()
            .enumerate()
            .map(|(place, deposit)| (deposit.id, DepositIndex(place)));
        self.deposit_by_id = ids.collect();
        let ids = self
            .customers
            .iter()
            .enumerate()
            .map(|(place, customer)| (customer.id, CustomerIndex(place)));
        self.customer_by_id = ids.collect();
        self.send_again();
    }

    /// How answers are written.
    pub(crate) fn dialect(&self) -> Dialect {
        self.rules.dialect
    }

    /// The faults that strike its deliveries.
    pub(crate) fn faults(&self) -> &Arc<Faults> {
        &self.faults
    }

    /// The number from which identifiers, addresses, hashes and rates follow.
    pub(crate) fn seed(&self) -> u64 {
        self.seed.0
    }

    /// Forgets everything. Identifiers and addresses of before are not used again.
    pub(crate) fn reset(&mut self, now: Timestamp) {
        self.rates.free();
        self.invoices.clear();
        self.invoice_by_id.clear();
        self.invoice_by_key.clear();
        self.recipients.clear();
        self.newest_by_external_id.clear();
        self.widgets.clear();
        self.widget_by_key.clear();
        self.deposits.clear();
        self.deposit_by_id.clear();
        self.customers.clear();
        self.customer_by_id.clear();
        self.purses.clear();
        self.subscriptions.clear();
        self.deliveries.clear();
        self.posts.clear();
        self.overtaken.clear();
        self.due.clear();
        self.caught_up = now;
    }

    /// Applies all that became due up to and including `now`, each at its own moment, in order of time.
    /// Tells whether there was anything.
    pub(crate) fn catch_up(&mut self, now: Timestamp) -> bool {
        let mut applied = false;
        while let Some((at, due)) = self.due.first().copied().filter(|(at, _)| *at <= now) {
            self.due.remove(&(at, due));
            applied = true;
            match due {
                Due::Credit(invoice) => self.credit(invoice, at),
                Due::CreditDeposit(deposit) => self.credit_deposit(deposit, at),
                Due::Expire(invoice) => self.expire(invoice, at),
                Due::ArchiveIdle(invoice) => self.archive_idle(invoice, at),
                Due::ExpireWidget(widget) => self.expire_widget(widget),
                Due::ExpirePurse(purse) => self.expire_purse(purse, at),
                Due::Reprice(invoice) => self.reprice(invoice, at),
                Due::Deliver(delivery) => self.send(delivery, at),
            }
        }
        self.caught_up = now;
        applied
    }

    /// The number of the next thing made.
    fn count(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// What the gateway keeps of an amount, rounded up to the scale of its currency, but never more than there is.
    fn fee_of(&self, received: Amount, scale: u8) -> Amount {
        let hundred = Amount::from_units(100, 0).expect("a hundred is an amount");
        let percent = self.rules.service_fee_percent;
        let parts = received.checked_mul(percent, received.scale() + percent.scale(), Rounding::Up);
        let fee = parts.and_then(|parts| parts.checked_div(hundred, scale, Rounding::Up));
        fee.expect("deposits are bounded, so their fee can be calculated")
            .normalized()
            .min(received)
    }
}
