//! A checkout as it is sent to its buyers: written and digested once, for as long as nothing of it changes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use checkout::Timestamp;
use checkout::wire::CheckoutView;
use quick_cache::sync::Cache;

use crate::app::showing::etag;
use crate::app::showing::poll_pace::PollPace;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::snapshot::Snapshot;
use crate::config::Paces;
use crate::gateway::rates::Edition;
use crate::lock::lock;
use crate::refusal::Refusal;

/// How many are kept. Those that were not asked for lately go first.
const MOST: usize = 8_192;
/// How much older than now the time in a message may be that is sent to many at once.
const SAME_MOMENT_MILLIS: i64 = 50;

/// A checkout as it is shown, good until its next deadline.
pub struct Shown {
    pub(in crate::app) snapshot: Arc<Snapshot>,
    /// What its estimates were made from; nothing where there are none.
    pub(in crate::app) rates: Option<Edition>,
    /// When it was written, and when it changes by itself.
    from: Timestamp,
    until: Option<Timestamp>,
    pace: PollPace,
    is_settled: bool,
    tag: String,
    /// The JSON around the two members that are another in each answer.
    before: String,
    after: String,
    /// The last message that was made of it, with the time in it.
    message: Mutex<Option<(Timestamp, Arc<[u8]>)>>,
}

impl Shown {
    /// `view` is that of the snapshot, with estimates from `rates`.
    ///
    /// # Errors
    /// `internal`, should the view not be JSON.
    pub(in crate::app) fn new(
        snapshot: Arc<Snapshot>,
        rates: Option<Edition>,
        view: &CheckoutView,
        paces: &Paces,
    ) -> Result<Self, Refusal> {
        let body = serde_json::to_string(view).map_err(Refusal::internal)?;
        let (before, after) = etag::around(view, &body)
            .ok_or_else(|| Refusal::internal("a view is written without its time"))?;
        let pace = PollPace::of(
            view.state,
            view.invoice.as_ref(),
            view.expires_at,
            view.now,
            paces,
        );
        Ok(Self {
            rates,
            from: view.now,
            until: snapshot.next_deadline(view.now),
            pace,
            is_settled: snapshot.is_settled(view.now),
            tag: etag::of(view, &body),
            before: before.to_owned(),
            after: after.to_owned(),
            message: Mutex::default(),
            snapshot,
        })
    }

    /// Its entity tag, with its quotes. It changes with everything a page shows, and not with the time of day.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The JSON of a [`CheckoutView`] that is sent at `now`.
    #[must_use]
    pub fn body(&self, now: Timestamp) -> String {
        let moment = etag::moment(now, self.pace.at(now));
        [&self.before, moment.as_str(), &self.after].concat()
    }

    /// The time to send it with to whoever asked at `now`: that time, unless it was written behind a deadline that came after it.
    #[must_use]
    pub(crate) fn moment_for(&self, now: Timestamp) -> Timestamp {
        let crossed = self.snapshot.next_deadline(now);
        if crossed.is_some_and(|deadline| deadline <= self.from) {
            self.from
        } else {
            now
        }
    }

    /// Whether its buyer will never see it change again.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// What `write` makes of it, for many to whom it is sent at the same moment. The time in it is not before `since`: whoever began to
    /// listen then may have been told that time already.
    pub(crate) fn message(
        &self,
        now: Timestamp,
        since: Timestamp,
        write: impl Fn(&Self) -> Vec<u8>,
    ) -> Arc<[u8]> {
        let mut message = lock(&self.message);
        if let Some((at, written)) = &*message
            && *at >= since
            && (0..SAME_MOMENT_MILLIS).contains(&now.millis_since(*at))
        {
            return Arc::clone(written);
        }
        let written: Arc<[u8]> = write(self).into();
        *message = Some((now, Arc::clone(&written)));
        written
    }

    /// When it changes by itself.
    pub(in crate::app) fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// How long after it was shown a page asks again.
    pub(in crate::app) fn pace(&self, now: Timestamp) -> Duration {
        Duration::from_millis(self.pace.at(now).into())
    }

    /// Whether this is how the snapshot is shown at `now`, but for estimates.
    pub(in crate::app) fn is_of(&self, snapshot: &Arc<Snapshot>, now: Timestamp) -> bool {
        Arc::ptr_eq(&self.snapshot, snapshot)
            && self.from <= now
            && self.until.is_none_or(|until| now < until)
    }
}

/// Those that were shown last.
pub(crate) struct LatelyShown(pub(in crate::app) Cache<CheckoutId, Arc<Shown>>);

impl Default for LatelyShown {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}
