//! Those who answer: a bare server, ours on each database, and one written with Express.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;
use throwaway_postgres::{Cluster, Durability};

use super::bare;
use super::options::Options;
use crate::place::Place;
use crate::programs::{
    ACCOUNT, GATEWAY_KEY, GATEWAY_SECRET, MERCHANT_KEY, Programs, Proxy, Running, Sandbox, Shop,
};
use crate::talk::{Answer, Client, request};

/// Somebody who answers. Several addresses are replicas of one.
pub(super) struct Server {
    pub(super) name: &'static str,
    pub(super) addresses: Vec<SocketAddr>,
    /// A checkout that is there.
    pub(super) path: String,
}

impl Server {
    /// The checkout's entity tag as it is at this address now. Replicas may have other rates for what they estimate.
    pub(super) fn tag_at(&self, address: SocketAddr) -> Result<String> {
        let answer = shown(address, &self.path)?;
        answer.tag.context("an entity tag")
    }
}

/// All of them, until this is dropped.
pub(super) struct Servers {
    pub(super) bare: Server,
    pub(super) sqlite: Server,
    pub(super) express: Server,
    pub(super) postgres: Server,
    pub(super) replicas: Server,
    pub(super) sandbox: Sandbox,
    _programs: (Vec<Proxy>, Running, Cluster),
}

impl Servers {
    /// Starts them all, with a gateway that answers at once.
    pub(super) fn start(programs: &Programs, options: &Options) -> Result<Self> {
        let sandbox = programs.sandbox()?;
        let postgres = throwaway_postgres::Programs::find()
            .context("PostgreSQL's programs are not there: `cargo xtask bench` installs them")?;
        let cluster = Cluster::start(postgres, Durability::Durable)?;
        let url = cluster.url("postgres");
        let [sqlite, first, second] = [
            ("sqlite", None),
            ("postgres-1", Some(&url)),
            ("postgres-2", Some(&url)),
        ]
        .map(|(name, database)| {
            let shop = Shop {
                name,
                counts_networks: false,
                watch: Duration::from_secs(30),
                database: database.cloned(),
            };
            programs.proxy(&sandbox, &shop)
        });
        let proxies = vec![sqlite?, first?, second?];
        let addresses: Vec<SocketAddr> = proxies.iter().map(|proxy| proxy.address).collect();
        let (running, express) = start_express(options, &sandbox)?;
        let ours = known("proxy, SQLite", vec![addresses[0]])?;
        let same = shown(addresses[0], &ours.path)?;
        let (tag, body) = (same.tag.context("an entity tag")?, same.body);
        Ok(Self {
            bare: Server {
                name: "bare axum",
                addresses: vec![bare::serve(tag, String::from_utf8(body)?)?],
                path: ours.path.clone(),
            },
            sqlite: ours,
            express: known("Express", vec![express])?,
            postgres: known("proxy, PostgreSQL", vec![addresses[1]])?,
            replicas: known("two proxies, PostgreSQL", addresses[1..].to_vec())?,
            sandbox,
            _programs: (proxies, running, cluster),
        })
    }
}

fn start_express(options: &Options, sandbox: &Sandbox) -> Result<(Running, SocketAddr)> {
    let mut child = Command::new(&options.node)
        .arg(&options.express)
        .arg(format!("http://{}", sandbox.address))
        .args([ACCOUNT, GATEWAY_KEY, GATEWAY_SECRET])
        .env("NODE_ENV", "production")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("node did not start")?;
    let output = child.stdout.take().context("its output was piped")?;
    let running = Running(child);
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let address = line
        .strip_prefix("http://")
        .and_then(|rest| rest.trim_end().trim_end_matches('/').parse().ok());
    let address = address
        .with_context(|| format!("Express said no address: {line}; is it installed (npm ci)?"))?;
    Ok((running, address))
}

/// Makes a checkout there that waits for money, as those do that pages ask for.
fn known(name: &'static str, addresses: Vec<SocketAddr>) -> Result<Server> {
    let (headers, body) = order(0);
    let made = once(addresses[0], "POST", "/v1/checkouts", &headers, &body)?;
    let made: serde_json::Value = serde_json::from_slice(&made)?;
    let path = format!("/v1/checkouts/{}", made["id"].as_str().context("an id")?);
    let choice = r#"{"currency":"BTC"}"#;
    once(addresses[0], "POST", &format!("{path}/invoice"), "", choice)?;
    Ok(Server {
        name,
        addresses,
        path,
    })
}

/// What is shown there.
fn shown(address: SocketAddr, path: &str) -> Result<Answer> {
    runtime()?.block_on(async {
        let mut client = Client::new(Place::Here, 0, address);
        client.get(path).await
    })
}

/// One request and its answer, away from the load.
pub(super) fn once(
    to: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Result<Vec<u8>> {
    let mut client = Client::new(Place::Here, 0, to);
    let answer = runtime()?.block_on(client.ask(method, path, headers, body))?;
    Ok(answer.body)
}

/// What runs the requests that are not part of the load.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    Ok(builder.enable_all().build()?)
}

/// The headers and the body that make a checkout.
pub(super) fn order(number: usize) -> (String, String) {
    let body = json!({
        "price": {"amount": "25.00", "currency": "EUR"},
        "description": format!("Order {number}"),
    });
    let key = format!(
        "Authorization: Bearer {MERCHANT_KEY}\r\nIdempotency-Key: {}\r\n",
        uuid::Uuid::new_v4()
    );
    (key, body.to_string())
}

/// The request that makes a checkout.
pub(super) fn create(to: SocketAddr, number: usize) -> String {
    let (headers, body) = order(number);
    request(to, "POST", "/v1/checkouts", &headers, &body)
}
