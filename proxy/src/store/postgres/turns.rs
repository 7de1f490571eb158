//! How often a transaction is repeated, and after which pause.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use super::failure::Failure;
use crate::store::error::StoreError;

/// How often one that met others is repeated.
const MET: u32 = 24;
/// How often one is repeated whose connection was lost before its commit: by a pool whose connections all ended with the server.
const LOST: u32 = 2;
/// How often one is repeated that found its key taken: once to see that row, once more because of chance.
const TAKEN: u32 = 2;
/// How often one is repeated whose statements were prepared for older tables. They are prepared anew before that.
const STALE: u32 = 2;
/// After which time none is begun again, whatever has become of it: a row that somebody holds costs each turn the time limit of a lock, and a
/// connection meanwhile.
const LONGEST: Duration = Duration::from_secs(8);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_millis(128);

/// What one transaction has been through so far.
#[derive(Debug, Default)]
pub(super) struct Turns {
    met: u32,
    lost: u32,
    taken: u32,
    stale: u32,
}

impl Turns {
    /// How long to wait before the next turn, when the first one began `elapsed` ago.
    ///
    /// # Errors
    /// The failure itself, when there is to be none.
    pub(super) fn after(
        &mut self,
        failure: Failure,
        elapsed: Duration,
    ) -> Result<Duration, StoreError> {
        let (had, most) = match &failure {
            Failure::Met(_) | Failure::Behind(_) => (&mut self.met, MET),
            Failure::Lost(_) => (&mut self.lost, LOST),
            Failure::Taken(_) => (&mut self.taken, TAKEN),
            Failure::Stale(_) => (&mut self.stale, STALE),
            Failure::Unsure(_) | Failure::Final(_) => return Err(failure.into()),
        };
        if *had >= most || elapsed >= LONGEST {
            return Err(failure.into());
        }
        *had += 1;
        Ok(pause(*had))
    }
}

/// Up to twice as long each time, by chance, so that those who met do not meet again.
fn pause(turn: u32) -> Duration {
    let longest = Duration::from_millis(2)
        .saturating_mul(1 << turn.min(10))
        .min(LONGEST_PAUSE);
    let chance = RandomState::new().hash_one(turn) % 1000;
    longest.saturating_mul(u32::try_from(chance).unwrap_or(0)) / 1000
}

#[cfg(test)]
mod tests {
    use super::{Duration, Failure, LONGEST, LONGEST_PAUSE, LOST, MET, StoreError, Turns};

    const SOON: Duration = Duration::from_millis(1);

    #[test]
    fn repeating_ends_and_pauses_are_short() {
        let met = || Failure::Met("met".to_owned());
        let mut turns = Turns::default();
        for _ in 0..MET {
            assert!(turns.after(met(), SOON).unwrap() <= LONGEST_PAUSE);
        }
        assert!(matches!(
            turns.after(met(), SOON),
            Err(StoreError::Unavailable(_))
        ));
        let lost = || Failure::Lost("lost".to_owned());
        for _ in 0..LOST {
            turns.after(lost(), SOON).unwrap();
        }
        assert!(matches!(
            turns.after(lost(), SOON),
            Err(StoreError::Unavailable(_))
        ));
    }

    #[test]
    fn a_row_that_somebody_holds_is_not_waited_for_again_and_again() {
        let met = || Failure::Met("canceling statement due to lock timeout (55P03)".to_owned());
        let mut turns = Turns::default();
        turns.after(met(), LONGEST / 2).unwrap();
        assert!(matches!(
            turns.after(met(), LONGEST),
            Err(StoreError::Unavailable(_))
        ));
    }

    #[test]
    fn what_may_be_stored_is_never_repeated() {
        let unsure = Failure::Unsure("lost at the commit".to_owned());
        let outcome = Turns::default().after(unsure, SOON);
        assert!(matches!(outcome, Err(StoreError::Unsure(_))));
    }
}
