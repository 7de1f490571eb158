//! How a checkout is shown to its buyer and to its merchant.

mod attested;
pub(crate) mod etag;
pub(super) mod merchant_view;
pub(super) mod poll_pace;
mod receipt;
pub(super) mod show;
pub(super) mod shown;
pub(super) mod view;
