//! What the proxy does: each file is one act, on the state that all requests share.

mod alarms;
mod apply;
mod choose;
mod create;
mod customers;
mod hosted_widget;
mod merchant_view;
mod receive;
mod refresh;
mod retention;
mod state;
mod view;
pub(crate) mod watch;
mod watch_customers;

pub(crate) use create::Asker;
pub(crate) use state::App;
