//! The Calypso Pay widget: what a buyer sees between a price and a payment, compiled to WebAssembly.
//!
//! The loader (`npm/src/`) defines the element and calls [`mount`](mount::mount). From there:
//!
//! | to find | look in |
//! |---|---|
//! | what is known and what follows from an answer | [`known_checkout`], [`screen`], [`repricing`], [`fallen`], [`rate`] |
//! | the time | [`countdown`] (arithmetic), [`clock`] (the browser's clocks), [`moment`] (what it decides) |
//! | when to ask, and when not | [`pace`] and [`feed`] (arithmetic), [`visibility`], [`flow`], [`polling`], [`stream`] |
//! | HTTP | [`api`], and nowhere else; [`answer_reader`] and [`stream_reader`] read what comes |
//! | what is on the screen | [`ui_state`] (what it depends on), [`components`] (one part or screen a file), [`dom`], [`focus`] |
//! | what it says | [`words`], [`explanation`], [`local_time`] |
//!
//! Everything that decides something is plain Rust without a browser and is tested natively; the components are
//! tested in a browser (`tests/browser/`).

pub mod address_groups;
pub mod answer_reader;
pub mod api;
pub mod believed;
pub mod claim;
pub mod clipboard;
pub mod clock;
pub mod components;
pub mod countdown;
pub mod currency_groups;
pub mod dom;
pub mod drawn;
pub mod element_state;
pub mod events;
pub mod explanation;
pub mod failure;
pub mod fallen;
pub mod feed;
pub mod flow;
pub mod focus;
pub mod icon;
pub mod js_object;
pub mod known_checkout;
pub mod link;
pub mod local_time;
pub mod made;
pub mod moment;
pub mod mount;
pub mod options;
pub mod pace;
pub mod paid_in;
pub mod pay_to;
pub mod polling;
pub mod qr;
pub mod question;
pub mod random;
pub mod rate;
pub mod repricing;
pub mod resume;
pub mod screen;
pub mod stream;
pub mod stream_reader;
pub mod tab_memory;
pub mod ui_state;
pub mod view;
pub mod visibility;
pub mod words;
