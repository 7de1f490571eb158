//! Subscriptions to webhooks (gateway reference §2.16, §2.17).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::GatewayError;
use super::check::Call;
use super::field::Reader;
use crate::date::written;
use crate::dialect::Dialect;
use crate::event::{EventName, Service};
use crate::sandbox::Sandbox;
use crate::webhook::{Subscription, SubscriptionOrder};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrderFields<'a> {
    #[serde(borrow)]
    request_id: Option<&'a RawValue>,
    #[serde(borrow)]
    url: Option<&'a RawValue>,
    #[serde(borrow)]
    notification_event_types: Option<&'a RawValue>,
    #[serde(borrow)]
    notification_service_types: Option<&'a RawValue>,
}

impl OrderFields<'_> {
    fn read(&self) -> Result<SubscriptionOrder, GatewayError> {
        let mut reader = Reader::default();
        let request_id = reader.required("requestId", self.request_id);
        let request_id = reader.uuid("requestId", request_id);
        let url = reader.required("url", self.url);
        let url = reader.link("url", url);
        let events = names(
            &mut reader,
            "notificationEventTypes",
            self.notification_event_types,
            EventName::named,
        );
        let services = names(
            &mut reader,
            "notificationServiceTypes",
            self.notification_service_types,
            Service::find,
        );
        if self.notification_event_types.is_none() && self.notification_service_types.is_none() {
            reader.wrong::<()>(
                "notificationEventTypes",
                "must not be null unless notificationServiceTypes is given",
            );
        }
        reader.finish()?;
        let (Some(request_id), Some(url)) = (request_id, url) else {
            return Err(GatewayError::Internal);
        };
        Ok(SubscriptionOrder {
            request_id,
            url,
            events,
            services,
        })
    }
}

fn names<T>(
    reader: &mut Reader,
    field: &str,
    raw: Option<&RawValue>,
    find: fn(&str) -> Option<T>,
) -> Vec<T> {
    let list = reader.list(field, raw).unwrap_or_default();
    let mut names = Vec::new();
    for (place, raw) in list.into_iter().enumerate() {
        let field = format!("{field}[{place}]");
        if let Some(text) = reader.text(&field, Some(raw)) {
            names.extend(
                find(&text).or_else(|| reader.wrong(&field, format!("{text} is not known"))),
            );
        }
    }
    names
}

/// A subscription as the gateway shows it, its secret included.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubscriptionAnswer {
    request_id: Uuid,
    url: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notification_event_types: Vec<EventName>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notification_service_types: Vec<Service>,
    public_key: String,
    secret_key: String,
    created_date: String,
    blocked_by_error_count: bool,
}

impl SubscriptionAnswer {
    fn new(subscription: &Subscription, dialect: Dialect) -> Self {
        let order = subscription.order.clone();
        Self {
            request_id: order.request_id,
            url: order.url,
            notification_event_types: order.events,
            notification_service_types: order.services,
            public_key: subscription.public_key.clone(),
            secret_key: subscription.secret.expose_secret().to_owned(),
            created_date: written(subscription.created, dialect.dates),
            blocked_by_error_count: subscription.blocked,
        }
    }
}

/// `POST /api/v1/subscription/webhook/create`
pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<SubscriptionAnswer>, GatewayError> {
    let order = call.fields::<OrderFields<'_>>()?.read()?;
    let (mut ledger, now) = sandbox.ledger();
    let dialect = ledger.dialect();
    let subscription = ledger.subscribe(now, order)?;
    Ok(Json(SubscriptionAnswer::new(subscription, dialect)))
}

/// `POST /api/v1/subscription/webhook/change`
pub(super) async fn change(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<SubscriptionAnswer>, GatewayError> {
    let order = call.fields::<OrderFields<'_>>()?.read()?;
    let (mut ledger, _) = sandbox.ledger();
    let dialect = ledger.dialect();
    let subscription = ledger
        .change_subscription(order)
        .ok_or(GatewayError::NotFound("Subscription"))?;
    Ok(Json(SubscriptionAnswer::new(subscription, dialect)))
}

#[derive(Serialize)]
pub(super) struct SubscriptionsAnswer {
    subscriptions: Vec<SubscriptionAnswer>,
}

/// `POST /api/v1/subscription/webhook`. It has no payload.
pub(super) async fn list(State(sandbox): State<Sandbox>, _: Call) -> Json<SubscriptionsAnswer> {
    let (ledger, _) = sandbox.ledger();
    let subscriptions = ledger
        .subscriptions()
        .into_iter()
        .map(|subscription| SubscriptionAnswer::new(subscription, ledger.dialect()))
        .collect();
    Json(SubscriptionsAnswer { subscriptions })
}

/// `DELETE /api/v1/subscription/webhook`
pub(super) async fn delete(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<StatusCode, GatewayError> {
    let fields: OrderFields<'_> = call.fields()?;
    let mut reader = Reader::default();
    let name = reader.required("requestId", fields.request_id);
    let name = reader.uuid("requestId", name);
    reader.finish()?;
    let (mut ledger, _) = sandbox.ledger();
    let gone = name.is_some_and(|name| ledger.unsubscribe(name));
    if gone {
        Ok(StatusCode::OK)
    } else {
        Err(GatewayError::NotFound("Subscription"))
    }
}
