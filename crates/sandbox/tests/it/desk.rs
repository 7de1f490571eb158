//! A sandbox that listens on a free port, and a merchant who signs calls to it.

use calypso_sandbox::{Sandbox, Settings, WallClock};
use checkout::{Amount, Timestamp};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

pub(crate) const KEY: &str = "c529e14832b34b74972365cf7bf02430";
pub(crate) const SECRET: &str = "b823a6b9ea72408583cef9ec8d67fa52";
pub(crate) const ACCOUNT: &str = "0xc195df92dd9db2a8f28e597981f113d6e7582f8b";
/// Where the wall clock stands: 2026-01-05T10:00:00Z, in the middle of no quarter.
pub(crate) const START: i64 = 1_767_607_200_000;

/// A sandbox whose wall clock stands still, so that only the test moves time.
pub(crate) struct Desk {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    pub(crate) base: String,
    server: JoinHandle<()>,
}

/// A status and a JSON body (null if it is none).
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) async fn new(response: reqwest::Response) -> Self {
        let status = response.status();
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, text, json }
    }

    /// The body of a success.
    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text);
        self.json
    }

    /// Asserts that this is the gateway's refusal with that code, and gives its message.
    pub(crate) fn refused(&self, code: &str) -> String {
        assert_eq!(self.status, StatusCode::BAD_REQUEST, "{}", self.text);
        assert_eq!(self.json["errorCode"], code, "{}", self.text);
        assert!(self.json["traceId"].is_string(), "{}", self.text);
        self.json["message"].as_str().unwrap().to_owned()
    }

    /// Asserts that this is the control side's refusal with that status and code, and gives its message.
    pub(crate) fn denied(&self, status: u16, code: &str) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.json["error"]["code"], code, "{}", self.text);
        self.json["error"]["message"].as_str().unwrap().to_owned()
    }
}

/// The amount in a field of an answer's text, digit for digit: as a JSON value it would have gone through a float.
pub(crate) fn amount_in(text: &str, field: &str) -> Amount {
    let name = format!("\"{field}\":");
    let start = text
        .find(&name)
        .unwrap_or_else(|| panic!("no {field} in {text}"))
        + name.len();
    let digits: String = text[start..]
        .chars()
        .take_while(|sign| !matches!(sign, ',' | '}'))
        .collect();
    Amount::from_json_number(&digits).unwrap()
}

pub(crate) fn settings() -> Settings {
    Settings {
        key: KEY.to_owned(),
        secret: SECRET.into(),
        account: ACCOUNT.to_owned(),
        seed: 20_260_105,
        wall: WallClock::fixed(Timestamp::from_millis(START)),
        ..Settings::default()
    }
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::with(settings()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self::serve(Sandbox::new(settings)).await
    }

    pub(crate) async fn serve(sandbox: Sandbox) -> Self {
        let (address, server) = sandbox.listen("127.0.0.1:0").await.unwrap();
        Self {
            sandbox,
            client: Client::new(),
            base: format!("http://{address}"),
            server,
        }
    }

    /// A sandbox whose router is served by somebody else.
    pub(crate) async fn merged() -> Self {
        let sandbox = Sandbox::new(settings());
        let router = axum::Router::new().merge(sandbox.router());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            sandbox,
            client: Client::new(),
            base,
            server,
        }
    }

    /// Sends bytes with the two headers as given.
    pub(crate) async fn send(
        &self,
        path: &str,
        body: &[u8],
        key: Option<&str>,
        sign: Option<&str>,
    ) -> Answer {
        let mut request = self
            .client
            .post(format!("{}{path}", self.base))
            .body(body.to_vec());
        for (name, value) in [("Key", key), ("Sign", sign)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        Answer::new(request.send().await.unwrap()).await
    }

    /// Signs and sends exactly this text.
    pub(crate) async fn send_signed(&self, path: &str, body: &str) -> Answer {
        let sign = calypso::sign::sign(&SECRET.into(), body.as_bytes());
        self.send(path, body.as_bytes(), Some(KEY), Some(&sign))
            .await
    }

    /// A signed call with a payload written as JSON text, so that numbers keep their digits.
    pub(crate) async fn call(&self, path: &str, payload: &str) -> Answer {
        let body =
            format!("{{\"timestamp\":{START},\"account\":\"{ACCOUNT}\",\"payload\":{payload}}}");
        self.send_signed(path, &body).await
    }

    /// A new invoice over 25.00 EUR.
    pub(crate) async fn invoice(&self, currency: &str) -> Value {
        let payload = format!(
            "{{\"currency\":\"{currency}\",\"fiatAmount\":25.00,\"fiatCurrency\":\"EUR\",\"description\":\"Order 1\"}}"
        );
        self.call("/api/v1/invoice/single-fiat/create", &payload)
            .await
            .ok()
    }

    /// The invoice as the gateway shows it now.
    pub(crate) async fn get(&self, invoice: &Value) -> Value {
        self.get_answer(invoice).await.ok()
    }

    /// The same with its text.
    pub(crate) async fn get_answer(&self, invoice: &Value) -> Answer {
        let payload = format!("{{\"id\":{}}}", invoice["id"]);
        self.call("/api/v1/invoice", &payload).await
    }

    /// A call of the control side.
    pub(crate) async fn control(&self, path: &str, body: &Value) -> Answer {
        let request = self
            .client
            .post(format!("{}/sandbox/v1/{path}", self.base))
            .header("content-type", "application/json")
            .body(body.to_string());
        Answer::new(request.send().await.unwrap()).await
    }

    /// A GET of any path.
    pub(crate) async fn read(&self, path: &str) -> Answer {
        Answer::new(
            self.client
                .get(format!("{}{path}", self.base))
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// A deposit to an invoice's address.
    pub(crate) async fn deposit(&self, invoice: &Value, amount: &str, stage: &str) -> Value {
        let body =
            json!({ "address": invoice["invoiceAddress"], "amount": amount, "stage": stage });
        self.control("deposits", &body).await.ok()
    }

    /// Moves a deposit on.
    pub(crate) async fn advance_deposit(&self, deposit: &Value, stage: &str) -> Value {
        let path = format!("deposits/{}", deposit["id"].as_str().unwrap());
        self.control(&path, &json!({ "stage": stage })).await.ok()
    }

    /// Advances the virtual clock.
    pub(crate) async fn advance(&self, seconds: u64) {
        self.control("clock", &json!({ "advanceSeconds": seconds }))
            .await
            .ok();
    }

    /// Fixes a rate.
    pub(crate) async fn rate(&self, from: &str, to: &str, rate: &str) {
        let body = json!({ "fromCurrency": from, "toCurrency": to, "rate": rate });
        self.control("rates", &body).await.ok();
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.server.abort();
    }
}
