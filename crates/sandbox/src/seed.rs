//! Everything that looks random here is drawn from one number, so that a run can be repeated.

use checkout::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The number from which identifiers, addresses, hashes and rates follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seed(pub(crate) u64);

impl Seed {
    /// Thirty-two bytes for the `count`-th thing of the kind `label`.
    pub(crate) fn bytes(self, label: &str, count: u64) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.0.to_be_bytes());
        digest.update(count.to_be_bytes());
        digest.update(label.as_bytes());
        digest.finalize().into()
    }

    /// The first `N` of those bytes, at most 32.
    pub(crate) fn short<const N: usize>(self, label: &str, count: u64) -> [u8; N] {
        let bytes = self.bytes(label, count);
        *bytes
            .first_chunk()
            .expect("nothing draws more than 32 bytes")
    }

    /// A number below `bound`, which must not be zero.
    pub(crate) fn below(self, label: &str, count: u64, bound: u64) -> u64 {
        u64::from_be_bytes(self.short(label, count)) % bound
    }

    /// A random-looking (version 4) UUID.
    pub(crate) fn uuid(self, label: &str, count: u64) -> Uuid {
        uuid::Builder::from_random_bytes(self.short(label, count)).into_uuid()
    }
}

/// Which of the intervals of `length_millis` since the epoch `moment` lies in.
pub(crate) fn interval(moment: Timestamp, length_millis: i64) -> i64 {
    moment.millis().div_euclid(length_millis)
}
