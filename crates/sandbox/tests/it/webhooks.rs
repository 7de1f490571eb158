//! Webhooks: subscriptions, signed deliveries in their order, retries on the virtual clock, blocking.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use calypso::webhook::{Delivery, EventKind, Verifier};
use calypso_sandbox::Settings;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;

use crate::desk::{Answer, Desk, KEY, SECRET, settings};

const NAME: &str = "bf9348b7-2c14-46d7-868c-b597852da319";
const CREATE: &str = "/api/v1/subscription/webhook/create";

/// A merchant's server that hears deliveries and answers with a status.
pub(crate) struct Ear {
    pub(crate) url: String,
    pub(crate) heard: UnboundedReceiver<(HeaderMap, Bytes)>,
    pub(crate) status: Arc<AtomicU16>,
    server: JoinHandle<()>,
}

impl Ear {
    pub(crate) async fn open() -> Self {
        let status = Arc::new(AtomicU16::new(200));
        let (tell, heard) = unbounded_channel();
        let answer = Arc::clone(&status);
        let hear = move |headers: HeaderMap, body: Bytes| {
            let (tell, status) = (tell.clone(), answer.load(Ordering::SeqCst));
            async move {
                tell.send((headers, body)).unwrap();
                (
                    StatusCode::from_u16(status).unwrap(),
                    [("Location", "/elsewhere")],
                )
            }
        };
        let router = Router::new().route("/hooks", post(hear));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            heard,
            status,
            server,
        }
    }

    /// The next delivery, as it came.
    pub(crate) async fn raw(&mut self) -> (HeaderMap, Bytes) {
        let next = tokio::time::timeout(Duration::from_secs(60), self.heard.recv()).await;
        next.expect("a delivery comes").unwrap()
    }

    /// The next delivery, verified with the pair of the subscription.
    pub(crate) async fn hear(&mut self, subscription: &Value) -> (Delivery, Value) {
        let (headers, body) = self.raw().await;
        let text = |field: &str| subscription[field].as_str().unwrap();
        let verifier = Verifier::new().with(text("publicKey"), text("secretKey"));
        let delivery = verifier.verify(&headers, &body).unwrap();
        assert_eq!(
            delivery.subscription.as_deref(),
            subscription["requestId"].as_str()
        );
        assert!(
            Verifier::new()
                .with(KEY, SECRET)
                .verify(&headers, &body)
                .is_err(),
            "the API pair is another"
        );
        let envelope: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(envelope["eventType"], envelope["data"]["type"]);
        (delivery, envelope["data"].clone())
    }

    pub(crate) fn is_silent(&mut self) -> bool {
        self.heard.try_recv().is_err()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Subscribes to every event of invoices.
pub(crate) async fn subscribe(desk: &Desk, url: &str) -> Value {
    let payload = format!(
        "{{\"requestId\":\"{NAME}\",\"url\":\"{url}\",\"notificationServiceTypes\":[\"INVOICE\"]}}"
    );
    desk.call(CREATE, &payload).await.ok()
}

pub(crate) async fn list(desk: &Desk) -> Vec<Value> {
    desk.read("/sandbox/v1/webhooks").await.ok()["deliveries"]
        .as_array()
        .unwrap()
        .clone()
}

/// Reads the deliveries until they are as expected; each reading is a round trip, so nothing waits in between.
pub(crate) async fn until(desk: &Desk, expected: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    for _ in 0..20_000 {
        let deliveries = list(desk).await;
        if expected(&deliveries) {
            return deliveries;
        }
    }
    panic!("never came to be: {:#?}", list(desk).await);
}

#[tokio::test]
async fn one_payment_is_told_in_its_order() {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    let subscription = subscribe(&desk, &ear.url).await;
    let payload = "{\"currency\":\"USDT\",\"fiatAmount\":25.00,\"fiatCurrency\":\"EUR\",\"description\":\"Order 1\",\
        \"externalId\":\"order-1\"}";
    desk.rate("USDT", "EUR", "1").await;
    let invoice = desk
        .call("/api/v1/invoice/single-fiat/create", payload)
        .await
        .ok();
    let deposit = desk.deposit(&invoice, "25", "mempool").await;
    desk.advance_deposit(&deposit, "confirmed").await;
    desk.advance(5).await;
    let mut told = Vec::new();
    for kind in [
        EventKind::InvoiceCreated,
        EventKind::InvoiceMempoolFound,
        EventKind::InvoiceFundsReceived,
        EventKind::InvoicePaid,
        EventKind::InvoiceTranslationCompleted,
    ] {
        let (delivery, data) = ear.hear(&subscription).await;
        assert_eq!(delivery.kind, kind);
        assert_eq!(data["parentExternalId"], invoice["id"]);
        assert_eq!(data["idempotencyKey"], invoice["idempotencyKey"]);
        assert_eq!(data["externalId"], "order-1");
        assert_eq!(data["currency"], "USDT");
        told.push(data);
    }
    let [created, seen, received, paid, credited] = told.as_slice() else {
        panic!("five events")
    };
    assert_eq!(
        (&created["amount"], &created["message"]),
        (&json!(25), &json!("Order 1"))
    );
    assert_eq!(
        (
            &seen["realAmount"],
            &seen["fiatAmount"],
            &seen["fiatCurrency"]
        ),
        (&json!(25), &json!(25.0), &json!("EUR"))
    );
    assert_eq!(seen["transactionHash"], deposit["transactionHash"]);
    assert_eq!(
        (&received["transactionId"], &received["amount"]),
        (&deposit["id"], &json!(25))
    );
    assert!(received["fiatAmount"].is_object() && received["senderAddress"].is_string());
    assert_eq!(
        (&paid["amount"], &paid["realAmount"], &paid["description"]),
        (&json!(25), &json!(25), &json!("Order 1"))
    );
    assert_eq!(
        (&credited["amount"], &credited["serviceFee"]),
        (&json!(25), &json!(0.25))
    );
    assert_eq!(credited["transactionIds"], json!([deposit["id"]]));
    assert_eq!(credited["createdDate"], "2026-01-05T10:00:05");
    assert!(ear.is_silent());
}

#[tokio::test]
async fn every_turn_of_an_invoice_has_its_event() {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    let subscription = subscribe(&desk, &ear.url).await;
    let mut next = async || ear.hear(&subscription).await.0.kind;

    let underpaid = desk.invoice("USDT").await;
    desk.deposit(&underpaid, "1", "confirmed").await;
    assert_eq!(next().await, EventKind::InvoiceCreated);
    assert_eq!(next().await, EventKind::InvoiceFundsReceived);
    assert_eq!(next().await, EventKind::InvoicePendingIntervention);
    // Still underpaid: the money is told, the standing is no news.
    desk.deposit(&underpaid, "1", "confirmed").await;
    assert_eq!(next().await, EventKind::InvoiceFundsReceived);
    desk.call(
        "/api/v1/invoice/return-to-paid",
        &format!("{{\"id\":{}}}", underpaid["id"]),
    )
    .await
    .ok();
    assert_eq!(next().await, EventKind::InvoicePaid);

    let reviewed = desk.invoice("USDT").await;
    let deposit = desk.deposit(&reviewed, "1", "mempool").await;
    desk.advance_deposit(&deposit, "review").await;
    desk.advance_deposit(&deposit, "declined").await;
    assert_eq!(next().await, EventKind::InvoiceCreated);
    assert_eq!(next().await, EventKind::InvoiceMempoolFound);
    assert_eq!(next().await, EventKind::InvoicePendingCompliance);
    assert_eq!(next().await, EventKind::InvoiceComplianceDeclined);

    desk.invoice("USDT_TRX").await;
    assert_eq!(next().await, EventKind::InvoiceCreated);
    desk.advance(3 * 3600).await;
    assert_eq!(next().await, EventKind::InvoiceTranslationCompleted);
    assert_eq!(next().await, EventKind::InvoiceExpired);

    let payload = "{\"currency\":\"ETH\",\"description\":\"wallet\"}";
    let unlimited = desk
        .call("/api/v1/invoice/unlimited/create", payload)
        .await
        .ok();
    assert_eq!(next().await, EventKind::UnlimitedInvoiceCreated);
    for _ in 0..2 {
        desk.deposit(&unlimited, "1", "confirmed").await;
        desk.advance(5).await;
        assert_eq!(next().await, EventKind::InvoiceFundsReceived);
        assert_eq!(next().await, EventKind::InvoiceTranslationCompleted);
    }
}

#[tokio::test]
async fn customers_have_their_own_events() {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    let payload = format!(
        "{{\"requestId\":\"{NAME}\",\"url\":\"{}\",\"notificationServiceTypes\":[\"CUSTOMER_PURSE\"]}}",
        ear.url
    );
    let subscription = desk.call(CREATE, &payload).await.ok();
    let customer = desk
        .call("/api/v1/customer-purse/customer/create", "{}")
        .await
        .ok();
    let ask = format!("{{\"customerId\":{},\"currency\":\"ETH\"}}", customer["id"]);
    let purse = desk
        .call("/api/v1/customer-purse/address/get", &ask)
        .await
        .ok();
    let send = json!({ "address": purse["address"], "amount": "1.5", "stage": "mempool", "currency": "BNB" });
    let deposit = desk.control("deposits", &send).await.ok();
    desk.advance_deposit(&deposit, "review").await;
    desk.advance_deposit(&deposit, "confirmed").await;
    let declined = desk.control("deposits", &send).await.ok();
    desk.advance_deposit(&declined, "declined").await;
    desk.advance(400 * 86_400).await;
    for (kind, id) in [
        (EventKind::PurseMempoolFound, &deposit),
        (EventKind::PursePendingCompliance, &deposit),
        (EventKind::PurseFundsReceived, &deposit),
        (EventKind::PurseMempoolFound, &declined),
        (EventKind::PurseComplianceDeclined, &declined),
        (EventKind::PurseTranslationCompleted, &deposit),
    ] {
        let (delivery, data) = ear.hear(&subscription).await;
        assert_eq!(delivery.kind, kind);
        assert_eq!(
            (&data["customerId"], &data["purseId"]),
            (&customer["id"], &purse["id"])
        );
        assert_eq!(
            (&data["address"], &data["customerBlocked"]),
            (&purse["address"], &json!(false))
        );
        assert_eq!(
            (&data["currency"], &data["amount"]),
            (&json!("BNB"), &json!(1.5))
        );
        assert_eq!(data["transactionId"], id["id"]);
    }
    let (expired, data) = ear.hear(&subscription).await;
    assert_eq!(
        (expired.kind, data.get("amount")),
        (EventKind::PurseExpired, None)
    );
}

#[tokio::test]
async fn only_what_was_ordered_is_told() {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    let payload = format!(
        "{{\"requestId\":\"{NAME}\",\"url\":\"{}\",\"notificationEventTypes\":[\"INVOICE_PAID\"],\
         \"notificationServiceTypes\":[\"PAYOUT\"]}}",
        ear.url
    );
    let subscription = desk.call(CREATE, &payload).await.ok();
    let invoice = desk.invoice("USDT").await;
    desk.deposit(&invoice, &invoice["amount"].to_string(), "confirmed")
        .await;
    desk.advance(3600).await;
    assert_eq!(ear.hear(&subscription).await.0.kind, EventKind::InvoicePaid);
    assert_eq!(list(&desk).await.len(), 1);
}

#[tokio::test]
async fn failed_attempts_are_repeated_at_the_documented_times_with_the_same_bytes() {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    ear.status.store(500, Ordering::SeqCst);
    let payload = format!(
        "{{\"requestId\":\"{NAME}\",\"url\":\"{}\",\"notificationEventTypes\":[\"INVOICE_CREATE_INVOICE\"]}}",
        ear.url
    );
    desk.call(CREATE, &payload).await.ok();
    desk.invoice("BTC").await;
    let (_, first) = ear.raw().await;
    let waiting = |deliveries: &[Value]| deliveries[0]["state"] == "waiting";
    let deliveries = until(&desk, waiting).await;
    assert_eq!(deliveries[0]["nextAttemptAt"], "2026-01-05T10:00:30Z");
    desk.advance(29).await;
    assert!(ear.is_silent());
    desk.advance(1).await;
    assert_eq!(ear.raw().await.1, first);
    // Every other one has its own time, even when the clock jumps over all of them.
    desk.advance(10 * 86_400).await;
    let dropped = until(&desk, |deliveries| deliveries[0]["state"] == "dropped").await;
    let attempts = dropped[0]["attempts"].as_array().unwrap();
    let mut at = checkout::Timestamp::from_millis(crate::desk::START);
    let delays = [
        30, 60, 90, 150, 240, 390, 630, 1020, 1650, 2670, 4320, 6990, 11310, 18300, 29610, 47910,
        77520, 125_430,
    ];
    assert_eq!(attempts.len(), delays.len() + 1);
    for (attempt, delay) in attempts.iter().zip(delays.into_iter().chain([0])) {
        assert_eq!(attempt["at"], at.to_string());
        assert_eq!(attempt["status"], 500);
        at = at.plus_seconds(delay);
    }
    for _ in 2..attempts.len() {
        assert_eq!(ear.raw().await.1, first);
    }
}

#[tokio::test]
async fn only_200_counts_and_redirects_are_not_followed() {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    subscribe(&desk, &ear.url).await;
    desk.invoice("BTC").await;
    ear.raw().await;
    until(&desk, |deliveries| deliveries[0]["state"] == "delivered").await;
    for (place, status) in [(1, 201), (2, 204), (3, 302), (4, 400)] {
        ear.status.store(status, Ordering::SeqCst);
        desk.invoice("BTC").await;
        ear.raw().await;
        let deliveries = until(&desk, |deliveries| deliveries[place]["state"] == "waiting").await;
        assert_eq!(deliveries[place]["attempts"][0]["status"], status);
    }
}

#[tokio::test]
async fn nobody_listening_is_an_error_too() {
    let desk = Desk::open().await;
    let ear = Ear::open().await;
    let url = ear.url.clone();
    drop(ear);
    // The port may still be held for a moment; what is asserted is only that no answer counts as none.
    subscribe(&desk, &url.replace("/hooks", "/nobody")).await;
    desk.invoice("BTC").await;
    let deliveries = until(&desk, |deliveries| deliveries[0]["state"] == "waiting").await;
    assert_ne!(deliveries[0]["attempts"][0]["status"], 200);
}

#[tokio::test]
async fn too_many_errors_block_and_unblocking_sends_what_failed() {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    ear.status.store(503, Ordering::SeqCst);
    subscribe(&desk, &ear.url).await;
    for _ in 0..100 {
        desk.invoice("BTC").await;
        ear.raw().await;
    }
    let blocked = async || {
        let list = desk.call("/api/v1/subscription/webhook", "null").await.ok();
        list["subscriptions"][0]["blockedByErrorCount"].clone()
    };
    until(&desk, |deliveries| {
        deliveries
            .iter()
            .all(|delivery| delivery["state"] == "waiting")
    })
    .await;
    assert_eq!(blocked().await, false);
    desk.invoice("BTC").await;
    ear.raw().await;
    until(&desk, |deliveries| deliveries[100]["state"] == "waiting").await;
    assert_eq!(blocked().await, true);
    desk.invoice("BTC").await;
    desk.advance(60).await;
    let held = until(&desk, |deliveries| {
        deliveries
            .iter()
            .all(|delivery| delivery["state"] == "held")
    })
    .await;
    assert_eq!(held.len(), 102);
    assert!(ear.is_silent());

    ear.status.store(200, Ordering::SeqCst);
    let answer = desk
        .control(&format!("webhooks/{NAME}/unblock"), &json!({}))
        .await;
    assert_eq!(answer.status.as_u16(), 204);
    until(&desk, |deliveries| {
        deliveries
            .iter()
            .all(|delivery| delivery["state"] == "delivered")
    })
    .await;
    assert_eq!(blocked().await, false);
    desk.control("webhooks/x/unblock", &json!({}))
        .await
        .denied(404, "subscription_unknown");
}

#[tokio::test]
async fn a_receiver_that_hangs_does_not_hold_up_another() {
    let desk = Desk::with(Settings {
        webhook_seconds: 3600,
        ..settings()
    })
    .await;
    let mut ear = Ear::open().await;
    // Accepts connections, answers nothing.
    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hanging = format!(
        "{{\"requestId\":\"00000000-0000-4000-8000-000000000001\",\"url\":\"http://{}/\",\
         \"notificationServiceTypes\":[\"INVOICE\"]}}",
        deaf.local_addr().unwrap()
    );
    desk.call(CREATE, &hanging).await.ok();
    let subscription = subscribe(&desk, &ear.url).await;
    for _ in 0..3 {
        desk.invoice("BTC").await;
        assert_eq!(
            ear.hear(&subscription).await.0.kind,
            EventKind::InvoiceCreated
        );
    }
}

async fn delete(desk: &Desk, name: &str) -> Answer {
    let body = format!(
        "{{\"timestamp\":{},\"account\":\"{}\",\"payload\":{{\"requestId\":\"{name}\"}}}}",
        crate::desk::START,
        crate::desk::ACCOUNT
    );
    let sign = calypso::sign::sign(&SECRET.into(), body.as_bytes());
    let request = desk
        .client
        .delete(format!("{}/api/v1/subscription/webhook", desk.base));
    let response = request
        .header("Key", KEY)
        .header("Sign", sign)
        .body(body)
        .send()
        .await
        .unwrap();
    Answer::new(response).await
}

#[tokio::test]
async fn subscriptions_are_made_listed_changed_and_deleted() {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    let made = subscribe(&desk, &ear.url).await;
    assert_eq!(made["notificationServiceTypes"], json!(["INVOICE"]));
    assert_eq!(
        (&made["requestId"], &made["createdDate"]),
        (&json!(NAME), &json!("2026-01-05T10:00:00"))
    );
    assert_eq!(subscribe(&desk, &ear.url).await, made);
    let other = format!(
        "{{\"requestId\":\"{NAME}\",\"url\":\"{}\",\"notificationEventTypes\":[\"INVOICE_PAID\"]}}",
        ear.url
    );
    desk.call(CREATE, &other).await.refused("016");
    let changed = desk
        .call("/api/v1/subscription/webhook/change", &other)
        .await
        .ok();
    assert_eq!(changed["notificationEventTypes"], json!(["INVOICE_PAID"]));
    assert_eq!(
        (&changed["publicKey"], &changed["secretKey"]),
        (&made["publicKey"], &made["secretKey"])
    );
    let unknown = other.replace("bf9348b7", "00000000");
    desk.call("/api/v1/subscription/webhook/change", &unknown)
        .await
        .refused("004");
    let second = desk.call(CREATE, &unknown).await.ok();
    assert_ne!(second["secretKey"], made["secretKey"]);
    let listed = desk.call("/api/v1/subscription/webhook", "null").await.ok();
    assert_eq!(listed["subscriptions"].as_array().unwrap().len(), 2);

    let gone = delete(&desk, NAME).await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (200, ""));
    delete(&desk, NAME).await.refused("004");
    let invoice = desk.invoice("USDT").await;
    desk.deposit(&invoice, &invoice["amount"].to_string(), "confirmed")
        .await;
    assert_eq!(ear.hear(&second).await.0.kind, EventKind::InvoicePaid);
    assert_eq!(list(&desk).await.len(), 1);
}

#[tokio::test]
async fn wrong_subscriptions_are_refused() {
    let desk = Desk::open().await;
    let url = "\"url\":\"http://shop.example/hooks\"";
    let name = format!("\"requestId\":\"{NAME}\"");
    let paid = "\"notificationEventTypes\":[\"INVOICE_PAID\"]";
    for (payload, message) in [
        (
            format!("{{{url},{paid}}}"),
            "payload.requestId=[must not be null]",
        ),
        (
            format!("{{\"requestId\":\"x\",{url},{paid}}}"),
            "payload.requestId=[must be a UUID]",
        ),
        (
            format!("{{{name},{paid}}}"),
            "payload.url=[must not be null]",
        ),
        (
            format!("{{{name},\"url\":\"shop\",{paid}}}"),
            "payload.url=[must be a URL of http or https]",
        ),
        (
            format!("{{{name},\"url\":\"file:///etc\",{paid}}}"),
            "payload.url=[must be a URL of http or https]",
        ),
        (
            format!("{{{name},{url}}}"),
            "payload.notificationEventTypes=[must not be null unless notificationServiceTypes is given]",
        ),
        (
            format!("{{{name},{url},\"notificationEventTypes\":[\"INVOICE_LOST\"]}}"),
            "payload.notificationEventTypes[0]=[INVOICE_LOST is not known]",
        ),
        (
            format!("{{{name},{url},\"notificationServiceTypes\":[]}}"),
            "payload.notificationServiceTypes=[must not be empty]",
        ),
    ] {
        assert_eq!(desk.call(CREATE, &payload).await.refused("001"), message);
    }
    let listed = desk.call("/api/v1/subscription/webhook", "null").await.ok();
    assert_eq!(listed, json!({ "subscriptions": [] }));
}

#[tokio::test]
async fn a_sandbox_inside_another_server_tells_its_events_too() {
    let mut ear = Ear::open().await;
    let desk = Desk::merged().await;
    let subscription = subscribe(&desk, &ear.url).await;
    desk.invoice("BTC").await;
    let (delivery, _) = ear.hear(&subscription).await;
    assert_eq!(delivery.kind, EventKind::InvoiceCreated);
}

#[tokio::test]
async fn a_sandbox_that_is_gone_tells_nothing_more() {
    let mut ear = Ear::open().await;
    let desk = Desk::open().await;
    let subscription = subscribe(&desk, &ear.url).await;
    desk.invoice("BTC").await;
    ear.hear(&subscription).await;
    drop(desk);
    assert!(ear.is_silent());
}

#[tokio::test]
async fn older_names_of_events_are_understood() {
    let desk = Desk::open().await;
    let payload = format!(
        "{{\"requestId\":\"{NAME}\",\"url\":\"https://shop.example/hooks\",\"notificationEventTypes\":\
         [\"INVOICE_COMPLIANCE_CHECK\",\"CUSTOMER_PURSE_MEMPOOL_FOUND\"]}}"
    );
    let made = desk.call(CREATE, &payload).await.ok();
    assert_eq!(
        made["notificationEventTypes"],
        json!([
            "INVOICE_PENDING_COMPLIANCE",
            "CUSTOMER_PURSE_MEM_POOL_FOUND"
        ])
    );
}

#[tokio::test]
async fn dust_costs_no_more_than_it_is() {
    let desk = Desk::open().await;
    let invoice = desk
        .call(
            "/api/v1/invoice/unlimited/create",
            "{\"currency\":\"ETH\",\"description\":\"x\"}",
        )
        .await
        .ok();
    let mut ear = Ear::open().await;
    subscribe(&desk, &ear.url).await;
    desk.deposit(&invoice, "0.000000000000000001", "confirmed")
        .await;
    desk.advance(5).await;
    let _received = ear.raw().await;
    let credited = String::from_utf8(ear.raw().await.1.to_vec()).unwrap();
    assert_eq!(
        crate::desk::amount_in(&credited, "serviceFee"),
        crate::desk::amount_in(&credited, "amount"),
        "{credited}"
    );
}

#[tokio::test]
async fn unblocking_sends_at_once_also_what_would_be_retried_later() {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    ear.status.store(503, Ordering::SeqCst);
    subscribe(&desk, &ear.url).await;
    for _ in 0..3 {
        desk.invoice("BTC").await;
        ear.raw().await;
    }
    let all =
        |deliveries: &[Value], state: &str| deliveries.iter().all(|one| one["state"] == state);
    until(&desk, |told| all(told, "waiting")).await;
    ear.status.store(200, Ordering::SeqCst);
    desk.control(&format!("webhooks/{NAME}/unblock"), &json!({}))
        .await;
    until(&desk, |told| all(told, "delivered")).await;
    for _ in 0..3 {
        ear.raw().await;
    }
    desk.advance(60).await;
    list(&desk).await;
    assert!(
        ear.is_silent(),
        "the retry that was planned is not sent too"
    );
}
