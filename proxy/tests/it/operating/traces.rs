//! Traces, as a collector receives them: they arrive, each request is one tree, and nothing secret is in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tokio::net::TcpListener;

use super::scrape::series;
use super::watched::Watched;
use crate::support::{GATEWAY_KEY, GATEWAY_SECRET, MERCHANT_KEY};

/// A collector on this computer.
struct Collector {
    endpoint: String,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap());
        let bodies: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let kept = Arc::clone(&bodies);
        let take = move |body: Bytes| async move { kept.lock().unwrap().push(body.to_vec()) };
        let router = Router::new().route("/v1/traces", post(take));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { endpoint, bodies }
    }

    fn spans(&self) -> Vec<Span> {
        let bodies = self.bodies.lock().unwrap();
        let requests = bodies
            .iter()
            .map(|body| ExportTraceServiceRequest::decode(body.as_slice()).unwrap());
        let resources = requests.flat_map(|request| request.resource_spans);
        resources
            .flat_map(|resource| resource.scope_spans)
            .flat_map(|scope| scope.spans)
            .collect()
    }

    /// Waits until spans for which `is_there` says so have come.
    async fn wait_for(&self, is_there: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        for _ in 0..600 {
            let spans = self.spans();
            if is_there(&spans) {
                return spans;
            }
            // They are sent when some have gathered.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("they did not come: {:#?}", self.spans());
    }
}

fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span
        .attributes
        .iter()
        .find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{name}: {other:?}"),
    }
}

/// Every attribute a span may have.
const ATTRIBUTES: [&str; 8] = [
    "http.request.method",
    "http.route",
    "http.response.status_code",
    "request_id",
    "code",
    "call",
    "outcome",
    "work",
];

#[tokio::test]
async fn a_payment_arrives_at_the_collector_as_trees_without_a_secret() {
    let collector = Collector::start().await;
    let telemetry = format!("[telemetry]\notlp_endpoint = \"{}\"\n", collector.endpoint);
    let proxy = Watched::with(&[], &telemetry).await;
    let id = proxy.paid("canary-key-of-the-order").await;
    let is_choice = |span: &&Span| {
        attribute(span, "http.route").as_deref() == Some("/v1/checkouts/{id}/invoice")
    };
    let spans = collector
        .wait_for(|spans| {
            spans.iter().any(|span| is_choice(&span))
                && spans
                    .iter()
                    .any(|span| attribute(span, "call").as_deref() == Some("create_invoice"))
        })
        .await;
    let choice = spans.iter().find(is_choice).unwrap();
    assert_eq!(
        attribute(choice, "http.response.status_code").as_deref(),
        Some("200")
    );
    assert_eq!(attribute(choice, "request_id").unwrap().len(), 32);

    // Everything done for the choice hangs on it.
    let tree: BTreeMap<&[u8], &Span> = spans
        .iter()
        .filter(|span| span.trace_id == choice.trace_id)
        .map(|span| (&*span.span_id, span))
        .collect();
    let names: BTreeSet<&str> = tree.values().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["database", "gateway", "request"].into());
    let roots = tree.values().filter(|span| span.parent_span_id.is_empty());
    assert_eq!(roots.count(), 1);
    for span in tree.values() {
        assert!(
            span.parent_span_id.is_empty() || tree.contains_key(&*span.parent_span_id),
            "{span:?} hangs on nothing"
        );
    }
    assert!(tree.values().any(
        |span| attribute(span, "call").as_deref() == Some("create_invoice")
            && attribute(span, "outcome").as_deref() == Some("ok")
    ));

    let document =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/OPERATING.md"))
            .unwrap();
    for span in &spans {
        assert!(span.events.is_empty(), "{span:?}");
        for attribute in &span.attributes {
            assert!(ATTRIBUTES.contains(&&*attribute.key), "{}", attribute.key);
            assert!(
                document.contains(&format!("`{}`", attribute.key)),
                "{} is not documented",
                attribute.key
            );
        }
    }
    for body in collector.bodies.lock().unwrap().iter() {
        let text = String::from_utf8_lossy(body);
        for secret in [
            MERCHANT_KEY,
            GATEWAY_SECRET,
            GATEWAY_KEY,
            "order-1001",
            "canary-key",
            &id,
        ] {
            assert!(!text.contains(secret), "{secret} is in a trace");
        }
    }
    let all = series(&proxy.scrape().await);
    assert!(all[r#"calypso_trace_spans_total{outcome="sent"}"#] > 0.0);
    assert_eq!(all[r#"calypso_trace_spans_total{outcome="dropped"}"#], 0.0);
}

#[tokio::test]
async fn a_collector_that_never_answers_keeps_no_request_waiting_and_what_is_dropped_is_counted() {
    // It takes connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let telemetry = format!(
        "[telemetry]\notlp_endpoint = \"http://{}/v1/traces\"\n",
        silent.local_addr().unwrap()
    );
    let proxy = Watched::with(&[("RUST_LOG", "warn,calypso_proxy=info")], &telemetry).await;
    let dropped =
        async || series(&proxy.scrape().await)[r#"calypso_trace_spans_total{outcome="dropped"}"#];
    let mut asked = 0;
    while dropped().await == 0.0 {
        for _ in 0..500 {
            proxy.ask("GET", "/healthz", &[], None).await.expect(200);
        }
        asked += 500;
        assert!(asked < 100_000, "the queue has no end");
    }
    // A batch is on its way and the queue is full: all others were answered without either.
    assert!(asked >= 4096, "{asked} spans do not fill the queue");
    proxy.paid("a").await;
}
