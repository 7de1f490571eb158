//! Which checkouts of a shop a list is to name, and how far one look for them goes.

use checkout::{Phase, Timestamp};

use super::list_cursor::ListCursor;
use super::snapshot::Snapshot;

/// What is looked for. What is not said is no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// Any of these states; none is named for all of them.
    pub(crate) states: Vec<Phase>,
    /// The merchant's own id of the order.
    pub(crate) external_id: Option<String>,
    /// Made at this moment or later.
    pub(crate) from: Option<Timestamp>,
    /// Made before this moment.
    pub(crate) to: Option<Timestamp>,
}

/// How far one look goes. A state follows from the time and from every invoice, so no index has it: whoever looks for a rare one is given
/// a place to go on from, instead of an answer that takes as long as there are checkouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    /// How many checkouts are named at most.
    pub(crate) most: u32,
    /// How many are looked at for that at most.
    pub(crate) looked: u32,
}

/// What one look has found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    /// The newest first.
    pub(crate) snapshots: Vec<Snapshot>,
    /// The place of the last checkout that was looked at, if there are more behind it.
    pub(crate) more: Option<ListCursor>,
}

impl Search {
    /// Whether a checkout in this state is looked for.
    pub(crate) fn has_state(&self, state: Phase) -> bool {
        self.states.is_empty() || self.states.contains(&state)
    }

    /// How many checkouts one look passes at most: where every state is looked for, each that is looked at is found.
    pub(crate) fn looks(&self, reach: Reach) -> u32 {
        if self.states.is_empty() {
            reach.most
        } else {
            reach.looked
        }
    }

    /// The first moment of creation that is looked for, as it is stored.
    pub(crate) fn first(&self) -> i64 {
        self.from.map_or(i64::MIN, Timestamp::millis)
    }

    /// The place in the list behind which is looked: the cursor's, or the end of the time that is looked for, whichever comes later in it.
    pub(crate) fn behind(&self, after: Option<ListCursor>) -> (i64, String) {
        let cursor = after.map(|place| (place.created_at.millis(), place.id.to_string()));
        let end = self.to.map(|to| (to.millis(), String::new()));
        let place = [cursor, end].into_iter().flatten().min();
        place.unwrap_or((i64::MAX, String::new()))
    }
}

#[cfg(test)]
mod tests {
    use checkout::{Phase, Timestamp};

    use super::{Reach, Search};
    use crate::checkouts::list_cursor::ListCursor;
    use crate::checkouts::tests::{NOW, payment};

    #[test]
    fn a_list_goes_on_behind_the_cursor_and_never_before_the_end_of_its_time() {
        let id = payment().id;
        let cursor = |created_at: Timestamp| Some(ListCursor { created_at, id });
        let open = Search::default();
        assert_eq!(open.behind(None), (i64::MAX, String::new()));
        assert_eq!(open.first(), i64::MIN);
        let place = (NOW.millis(), id.to_string());
        assert_eq!(open.behind(cursor(NOW)), place);
        let until = |to: Timestamp| Search {
            to: Some(to),
            from: Some(NOW),
            ..Search::default()
        };
        assert_eq!(until(NOW.plus_seconds(1)).behind(cursor(NOW)), place);
        // What was made at the very end is not looked for, whatever its id.
        let end = (NOW.millis(), String::new());
        assert_eq!(until(NOW).behind(cursor(NOW)), end);
        assert_eq!(until(NOW).behind(None), end);
        assert_eq!(until(NOW).first(), NOW.millis());
    }

    #[test]
    fn where_no_state_is_named_each_checkout_that_is_looked_at_is_found() {
        let reach = Reach { most: 3, looked: 9 };
        let any = Search::default();
        let paid = Search {
            states: vec![Phase::Paid, Phase::Completed],
            ..Search::default()
        };
        assert_eq!((any.looks(reach), paid.looks(reach)), (3, 9));
        for state in Phase::ALL {
            assert!(any.has_state(state));
            assert_eq!(paid.has_state(state), state.is_paid());
        }
    }
}
