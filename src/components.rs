//! What is on the screen: one part or one screen a file, all of them plain functions that make an element.

pub mod address;
pub mod amount;
pub mod choosing;
pub mod connection;
pub mod copy_button;
pub mod countdown;
pub mod currency_button;
pub mod facts;
pub mod failed;
pub mod footer;
pub mod header;
pub mod loading;
pub mod network_notice;
pub mod paying;
pub mod qr_code;
pub mod receiving;
pub mod repriced;
pub mod status;
pub mod steps;
pub mod time_is_up;
pub mod told;
pub mod underpaid;
pub mod wallet_link;
pub mod widget;
