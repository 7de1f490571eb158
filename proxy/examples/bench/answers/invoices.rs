//! A currency is picked on a new checkout each time, one after the other, at a gateway that takes 20 ms.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use secrecy::SecretString;
use serde_json::json;

use super::median::median;
use super::options::Options;
use super::servers::{Server, Servers, once, order, runtime};
use crate::latency::{Latency, Millis};
use crate::load::{Arrival, load};
use crate::place::Place;
use crate::programs::{ACCOUNT, GATEWAY_KEY, GATEWAY_SECRET};
use crate::talk::{Client, request};

const PATH: &str = "/api/v1/invoice/single-fiat/create";
/// What the gateway takes for each.
const GATEWAY: Duration = Duration::from_millis(20);
/// How much of them may be added, at the median and at the 99th percentile, on SQLite.
const GOALS: [Duration; 2] = [Duration::from_millis(3), Duration::from_millis(10)];

pub(super) fn run(servers: &Servers, options: &Options) -> Result<Vec<String>> {
    let fault = json!({"path": PATH, "kind": "latency", "delayMs": GATEWAY.as_millis(), "times": 1_000_000});
    let gateway = servers.sandbox.address;
    once(
        gateway,
        "POST",
        "/sandbox/v1/faults",
        "",
        &fault.to_string(),
    )?;
    let all = [&servers.sqlite, &servers.express, &servers.postgres];
    let mut rounds: Vec<Vec<Latency>> = Vec::new();
    for _ in 0..options.rounds {
        let mut round = vec![alone(gateway, options.time())?];
        for server in all {
            round.push(picked(server, options.time())?);
        }
        rounds.push(round);
    }
    println!(
        "\n| invoice at a gateway that takes {} ms | p50 ms | p99 ms | added p50 | added p99 |\n|---|---|---|---|---|",
        GATEWAY.as_millis()
    );
    let mut missed = Vec::new();
    for place in 0..=all.len() {
        let at = |percent| median(rounds.iter().map(|round| round[place].at(percent)));
        let added = [50, 99].map(|percent| {
            let added = rounds.iter().map(|round| {
                round[place]
                    .at(percent)
                    .saturating_sub(round[0].at(percent))
            });
            median(added)
        });
        let name = place
            .checked_sub(1)
            .map_or("the gateway alone", |of| all[of].name);
        println!(
            "| {name} | {} | {} | {} | {} |",
            Millis(at(50)),
            Millis(at(99)),
            Millis(added[0]),
            Millis(added[1])
        );
        if place == 1 && added.iter().zip(GOALS).any(|(added, goal)| *added > goal) {
            missed.push(format!(
                "an invoice takes {} ms (p50) and {} ms (p99) more than the gateway, where 3 and 10 are wanted",
                Millis(added[0]),
                Millis(added[1])
            ));
        }
    }
    Ok(missed)
}

/// How long the gateway itself takes, for somebody who does nothing but ask it.
fn alone(gateway: SocketAddr, time: Duration) -> Result<Latency> {
    let secret = SecretString::from(GATEWAY_SECRET);
    let load = load(
        &[gateway],
        1,
        time,
        Arrival::Closed,
        200,
        move |to, number| {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            let body = json!({
                "timestamp": now.map_or(0, |now| now.as_millis()),
                "account": ACCOUNT,
                "payload": {
                    "currency": "BTC",
                    "fiatAmount": 25,
                    "fiatCurrency": "EUR",
                    "description": format!("Order {number}"),
                    "idempotencyKey": uuid::Uuid::new_v4(),
                },
            });
            let body = body.to_string();
            let sign = calypso::sign::sign(&secret, body.as_bytes());
            request(
                to,
                "POST",
                PATH,
                &format!("Key: {GATEWAY_KEY}\r\nSign: {sign}\r\n"),
                &body,
            )
        },
    )?;
    Ok(load.latency)
}

fn picked(server: &Server, time: Duration) -> Result<Latency> {
    let ids = Arc::new(ids(server, time)?);
    let load = load(
        &server.addresses,
        1,
        time,
        Arrival::Closed,
        200,
        move |to, number| {
            let path = format!("/v1/checkouts/{}/invoice", ids[number % ids.len()]);
            request(to, "POST", &path, "", r#"{"currency":"BTC"}"#)
        },
    )?;
    Ok(load.latency)
}

/// Checkouts for a while of picking one after the other.
fn ids(server: &Server, time: Duration) -> Result<Vec<String>> {
    let count = usize::try_from(time.as_millis() / GATEWAY.as_millis())? + 1;
    let mut client = Client::new(Place::Here, 0, server.addresses[0]);
    runtime()?.block_on(async {
        let mut all = Vec::with_capacity(count);
        for number in 0..count {
            let (headers, body) = order(number);
            let made = client.ask("POST", "/v1/checkouts", &headers, &body).await?;
            let made = made.expect(201)?;
            all.push(made["id"].as_str().context("an id")?.to_owned());
        }
        Ok(all)
    })
}
