//! Subscriptions to events: what is ordered, and what the gateway keeps.

use checkout::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use url::Url;
use uuid::Uuid;

use super::{EventKind, Service};
use crate::{Error, wire};

/// What is sent to make or change a subscription (gateway reference §2.16, §2.17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookOrder {
    /// Names the subscription for ever; it is repeated in every delivery.
    pub request_id: Uuid,
    /// Where deliveries are sent.
    pub url: Url,
    /// Which events are sent.
    #[serde(flatten)]
    pub topics: Topics,
}

/// Which events a subscription is for: single ones, whole groups, or both; at least one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Topics {
    /// Single events.
    #[serde(
        rename = "notificationEventTypes",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub events: Vec<EventKind>,
    /// Every event of these groups.
    #[serde(
        rename = "notificationServiceTypes",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub services: Vec<Service>,
}

impl WebhookOrder {
    /// A subscription to single events.
    pub fn to_events(
        request_id: Uuid,
        url: Url,
        events: impl IntoIterator<Item = EventKind>,
    ) -> Self {
        let topics = Topics {
            events: events.into_iter().collect(),
            services: Vec::new(),
        };
        Self {
            request_id,
            url,
            topics,
        }
    }

    /// A subscription to every event of some groups.
    pub fn to_services(
        request_id: Uuid,
        url: Url,
        services: impl IntoIterator<Item = Service>,
    ) -> Self {
        let topics = Topics {
            events: Vec::new(),
            services: services.into_iter().collect(),
        };
        Self {
            request_id,
            url,
            topics,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.topics == Topics::default() {
            return Err(Error::Invalid {
                field: "notificationEventTypes",
                expected: "at least one event or group",
                got: "none".to_owned(),
            });
        }
        Ok(())
    }
}

/// A subscription as the gateway keeps it («webhook channel», gateway reference §2.16).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Webhook {
    /// The name the merchant chose.
    #[serde(deserialize_with = "wire::id::deserialize")]
    pub request_id: String,
    /// Where deliveries are sent.
    pub url: String,
    /// The single events it is for.
    #[serde(default, rename = "notificationEventTypes", deserialize_with = "list")]
    pub events: Vec<EventKind>,
    /// The groups it is for.
    #[serde(
        default,
        rename = "notificationServiceTypes",
        deserialize_with = "list"
    )]
    pub services: Vec<Service>,
    /// The public key its deliveries carry. Old subscriptions have none, and their deliveries may be unsigned.
    #[serde(default)]
    pub public_key: Option<String>,
    /// The secret its deliveries are signed with; not the API secret.
    #[serde(default, deserialize_with = "secret")]
    pub secret_key: Option<SecretString>,
    /// When it was made.
    #[serde(
        default,
        rename = "createdDate",
        deserialize_with = "wire::date::optional::deserialize"
    )]
    pub created: Option<Timestamp>,
    /// Whether the gateway stopped sending after too many errors; its kind is not documented, so this is its JSON text.
    #[serde(default, deserialize_with = "json_text")]
    pub blocked_by_error_count: Option<String>,
}

impl Webhook {
    /// What the gateway says about having blocked it, as it wrote it; `None` where it says that it has not, as far as that can be told.
    #[must_use]
    pub fn blocked(&self) -> Option<&str> {
        let said = self.blocked_by_error_count.as_deref()?;
        (!matches!(said.trim_matches('"'), "false" | "0" | "null" | "")).then_some(said)
    }
}

/// The answer to a question for all subscriptions.
#[derive(Deserialize)]
pub(crate) struct Webhooks {
    pub(crate) subscriptions: Vec<Webhook>,
}

fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(SecretString::from))
}

fn json_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Box<RawValue>>::deserialize(from)?.map(|raw| raw.get().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::Webhook;

    #[test]
    fn what_says_no_in_any_form_is_not_blocked() {
        let webhook = |said: &str| {
            let text = format!(
                r#"{{"requestId":"1","url":"https://shop.example","blockedByErrorCount":{said}}}"#
            );
            serde_json::from_str::<Webhook>(&text).unwrap()
        };
        for no in ["false", "0", "null", r#""""#, r#""false""#, r#""0""#] {
            assert_eq!(webhook(no).blocked(), None, "{no}");
        }
        for yes in ["true", "12", r#""yes""#, r#"{"a":1}"#] {
            assert_eq!(webhook(yes).blocked(), Some(yes), "{yes}");
        }
    }
}
