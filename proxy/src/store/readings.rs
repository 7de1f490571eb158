//! Readings of the gateway, as proxies that share a database know of each other's: what one has read a moment ago another need not, and together
//! they stay within an account's budget.

use async_trait::async_trait;
use checkout::Timestamp;
use uuid::Uuid;

use super::error::StoreError;
use super::leases::Lease;
use crate::limits::shared_budget::Allowance;

/// How far ahead of the own clock another's may be. A reading of later than that was written by a clock that is wrong, and spares none.
const CLOCKS_DIFFER_MILLIS: i64 = 60 * 1000;

/// A reading that a proxy is about to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    /// The key of an invoice, a customer, or an address of theirs.
    pub(crate) subject: Uuid,
    /// For how long others leave it to this proxy.
    pub(crate) lease: Lease,
    /// Since when another proxy's reading spares this one. `None` when it has to be made whatever others read: something has changed.
    pub(crate) fresh_since: Option<Timestamp>,
    /// The gateway account, and how many readings of it there may be.
    pub(crate) account: String,
    pub(crate) allowance: Allowance,
}

/// Whether a reading is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begun {
    /// By this proxy. The account's budget has one less.
    Ours,
    /// Another proxy has made it at that time.
    Read(Timestamp),
    /// Another proxy makes it just now.
    UnderWay,
    /// The budget is used up, or the gateway has had enough.
    NotNow,
}

/// What is known of the last reading of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LastReading {
    pub(super) read_by: Uuid,
    pub(super) read_at: Timestamp,
    pub(super) claimed_by: Uuid,
    pub(super) claimed_until: Timestamp,
}

impl LastReading {
    /// Why the reading that is wished for need not be made; `None` when it is to be. What this proxy has read itself it remembers better.
    pub(super) fn spares(&self, wish: &Wish) -> Option<Begun> {
        let (since, lease) = (wish.fresh_since?, &wish.lease);
        let ahead = lease.from.plus_millis(CLOCKS_DIFFER_MILLIS);
        if self.read_by != lease.by && since <= self.read_at && self.read_at <= ahead {
            return Some(Begun::Read(self.read_at));
        }
        let is_under_way = self.claimed_by != lease.by
            && lease.from < self.claimed_until
            && self.claimed_until <= lease.latest();
        is_under_way.then_some(Begun::UnderWay)
    }
}

/// What proxies that share a database tell each other of their readings.
#[async_trait]
pub(crate) trait Readings: Send + Sync {
    /// Says whether a reading is to be made, and takes it, together with one of the account's budget, so that of several that ask at once one
    /// makes it.
    async fn begin_reading(&self, wish: Wish) -> Result<Begun, StoreError>;

    /// Notes that a reading of this proxy has ended: when it began if it succeeded, and otherwise that others may make it.
    async fn end_reading(
        &self,
        subject: Uuid,
        by: Uuid,
        read_at: Option<Timestamp>,
    ) -> Result<(), StoreError>;

    /// Notes that the gateway of an account has had too many calls, and until when it is asked for nothing.
    async fn pause_account(&self, account: String, until: Timestamp) -> Result<(), StoreError>;

    /// Forgets what was read before a moment.
    async fn forget_readings(&self, before: Timestamp) -> Result<(), StoreError>;
}
