//! The screen before the first answer: the shape of the list that is coming.

use crate::dom::{El, div};

/// Grey bars, as the loader shows them while this module is on its way.
pub fn loading() -> El {
    div("skeleton").child((0..4).map(|_| div("bar")).collect::<Vec<_>>())
}
