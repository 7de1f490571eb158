//! What concerns the SQLite file itself: how it is broken, locked, upgraded and looked into. No other test knows that there is one.

mod backup;
mod beside;
mod check;
mod crash;
mod damaged_books;
mod hands;
mod mutilated;
mod ready;
mod retention;
mod stores;
pub(crate) mod upgrades;

pub(crate) use hands::{Writes, giving_keys, meddle};
