//! `bench overload`: a shop is asked for more than it can do. Whoever is served is served nearly as soon as when it is asked for half
//! of what it can do, and the others are told at once to come again.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use crate::latency::{Latency, Millis};
use crate::load::{Arrival, Line, load};
use crate::open_files;
use crate::programs::{MERCHANT_KEY, Programs, Proxy, Shop};
use crate::talk::request;

/// Connections while its capacity is measured.
const CONNECTIONS: usize = 64;
/// Connections of the crowd: more than are worked on at the same time, and fewer than may be open.
const CROWD: usize = 512;
/// Which part of its capacity a shop is asked for on a quiet day, in percent, to compare with.
const QUIET: u32 = 50;
/// How late a request may be sent. What is later was never asked for: a generator without room for it measures itself.
const LATE: Duration = Duration::from_millis(100);

#[derive(clap::Args)]
pub(crate) struct Options {
    /// How much is asked for, in percent of what the proxy can do.
    #[arg(long, default_value_t = 400)]
    percent: u32,
    /// For how long. A soak is `--percent 50 --seconds 3600`, a spike `--percent 1000 --seconds 2`.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many checkouts pages ask for, in turn. Of more than 8 192 not all are kept in memory.
    #[arg(long, default_value_t = 1)]
    checkouts: usize,
    /// Judges no time: for computers that do other things meanwhile.
    #[arg(long)]
    any_time: bool,
}

/// What was asked for, over and over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// The merchant's server makes checkouts: each is a write.
    Creations,
    /// Pages ask for a checkout.
    Polls,
}

/// How a crowd fared.
#[derive(Default)]
struct Outcome {
    served: Latency,
    shed: Latency,
    /// By status. Nought stands for no answer.
    statuses: BTreeMap<u16, u64>,
    /// Refused without a word about when to come again.
    unexplained: u64,
    unsent: u64,
    took: Duration,
}

/// Measures both, and prints what came of them. Answers with the goals that were missed.
///
/// # Errors
/// When a program does not start, or does not answer what it should.
pub(crate) fn run(programs: &Programs, options: &Options) -> Result<Vec<String>> {
    open_files::allow(4096)?;
    let sandbox = programs.sandbox()?;
    let mut missed = Vec::new();
    for (what, name) in [(What::Creations, "creations"), (What::Polls, "polls")] {
        let shop = Shop {
            name,
            counts_networks: false,
            watch: Duration::from_secs(30),
            database: None,
        };
        let mut proxy = programs.proxy(&sandbox, &shop)?;
        missed.extend(measure(what, name, &proxy, options)?);
        proxy.stop()?;
    }
    Ok(missed)
}

fn measure(what: What, name: &str, proxy: &Proxy, options: &Options) -> Result<Vec<String>> {
    let make = requests(what, proxy, options.checkouts)?;
    let status = if what == What::Creations { 201 } else { 200 };
    let (time, to) = (
        Duration::from_secs(options.seconds.min(10)),
        [proxy.address],
    );
    let capacity = {
        let make = Arc::clone(&make);
        load(
            &to,
            CONNECTIONS,
            time,
            Arrival::Closed,
            status,
            move |to, _| make(to),
        )?
    };
    let rate = u32::try_from(capacity.rate())?.max(1);
    let quiet = crowd(&make, proxy.address, rate * QUIET / 100, time)?;
    let before = proxy.memory()?;
    let asked = u32::try_from(u64::from(rate) * u64::from(options.percent) / 100)?;
    let outcome = crowd(
        &make,
        proxy.address,
        asked,
        Duration::from_secs(options.seconds),
    )?;
    let after = proxy.memory()?;
    let nominal = quiet.served.at(99);
    println!(
        "{name}: {rate} a second is what it can do over {CONNECTIONS} connections, with the generator beside it"
    );
    println!(
        "{:<24} {:>9} {:>9} {:>9} {:>9} {:>8} {:>8} {:>8}",
        "", "asked/s", "served/s", "refused", "unsent", "p50 ms", "p99 ms", "refused p99 ms"
    );
    println!(
        "{:<24} {rate:>9} {rate:>9} {:>9} {:>9} {:>8} {:>8} {:>8}",
        "as much as it can do",
        0,
        0,
        Millis(capacity.latency.at(50)),
        Millis(capacity.latency.at(99)),
        Millis(Duration::ZERO)
    );
    quiet.print("half of it", rate * QUIET / 100);
    outcome.print(&format!("{} %", options.percent), asked);
    println!(
        "statuses: {:?}; memory {before} kB before, {after} kB after\n",
        outcome.statuses
    );

    let mut missed = Vec::new();
    let mut goal = |is_reached: bool, text: String| {
        if !is_reached {
            missed.push(format!("{name}: {text}"));
        }
    };
    let others: u64 = outcome
        .statuses
        .iter()
        .filter(|(known, _)| ![status, 429, 503].contains(known))
        .map(|(_, count)| count)
        .sum();
    goal(
        others == 0,
        format!("{others} were neither served nor told to come again"),
    );
    goal(
        outcome.unexplained == 0,
        format!("{} were refused without Retry-After", outcome.unexplained),
    );
    goal(
        after <= before + before / 4 + 8_192,
        format!("memory grew from {before} to {after} kB"),
    );
    if !options.any_time {
        let p99 = outcome.served.at(99);
        goal(
            p99 < nominal * 2,
            format!(
                "p99 of who is served is {} ms, twice the {} ms of half its capacity or more",
                Millis(p99),
                Millis(nominal)
            ),
        );
    }
    Ok(missed)
}

type Make = Arc<dyn Fn(SocketAddr) -> String + Send + Sync>;

/// What writes the next request.
fn requests(what: What, proxy: &Proxy, checkouts: usize) -> Result<Make> {
    let number = Arc::new(AtomicU64::new(0));
    let body = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;
    let create = move |to| {
        let key = number.fetch_add(1, Ordering::Relaxed);
        let headers =
            format!("Authorization: Bearer {MERCHANT_KEY}\r\nIdempotency-Key: bench-{key}\r\n");
        request(to, "POST", "/v1/checkouts", &headers, body)
    };
    if what == What::Creations {
        return Ok(Arc::new(create));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let paths = runtime.block_on(async {
        let mut line = Line::open(proxy.address).await?;
        let mut paths = Vec::with_capacity(checkouts);
        for _ in 0..checkouts.max(1) {
            let made = line.ask(create(proxy.address).as_bytes()).await?;
            let view: serde_json::Value = serde_json::from_slice(line.body(&made))?;
            let id = view["id"].as_str().context("a checkout has an id")?;
            paths.push(format!("/v1/checkouts/{id}"));
        }
        anyhow::Ok(paths)
    })?;
    let turn = AtomicUsize::new(0);
    Ok(Arc::new(move |to| {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        request(to, "GET", &paths[turn % paths.len()], "", "")
    }))
}

/// Asks so many times a second, whatever becomes of it.
fn crowd(make: &Make, to: SocketAddr, rate: u32, time: Duration) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (begun, mut all) = (Instant::now(), JoinSet::new());
        for number in 0..CROWD {
            all.spawn(one(Arc::clone(make), to, number, rate.max(1), begun, time));
        }
        let mut outcome = Outcome::default();
        while let Some(one) = all.join_next().await {
            outcome.add(one??);
        }
        outcome.took = begun.elapsed();
        Ok(outcome)
    })
}

/// One connection of it, opened anew whenever it was closed.
async fn one(
    make: Make,
    to: SocketAddr,
    number: usize,
    rate: u32,
    begun: Instant,
    time: Duration,
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut line = None;
    for turn in (number..).step_by(CROWD) {
        let due = Duration::from_secs(u64::try_from(turn)?) / rate;
        if due >= time {
            break;
        }
        tokio::time::sleep_until((begun + due).into()).await;
        if begun.elapsed() > due + LATE {
            outcome.unsent += 1;
            continue;
        }
        let sent = Instant::now();
        let answered = async {
            let mut open = match line.take() {
                Some(open) => open,
                None => Line::open(to).await?,
            };
            let answered = open.ask(make(to).as_bytes()).await?;
            line = Some(open);
            anyhow::Ok(answered)
        };
        let Ok(answered) = answered.await else {
            *outcome.statuses.entry(0).or_default() += 1;
            continue;
        };
        *outcome.statuses.entry(answered.status).or_default() += 1;
        if answered.status < 300 {
            outcome.served.note(sent.elapsed());
        } else {
            outcome.shed.note(sent.elapsed());
            outcome.unexplained += u64::from(!answered.says_when);
        }
    }
    Ok(outcome)
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.served.extend(other.served);
        self.shed.extend(other.shed);
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.unexplained += other.unexplained;
        self.unsent += other.unsent;
    }

    fn print(&self, name: &str, asked: u32) {
        let millis = self.took.as_millis().max(1);
        println!(
            "{name:<24} {asked:>9} {:>9} {:>9} {:>9} {:>8} {:>8} {:>8}",
            (self.served.count() as u128) * 1000 / millis,
            self.shed.count(),
            self.unsent,
            Millis(self.served.at(50)),
            Millis(self.served.at(99)),
            Millis(self.shed.at(99))
        );
    }
}
