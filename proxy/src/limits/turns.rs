//! Whose turn it is at the gateway: invoices that pages made, so that no network keeps another's waiting.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::time::Duration;

use uuid::Uuid;

use crate::input::network_mark::NetworkMark;

/// Of so many turns of one network, one is for an invoice nobody came back to.
const LEFT_EVERY: usize = 4;

/// An invoice that a page made and that waits for its first money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) key: Uuid,
    /// Who made it; all that are not known are one.
    pub(crate) network: Option<NetworkMark>,
    /// Whether a page showed it again after it was made.
    pub(crate) was_looked_at: bool,
}

/// The invoices of one network, those that were read longest ago first.
#[derive(Default)]
struct Queue {
    looked_at: Vec<(Option<Duration>, Uuid)>,
    left: Vec<(Option<Duration>, Uuid)>,
}

impl Queue {
    /// When one of them was last read; none before all others.
    fn last_read(&self) -> Option<Duration> {
        let all = self.looked_at.iter().chain(&self.left);
        all.map(|(read, _)| *read).max().flatten()
    }

    fn in_turn(mut self) -> impl Iterator<Item = Uuid> {
        // What was never read has none, which comes first; equal ones stay as they were.
        self.looked_at.sort_by_key(|(read, _)| *read);
        self.left.sort_by_key(|(read, _)| *read);
        let (mut looked_at, mut left) = (self.looked_at.into_iter(), self.left.into_iter());
        (1..).map_while(move |turn: usize| {
            let next = if turn.is_multiple_of(LEFT_EVERY) {
                left.next().or_else(|| looked_at.next())
            } else {
                looked_at.next().or_else(|| left.next())
            };
            next.map(|(_, key)| key)
        })
    }
}

/// All of them, in the order in which they have their turns: one of each network, the network that had its last turn longest ago first;
/// then a second of each, and so on. `last_read` says when an invoice was read, on the monotonic clock.
pub(crate) fn in_turn(
    waiting: Vec<Waiting>,
    last_read: impl Fn(Uuid) -> Option<Duration>,
) -> Vec<Uuid> {
    let mut places: HashMap<Option<NetworkMark>, usize> = HashMap::new();
    let mut queues: Vec<Queue> = Vec::new();
    let count = waiting.len();
    for one in waiting {
        let place = *places.entry(one.network).or_insert(queues.len());
        if place == queues.len() {
            queues.push(Queue::default());
        }
        let queue = &mut queues[place];
        let part = if one.was_looked_at {
            &mut queue.looked_at
        } else {
            &mut queue.left
        };
        part.push((last_read(one.key), one.key));
    }
    queues.sort_by_key(Queue::last_read);
    let mut queues: Vec<_> = queues.into_iter().map(Queue::in_turn).collect();
    let mut order = Vec::with_capacity(count);
    while !queues.is_empty() {
        queues.retain_mut(|queue| {
            let next = queue.next();
            order.extend(next);
            next.is_some()
        });
    }
    order
}

/// All of them once, in the order in which they have their turns: every fourth is the next of those that have waited longest, so that nobody is
/// left out however many come before them.
pub(crate) fn with_the_longest_waiting<T: Copy + Eq + Hash, S: Ord>(
    order: &[T],
    since: impl Fn(&T) -> S,
) -> Vec<T> {
    let mut waiting: Vec<T> = order.to_vec();
    waiting.sort_by_key(|one| since(one));
    let (mut first, mut longest) = (order.iter(), waiting.iter());
    let mut seen = HashSet::with_capacity(order.len());
    let mut turns = Vec::with_capacity(order.len());
    while turns.len() < order.len() {
        let is_fourth = (turns.len() + 1).is_multiple_of(LEFT_EVERY);
        let next = if is_fourth {
            longest.next()
        } else {
            first.next()
        };
        let Some(next) = next.or_else(|| longest.next()).or_else(|| first.next()) else {
            break;
        };
        if seen.insert(*next) {
            turns.push(*next);
        }
    }
    turns
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use uuid::Uuid;

    use super::{Waiting, in_turn, with_the_longest_waiting};
    use crate::input::network_mark::NetworkMark;

    fn waiting(number: u128, network: Option<i64>, was_looked_at: bool) -> Waiting {
        Waiting {
            key: Uuid::from_u128(number),
            network: network.map(NetworkMark),
            was_looked_at,
        }
    }

    fn numbers(waiting: Vec<Waiting>, read: impl Fn(u128) -> Option<u64>) -> Vec<u128> {
        let last_read = |key: Uuid| read(key.as_u128()).map(Duration::from_secs);
        let order = in_turn(waiting, last_read);
        order.iter().map(Uuid::as_u128).collect()
    }

    #[test]
    fn one_of_each_network_then_a_second_of_each() {
        let crowd = (0..1000).map(|n| waiting(n, Some(1), true));
        let others = [
            waiting(5000, Some(2), true),
            waiting(6000, None, false),
            waiting(5001, Some(2), true),
        ];
        let order = numbers(crowd.chain(others).collect(), |_| None);
        assert_eq!(order[..6], [0, 5000, 6000, 1, 5001, 2]);
        assert_eq!(order.len(), 1003);
    }

    #[test]
    fn the_network_that_was_last_read_longest_ago_comes_first() {
        // A thousand networks with several each, of which one was read a moment ago; the honest one's a while ago.
        let crowd = (0..4000_u128).map(|n| waiting(n, i64::try_from(n % 1000).ok(), true));
        let honest = waiting(9999, Some(-1), true);
        let order = numbers(crowd.chain([honest]).collect(), |n| match n {
            9999 => Some(70),
            0..1000 => Some(100),
            _ => None,
        });
        assert_eq!(order[0], 9999);
        assert!(
            order[1..1001].iter().all(|n| *n >= 1000),
            "not those read last"
        );
    }

    #[test]
    fn inside_one_network_those_read_longest_ago_and_every_fourth_of_those_left() {
        let looked_at = (0..6).map(|n| waiting(n, None, true));
        let left = (10..13).map(|n| waiting(n, None, false));
        let order = numbers(looked_at.chain(left).collect(), |n| match n {
            5 => None,
            n => u64::try_from(100 - n).ok(),
        });
        assert_eq!(order, [5, 4, 3, 12, 2, 1, 0, 11, 10]);
    }

    #[test]
    fn every_fourth_has_waited_longest_and_each_has_one_turn() {
        let order: Vec<u32> = (0..12).collect();
        let turns = with_the_longest_waiting(&order, |one| 100 - one);
        assert_eq!(turns, [0, 1, 2, 11, 3, 4, 5, 10, 6, 7, 8, 9]);
        assert!(with_the_longest_waiting(&[], |one: &u32| *one).is_empty());
        assert_eq!(with_the_longest_waiting(&[7], |one| *one), [7]);
    }

    #[test]
    fn nothing_waits() {
        assert_eq!(numbers(Vec::new(), |_| None), Vec::<u128>::new());
    }
}
