//! `bench clients`: crowds that hold connections, and how honest buyers fare beside them.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::attack::{Attack, Crowd};
use crate::honest::{Buyers, Visits};
use crate::latency::Millis;
use crate::open_files;
use crate::place::Place;
use crate::programs::{MERCHANT_KEY, Programs, Proxy, Sandbox, Shop};
use crate::talk::Client;

/// What 99 of 100 honest requests must stay below, from before the connection is made until the answer is complete.
const GOAL: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
pub(crate) struct Options {
    /// So many clients never read their answers, and as many never finish a head.
    #[arg(long, default_value_t = 2000)]
    clients: usize,
    /// So many leave at random moments.
    #[arg(long, default_value_t = 64)]
    leavers: usize,
    /// How long honest buyers come in each run.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=30))]
    seconds: u64,
    /// Makes those who leave at random repeat a run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Judges no time: for computers that do other things meanwhile.
    #[arg(long)]
    any_time: bool,
}

/// One run: who attacks from where.
struct Run {
    name: &'static str,
    about: &'static str,
    honest: Place,
    hostile: Option<Place>,
    counts_networks: bool,
    /// What honest buyers may expect beside never a 5xx.
    expects: Expects,
}

/// What the proxy can do for buyers, by what it can tell of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expects {
    /// To be served as if nobody else was there.
    Everything,
    /// To be answered in time. The attackers use up what all unknown clients may make together, so the answer may be 429.
    Answers,
    /// Nothing: they share the attackers' network.
    Nothing,
}

const RUNS: &[Run] = &[
    Run {
        name: "calm",
        about: "nobody attacks",
        honest: Place::Networks(16),
        hostile: None,
        counts_networks: true,
        expects: Expects::Everything,
    },
    Run {
        name: "one network",
        about: "all attackers in one /24, buyers elsewhere",
        honest: Place::Networks(16),
        hostile: Some(Place::Network(32)),
        counts_networks: true,
        expects: Expects::Everything,
    },
    Run {
        name: "250 networks",
        about: "attackers in 250 networks, so that only the total bounds them",
        honest: Place::Networks(16),
        hostile: Some(Place::Networks(32)),
        counts_networks: true,
        expects: Expects::Everything,
    },
    Run {
        name: "not told apart",
        about: "no `trusted_proxies`: all clients of this computer count as one, without a limit of connections",
        honest: Place::Here,
        hostile: Some(Place::Here),
        counts_networks: false,
        expects: Expects::Answers,
    },
    Run {
        name: "same network",
        about: "buyers behind the same address as all attackers",
        honest: Place::Here,
        hostile: Some(Place::Here),
        counts_networks: true,
        expects: Expects::Nothing,
    },
];

/// Runs all of it and prints the table. Answers with the goals that were missed.
///
/// # Errors
/// When a program does not start or the system has too few open files.
pub(crate) fn run(programs: &Programs, options: &Options) -> Result<Vec<String>> {
    // The programs of both sides, and as many again that are just being closed.
    let connections = 2 * options.clients + options.leavers;
    open_files::allow(u64::try_from(2 * connections + 1000)?)?;
    let sandbox = programs.sandbox()?;
    println!(
        "{} clients that never read, {} that never finish a head, {} that leave at random; whoever is cut off comes back at once.\n\
         Beside them buyers make about 200 requests a second for {} s a run. Times in milliseconds.\n",
        options.clients, options.clients, options.leavers, options.seconds
    );
    println!(
        "{:<15} {:>8} {:>8} {:>7} {:>7} {:>6} {:>5} {:>4} {:>6} {:>7} {:>7} {:>7} {:>7} {:>8}",
        "run",
        "attacks",
        "cut off",
        "honest",
        "served",
        "again",
        "4xx",
        "5xx",
        "failed",
        "p50",
        "p95",
        "p99",
        "max",
        "memory"
    );
    let mut missed = Vec::new();
    for run in RUNS {
        let visits = run.play(programs, options, &sandbox)?;
        missed.extend(run.missed(&visits, options));
    }
    println!();
    for run in RUNS {
        println!("{}: {}", run.name, run.about);
    }
    Ok(missed)
}

impl Run {
    fn play(&self, programs: &Programs, options: &Options, sandbox: &Sandbox) -> Result<Visits> {
        let shop = Shop {
            name: &self.name.replace(' ', "-"),
            counts_networks: self.counts_networks,
            watch: Duration::from_secs(30),
            database: None,
        };
        let proxy = programs.proxy(sandbox, &shop)?;
        let checkout = merchants_checkout(&proxy)?;
        let crowd = self.hostile.map(|place| Crowd {
            clients: options.clients,
            leavers: options.leavers,
            place,
            proxy: proxy.address,
            checkout: checkout.clone(),
            seed: options.seed,
        });
        let attack = crowd.as_ref().map(Attack::begin).transpose()?;
        let buyers = Buyers {
            place: self.honest,
            proxy: proxy.address,
            checkout,
        };
        let visits = buyers.come(Duration::from_secs(options.seconds))?;
        let [made, cut_off] = attack.as_ref().map_or([0, 0], Attack::counts);
        let at = |percent| Millis(visits.latency.at(percent));
        println!(
            "{:<15} {made:>8} {cut_off:>8} {:>7} {:>7} {:>6} {:>5} {:>4} {:>6} {:>7} {:>7} {:>7} {:>7} {:>5} MB",
            self.name,
            visits.latency.count(),
            visits.served,
            visits.again,
            visits.refused,
            visits.broken,
            visits.failed,
            at(50),
            at(95),
            at(99),
            Millis(visits.latency.max()),
            proxy.memory_peak() / 1024
        );
        if let Some(first) = &visits.first {
            println!("{:<15} first of them: {first}", "");
        }
        Ok(visits)
    }

    fn missed(&self, visits: &Visits, options: &Options) -> Vec<String> {
        let mut missed = Vec::new();
        let mut goal = |holds: bool, what: String| {
            if !holds {
                missed.push(format!("{}: {what}", self.name));
            }
        };
        goal(
            visits.broken == 0,
            format!("{} answers of 5xx, none allowed", visits.broken),
        );
        if self.expects == Expects::Everything {
            let refused = visits.refused;
            goal(refused == 0, format!("{refused} refused, none allowed"));
        }
        if self.expects != Expects::Nothing {
            let failed = visits.failed;
            goal(
                failed == 0,
                format!("{failed} without an answer, none allowed"),
            );
            let p99 = visits.latency.at(99);
            goal(
                options.any_time || p99 < GOAL,
                format!("p99 is {} ms, below {} wanted", Millis(p99), Millis(GOAL)),
            );
        }
        missed
    }
}

/// A checkout that no limit on strangers keeps from being made.
fn merchants_checkout(proxy: &Proxy) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let view = runtime.block_on(async {
        let mut client = Client::new(Place::Here, 0, proxy.address);
        let headers = format!("Authorization: Bearer {MERCHANT_KEY}\r\nIdempotency-Key: bench\r\n");
        let body = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;
        client
            .ask("POST", "/v1/checkouts", &headers, body)
            .await?
            .expect(201)
    })?;
    let id = view["id"].as_str().context("a checkout has an id")?;
    Ok(id.to_owned())
}
