//! Runs wasm tests in a browser: cargo calls this with a test module, as the `runner` of wasm32.
//!
//! It is wasm-bindgen's own test runner, taken as a library so that `Cargo.lock` pins it to the very version of the
//! widget's wasm-bindgen and nothing has to be installed. Called as `wasm-bindgen` (through a link of that name) it is the
//! other half of that package, which Trunk looks for in `PATH`.

use std::env;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let name = env::args_os().next().unwrap_or_default();
    if Path::new(&name)
        .file_stem()
        .is_some_and(|name| name == "wasm-bindgen")
    {
        wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(env::args_os())
    } else {
        wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(env::args_os())
    }
}
