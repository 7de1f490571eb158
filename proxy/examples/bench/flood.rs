//! `bench flood`: anonymous creations without end from one network, what they leave on the disk, and whether a payment on a closed page
//! is noticed as soon as without them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use crate::closed_page::ClosedPages;
use crate::latency::{Latency, Millis};
use crate::open_files;
use crate::place::Place;
use crate::programs::{Disk, PRODUCTS, Programs, Proxy, Sandbox, Shop};
use crate::talk::{Answer, Client};

/// Connections of the flood.
const CONNECTIONS: usize = 64;
/// What one accepted checkout with an invoice may take up in the database's file, indexes included.
const CHECKOUT_BYTES: u64 = 8 * 1024;
/// What the write-ahead log may take up: SQLite writes it back from 4 MB on, and twice that while somebody reads.
const WAL_BYTES: u64 = 8 * 1024 * 1024;
/// Checkouts of one network that are let in at once, and the seconds until one more is: a tenth of `network_checkouts_per_hour`, 600.
const AT_ONCE: u64 = 60;
const SECONDS_A_CHECKOUT: u64 = 6;
/// How much longer than the watcher's pace a payment may go unnoticed.
const SLACK: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
pub(crate) struct Options {
    /// So many creations; more while payments are still to be noticed.
    #[arg(long, default_value_t = 100_000)]
    requests: u64,
    /// So many buyers close their page and pay, without the flood and then in it.
    #[arg(long, default_value_t = 12)]
    payments: usize,
    /// How often the watcher looks, `pace.watch_ms`. A shop that sets nothing has 30000.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(5_000..))]
    watch_ms: u64,
    /// Judges no time: for computers that do other things meanwhile.
    #[arg(long)]
    any_time: bool,
}

/// How the flood fared.
struct Flooded {
    /// By status and code.
    answers: BTreeMap<String, u64>,
    sent: u64,
    took: Duration,
}

/// Runs both and prints what came of them. Answers with the goals that were missed.
///
/// # Errors
/// When a program does not start, or a payment is never noticed.
pub(crate) fn run(programs: &Programs, options: &Options) -> Result<Vec<String>> {
    open_files::allow(1024)?;
    let watch = Duration::from_millis(options.watch_ms);
    let sandbox = programs.sandbox()?;
    let shop = |name| Shop {
        name,
        counts_networks: true,
        watch,
        database: None,
    };
    let calm = if options.any_time {
        // There is nothing to compare.
        Latency::default()
    } else {
        let proxy = programs.proxy(&sandbox, &shop("calm"))?;
        payments(options, &proxy, &sandbox, || ())?
    };
    let mut proxy = programs.proxy(&sandbox, &shop("flood"))?;
    let flood = Arc::new(Flood::new(options.requests, proxy.address));
    let mut before = Disk::default();
    let mut flooding = None;
    let pages = payments(options, &proxy, &sandbox, || {
        before = proxy.disk();
        flooding = Some(Arc::clone(&flood).begin());
    })?;
    flood.payments_are_over();
    let flooded = flooding
        .context("the flood has begun")?
        .join()
        .ok()
        .context("the flood's thread panicked")??;
    let accepted = flooded.accepted();
    let (after, memory) = (proxy.disk(), proxy.memory_peak());
    proxy.stop()?;

    flooded.print();
    let bound = Bound::of(&flooded);
    bound.print(accepted, [before, after, proxy.disk()]);
    println!("memory of the proxy: at most {} MB\n", memory / 1024);
    print_payments(
        options,
        [("without the flood", &calm), ("in the flood", &pages)],
    );

    let mut missed = bound.missed(accepted, before, after);
    let latest = pages.max();
    if !options.any_time && latest > watch + SLACK {
        missed.push(format!(
            "a payment in the flood was noticed after {} ms, {} allowed",
            Millis(latest),
            Millis(watch + SLACK)
        ));
    }
    Ok(missed)
}

impl Flooded {
    /// How many checkouts it was given.
    fn accepted(&self) -> u64 {
        self.answers.get("201").copied().unwrap_or(0)
    }

    fn print(&self) {
        println!(
            "{} creations from one /24 in {} s, {} a second, over {CONNECTIONS} connections; who is let in picks a currency and looks once:",
            self.sent,
            self.took.as_secs(),
            u128::from(self.sent) * 1000 / self.took.as_millis().max(1)
        );
        for (answer, count) in &self.answers {
            println!("{count:>9} {answer}");
        }
    }
}

/// What a flood may leave behind.
struct Bound {
    checkouts: u64,
    bytes: u64,
}

impl Bound {
    fn of(flooded: &Flooded) -> Self {
        let checkouts = AT_ONCE + flooded.took.as_secs() / SECONDS_A_CHECKOUT + 1;
        Self {
            checkouts,
            bytes: checkouts * CHECKOUT_BYTES + WAL_BYTES,
        }
    }

    fn missed(&self, accepted: u64, before: Disk, after: Disk) -> Vec<String> {
        let mut missed = Vec::new();
        if accepted > self.checkouts {
            let allowed = self.checkouts;
            missed.push(format!(
                "{accepted} checkouts were let in, {allowed} allowed"
            ));
        }
        let grown = grown(before, after);
        if grown > self.bytes {
            let allowed = self.bytes;
            missed.push(format!(
                "the database grew by {grown} bytes, {allowed} allowed"
            ));
        }
        missed
    }

    fn print(&self, accepted: u64, [before, after, stopped]: [Disk; 3]) {
        println!(
            "\n{:<20} {:>12} {:>12} {:>12}",
            "bytes", "before", "after", "then stopped"
        );
        let line = |name, of: fn(&Disk) -> u64| {
            let [before, after, stopped] = [before, after, stopped].map(|disk| of(&disk));
            println!("{name:<20} {before:>12} {after:>12} {stopped:>12}");
        };
        line("database", |disk| disk.database);
        line("write-ahead log", |disk| disk.write_ahead);
        line("the proxy's own log", |disk| disk.log);
        println!(
            "{accepted} checkouts more, {} allowed; database and write-ahead log grew by {} bytes, {} allowed: \
             {CHECKOUT_BYTES} a checkout and {WAL_BYTES}",
            self.checkouts,
            grown(before, after),
            self.bytes
        );
    }
}

fn grown(before: Disk, after: Disk) -> u64 {
    (after.database + after.write_ahead).saturating_sub(before.database + before.write_ahead)
}

fn print_payments(options: &Options, runs: [(&str, &Latency); 2]) {
    println!(
        "{:<20} {:>9} {:>9} {:>9}   ms until noticed; the watcher looks every {} ms",
        "closed pages", "payments", "p50", "max", options.watch_ms
    );
    for (name, latency) in runs {
        println!(
            "{name:<20} {:>9} {:>9} {:>9}",
            latency.count(),
            Millis(latency.at(50)),
            Millis(latency.max())
        );
    }
}

/// Lets buyers leave, calls `then`, and lets them pay; on this thread, which nothing else uses.
fn payments(
    options: &Options,
    proxy: &Proxy,
    sandbox: &Sandbox,
    then: impl FnOnce(),
) -> Result<Latency> {
    let watch = Duration::from_millis(options.watch_ms);
    // Two rounds of the watcher, so that what the pages read themselves no longer matters.
    let settling = if options.any_time {
        Duration::ZERO
    } else {
        2 * watch
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let pages = ClosedPages::open(options.payments, proxy, sandbox).await?;
        tokio::time::sleep(settling).await;
        then();
        pages.pay(10 * watch).await
    })
}

struct Flood {
    requests: u64,
    proxy: SocketAddr,
    sent: AtomicU64,
    is_over: AtomicBool,
}

impl Flood {
    fn new(requests: u64, proxy: SocketAddr) -> Self {
        Self {
            requests,
            proxy,
            sent: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
        }
    }

    fn payments_are_over(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// Floods on one thread, until as many requests are answered as were asked for and the payments are over.
    fn begin(self: Arc<Self>) -> std::thread::JoinHandle<Result<Flooded>> {
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let start = Instant::now();
            let mut connections = JoinSet::new();
            for number in 0..CONNECTIONS {
                connections.spawn_on(Arc::clone(&self).pour(number), runtime.handle());
            }
            let mut answers = BTreeMap::new();
            for (what, count) in runtime
                .block_on(connections.join_all())
                .into_iter()
                .flatten()
            {
                *answers.entry(what).or_default() += count;
            }
            Ok(Flooded {
                sent: answers.values().sum(),
                answers,
                took: start.elapsed(),
            })
        })
    }

    async fn pour(self: Arc<Self>, number: usize) -> BTreeMap<String, u64> {
        let mut answers = BTreeMap::new();
        let mut client = Client::new(Place::Network(32), number, self.proxy);
        let body = format!(r#"{{"product":"{}"}}"#, PRODUCTS[number % PRODUCTS.len()]);
        while self.sent.fetch_add(1, Ordering::Relaxed) < self.requests
            || !self.is_over.load(Ordering::Relaxed)
        {
            let answer = client.post("/v1/checkouts", &body).await;
            let what = match &answer {
                Ok(answer) => named(answer),
                Err(error) => format!("no answer: {error:#}"),
            };
            *answers.entry(what).or_default() += 1;
            if let Ok(answer) = answer
                && answer.status == 201
            {
                // What becomes of it does not matter to the flood.
                drop(look(&mut client, &answer).await);
            }
        }
        answers
    }
}

/// Picks a currency and looks once, so that the checkout counts as one somebody waits for.
async fn look(client: &mut Client, made: &Answer) -> Result<()> {
    let view = made.json()?;
    let path = format!(
        "/v1/checkouts/{}",
        view["id"].as_str().context("a checkout has an id")?
    );
    let choice = r#"{"currency":"BTC"}"#;
    client.post(&format!("{path}/invoice"), choice).await?;
    client.get(&path).await?;
    Ok(())
}

/// The status with the code of a refusal.
fn named(answer: &Answer) -> String {
    let code = answer
        .json()
        .ok()
        .and_then(|body| Some(body.pointer("/error/code")?.as_str()?.to_owned()));
    match code {
        Some(code) => format!("{} {code}", answer.status),
        None => answer.status.to_string(),
    }
}
