//! What the proxy does: each file is one act, on the state that all requests share.

mod alarms;
mod apply;
mod attempt;
mod audit;
mod caller;
mod choose;
mod create;
mod customers;
mod deliver;
mod follow;
mod history;
mod hosted_widget;
mod merchant_view;
mod outcome;
mod read;
mod receive;
mod refresh;
mod refusals;
mod retention;
mod shop;
mod shops;
mod state;
mod view;
mod watch;
mod watch_customers;

pub use audit::Audit;
pub(crate) use caller::Caller;
pub(crate) use create::Asker;
pub use deliver::Delivered;
pub use follow::Follower;
pub(crate) use shops::Shops;
pub use shops::ShopsError;
pub(crate) use state::App;
pub use watch::Round;
