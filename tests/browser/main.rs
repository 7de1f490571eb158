//! The widget's screens in a real browser, against a proxy that exists only in the page.
//!
//! Compiled for wasm32 and run by wasm-bindgen's test runner: `cargo xtask test` does it, by hand it is
//! `cargo test --package calypso-widget --test browser --target wasm32-unknown-unknown` with the runner set.
#![cfg(target_arch = "wasm32")]

mod answer_reader;
mod at_rest;
mod attesting;
mod believing;
mod choosing;
mod contrast;
mod copying;
mod drawn;
mod expiry;
mod focus;
mod following;
mod hostile_text;
mod layout;
mod leaving;
mod leptos_view;
mod logo;
mod no_links;
mod paid_once;
mod qr_code;
mod rate;
mod receiving;
mod resuming;
mod spoken;
mod stage;
mod virtual_time;
mod ways_out;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
