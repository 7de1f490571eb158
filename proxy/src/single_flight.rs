//! Work that many ask for at once and that is done once.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use crate::lock::lock;
use crate::request_id::spawn;

/// At most one running piece of work per key; whoever asks meanwhile gets the same result.
///
/// The work runs as its own task: it goes on when everybody who asked has gone away, so a buyer who closes the page
/// between the gateway's answer and the commit does not leave a half-made invoice behind.
pub(crate) struct SingleFlight<K, V> {
    running: Arc<Mutex<HashMap<K, watch::Receiver<Option<V>>>>>,
}

impl<K, V> SingleFlight<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new() -> Self {
        Self {
            running: Arc::default(),
        }
    }

    /// Whether the work under `key` is being done.
    pub(crate) fn is_running(&self, key: &K) -> bool {
        lock(&self.running).contains_key(key)
    }

    /// Waits until the work that runs now under `key` has ended. Work that is started or joined after this call has begun after it.
    pub(crate) async fn wait_for_running(&self, key: &K) {
        let running = lock(&self.running).get(key).cloned();
        if let Some(mut result) = running {
            // Work that panicked has ended too.
            drop(result.wait_for(Option::is_some).await);
        }
    }

    /// The result of the work under `key`, started by this call unless it runs already.
    ///
    /// `None` when the work panicked.
    pub(crate) async fn run<F>(&self, key: K, work: impl FnOnce() -> F) -> Option<V>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let mut result = {
            let mut running = lock(&self.running);
            match running.get(&key) {
                Some(result) => {
                    // What this call brought with it is not needed: whoever waits for others holds nothing.
                    drop(work);
                    result.clone()
                }
                None => {
                    let (send, result) = watch::channel(None);
                    running.insert(key.clone(), result.clone());
                    let landing = Landing {
                        key,
                        running: Arc::clone(&self.running),
                    };
                    let work = work();
                    spawn(async move {
                        let value = work.await;
                        // Whoever asks after this line starts anew; whoever asked before it still hears the result.
                        drop(landing);
                        send.send_replace(Some(value));
                    });
                    result
                }
            }
        };
        result
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|value| value.clone())
    }
}

/// Takes the key off the board, also when the work panics.
struct Landing<K: Eq + Hash, V> {
    key: K,
    running: Arc<Mutex<HashMap<K, watch::Receiver<Option<V>>>>>,
}

impl<K: Eq + Hash, V> Drop for Landing<K, V> {
    fn drop(&mut self) {
        lock(&self.running).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::SingleFlight;

    #[tokio::test]
    async fn many_askers_one_run() {
        let flights = Arc::new(SingleFlight::<&str, u32>::new());
        let runs = Arc::new(AtomicU32::new(0));
        let (open, gate) = tokio::sync::watch::channel(false);
        let ask = || {
            let (flights, runs, mut gate) = (Arc::clone(&flights), Arc::clone(&runs), gate.clone());
            async move {
                flights
                    .run("k", || async move {
                        gate.wait_for(|open| *open)
                            .await
                            .expect("the test holds the sender");
                        runs.fetch_add(1, Ordering::SeqCst) + 1
                    })
                    .await
            }
        };
        let askers: Vec<_> = (0..64).map(|_| tokio::spawn(ask())).collect();
        tokio::task::yield_now().await;
        open.send_replace(true);
        for asker in askers {
            assert_eq!(asker.await.unwrap(), Some(1));
        }
        assert_eq!(ask().await, Some(2), "a later asker starts anew");
    }

    #[tokio::test]
    async fn the_work_outlives_the_asker_and_a_panic_is_no_deadlock() {
        let flights = SingleFlight::<u8, u8>::new();
        let (done, finished) = tokio::sync::oneshot::channel();
        let asker = flights.run(1, || async move {
            tokio::task::yield_now().await;
            done.send(()).expect("the test listens");
            1
        });
        tokio::select! { biased; _ = asker => panic!("not yet"), () = std::future::ready(()) => {} }
        finished.await.expect("the work went on without its asker");
        assert_eq!(
            flights.run(2, || async { panic!("on purpose") }).await,
            None
        );
        assert_eq!(flights.run(2, || async { 7 }).await, Some(7));
    }
}
