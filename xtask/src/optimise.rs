//! The two ways in which the widget is built.

/// How much is done for the size of what buyers download.
#[derive(Clone, Copy)]
pub(crate) enum Optimise {
    /// Nothing: cargo is all that is needed, and the module is there soon. It is many times as large as the shipped one, and nothing is
    /// compressed.
    Not,
    /// All: the standard library is compiled with the module, and wasm-opt and terser of the pinned npm packages follow.
    /// Neither is ever taken from `PATH`: Debian's wasm-opt breaks modules of this wasm-bindgen.
    ForSize,
}
