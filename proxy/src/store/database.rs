//! The seam: what a database has to do for the proxy, in the proxy's own words.
//!
//! Each operation that writes is one transaction: all of it is stored, or nothing. What is decided by rules comes in as a value that
//! decides ([`InvoiceReading`], [`DepositReading`]): the database calls it inside its transaction, on what is stored at that moment,
//! and may call it again after a transaction that had to be repeated. What is promised here is tested in `suite`, which each database runs.

use std::collections::HashMap;
use std::time::Duration;

mod attempts;
mod decisions;
mod deliveries;
mod history;
mod lists;
mod outbox;
mod refunds;

use async_trait::async_trait;
use checkout::{Currency, Timestamp};
use uuid::Uuid;

use super::books::Books;
use super::error::{StoreError, TakeInError};
use super::leases::Leases;
use super::meter::DatabaseMeter;
use super::outcome::{KeptPurse, Overdue, WatchOrder};
use super::readings::Readings;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::{CustomerId, Purse, WatchedCustomer};
use crate::checkouts::deposit::Known;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::idempotency_key::{Answered, IdempotencyKey};
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::subscription::Subscription;
use crate::gateway::source::Source;
use crate::reading::deposit_reading::DepositReading;
use crate::reading::history::Cause;
use crate::reading::invoice::Change;
use crate::reading::invoice_reading::InvoiceReading;
use crate::reading::ledger::Posting;
use crate::reading::merge::DepositChanges;

pub(crate) use attempts::Attempts;
pub(crate) use decisions::{Decided, Decisions};
pub(crate) use deliveries::Deliveries;
pub(crate) use history::History;
pub(crate) use lists::Lists;
pub(crate) use outbox::Outbox;
pub(crate) use refunds::{Refunded, Refunds, Stepped};

/// How much older than now the last look at a checkout that is stored may be: a page asks every few seconds, which must not cost a
/// write each.
pub(crate) const LOOK_SECONDS: i64 = 10 * 60;
/// How long an idempotency key is remembered: two days.
pub(crate) const KEY_SECONDS: i64 = 48 * 60 * 60;
/// How much older than a new confirmation of the same address the stored one may be. An address is confirmed with every reading, which
/// must not cost a write each.
pub(crate) const CONFIRMED_SECONDS: i64 = 60 * 60;

/// Everything a database does.
pub(crate) trait Database:
    Checkouts
    + Lists
    + Attempts
    + Leases
    + Invoices
    + Deposits
    + Customers
    + Alarms
    + Decisions
    + Refunds
    + History
    + Subscriptions
    + Deliveries
    + Outbox
    + Retention
    + Counts
{
}

impl<D> Database for D where
    D: Checkouts
        + Lists
        + Attempts
        + Leases
        + Invoices
        + Deposits
        + Customers
        + Alarms
        + Decisions
        + Refunds
        + History
        + Subscriptions
        + Deliveries
        + Outbox
        + Retention
        + Counts
{
}

/// Checkouts, and the keys they were asked for with.
#[async_trait]
pub(crate) trait Checkouts: Send + Sync {
    /// The checkout and everything known of it, from one consistent view. `None` when there is no such checkout.
    async fn snapshot(&self, id: CheckoutId) -> Result<Option<Snapshot>, StoreError>;

    /// How long a snapshot may be shown that was read before, while this process writes nothing to its checkout: others may.
    fn kept_for(&self) -> Duration {
        Duration::from_secs(1)
    }

    /// What proxies on this database tell each other of their readings; `None` where there is only one proxy.
    fn readings(&self) -> Option<&dyn Readings> {
        None
    }

    /// Every shop that has checkouts or customers, in the order of their names.
    async fn shops(&self) -> Result<Vec<ShopId>, StoreError>;

    /// Keeps a new checkout. [`StoreError::Refused`] when there is one with its id.
    async fn add_checkout(&self, checkout: Checkout) -> Result<(), StoreError>;

    /// Keeps a new checkout together with the key it was made under. When the key is known by then, nothing is kept, and what is known
    /// comes back. A key whose checkout is gone is as good as new.
    async fn add_checkout_once(
        &self,
        checkout: Checkout,
        key: IdempotencyKey,
    ) -> Result<Answered, StoreError>;

    /// The checkout of an order that the shop's server has signed.
    async fn checkout_of_order(
        &self,
        shop: ShopId,
        order: String,
    ) -> Result<Option<CheckoutId>, StoreError>;

    /// Keeps a new checkout of a signed order. When there is one of its order by then, nothing is kept. Answers with the one that there is.
    async fn add_checkout_of_order(&self, checkout: Checkout) -> Result<CheckoutId, StoreError>;

    /// What is known of a key; `None` when it is new.
    async fn answered(&self, key: IdempotencyKey) -> Result<Option<Answered>, StoreError>;

    /// Forgets keys older than [`KEY_SECONDS`]. Answers with their number.
    async fn forget_old_keys(&self, now: Timestamp) -> Result<usize, StoreError>;
}

/// Invoices, and in which order they are looked after.
#[async_trait]
pub(crate) trait Invoices: Send + Sync {
    /// Makes an invoice the one shown. `false`, and nothing written, when it is already, or is gone.
    async fn choose_invoice(&self, invoice: Uuid, cause: Cause) -> Result<bool, StoreError>;

    /// Takes a reading in: decides on what is stored, and keeps what changed. `None` when nothing did. What is credited by it is in the
    /// ledger from then on, by [`credit::read`](crate::reading::ledger::credit::read), and what the merchant is told in the outbox, by
    /// [`facts::read`](crate::reading::events::facts::read).
    async fn take_in(&self, reading: InvoiceReading) -> Result<Option<Change>, TakeInError>;

    /// Which invoices of a shop are to be read at `now`: those that are due, and that have [`Invoice::watched_until`] after it. One that is
    /// new, or has moved, is due [`FIRST_SECONDS`](crate::checkouts::visits::FIRST_SECONDS) after that at the latest.
    async fn watch_order(&self, shop: ShopId, now: Timestamp) -> Result<WatchOrder, StoreError>;

    /// Takes the turns of these invoices, so that nobody else on this database does until `until`; answers with those that were due still.
    async fn claim_invoices(
        &self,
        keys: Vec<Uuid>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError>;

    /// Says when these invoices have their next turns.
    async fn put_off_invoices(&self, turns: Vec<(Uuid, Timestamp)>) -> Result<(), StoreError>;

    /// Puts right when invoices have their turns: those that are watched no more have none, and those that were put off further than any
    /// rule does, by a clock that was wrong, have theirs at once. Answers with their number.
    async fn mend_turns(&self, now: Timestamp) -> Result<usize, StoreError>;

    /// The invoices with these keys, in their order; those that are gone are left out.
    async fn invoices(&self, keys: Vec<Uuid>) -> Result<Vec<Invoice>, StoreError>;

    /// Invoices of a shop with keys above `after`, in the order of their keys, at most so many: those priced in a time, its end not included, or
    /// without one those on which money was ever seen, and those of top-ups.
    async fn invoices_after(
        &self,
        shop: ShopId,
        priced: Option<(Timestamp, Timestamp)>,
        after: Uuid,
        most: u32,
    ) -> Result<Vec<Invoice>, StoreError>;

    /// The invoice that a shop's gateway calls so. The gateways of two shops may call different invoices the same.
    async fn invoice_of_gateway(
        &self,
        shop: ShopId,
        gateway_id: String,
    ) -> Result<Option<Invoice>, StoreError>;

    /// Notes that a page shows the invoices of a checkout. Writes nothing when that was noted less than [`LOOK_SECONDS`] ago.
    async fn looked_at(&self, checkout: CheckoutId, now: Timestamp) -> Result<(), StoreError>;
}

/// Deposits: each once for what it was paid to, and what is odd about them.
#[async_trait]
pub(crate) trait Deposits: Send + Sync {
    /// What was paid to these invoices and customers, by their keys, from one consistent view; the oldest first.
    async fn deposits(&self, paid_to: Vec<Uuid>) -> Result<Known, StoreError>;

    /// Takes a list of deposits in: decides on what is stored, and keeps what changed.
    ///
    /// Each deposit that begins to count is in the ledger from then on, by [`rows`](crate::reading::ledger::deposit::rows), and what the
    /// merchant is told of it in the outbox, by [`counted`](crate::reading::events::money::counted). One whose id
    /// counts already for another address of the shop does not begin to count.
    async fn take_in_deposits(&self, reading: DepositReading)
    -> Result<DepositChanges, StoreError>;

    /// The ledger's rows of these invoices and customers, by their keys; those of each in the order in which they were written.
    async fn ledger_of(&self, paid_to: Vec<Uuid>) -> Result<Vec<Posting>, StoreError>;

    /// The ledger's rows of everything with a number above `after`, in their order, at most so many, each with its number. No operation
    /// changes or deletes one.
    async fn ledger(&self, after: i64, most: u32) -> Result<Vec<(i64, Posting)>, StoreError>;
}

/// Customers and their addresses.
#[async_trait]
pub(crate) trait Customers: Send + Sync {
    /// The gateway's id of a customer; `None` when none was made, or none whose making was answered.
    async fn gateway_customer(&self, customer: CustomerId) -> Result<Option<String>, StoreError>;

    /// Notes that the gateway is about to be asked for a customer. Answers with the number of such calls, this one included, whose outcome
    /// is not known.
    async fn start_customer(&self, customer: CustomerId, now: Timestamp)
    -> Result<u32, StoreError>;

    /// Notes that a call has made no customer.
    async fn settle_customer(&self, customer: CustomerId) -> Result<(), StoreError>;

    /// The customer that the gateway of a shop calls so.
    async fn customer_of_gateway(
        &self,
        shop: ShopId,
        gateway_id: String,
    ) -> Result<Option<CustomerId>, StoreError>;

    /// Keeps the customer a call has made and settles the call. The first one kept stays: its id comes back. `None`, and nothing kept,
    /// when the id belongs to another customer of its shop.
    async fn finish_customer(
        &self,
        customer: CustomerId,
        made: String,
    ) -> Result<Option<String>, StoreError>;

    /// Keeps a customer's address for one currency as the gateway has just named it. Nothing is kept when another customer has this
    /// address, or an invoice that is watched; nor when the same was kept less than [`CONFIRMED_SECONDS`] ago. [`StoreError::Refused`]
    /// when no call for this customer was ever noted.
    async fn keep_purse(&self, purse: Purse, source: Source) -> Result<KeptPurse, StoreError>;

    /// Customers of a shop whose addresses were shown and whose turn it is, the longest overdue first. One that was put off to a moment that no pace
    /// leads to, by a clock that was wrong then, has its turn at once.
    async fn due_customers(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<WatchedCustomer>, StoreError>;

    /// Takes the turn of a customer, so that nobody else on this database does until `until`; `false` when it is not due any more.
    async fn claim_turn(
        &self,
        customer: CustomerId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Customers of a shop whose addresses were shown, in the order of their ids, at most so many after one of them.
    async fn customers_after(
        &self,
        shop: ShopId,
        after: Option<CustomerId>,
        most: u32,
    ) -> Result<Vec<WatchedCustomer>, StoreError>;

    /// Says when a customer has its next turn.
    async fn put_off_customer(
        &self,
        customer: CustomerId,
        due_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Makes a currency the one a deposit checkout shows. `false`, and nothing written, when it is already. [`StoreError::Refused`] when
    /// the checkout is gone.
    async fn choose_purse(
        &self,
        checkout: CheckoutId,
        currency: &'static Currency,
        cause: Cause,
    ) -> Result<bool, StoreError>;
}

/// Contradictions of the gateway.
#[async_trait]
pub(crate) trait Alarms: Send + Sync {
    /// Keeps an alarm. `false` when there is one of this kind for the invoice already; then that one stays. [`StoreError::Refused`] when
    /// the checkout is gone.
    async fn raise(
        &self,
        checkout: CheckoutId,
        alarm: Alarm,
        source: Source,
    ) -> Result<bool, StoreError>;
}

/// Subscriptions to the gateway's webhooks, with their keys.
#[async_trait]
pub(crate) trait Subscriptions: Send + Sync {
    /// Every subscription whose deliveries are taken, those of all shops, the oldest first.
    async fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError>;

    /// Keeps a subscription with its keys, in the place of one with its id.
    async fn keep_subscription(&self, subscription: Subscription) -> Result<(), StoreError>;

    /// Forgets a subscription and its keys. `false` when there is none.
    async fn forget_subscription(&self, shop: ShopId, id: Uuid) -> Result<bool, StoreError>;
}

/// Deleting what strangers made and nobody ever paid, so that they cannot fill the disk. Whatever may be money keeps a checkout for ever.
#[async_trait]
pub(crate) trait Retention: Send + Sync {
    /// Deletes expired checkouts of pages that never saw money: those without an invoice that expired before `unchosen`, and those with
    /// invoices that all expired before `unpaid`. Answers with their number.
    async fn forget_unpaid(
        &self,
        unchosen: Timestamp,
        unpaid: Timestamp,
    ) -> Result<usize, StoreError>;

    /// Deletes the oldest expired checkouts of pages that never saw money, whose invoices all expired before `unwatched`, until at most
    /// `most` of them are kept. Answers with their number.
    async fn forget_more(&self, unwatched: Timestamp, most: u32) -> Result<usize, StoreError>;

    /// How many checkouts of pages are open, by shop; shops without any are left out.
    async fn open_checkouts(&self, now: Timestamp) -> Result<HashMap<ShopId, u32>, StoreError>;

    /// Deletes open checkouts of a shop's pages for which nobody picked a currency, until at most `most` checkouts of its pages are open. Those
    /// of the network that has most of them go first, and of these the oldest. Answers with their number.
    async fn make_room(&self, shop: ShopId, now: Timestamp, most: u32)
    -> Result<usize, StoreError>;

    /// Forgets which networks made checkouts that expired before `before`: nobody takes turns with them any more.
    async fn forget_networks(&self, before: Timestamp) -> Result<(), StoreError>;
}

/// Saying how much there is.
#[async_trait]
pub(crate) trait Counts: Send + Sync {
    /// How many things of each kind are stored, from one consistent view.
    async fn books(&self) -> Result<Books, StoreError>;

    /// How many invoices of each shop are to be read at `now` and since when the first of them is, in the order of the shops' names. Shops
    /// without any are left out.
    async fn overdue(&self, now: Timestamp) -> Result<Vec<Overdue>, StoreError>;

    /// Whether the database answers, and has the tables that this program knows. [`StoreError::Newer`] when a newer program has changed them,
    /// [`StoreError::Refused`] when they are older.
    async fn is_fit(&self) -> Result<(), StoreError>;

    /// What is measured of all work in the database.
    fn meter(&self) -> &DatabaseMeter;
}
