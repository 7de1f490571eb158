//! The checkouts that are followed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use checkout::Timestamp;

use crate::app::following::topic::Topic;
use crate::checkouts::id::CheckoutId;
use crate::lock::lock;
use crate::store::Changed;

/// A topic for each checkout that somebody follows.
#[derive(Default)]
pub(crate) struct Hub {
    topics: Mutex<HashMap<CheckoutId, Arc<Topic>>>,
    /// Whether there is a task that hears for all of them.
    hears: AtomicBool,
}

impl Hub {
    /// Whether this is the first question whether somebody hears for all of them.
    pub(in crate::app) fn has_to_be_started(&self) -> bool {
        !self.hears.swap(true, Ordering::SeqCst)
    }

    /// What `join` makes of the topic of a checkout, which is not forgotten meanwhile.
    pub(in crate::app) fn join<T>(
        &self,
        id: CheckoutId,
        monotonic: Duration,
        join: impl FnOnce(&Arc<Topic>) -> T,
    ) -> T {
        let mut topics = lock(&self.topics);
        let topic = topics
            .entry(id)
            .or_insert_with(|| Arc::new(Topic::new(id, monotonic)));
        join(topic)
    }

    /// Forgets a checkout that nobody follows any more. To be called after somebody has left.
    pub(in crate::app) fn leave(&self, id: CheckoutId) {
        let mut topics = lock(&self.topics);
        if topics.get(&id).is_some_and(|topic| !topic.is_followed()) {
            topics.remove(&id);
        }
    }

    /// All that are followed, or those that a change shows in.
    pub(in crate::app) fn concerned(&self, changed: Option<Changed>) -> Vec<Arc<Topic>> {
        let topics = lock(&self.topics);
        match changed {
            Some(Changed::Checkout(id)) => topics.get(&id).cloned().into_iter().collect(),
            Some(Changed::Customer(customer)) => topics
                .values()
                .filter(|topic| topic.is_of(customer))
                .cloned()
                .collect(),
            None => topics.values().cloned().collect(),
        }
    }

    /// Those for which a deadline has passed, or it is time to ask the gateway.
    pub(in crate::app) fn due(&self, now: Timestamp, monotonic: Duration) -> Vec<Arc<Topic>> {
        let topics = lock(&self.topics);
        topics
            .values()
            .filter(|topic| topic.is_due(now, monotonic))
            .cloned()
            .collect()
    }
}
