//! Pages that ask for their checkout, while others are made.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};

use super::median::{Ratio, median};
use super::options::Options;
use super::servers::{Server, Servers};
use super::writer::{WRITES, Writer};
use crate::latency::Millis;
use crate::load::{Arrival, Load, load};
use crate::talk::request;

/// Connections that ask.
const CONNECTIONS: usize = 32;
/// How often it is tried to ask for one and the same.
const TRIES: usize = 3;
/// How many questions a second are asked where it is measured how soon they are answered.
const QUIET: u32 = 2_000;

/// What the rates of each round are compared with.
const OF_BARE: Ratio = Ratio(70);
const OF_EXPRESS: Ratio = Ratio(1_000);
const OF_SQLITE: Ratio = Ratio(50);
const OF_ONE: Ratio = Ratio(170);

/// The servers, and which of them others are compared with.
const BARE: usize = 0;
const SQLITE: usize = 1;
const EXPRESS: usize = 2;
const POSTGRES: usize = 3;
const REPLICAS: usize = 4;

/// One server in one round: as many questions as it answers, and a few of them.
struct Round {
    all: Load,
    some: Load,
}

pub(super) fn run(servers: &Servers, options: &Options) -> Result<Vec<String>> {
    println!(
        "\n{CONNECTIONS} connections, {WRITES} creations a second beside the questions (not at bare axum); medians of {} rounds\n",
        options.rounds
    );
    println!(
        "| poll | answers/s | p50 ms | p99 ms | ÷ bare | ÷ Express | ÷ SQLite | p50, p99 ms at {QUIET}/s |\n|---|---|---|---|---|---|---|---|"
    );
    let mut missed = Vec::new();
    for status in [304, 200] {
        missed.extend(asked(servers, status, options)?);
    }
    Ok(missed)
}

fn asked(servers: &Servers, status: u16, options: &Options) -> Result<Vec<String>> {
    let all = [
        &servers.bare,
        &servers.sqlite,
        &servers.express,
        &servers.postgres,
        &servers.replicas,
    ];
    let mut rounds: Vec<Vec<Round>> = Vec::new();
    for _ in 0..options.rounds {
        let round = all.iter().enumerate().map(|(place, server)| {
            let ask = |arrival| ask(server, status, options.time(), arrival, place != BARE);
            anyhow::Ok(Round {
                all: ask(Arrival::Closed)?,
                some: ask(Arrival::Open(QUIET))?,
            })
        });
        rounds.push(round.collect::<Result<_>>()?);
    }
    let ratio = |of: usize, to: usize| {
        let ratios = rounds
            .iter()
            .map(|round| Ratio::of(round[of].all.rate(), round[to].all.rate()));
        median(ratios)
    };
    for (place, server) in all.iter().enumerate() {
        let of = |time: fn(&Round) -> Duration| {
            Millis(median(rounds.iter().map(|round| time(&round[place]))))
        };
        println!(
            "| {} {status} | {} | {} | {} | {} | {} | {} | {}, {} |",
            server.name,
            median(rounds.iter().map(|round| round[place].all.rate())),
            of(|round| round.all.latency.at(50)),
            of(|round| round.all.latency.at(99)),
            ratio(place, BARE),
            ratio(place, EXPRESS),
            ratio(place, SQLITE),
            of(|round| round.some.latency.at(50)),
            of(|round| round.some.latency.at(99)),
        );
    }
    let wanted = [
        (SQLITE, BARE, OF_BARE),
        (SQLITE, EXPRESS, OF_EXPRESS),
        (POSTGRES, SQLITE, OF_SQLITE),
        (REPLICAS, POSTGRES, OF_ONE),
    ];
    let mut missed = Vec::new();
    for (of, to, goal) in wanted {
        let ratio = ratio(of, to);
        if ratio < goal {
            let (of, to) = (all[of].name, all[to].name);
            missed.push(format!(
                "{status}: {of} is {ratio} of {to}, where {goal} are wanted"
            ));
        }
    }
    let slowest = |of: usize| median(rounds.iter().map(|round| round[of].all.latency.at(99)));
    if slowest(SQLITE) >= slowest(EXPRESS) {
        missed.push(format!("{status}: no lower p99 than Express"));
    }
    Ok(missed)
}

fn ask(
    server: &Server,
    status: u16,
    time: Duration,
    arrival: Arrival,
    takes_writes: bool,
) -> Result<Load> {
    let writer = takes_writes.then(|| Writer::start(server));
    let load = asked_for(server, status, time, arrival);
    writer.map_or(Ok(()), Writer::stop)?;
    load.with_context(|| server.name)
}

/// Asks for what is known to be there. It is another one when a rate has moved meanwhile, which is rare; then it is asked anew.
fn asked_for(server: &Server, status: u16, time: Duration, arrival: Arrival) -> Result<Load> {
    let mut last = None;
    for _ in 0..TRIES {
        let mut texts = HashMap::new();
        for address in &server.addresses {
            let known = match status {
                304 => format!("If-None-Match: {}\r\n", server.tag_at(*address)?),
                _ => String::new(),
            };
            let text = request(*address, "GET", &server.path, &known, "");
            texts.insert(*address, text);
        }
        let ask = move |to: SocketAddr, _| texts.get(&to).cloned().unwrap_or_default();
        match load(&server.addresses, CONNECTIONS, time, arrival, status, ask) {
            Ok(load) => return Ok(load),
            Err(error) => last = Some(error),
        }
    }
    Err(last.context("no try")?)
}
