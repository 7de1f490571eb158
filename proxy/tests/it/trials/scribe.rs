//! Who writes down what clients are told, in the order in which they could know it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::history::{Sent, Told, What};

#[derive(Clone, Default)]
pub(crate) struct Scribe(Arc<Pages>);

#[derive(Default)]
struct Pages {
    moments: AtomicU64,
    told: Mutex<Vec<Told>>,
    sent: Mutex<Vec<Sent>>,
}

impl Scribe {
    /// A moment after all others so far.
    pub(crate) fn now(&self) -> u64 {
        self.0.moments.fetch_add(1, Ordering::SeqCst)
    }

    /// What somebody was told just now who asked at `began`.
    pub(crate) fn told(&self, began: u64, what: What) {
        let ended = self.now();
        let mut told = self.0.told.lock().unwrap();
        told.push(Told { began, ended, what });
    }

    pub(crate) fn sent(&self, sent: Sent) {
        self.0.sent.lock().unwrap().push(sent);
    }

    /// Every checkout somebody was told of, the newest last.
    pub(crate) fn made(&self) -> Vec<String> {
        let told = self.0.told.lock().unwrap();
        let made = told.iter().filter_map(|told| match &told.what {
            What::Made { id, .. } => Some(id.clone()),
            _ => None,
        });
        made.collect()
    }

    /// The key of each.
    pub(crate) fn keys(&self) -> Vec<String> {
        let told = self.0.told.lock().unwrap();
        let made = told.iter().filter_map(|told| match &told.what {
            What::Made { key, .. } => Some(key.clone()),
            _ => None,
        });
        made.collect()
    }

    pub(crate) fn all(&self) -> (Vec<Told>, Vec<Sent>) {
        let told = self.0.told.lock().unwrap().clone();
        (told, self.0.sent.lock().unwrap().clone())
    }
}
