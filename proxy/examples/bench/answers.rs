//! `bench proxy`: how many answers a second, and how soon, beside a bare server and beside a proxy that a merchant would have written.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use crate::bare;
use crate::latency::{Latency, Millis};
use crate::load::{Arrival, Load, load};
use crate::place::Place;
use crate::programs::{
    ACCOUNT, GATEWAY_SECRET, MERCHANT_KEY, Programs, Proxy, Running, Sandbox, Shop,
};
use crate::talk::{Client, request};

/// Connections that ask.
const CONNECTIONS: usize = 32;
/// Writes a second beside them.
const WRITES: u32 = 200;
/// What the rates of each round are compared with, in hundredths: of the bare server's, and of Express'.
const OF_BARE: u64 = 70;
const OF_EXPRESS: u64 = 1_000;
/// Creations a second, 64 at once.
const CREATIONS: u64 = 4_000;
/// What the proxy may add to the gateway's time.
const ADDED: [Duration; 2] = [Duration::from_millis(3), Duration::from_millis(10)];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Rounds; of the ratios of all rounds the one in the middle counts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each part of a round takes, in milliseconds.
    #[arg(long, default_value_t = 2_000)]
    millis: u64,
    /// Node, and the directory with the proxy written for it.
    #[arg(long, default_value = "node")]
    node: PathBuf,
    /// The proxy that is compared with.
    #[arg(long, default_value = "tests/bench/express.mjs")]
    express: PathBuf,
    /// Judges nothing: for computers that do other things meanwhile.
    #[arg(long)]
    any_time: bool,
}

/// Somebody who answers.
struct Server {
    name: &'static str,
    address: SocketAddr,
    path: String,
    tag: String,
    /// Whether somebody writes beside the questions.
    takes_writes: bool,
}

/// Runs it. Answers with the goals that were missed.
pub(crate) fn run(programs: &Programs, options: &Options) -> Result<Vec<String>> {
    let sandbox = programs.sandbox()?;
    let proxy = programs.proxy(
        &sandbox,
        &Shop {
            name: "answers",
            counts_networks: false,
            watch: Duration::from_secs(30),
        },
    )?;
    let (_express, express) = start_express(options, &sandbox)?;
    let (ours, body) = known(proxy.address, "proxy")?;
    let bare = Server {
        name: "bare axum",
        address: bare::serve(ours.tag.clone(), body)?,
        path: ours.path.clone(),
        tag: ours.tag.clone(),
        takes_writes: false,
    };
    let servers = [bare, ours, known(express, "Express")?.0];
    let mut missed = polls(&servers, options)?;
    missed.extend(creations(&proxy, options)?);
    missed.extend(invoices(&servers, &sandbox, options)?);
    Ok(if options.any_time { Vec::new() } else { missed })
}

fn start_express(options: &Options, sandbox: &Sandbox) -> Result<(Running, SocketAddr)> {
    let mut child = Command::new(&options.node)
        .arg(&options.express)
        .arg(format!("http://{}", sandbox.address))
        .args([ACCOUNT, "sandbox-key", GATEWAY_SECRET])
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
    Ok((
        running,
        address.with_context(|| {
            format!("Express said no address: {line}; is it installed (npm ci)?")
        })?,
    ))
}

/// One request and its answer, away from the load.
fn once(to: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> Result<Vec<u8>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut client = Client::new(Place::Here, 0, to);
    let answer = runtime.block_on(client.ask(method, path, headers, body))?;
    Ok(answer.body)
}

fn order(number: usize) -> (String, String) {
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

/// Makes a checkout there that is asked for: the server as one that answers, and its body.
fn known(address: SocketAddr, name: &'static str) -> Result<(Server, String)> {
    let (headers, body) = order(0);
    let made = once(address, "POST", "/v1/checkouts", &headers, &body)?;
    let made: serde_json::Value = serde_json::from_slice(&made)?;
    let path = format!("/v1/checkouts/{}", made["id"].as_str().context("an id")?);
    // Estimates come with the second question.
    for _ in 0..2 {
        once(address, "GET", &path, "", "")?;
        std::thread::sleep(Duration::from_millis(500));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut client = Client::new(Place::Here, 0, address);
    let answer = runtime.block_on(client.get(&path))?;
    let server = Server {
        name,
        address,
        path,
        tag: answer.tag.context("an entity tag")?,
        takes_writes: true,
    };
    Ok((server, String::from_utf8(answer.body)?))
}

/// Somebody who makes so many checkouts a second, until this is dropped.
struct Writer {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Writer {
    fn start(server: &Server) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (to, stopped) = (server.address, Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::SeqCst) {
                let made = load(
                    to,
                    8,
                    Duration::from_millis(250),
                    Arrival::Open(WRITES),
                    201,
                    move |number| create(to, number),
                );
                if made.is_err() {
                    return;
                }
            }
        });
        Self {
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn create(to: SocketAddr, number: usize) -> String {
    let (headers, body) = order(number);
    request(to, "POST", "/v1/checkouts", &headers, &body)
}

/// The value in the middle.
fn middle<T: Ord + Copy>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut all: Vec<T> = values.into_iter().collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

fn ask(server: &Server, status: u16, time: Duration, arrival: Arrival) -> Result<Load> {
    let known = match status {
        304 => format!("If-None-Match: {}\r\n", server.tag),
        _ => String::new(),
    };
    let text = request(server.address, "GET", &server.path, &known, "");
    let writer = server.takes_writes.then(|| Writer::start(server));
    let load = load(
        server.address,
        CONNECTIONS,
        time,
        arrival,
        status,
        move |_| text.clone(),
    );
    drop(writer);
    load.with_context(|| server.name)
}

fn polls(servers: &[Server; 3], options: &Options) -> Result<Vec<String>> {
    let time = Duration::from_millis(options.millis);
    let mut missed = Vec::new();
    println!(
        "\n{CONNECTIONS} connections, {WRITES} creations a second beside the questions (not at bare axum)\n"
    );
    println!(
        "| poll | answers/s | p50 ms | p99 ms | ÷ bare | ÷ Express | p50, p99 ms at 2 000/s |\n|---|---|---|---|---|---|---|"
    );
    for status in [304, 200] {
        let mut rounds: Vec<Vec<(Load, Load)>> = Vec::new();
        for _ in 0..options.rounds {
            let round = servers.iter().map(|server| {
                let all = ask(server, status, time, Arrival::Closed)?;
                let some = ask(server, status, time, Arrival::Open(2_000))?;
                anyhow::Ok((all, some))
            });
            rounds.push(round.collect::<Result<_>>()?);
        }
        let ratio = |of: usize, to: usize| {
            let each = rounds
                .iter()
                .map(|round| round[of].0.rate() * 100 / round[to].0.rate().max(1));
            middle(each).unwrap_or_default()
        };
        let slowest = |of: usize| middle(rounds.iter().map(|round| round[of].0.latency.at(99)));
        for (place, server) in servers.iter().enumerate() {
            let of = |time: fn(&(Load, Load)) -> Duration| {
                let time = middle(rounds.iter().map(|round| time(&round[place])));
                Millis(time.unwrap_or_default())
            };
            let rate = middle(rounds.iter().map(|round| round[place].0.rate()));
            println!(
                "| {} {status} | {} | {} | {} | {} | {} | {}, {} |",
                server.name,
                rate.unwrap_or_default(),
                of(|(all, _)| all.latency.at(50)),
                of(|(all, _)| all.latency.at(99)),
                Hundredths(ratio(place, 0)),
                Hundredths(ratio(place, 2)),
                of(|(_, some)| some.latency.at(50)),
                of(|(_, some)| some.latency.at(99)),
            );
        }
        if ratio(1, 0) < OF_BARE {
            missed.push(format!(
                "{status}: {} of bare axum, where 0.70 are wanted",
                Hundredths(ratio(1, 0))
            ));
        }
        if ratio(1, 2) < OF_EXPRESS {
            missed.push(format!(
                "{status}: {} of Express, where 10 are wanted",
                Hundredths(ratio(1, 2))
            ));
        }
        if slowest(1) >= slowest(2) {
            missed.push(format!("{status}: no lower p99 than Express"));
        }
    }
    Ok(missed)
}

struct Hundredths(u64);

impl std::fmt::Display for Hundredths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

fn creations(proxy: &Proxy, options: &Options) -> Result<Vec<String>> {
    let (to, time) = (proxy.address, Duration::from_millis(options.millis));
    let mut rounds = Vec::new();
    for _ in 0..options.rounds {
        rounds.push(load(to, 64, time, Arrival::Closed, 201, move |number| {
            create(to, number)
        })?);
    }
    let rate = middle(rounds.iter().map(Load::rate)).unwrap_or_default();
    let of = |percent| {
        Millis(middle(rounds.iter().map(|round| round.latency.at(percent))).unwrap_or_default())
    };
    println!(
        "\n| creations, 64 at once | /s | p50 ms | p99 ms |\n|---|---|---|---|\n| proxy (SQLite, FULL) | {rate} | {} | {} |",
        of(50),
        of(99)
    );
    Ok(if rate < CREATIONS {
        vec![format!(
            "{rate} creations a second, where {CREATIONS} are wanted"
        )]
    } else {
        Vec::new()
    })
}

/// A currency is picked on a new checkout each time, one after the other, at a gateway that takes 20 ms.
fn invoices(servers: &[Server; 3], sandbox: &Sandbox, options: &Options) -> Result<Vec<String>> {
    let fault = r#"{"path":"/api/v1/invoice/single-fiat/create","kind":"latency","delayMs":20,"times":1000000}"#;
    once(sandbox.address, "POST", "/sandbox/v1/faults", "", fault)?;
    let time = Duration::from_millis(options.millis);
    let mut rounds = Vec::new();
    for _ in 0..options.rounds {
        let mut round = Vec::new();
        for server in &servers[1..] {
            let ids = Arc::new(ids(server, time)?);
            let to = server.address;
            let mut latency = Latency::default();
            let picked = load(to, 1, time, Arrival::Closed, 200, move |number| {
                let path = format!("/v1/checkouts/{}/invoice", ids[number % ids.len()]);
                request(to, "POST", &path, "", r#"{"currency":"BTC"}"#)
            })?;
            latency.extend(picked.latency);
            round.push(latency);
        }
        rounds.push(round);
    }
    let gateway = Duration::from_millis(20);
    println!(
        "\n| invoice at a gateway that takes 20 ms | p50 ms | p99 ms | added p50 | added p99 |\n|---|---|---|---|---|"
    );
    let mut missed = Vec::new();
    for (place, server) in servers[1..].iter().enumerate() {
        let of = |percent| {
            middle(rounds.iter().map(|round| round[place].at(percent))).unwrap_or_default()
        };
        let added = [50, 99].map(|percent| of(percent).saturating_sub(gateway));
        println!(
            "| {} | {} | {} | {} | {} |",
            server.name,
            Millis(of(50)),
            Millis(of(99)),
            Millis(added[0]),
            Millis(added[1])
        );
        if server.name == "proxy" && (added[0] > ADDED[0] || added[1] > ADDED[1]) {
            missed.push(
                "an invoice takes longer than 3 ms (p50) or 10 ms (p99) beside the gateway"
                    .to_owned(),
            );
        }
    }
    Ok(missed)
}

/// Checkouts for a while of picking one after the other.
fn ids(server: &Server, time: Duration) -> Result<Vec<String>> {
    let count = usize::try_from(time.as_millis() / 20)? + 1;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut client = Client::new(Place::Here, 0, server.address);
    runtime.block_on(async {
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
