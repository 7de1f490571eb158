//! The program with its meters and a JSON log, as an operator runs it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{program, write_config};
use crate::running::Running;
use crate::support::{Gateway, MERCHANT_KEY, Reply, client, text};

/// How long a line of the log is waited for, however busy the computer is.
const PATIENCE: Duration = Duration::from_secs(60);
/// After how many seconds the sandbox has certainly credited a deposit; fewer than its clock may differ from the proxy's.
const CREDITED: u64 = 60;

/// What it has written.
#[derive(Default)]
struct Written {
    lines: Vec<String>,
    /// How many lines there were.
    many: usize,
    /// Only lines with one of these are kept from now on, where there are some.
    only: Vec<String>,
}

/// A running proxy.
pub(super) struct Watched {
    _running: Running,
    _directory: tempfile::TempDir,
    pub(super) gateway: Gateway,
    pub(super) address: SocketAddr,
    pub(super) meters: SocketAddr,
    log: Arc<(Mutex<Written>, Condvar)>,
    http: reqwest::Client,
}

impl Watched {
    /// Starts it with these environment variables besides, and these lines at the end of its configuration.
    pub(super) async fn with(environment: &[(&str, &str)], more: &str) -> Self {
        let gateway = Gateway::start().await;
        let directory = tempfile::tempdir().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let config = write_config(directory.path(), &gateway.base, address.port());
        let text = std::fs::read_to_string(&config).unwrap();
        let meters = "[metrics]\nlisten = \"127.0.0.1:0\"\n";
        std::fs::write(&config, format!("{text}{meters}{more}")).unwrap();
        let mut child = program()
            .args(["serve", "--config"])
            .arg(&config)
            .env("CALYPSO_PROXY_LOG_FORMAT", "json")
            .envs(environment.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (stderr, log) = (child.stderr.take().unwrap(), Arc::default());
        let running = Running(child);
        let writing: Arc<(Mutex<Written>, Condvar)> = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                let Ok(line) = line else { return };
                let mut written = writing.0.lock().unwrap();
                written.many += 1;
                let only = &written.only;
                if only.is_empty() || only.iter().any(|word| line.contains(word.as_str())) {
                    written.lines.push(line);
                }
                drop(written);
                writing.1.notify_all();
            }
        });
        let mut watched = Self {
            _running: running,
            _directory: directory,
            gateway,
            address,
            meters: address,
            log,
            http: client(),
        };
        let line = watched.line("the meters are read here").await;
        watched.meters = text_of(&line, "address").parse().unwrap();
        watched
    }

    pub(super) async fn start() -> Self {
        Self::with(&[], "").await
    }

    /// Waits for a line with this message.
    pub(super) async fn line(&self, message: &str) -> Value {
        let (log, message) = (Arc::clone(&self.log), message.to_owned());
        let found = tokio::task::spawn_blocking(move || {
            let read = |line: &String| -> Option<Value> {
                let line: Value = serde_json::from_str(line).ok()?;
                (line["message"] == message.as_str()).then_some(line)
            };
            let written = log.0.lock().unwrap();
            let (written, _) = log
                .1
                .wait_timeout_while(written, PATIENCE, |written| {
                    !written.lines.iter().any(|line| read(line).is_some())
                })
                .unwrap();
            let lines = &written.lines;
            lines
                .iter()
                .find_map(read)
                .unwrap_or_else(|| panic!("no line says `{message}`: {lines:#?}"))
        });
        found.await.unwrap()
    }

    /// All lines so far, as they were written.
    pub(super) fn lines(&self) -> Vec<String> {
        self.log.0.lock().unwrap().lines.clone()
    }

    /// Keeps only lines with one of these words from now on: there will be many.
    pub(super) fn keep_only(&self, words: &[&str]) {
        self.log.0.lock().unwrap().only = words.iter().map(|word| (*word).to_owned()).collect();
    }

    /// How many lines there were.
    pub(super) fn written(&self) -> usize {
        self.log.0.lock().unwrap().many
    }

    /// A request to a buyer's address.
    pub(super) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Reply {
        self.ask_at(self.address, method, path, headers, body).await
    }

    /// A request to any of its addresses.
    pub(super) async fn ask_at(
        &self,
        address: SocketAddr,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Reply {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("http://{address}{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_owned());
        }
        Reply::read(request.send().await.unwrap()).await
    }

    /// What the meters say.
    pub(super) async fn scrape(&self) -> String {
        let reply = self.ask_at(self.meters, "GET", "/metrics", &[], None).await;
        reply.expect(200).text()
    }

    /// A checkout of the merchant's, with a buyer's name in it; its id.
    pub(super) async fn checkout(&self, external_id: &str, key: &str) -> String {
        let bearer = format!("Bearer {MERCHANT_KEY}");
        let body = json!({"price": {"amount": "25.00", "currency": "EUR"}, "description": "Order 1001", "externalId": external_id});
        let made = self
            .ask(
                "POST",
                "/v1/checkouts",
                &[("authorization", &bearer), ("idempotency-key", key)],
                Some(&body.to_string()),
            )
            .await
            .expect(201)
            .json();
        text(&made, "/id").to_owned()
    }

    /// A whole payment: made, chosen, paid, credited. Its id.
    pub(super) async fn paid(&self, key: &str) -> String {
        let id = self.checkout("order-1001", key).await;
        let path = format!("/v1/checkouts/{id}");
        let chosen = self
            .ask(
                "POST",
                &format!("{path}/invoice"),
                &[],
                Some(r#"{"currency":"USDT_TRX"}"#),
            )
            .await
            .expect(200)
            .json();
        let (address, amount) = (
            text(&chosen, "/invoice/address"),
            text(&chosen, "/invoice/amount"),
        );
        let deposit = self.gateway.deposit(address, amount, "mempool").await;
        self.gateway.move_on(&deposit, "confirmed").await;
        self.gateway.sandbox.clock().advance_seconds(CREDITED);
        for _ in 0..600 {
            let shown = self.ask("GET", &path, &[], None).await.expect(200);
            if text(&shown.json(), "/state") == "completed" {
                let tag = shown.header("etag");
                self.ask("GET", &path, &[("if-none-match", &tag)], None)
                    .await
                    .expect(304);
                return id;
            }
            // The proxy reads at its own pace.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the payment was not noticed");
    }
}

/// The text of a line's field.
pub(super) fn text_of<'a>(line: &'a Value, field: &str) -> &'a str {
    line[field]
        .as_str()
        .unwrap_or_else(|| panic!("no text `{field}` in {line}"))
}
