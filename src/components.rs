//! What is on the screen: one part or one screen a file, all of them plain functions.
//!
//! They are written with Leptos' builders and not with `view!`: its macro turns parts without anything dynamic into
//! HTML text for `innerHTML`, which a page with Trusted Types refuses. Every element is made by the few functions in
//! [`element`], so that each kind of element is compiled once.

pub mod address;
pub mod amount;
pub mod choosing;
pub mod connection;
pub mod copy_button;
pub mod countdown;
pub mod currency_button;
pub mod element;
pub mod facts;
pub mod failed;
pub mod footer;
pub mod header;
pub mod icon;
pub mod loading;
pub mod network_notice;
pub mod paying;
pub mod qr_code;
pub mod repriced;
pub mod status;
pub mod steps;
pub mod time_is_up;
pub mod told;
pub mod underpaid;
pub mod wallet_link;
pub mod widget;
