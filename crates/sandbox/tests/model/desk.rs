//! The sandbox's side: a merchant, a buyer and a clock, who call its router in this process.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll, Waker};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, StatusCode};
use calypso_sandbox::{Sandbox, Settings, WallClock};
use checkout::{Amount, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tower::ServiceExt;

const KEY: &str = "c529e14832b34b74972365cf7bf02430";
const SECRET: &str = "b823a6b9ea72408583cef9ec8d67fa52";
const ACCOUNT: &str = "0xc195df92dd9db2a8f28e597981f113d6e7582f8b";
/// Where the clocks start: 2026-01-05T10:00:00Z.
const START: i64 = 1_767_607_200_000;

/// A sandbox whose clocks move only when the test moves them.
pub(crate) struct Desk {
    sandbox: Sandbox,
    router: Router,
    wall: Arc<AtomicI64>,
    pub(crate) tolerance: u128,
}

/// What the gateway shows of an invoice (gateway reference §2.0).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownInvoice {
    pub(crate) id: String,
    pub(crate) invoice_address: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) amount: Option<Box<RawValue>>,
    pub(crate) total_debit_amount: Box<RawValue>,
    pub(crate) fee: Option<Box<RawValue>>,
    pub(crate) state: String,
    pub(crate) last_deposit_hash: Option<String>,
    pub(crate) created_date: String,
    pub(crate) expiration: Option<String>,
    pub(crate) last_fiat_updated: Option<String>,
    pub(crate) intervention_type: Option<String>,
    pub(crate) is_intervention_resolved: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownWidget {
    pub(crate) idempotency_key: String,
    pub(crate) widget_state: String,
    pub(crate) invoices: Vec<ShownWidgetInvoice>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownWidgetInvoice {
    pub(crate) invoice_id: String,
    pub(crate) crypto_currency: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Chosen {
    pub(crate) invoice_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SentDeposit {
    pub(crate) id: String,
    pub(crate) transaction_hash: String,
    #[serde(default)]
    pub(crate) lost: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DepositPage {
    pub(crate) result: Vec<ListedDeposit>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ListedDeposit {
    pub(crate) id: String,
    pub(crate) amount: Box<RawValue>,
}

#[derive(Debug, Deserialize)]
struct Deliveries {
    deliveries: Vec<ShownDelivery>,
}

#[derive(Debug, Deserialize)]
struct ShownDelivery {
    body: ShownEvent,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownEvent {
    pub(crate) event_type: String,
    pub(crate) created_date: String,
    pub(crate) data: ShownEventFields,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownEventFields {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) parent_external_id: String,
    pub(crate) amount: Option<Box<RawValue>>,
    pub(crate) real_amount: Option<Box<RawValue>>,
    pub(crate) service_fee: Option<Box<RawValue>>,
    pub(crate) transaction_id: Option<String>,
    #[serde(default)]
    pub(crate) transaction_ids: Vec<String>,
    pub(crate) transaction_hash: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    error_code: String,
}

#[derive(Debug, Deserialize)]
struct Denial {
    error: DenialDetail,
}

#[derive(Debug, Deserialize)]
struct DenialDetail {
    code: String,
}

/// A refusal's code, of the gateway (`006`) or of the control side (`stage_impossible`).
pub(crate) type Code = String;

impl Desk {
    /// A fresh one. Overpayments up to `tolerance` thousandths of an amount are accepted (gateway reference §7.2).
    pub(crate) fn open(seed: u64, tolerance: u128) -> Self {
        Self::with(seed, tolerance, |_| ())
    }

    /// The same with other settings.
    pub(crate) fn with(seed: u64, tolerance: u128, change: impl FnOnce(&mut Settings)) -> Self {
        let wall = Arc::new(AtomicI64::new(START));
        let read = Arc::clone(&wall);
        let mut settings = Settings {
            key: KEY.to_owned(),
            secret: SECRET.into(),
            account: ACCOUNT.to_owned(),
            seed,
            wall: WallClock::new(move || Timestamp::from_millis(read.load(Ordering::SeqCst))),
            overpay_tolerance_percent: Amount::from_units(tolerance, 1).expect("a small number"),
            unlimited_commission_usd: Amount::ZERO,
            ..Settings::default()
        };
        change(&mut settings);
        let sandbox = Sandbox::new(settings);
        let router = sandbox.router();
        Self {
            sandbox,
            router,
            wall,
            tolerance,
        }
    }

    /// Empties it, and subscribes to every event of invoices. Nothing is delivered: nobody runs the courier.
    pub(crate) fn clear(&self) {
        self.sandbox.reset();
        let payload = "{\"requestId\":\"bf9348b7-2c14-46d7-868c-b597852da319\",\"url\":\"http://127.0.0.1:9/\",\
            \"notificationServiceTypes\":[\"INVOICE\"]}";
        self.call::<serde::de::IgnoredAny>("subscription/webhook/create", payload)
            .expect("a subscription");
    }

    /// The virtual time, in milliseconds.
    pub(crate) fn now(&self) -> i64 {
        self.sandbox.clock().now().millis()
    }

    /// Whether its clock is near the end of what it can show, a hundred years.
    pub(crate) fn is_old(&self) -> bool {
        self.now() - START > 80 * 365 * 86_400_000
    }

    /// Moves the virtual clock. Whole seconds by its hands, which nobody notices until the next call; the rest with the wall clock.
    pub(crate) fn wait(&self, millis: i64) {
        let seconds = u64::try_from(millis / 1000).expect("time goes forward");
        self.sandbox.clock().advance_seconds(seconds);
        self.wall.fetch_add(millis % 1000, Ordering::SeqCst);
    }

    /// A signed call of the gateway.
    pub(crate) fn call<T: DeserializeOwned>(&self, path: &str, payload: &str) -> Result<T, Code> {
        let wall = self.wall.load(Ordering::SeqCst);
        let body =
            format!("{{\"timestamp\":{wall},\"account\":\"{ACCOUNT}\",\"payload\":{payload}}}");
        let sign = calypso::sign::sign(&SECRET.into(), body.as_bytes());
        let request = Request::post(format!("/api/v1/{path}"))
            .header("Host", "localhost")
            .header("Key", KEY)
            .header("Sign", sign)
            .body(Body::from(body))
            .expect("a request");
        let (status, body) = self.send(request);
        if status.is_success() {
            Ok(read(&body))
        } else {
            Err(read::<Refusal>(&body).error_code)
        }
    }

    /// A call of the control side.
    pub(crate) fn control<T: DeserializeOwned>(&self, path: &str, body: &str) -> Result<T, Code> {
        let request = Request::post(format!("/sandbox/v1/{path}"))
            .header("Host", "localhost")
            .header("Content-Type", "application/json")
            .body(Body::from(body.to_owned()))
            .expect("a request");
        let (status, body) = self.send(request);
        if status.is_success() {
            Ok(read(&body))
        } else {
            Err(read::<Denial>(&body).error.code)
        }
    }

    /// Every event so far, oldest first.
    pub(crate) fn events(&self) -> Vec<ShownEvent> {
        let request = Request::builder()
            .method(Method::GET)
            .uri("/sandbox/v1/webhooks")
            .header("Host", "localhost")
            .body(Body::empty())
            .expect("a request");
        let (status, body) = self.send(request);
        assert_eq!(status, StatusCode::OK);
        let deliveries: Deliveries = read(&body);
        deliveries
            .deliveries
            .into_iter()
            .map(|delivery| delivery.body)
            .collect()
    }

    /// Sends a request through the router. The sandbox never waits for anything to answer, so one poll is enough.
    fn send(&self, request: Request<Body>) -> (StatusCode, Bytes) {
        let exchange = pin!(async {
            let answer = self
                .router
                .clone()
                .oneshot(request)
                .await
                .expect("infallible");
            let status = answer.status();
            (
                status,
                to_bytes(answer.into_body(), 1 << 20)
                    .await
                    .expect("a whole body"),
            )
        });
        match exchange.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("the sandbox waits for something"),
        }
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> T {
    serde_json::from_slice(body)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(body)))
}

/// Milliseconds of a date without zone, which is meant in UTC (§1.6).
pub(crate) fn millis(date: &str) -> i64 {
    let moment = Timestamp::parse(&format!("{date}Z"));
    moment
        .unwrap_or_else(|error| panic!("{date}: {error}"))
        .millis()
}

/// A moment as a merchant writes it in a request.
pub(crate) fn date(millis: i64) -> String {
    Timestamp::from_millis(millis).to_string()
}
