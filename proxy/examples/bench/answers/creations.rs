//! Checkouts made as fast as they can be.

use anyhow::Result;

use super::median::{Ratio, median};
use super::options::Options;
use super::servers::{Servers, create};
use crate::latency::Millis;
use crate::load::{Arrival, Load, load};

/// How many are asked for at once.
const AT_ONCE: usize = 64;
/// Creations a second on SQLite.
const GOAL: u64 = 4_000;

pub(super) fn run(servers: &Servers, options: &Options) -> Result<Vec<String>> {
    println!(
        "\n| creations, {AT_ONCE} at once | /s | p50 ms | p99 ms | ÷ SQLite |\n|---|---|---|---|---|"
    );
    let all = [&servers.sqlite, &servers.postgres, &servers.replicas];
    let mut rounds: Vec<Vec<Load>> = Vec::new();
    for _ in 0..options.rounds {
        let round = all.iter().map(|server| {
            let (to, time) = (&server.addresses, options.time());
            load(to, AT_ONCE, time, Arrival::Closed, 201, create)
        });
        rounds.push(round.collect::<Result<_>>()?);
    }
    for (place, server) in all.iter().enumerate() {
        let at = |percent| {
            Millis(median(
                rounds.iter().map(|round| round[place].latency.at(percent)),
            ))
        };
        let ratios = rounds
            .iter()
            .map(|round| Ratio::of(round[place].rate(), round[0].rate()));
        println!(
            "| {} | {} | {} | {} | {} |",
            server.name,
            median(rounds.iter().map(|round| round[place].rate())),
            at(50),
            at(99),
            median(ratios),
        );
    }
    let rate = median(rounds.iter().map(|round| round[0].rate()));
    Ok(if rate < GOAL {
        vec![format!(
            "{rate} creations a second, where {GOAL} are wanted"
        )]
    } else {
        Vec::new()
    })
}
