//! Whether a key has made a signature: Ed25519 (RFC 8032, section 5.1.7), as strictly as it can be asked.
//!
//! On the curve's own operations, because a library's way through them weighs a kilobyte more. `ed25519-dalek`, which the proxy signs with, has to
//! find the same for everything in `tests/agreement.rs`.

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use sha2::{Digest, Sha512};

/// Whether this is the key's signature over `message`. `None` where it is no key: no point in its one spelling, or one of the few of a small order,
/// for which anybody can sign.
pub(crate) fn is_by(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Option<bool> {
    let point = CompressedEdwardsY(*key).decompress()?;
    if point.compress().as_bytes() != key || point.is_small_order() {
        return None;
    }
    let (commitment, number) = signature.split_at(32);
    let mut wide = [0; 64];
    wide[..32].copy_from_slice(number);
    let reduced = Scalar::from_bytes_mod_order_wide(&wide);
    let mut hash = Sha512::new();
    hash.update(commitment);
    hash.update(key);
    hash.update(message);
    let challenge = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let expected = EdwardsPoint::vartime_double_scalar_mul_basepoint(&challenge, &-point, &reduced);
    // A number above the group's order would be a second signature from the first.
    let is_one_spelling = reduced.as_bytes() == number;
    let is_expected = expected.compress().as_bytes() == commitment;
    Some(is_one_spelling && is_expected && !expected.is_small_order())
}
