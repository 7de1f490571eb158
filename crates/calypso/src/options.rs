//! What may be set on an order besides what it must have.

use checkout::Timestamp;
use serde::Serialize;
use url::Url;

use crate::wire;

/// What may be set on the order for an invoice or a widget. The default sets nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// The merchant's own id, which many orders may share. It is repeated in every delivery about the invoice; that of a widget is
    /// handed on to every invoice made from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// When the invoice or widget expires (gateway reference §7.3). An invoice lives 3 hours on Tron and a day elsewhere unless this
    /// says otherwise, and a day at most; a widget lives a day, and must expire less than 30 days ahead.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "wire::date::serialize"
    )]
    pub expiration: Option<Timestamp>,
    /// Where the hosted page leads the buyer.
    #[serde(flatten)]
    pub links: Links,
}

/// The links of the hosted page. The default has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Links {
    /// Where the buyer can go back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<Url>,
    /// Where the buyer finds help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_url: Option<Url>,
    /// The merchant's logo: PNG, 100 × 24 pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<Url>,
}
