//! What every call of a merchant's server refuses, whatever it does: as one table.

use super::shop::Shop;
use super::transcript::Transcript;
use crate::support::MERCHANT_KEY;

/// A call as it would be answered.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    /// `None` for a call that reads none.
    pub(super) body: Option<&'a str>,
}

/// Bodies that no call takes.
fn wrong_bodies(good: &str) -> Vec<(&'static str, &'static str, String)> {
    let inside = good.trim_end_matches('}');
    vec![
        ("body_not_json", "no JSON", inside.to_owned()),
        ("body_not_json", "an empty body", String::new()),
        ("field_invalid", "a list", "[]".to_owned()),
        (
            "field_invalid",
            "an object without anything",
            "{}".to_owned(),
        ),
        (
            "field_unknown",
            "a field of its own",
            format!(r#"{inside},"paid":true}}"#),
        ),
        (
            "duplicate_key",
            "a key twice",
            format!(r#"{inside},"twice":1,"twice":2}}"#),
        ),
        (
            "body_too_large",
            "64 KiB and more",
            format!(r#"{inside},"more":"{}"}}"#, "x".repeat(65_536)),
        ),
    ]
}

/// Tries everything that is wrong with the caller, the method, the host and the body.
pub(super) async fn every_one(said: &mut Transcript, shop: &Shop, asked: Asked<'_>) {
    let Asked { method, path, body } = asked;
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let json = ("content-type", "application/json");
    let send = async |headers: &[(&str, &str)], body: Option<&str>| {
        let all = [headers, &[("idempotency-key", "refused")]].concat();
        shop.request(method, path, &all, body.map(str::as_bytes))
            .await
    };
    for (code, case, headers) in [
        ("merchant_key_missing", "no key", &[json][..]),
        (
            "merchant_key_wrong",
            "another key",
            &[json, ("authorization", "Bearer nobody")],
        ),
        (
            "merchant_key_wrong",
            "the key without its scheme",
            &[json, ("authorization", MERCHANT_KEY)],
        ),
        (
            "merchant_key_wrong",
            "the key twice",
            &[
                json,
                ("authorization", bearer.as_str()),
                ("authorization", bearer.as_str()),
            ],
        ),
    ] {
        said.refused(case, code, &send(headers, body).await);
    }
    said.refused_everywhere(shop, path).await;
    let Some(body) = body else { return };
    let key = ("authorization", bearer.as_str());
    for (case, headers) in [
        ("no content type", &[key][..]),
        ("a form", &[key, ("content-type", "text/plain")]),
    ] {
        let reply = send(headers, Some(body)).await;
        said.refused(case, "content_type_not_json", &reply);
    }
    for (code, case, body) in wrong_bodies(body) {
        let reply = send(&[key, json], Some(&body)).await;
        said.refused(case, code, &reply);
    }
}
