//! Keys that the whole configuration has and that a product may have of its own.

use super::values::Values;
use crate::checkouts::links::ShopLinks;
use crate::checkouts::offer::Offer;
use crate::input::merchant_text;

/// The outer `None` stands for a list that is wrong.
pub(super) fn currencies(values: &mut Values, key: &'static str) -> Option<Option<Offer>> {
    match values.texts(key) {
        None => Some(None),
        Some(codes) => {
            let offer = Offer::parse(codes.iter().map(String::as_str));
            values.said(key, offer).map(Some)
        }
    }
}

pub(super) fn links(values: &mut Values) -> Option<ShopLinks> {
    let [return_url, support_url, logo_url] = ["return_url", "support_url", "logo_url"]
        .map(|key| values.read_optional(key, merchant_text::link));
    Some(ShopLinks {
        return_url: return_url?,
        support_url: support_url?,
        logo_url: logo_url?,
    })
}
