//! Payments of buyers who have closed the page, and when the proxy notices each by itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::latency::Latency;
use crate::log::Log;
use crate::place::Place;
use crate::programs::{PRODUCTS, Proxy, Sandbox};
use crate::talk::Client;

/// Between two payments; no divisor of the watcher's pace, so that they fall on all moments of a round.
const NEXT: Duration = Duration::from_millis(1_300);
/// How often the proxy's log is looked into, which is nothing that makes the proxy look.
const LOOK: Duration = Duration::from_millis(10);

/// Buyers who have left and will pay.
pub(crate) struct ClosedPages {
    sandbox: SocketAddr,
    log: Log,
    /// Where each pays how much, by what the log calls its checkout.
    left: BTreeMap<String, (String, String)>,
}

impl ClosedPages {
    /// Lets `count` buyers make a checkout, pick a currency, see it once more, and leave.
    pub(crate) async fn open(count: usize, proxy: &Proxy, sandbox: &Sandbox) -> Result<Self> {
        let mut left = BTreeMap::new();
        for number in 0..count {
            let mut client = Client::new(Place::Networks(16), number, proxy.address);
            let product = PRODUCTS[number % PRODUCTS.len()];
            let body = format!(r#"{{"product":"{product}"}}"#);
            let made = client.post("/v1/checkouts", &body).await?.expect(201)?;
            let id = text(&made, "/id")?;
            let path = format!("/v1/checkouts/{id}");
            let choice = r#"{"currency":"BTC"}"#;
            client
                .post(&format!("{path}/invoice"), choice)
                .await?
                .expect(200)?;
            let shown = client.get(&path).await?.expect(200)?;
            let pays = (
                text(&shown, "/invoice/address")?,
                text(&shown, "/invoice/amount")?,
            );
            left.insert(short(&id).to_owned(), pays);
        }
        Ok(Self {
            sandbox: sandbox.address,
            log: proxy.log()?,
            left,
        })
    }

    /// Pays one after the other. Answers with how long each payment took to be noticed.
    ///
    /// # Errors
    /// When one is not within `patience`.
    pub(crate) async fn pay(mut self, patience: Duration) -> Result<Latency> {
        let mut wallet = Client::new(Place::Here, 0, self.sandbox);
        let mut unpaid = self.left.into_iter();
        let mut paid: BTreeMap<String, Instant> = BTreeMap::new();
        let mut latency = Latency::default();
        let mut last: Option<Instant> = None;
        loop {
            if last.is_none_or(|last| last.elapsed() >= NEXT)
                && let Some((id, (address, amount))) = unpaid.next()
            {
                let body =
                    format!(r#"{{"address":"{address}","amount":"{amount}","stage":"confirmed"}}"#);
                wallet
                    .post("/sandbox/v1/deposits", &body)
                    .await?
                    .expect(201)?;
                let now = Instant::now();
                paid.insert(id, now);
                last = Some(now);
            }
            for line in self.log.new_lines()? {
                if let Some(id) = paid_checkout(&line)
                    && let Some(at) = paid.remove(id)
                {
                    latency.note(at.elapsed());
                }
            }
            if paid.is_empty() && unpaid.len() == 0 {
                return Ok(latency);
            }
            if paid.values().any(|at| at.elapsed() > patience) {
                bail!("a payment was not noticed within {} s", patience.as_secs());
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// What the log calls a checkout: enough of its id to find it there.
fn short(id: &str) -> &str {
    &id[..8]
}

/// The checkout of a line that says that an invoice was paid. Such a line is written once the payment is on disk.
fn paid_checkout(line: &str) -> Option<&str> {
    let (_, fields) = line.split_once("an invoice has moved on ")?;
    let field = |name: &str| {
        let mut fields = fields.split_whitespace();
        fields.find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
    };
    let is_paid = field("to").is_some_and(|phase| ["paid", "completed"].contains(&phase));
    field("checkout").filter(|_| is_paid)
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("the answer has no text at {pointer}: {value}"))
}
