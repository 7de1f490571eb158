//! The Calypso Pay widget: what a buyer sees between a price and a payment, compiled to WebAssembly.
//!
//! The loader (`npm/src/`) defines the element and calls [`mount`](mount::mount). From there:
//!
//! | to find | look in |
//! |---|---|
//! | what is known and what follows from an answer | [`session`], [`screen`], [`repricing`], [`fallen`], [`rate`] |
//! | the time | [`countdown`] (arithmetic), [`clock`] (the browser's clocks) |
//! | when to ask | [`poll`] (arithmetic), [`visibility`], [`flow`] |
//! | HTTP | [`api`], and nowhere else |
//! | what is on the screen | [`scene`] (what it depends on), [`components`] (one part or screen a file), [`dom`], [`focus`] |
//! | what it says | [`text`], [`explanation`], [`local_time`] |
//!
//! Everything that decides something is plain Rust without a browser and is tested natively; the components are
//! tested in a browser (`tests/browser/`).

pub mod address_groups;
pub mod api;
pub mod believed;
pub mod clipboard;
pub mod clock;
pub mod components;
pub mod countdown;
pub mod currency_groups;
pub mod dom;
pub mod drawn;
pub mod events;
pub mod explanation;
pub mod failure;
pub mod fallen;
pub mod flow;
pub mod focus;
pub mod icon;
pub mod json;
pub mod line;
pub mod link;
pub mod local_time;
pub mod mount;
pub mod poll;
pub mod qr;
pub mod question;
pub mod random;
pub mod rate;
pub mod repricing;
pub mod resume;
pub mod scene;
pub mod screen;
pub mod session;
pub mod tab_memory;
pub mod text;
pub mod visibility;
