//! The screen before the first answer: the shape of the list that is coming.

use super::element::block;
use leptos::prelude::*;

/// Grey bars, the same ones the loader shows while this module is on its way.
pub fn loading() -> AnyView {
    let bars = (0..4).map(|_| block("bar", Vec::new())).collect();
    block("skeleton", bars)
}
