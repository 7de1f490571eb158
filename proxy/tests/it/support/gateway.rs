//! The sandbox as the test's gateway, with a hand between it and the proxy that can change what it says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use calypso_sandbox::{Sandbox, Settings, WallClock};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{ACCOUNT, GATEWAY_KEY, GATEWAY_SECRET, Reply, client};

pub(crate) const CREATE: &str = "/api/v1/invoice/single-fiat/create";
pub(crate) const READ: &str = "/api/v1/invoice";

/// Changes an answer: given the path and the answer's text.
type Rewrite = Arc<dyn Fn(&str, String) -> String + Send + Sync>;

/// Calls that wait at the gateway until the test lets them go on.
struct Held {
    path: watch::Sender<Option<&'static str>>,
    bodies: Mutex<Vec<String>>,
}

pub(crate) struct Gateway {
    pub(crate) sandbox: Sandbox,
    pub(crate) base: String,
    rewrite: Arc<Mutex<Option<Rewrite>>>,
    held: Arc<Held>,
    server: JoinHandle<()>,
    http: reqwest::Client,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Gateway {
    pub(crate) async fn start() -> Self {
        Self::with(WallClock::system(), |router| router).await
    }

    /// Starts with another clock, and with `around` before everything else.
    pub(crate) async fn with(wall: WallClock, around: impl FnOnce(Router) -> Router) -> Self {
        Self::seeded(7, wall, around).await
    }

    /// Starts one that hands out other addresses than those with another seed.
    pub(crate) async fn seeded(
        seed: u64,
        wall: WallClock,
        around: impl FnOnce(Router) -> Router,
    ) -> Self {
        let settings = Settings {
            key: GATEWAY_KEY.to_owned(),
            secret: GATEWAY_SECRET.into(),
            account: ACCOUNT.to_owned(),
            seed,
            wall,
            ..Settings::default()
        };
        Self::of(settings, around).await
    }

    /// Starts one with an account, keys and addresses of its own.
    pub(crate) async fn of(settings: Settings, around: impl FnOnce(Router) -> Router) -> Self {
        let sandbox = Sandbox::new(settings);
        let rewrite: Arc<Mutex<Option<Rewrite>>> = Arc::default();
        let held = Arc::new(Held {
            path: watch::Sender::new(None),
            bodies: Mutex::default(),
        });
        let router = sandbox
            .router()
            .layer(from_fn_with_state(Arc::clone(&rewrite), pass))
            .layer(from_fn_with_state(Arc::clone(&held), hold));
        let router = around(router);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            sandbox,
            base,
            rewrite,
            held,
            server,
            http: client(),
        }
    }

    /// Stops answering: connections are refused from now on.
    pub(crate) async fn stop(&mut self) {
        self.server.abort();
        assert!((&mut self.server).await.unwrap_err().is_cancelled());
    }

    /// Keeps calls of this path waiting from now on; `None` lets them all go on.
    pub(crate) fn hold(&self, path: Option<&'static str>) {
        self.held.path.send_replace(path);
    }

    /// The bodies of the calls that were kept waiting, in the order in which they came.
    pub(crate) fn held(&self) -> Vec<String> {
        self.held.bodies.lock().unwrap().clone()
    }

    /// What the last call of `path` was answered with.
    pub(crate) async fn last_answer(&self, path: &str) -> String {
        let requests = self.requests().await.into_iter();
        let mut calls = requests.filter(|request| request["path"] == path);
        calls.next_back().unwrap()["answer"]["body"].to_string()
    }

    /// Changes answers of the API from now on.
    pub(crate) fn rewrite(&self, change: impl Fn(&str, String) -> String + Send + Sync + 'static) {
        *self.rewrite.lock().unwrap() = Some(Arc::new(change));
    }

    pub(crate) fn honest(&self) {
        *self.rewrite.lock().unwrap() = None;
    }

    async fn control(&self, method: reqwest::Method, path: &str, body: &str) -> Reply {
        let request = self
            .http
            .request(method, format!("{}sandbox/v1/{path}", self.base))
            .header("content-type", "application/json");
        Reply::read(request.body(body.to_owned()).send().await.unwrap()).await
    }

    /// Sends money to an address; the deposit's id.
    pub(crate) async fn deposit(&self, address: &str, amount: &str, stage: &str) -> String {
        let body = format!(r#"{{"address":"{address}","amount":"{amount}","stage":"{stage}"}}"#);
        let reply = self
            .control(reqwest::Method::POST, "deposits", &body)
            .await
            .expect(201);
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    /// Sends money to the address of a customer, which takes several currencies.
    pub(crate) async fn deposit_in(
        &self,
        address: &str,
        currency: &str,
        amount: &str,
        stage: &str,
    ) -> String {
        let body = format!(
            r#"{{"address":"{address}","currency":"{currency}","amount":"{amount}","stage":"{stage}"}}"#
        );
        let reply = self
            .control(reqwest::Method::POST, "deposits", &body)
            .await
            .expect(201);
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    /// Sends money as the control side takes it; its answer.
    pub(crate) async fn send(&self, deposit: &Value) -> Value {
        let reply = self
            .control(reqwest::Method::POST, "deposits", &deposit.to_string())
            .await;
        reply.expect(201).json()
    }

    /// Moves a deposit on; the control side's answer.
    pub(crate) async fn moved(&self, deposit: &str, stage: &str) -> Value {
        let path = format!("deposits/{deposit}");
        let body = format!(r#"{{"stage":"{stage}"}}"#);
        let reply = self.control(reqwest::Method::POST, &path, &body).await;
        reply.expect(200).json()
    }

    /// Moves a deposit on.
    pub(crate) async fn move_on(&self, deposit: &str, stage: &str) {
        let reply = self
            .control(
                reqwest::Method::POST,
                &format!("deposits/{deposit}"),
                &format!(r#"{{"stage":"{stage}"}}"#),
            )
            .await;
        assert!(reply.status < 300, "{}", reply.text());
    }

    /// Lets the next calls of a path fail.
    pub(crate) async fn fault(&self, path: &str, kind: &str, times: u32) {
        let body = format!(r#"{{"path":"{path}","kind":"{kind}","times":{times}}}"#);
        self.control(reqwest::Method::POST, "faults", &body)
            .await
            .expect(201);
    }

    pub(crate) async fn no_faults(&self) {
        self.control(reqwest::Method::DELETE, "faults", "")
            .await
            .expect(204);
    }

    pub(crate) async fn rate(&self, from: &str, to: &str, rate: &str) {
        let body = format!(r#"{{"fromCurrency":"{from}","toCurrency":"{to}","rate":"{rate}"}}"#);
        let reply = self.control(reqwest::Method::POST, "rates", &body).await;
        assert!(reply.status < 300, "{}", reply.text());
    }

    /// Every request of the API so far.
    pub(crate) async fn requests(&self) -> Vec<Value> {
        let reply = self
            .control(reqwest::Method::GET, "requests", "")
            .await
            .expect(200);
        reply.json()["requests"].as_array().unwrap().clone()
    }

    /// How many calls a path has had.
    pub(crate) async fn calls(&self, path: &str) -> usize {
        self.requests()
            .await
            .iter()
            .filter(|request| request["path"] == path)
            .count()
    }

    /// The gateway's id of the invoice that has this address.
    pub(crate) async fn invoice_at(&self, address: &str) -> String {
        let requests = self.requests().await;
        let answers = requests.iter().map(|request| &request["answer"]["body"]);
        let mut made = answers.filter(|body| body["invoiceAddress"] == address);
        made.next().unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// The gateway's state of the invoice that has this address.
    pub(crate) async fn invoice_state(&self, address: &str) -> String {
        let reply = self.control(reqwest::Method::GET, "state", "").await;
        let state = reply.expect(200).json();
        let invoices = state["invoices"].as_array().unwrap();
        let mut found = invoices.iter().filter(|one| one["address"] == address);
        found.next().unwrap()["state"].as_str().unwrap().to_owned()
    }

    /// Sends the money of the invoice with this address back, as the gateway's staff does.
    pub(crate) async fn send_back(&self, address: &str) {
        let path = format!("invoices/{}/refund", self.invoice_at(address).await);
        self.control(reqwest::Method::POST, &path, "")
            .await
            .expect(200);
    }

    /// Ids of the invoices that were made, each once.
    pub(crate) async fn invoices_made(&self) -> Vec<String> {
        let made = self
            .requests()
            .await
            .into_iter()
            .filter(|request| request["path"] == CREATE);
        let mut ids: Vec<String> = made
            .filter_map(|request| Some(request["answer"]["body"]["id"].as_str()?.to_owned()))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

async fn pass(
    State(rewrite): State<Arc<Mutex<Option<Rewrite>>>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let change = rewrite.lock().unwrap().clone();
    let Some(change) = change.filter(|_| path.starts_with("/api/")) else {
        return response;
    };
    let (mut parts, body) = response.into_parts();
    let text = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
    parts.headers.remove("content-length");
    Response::from_parts(parts, Body::from(change(&path, text)))
}

async fn hold(State(held): State<Arc<Held>>, request: Request, next: Next) -> Response {
    let mut path = held.path.subscribe();
    if *path.borrow() != Some(request.uri().path()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let text = String::from_utf8_lossy(&body).into_owned();
    held.bodies.lock().unwrap().push(text);
    drop(path.wait_for(Option::is_none).await);
    next.run(Request::from_parts(parts, Body::from(body))).await
}
