//! Payments of buyers who have closed the page, and when the proxy notices each by itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::latency::Latency;
use crate::place::Place;
use crate::programs::{PRODUCTS, Proxy, Sandbox};
use crate::talk::Client;

/// Between two payments; no divisor of the watcher's pace, so that they fall on all moments of a round.
const NEXT: Duration = Duration::from_millis(1_300);
/// How often the database is looked into: what a merchant's query would see, and nothing that makes the proxy look.
const LOOK: Duration = Duration::from_millis(10);

/// Buyers who have left and will pay.
pub(crate) struct ClosedPages {
    sandbox: SocketAddr,
    database: Connection,
    /// Where each pays how much, by checkout.
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
            left.insert(id, pays);
        }
        Ok(Self {
            sandbox: sandbox.address,
            database: read_only(&proxy.database)?,
            left,
        })
    }

    /// Pays one after the other. Answers with how long each payment took to be noticed.
    ///
    /// # Errors
    /// When one is not within `patience`.
    pub(crate) async fn pay(self, patience: Duration) -> Result<Latency> {
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
            for id in seen(&self.database)? {
                if let Some(at) = paid.remove(&id) {
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

/// Checkouts on which money was seen.
fn seen(database: &Connection) -> Result<Vec<String>> {
    let mut statement =
        database.prepare_cached("SELECT checkout_id FROM invoices WHERE received <> '0'")?;
    let ids = statement.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// How many rows a table has.
pub(crate) fn rows(database: &Path, table: &str) -> Result<u32> {
    let count = format!("SELECT count(*) FROM {table}");
    Ok(read_only(database)?.query_row(&count, [], |row| row.get(0))?)
}

fn read_only(path: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("the answer has no text at {pointer}: {value}"))
}
