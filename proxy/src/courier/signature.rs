//! The headers of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, once for each secret.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use checkout::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::message::Message;
use crate::config::EventSecret;

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// The three headers; `None` for a message whose id cannot be signed.
pub(super) fn headers(
    secrets: &[EventSecret],
    message: &Message,
    now: Timestamp,
) -> Option<HeaderMap> {
    if !message.has_fit_id() {
        return None;
    }
    let seconds = now.millis().div_euclid(1000);
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| sign(secret, message, seconds))
        .collect();
    let mut signature = HeaderValue::from_str(&signatures.join(" ")).ok()?;
    signature.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(ID, HeaderValue::from_str(&message.id).ok()?);
    headers.insert(TIMESTAMP, HeaderValue::from(seconds));
    headers.insert(SIGNATURE, signature);
    Some(headers)
}

fn sign(secret: &EventSecret, message: &Message, seconds: i64) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.bytes())
        .expect("HMAC takes a key of any length")
        .chain_update(&message.id)
        .chain_update(format!(".{seconds}."))
        .chain_update(&message.body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use checkout::Timestamp;

    use super::headers;
    use crate::config::EventSecret;
    use crate::courier::Message;

    fn message(id: &str) -> Message {
        Message {
            id: id.to_owned(),
            body: Bytes::from_static(br#"{"test": 2432232314}"#),
        }
    }

    /// The example of the specification's own libraries.
    #[test]
    fn the_published_example_comes_out() {
        let secret = EventSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let now = Timestamp::from_millis(1_614_265_330_999);
        let headers = headers(&[secret], &message("msg_p5jXN8AQM9LWM0D4loKWxJek"), now).unwrap();
        assert_eq!(headers["webhook-id"], "msg_p5jXN8AQM9LWM0D4loKWxJek");
        assert_eq!(headers["webhook-timestamp"], "1614265330");
        assert_eq!(
            headers["webhook-signature"],
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn while_secrets_change_each_of_them_signs() {
        let secrets = [EventSecret::generate(), EventSecret::generate()];
        let secrets = secrets.map(|text| EventSecret::parse(&text).unwrap());
        let now = Timestamp::from_millis(1_614_265_330_000);
        let of = |secrets: &[EventSecret]| {
            let headers = headers(secrets, &message("evt_1"), now).unwrap();
            headers["webhook-signature"].to_str().unwrap().to_owned()
        };
        let both = of(&secrets);
        assert_eq!(both, format!("{} {}", of(&secrets[..1]), of(&secrets[1..])));
    }

    #[test]
    fn an_id_that_could_shift_into_the_time_is_not_signed() {
        let secret = EventSecret::parse(&EventSecret::generate()).unwrap();
        for id in ["", "a.b", "a b", "a\n", "ü", &"a".repeat(65)] {
            let signed = headers(
                std::slice::from_ref(&secret),
                &message(id),
                Timestamp::from_millis(0),
            );
            assert!(signed.is_none(), "{id:?}");
        }
    }
}
