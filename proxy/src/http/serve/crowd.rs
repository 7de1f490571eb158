//! All open connections together, and who has to go when there is no room for another.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::progress::Progress;
use crate::config::Limits;
use crate::input::client::Network;
use crate::lock::lock;

/// After how long another connection is looked for that can go, when none could or the one chosen is not gone yet.
const AGAIN: Duration = Duration::from_millis(20);
/// One of so many connections has to go at a time, at least one: in a crowd that comes back at once, each new connection would wait for
/// the end of another one otherwise, and all behind it too.
const PART: usize = 64;

/// The open connections.
pub(super) struct Crowd {
    limits: Arc<Limits>,
    slots: Arc<Semaphore>,
    members: Arc<Mutex<Members>>,
}

#[derive(Default)]
struct Members {
    next: u64,
    all: HashMap<u64, Member>,
}

struct Member {
    network: Option<Network>,
    progress: Arc<Progress>,
}

/// A connection's place among the others; given up when it is dropped, which must not be before the connection is.
pub(super) struct Place {
    number: u64,
    members: Arc<Mutex<Members>>,
    _slot: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.members).all.remove(&self.number);
    }
}

impl Crowd {
    pub(super) fn new(limits: Arc<Limits>) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(limits.connections)),
            members: Arc::default(),
            limits,
        }
    }

    /// A place for a new connection from `network`; `None` when its network has as many as it may and all of them are being
    /// answered.
    ///
    /// Where all places are taken, the connections that have used up most of the time they may take have to go: those whose peer does not
    /// read, does not send or has nothing to ask. It waits only while every single one is being answered.
    pub(super) async fn place(
        &self,
        network: Option<Network>,
        progress: Arc<Progress>,
    ) -> Option<Place> {
        if let Some(network) = network
            && !self.has_room_for(network)
            && !self.evict(Some(network), 1, Instant::now())
        {
            return None;
        }
        let mut is_slow = false;
        let slot = loop {
            if let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() {
                break slot;
            }
            if is_slow || !self.is_somebody_going() {
                self.make_room(Instant::now());
            }
            let freed = Arc::clone(&self.slots).acquire_owned();
            if let Ok(slot) = tokio::time::timeout(AGAIN, freed).await {
                break slot.ok()?;
            }
            is_slow = true;
        };
        let mut members = lock(&self.members);
        members.next += 1;
        let number = members.next;
        members.all.insert(number, Member { network, progress });
        Some(Place {
            number,
            members: Arc::clone(&self.members),
            _slot: slot,
        })
    }

    fn has_room_for(&self, network: Network) -> bool {
        let members = lock(&self.members);
        let theirs = members
            .all
            .values()
            .filter(|member| member.network == Some(network) && !member.progress.is_evicted());
        theirs.count() < self.limits.connections_per_network
    }

    /// Whether a connection that was ended still has its place.
    fn is_somebody_going(&self) -> bool {
        let members = lock(&self.members);
        members
            .all
            .values()
            .any(|member| member.progress.is_evicted())
    }

    /// Ends those connections that have used up most of the time they may take, one in [`PART`].
    pub(super) fn make_room(&self, now: Instant) {
        self.evict(None, (self.limits.connections / PART).max(1), now);
    }

    /// Ends up to `most` connections, those that have used up most of the time they may take, among those of `network` if one is given.
    /// `false` when none can go.
    fn evict(&self, network: Option<Network>, most: usize, now: Instant) -> bool {
        let members = lock(&self.members);
        let mut wasters: Vec<(u128, &Member)> = members
            .all
            .values()
            .filter(|member| network.is_none() || member.network == network)
            .filter_map(|member| Some((member.progress.wasted(&self.limits, now)?, member)))
            .collect();
        wasters.sort_unstable_by_key(|(wasted, _)| Reverse(*wasted));
        for (_, member) in wasters.iter().take(most) {
            member.progress.evict();
        }
        !wasters.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::task::Poll;
    use std::time::{Duration, Instant};

    use super::{Crowd, Progress};
    use crate::config::Limits;
    use crate::input::client::Network;

    fn crowd(connections: usize, connections_per_network: usize) -> Crowd {
        Crowd::new(Arc::new(Limits {
            connections,
            connections_per_network,
            ..Limits::default()
        }))
    }

    #[tokio::test]
    async fn whoever_wasted_most_goes_first_and_whoever_is_answered_stays() {
        let crowd = crowd(4, 4);
        let start = Instant::now();
        let all: Vec<_> = (0..4).map(|_| Arc::new(Progress::new(start))).collect();
        let mut places = Vec::new();
        for progress in &all {
            places.push(crowd.place(None, Arc::clone(progress)).await.unwrap());
        }
        all[0].asked(false, start);
        all[1].asked(false, start);
        all[1].answered(start);
        all[2].asked(false, start);
        all[2].blocked(start);
        let now = start + Duration::from_secs(3);
        // The head of 3 has used 3 of 5 s, 2 reads nothing for 3 of 10 s, 1 is idle for 3 of 75 s, and 0 is being answered.
        for expected in [3, 2, 1] {
            assert!(crowd.evict(None, 1, now));
            let gone: Vec<_> = (0..4).filter(|n| all[*n].is_evicted()).collect();
            assert!(gone.contains(&expected), "{gone:?}");
            assert_eq!(gone.len(), 4 - expected);
        }
        assert!(
            !crowd.evict(None, 1, now),
            "nobody who is being answered has to go"
        );
    }

    #[tokio::test]
    async fn of_a_large_crowd_some_go_together_and_no_more_while_they_are_going() {
        let crowd = crowd(256, 256);
        // All of them were opened a second ago.
        let opened = Instant::now().checked_sub(Duration::from_secs(1)).unwrap();
        let all: Vec<_> = (0..256).map(|_| Arc::new(Progress::new(opened))).collect();
        let mut places = Vec::new();
        for progress in &all {
            let place = crowd.place(None, Arc::clone(progress)).await.unwrap();
            places.push(Some(place));
        }
        let gone = || {
            (0..256)
                .filter(|n| all[*n].is_evicted())
                .collect::<Vec<_>>()
        };
        for round in 1..=2 {
            let mut newcomers = Vec::new();
            for _ in 0..4 {
                let newcomer = crowd.place(None, Arc::new(Progress::new(Instant::now())));
                let mut newcomer = Box::pin(newcomer);
                // The first makes room for all four; each of them has a place once one of those has left.
                let waits = std::future::poll_fn(|cx| Poll::Ready(newcomer.as_mut().poll(cx)));
                assert!(waits.await.is_pending());
                assert_eq!(gone().len(), 4 * round);
                let left = gone().into_iter().find(|n| places[*n].is_some()).unwrap();
                places[left] = None;
                newcomers.push(newcomer.await.unwrap());
            }
            places.extend(newcomers.into_iter().map(Some));
        }
    }

    #[tokio::test]
    async fn one_network_has_its_share_and_no_more() {
        let (crowd, start) = (crowd(100, 2), Instant::now());
        let network = |text: &str| Some(Network::of(text.parse().unwrap()));
        let (one, other) = (network("203.0.113.7"), network("198.51.100.7"));
        // All of them were opened a second ago.
        let opened = start.checked_sub(Duration::from_secs(1)).unwrap();
        let progress = || Arc::new(Progress::new(opened));
        let (first, second) = (progress(), progress());
        first.asked(false, start);
        let a = crowd.place(one, Arc::clone(&first)).await.unwrap();
        let _b = crowd.place(one, Arc::clone(&second)).await.unwrap();
        let third = progress();
        third.asked(false, start);
        let c = crowd.place(one, Arc::clone(&third)).await.unwrap();
        assert!(second.is_evicted() && !first.is_evicted());
        assert!(
            crowd.place(one, progress()).await.is_none(),
            "all of its connections are being answered"
        );
        assert!(crowd.place(other, progress()).await.is_some());
        drop((a, c));
        assert!(crowd.place(one, progress()).await.is_some());
    }
}
