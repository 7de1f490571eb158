//! The screen before the first answer: the shape of the list that is coming.

use crate::dom::{El, block};

/// Grey bars, the same ones the loader shows while this module is on its way.
pub fn loading() -> El {
    block("skeleton").with_all((0..4).map(|_| block("bar")).collect())
}
