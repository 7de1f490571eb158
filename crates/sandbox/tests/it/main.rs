//! The sandbox over real HTTP: one file a behaviour. Time is virtual; nothing here sleeps.

mod desk;
mod single_fiat;
