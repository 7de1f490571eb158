//! How a checkout is shown to its buyer and to its merchant.

pub(crate) mod etag;
pub(super) mod merchant_view;
pub(super) mod poll_pace;
pub(super) mod show;
pub(super) mod shown;
pub(super) mod view;
