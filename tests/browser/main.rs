//! The widget's screens in a real browser, against a proxy that exists only in the page.
//!
//! Compiled for wasm32 and run by wasm-bindgen's test runner: `cargo xtask test` does it, by hand it is
//! `cargo test --package calypso-widget --test browser --target wasm32-unknown-unknown` with the runner set.
#![cfg(target_arch = "wasm32")]

mod believing;
mod choosing;
mod copying;
mod expiry;
mod hostile_text;
mod json;
mod leaving;
mod no_links;
mod paid_once;
mod qr_code;
mod receiving;
mod resuming;
mod stage;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
