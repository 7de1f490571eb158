//! `bench push`: thousands of pages that listen, what they cost, and how soon all of them hear of a change.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::latency::{Latency, Millis};
use crate::open_files;
use crate::place::Place;
use crate::programs::{MERCHANT_KEY, Programs, Proxy, Shop};
use crate::talk::{Client, request};

/// How much memory the proxy may need for all of it, in kilobytes.
const GOAL: u64 = 200 * 1024;
/// How many pages open their streams at the same time.
const AT_ONCE: usize = 200;
/// How long is waited for the next page that hears of a change.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a message says when a currency was picked.
const PICKED: &[u8] = br#""state":"awaiting""#;
/// What every first message says.
const OPEN: &[u8] = br#""state":"choosing""#;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Pages that listen.
    #[arg(long, default_value_t = 10_000)]
    streams: usize,
    /// Checkouts they listen to, each as many.
    #[arg(long, default_value_t = 1_000)]
    checkouts: usize,
}

/// What a page tells: the number of its checkout, whether a currency is picked there, and when it heard of it.
struct Heard {
    checkout: usize,
    is_picked: bool,
    at: Instant,
}

/// Runs it. Answers with the goals that were missed.
pub(crate) fn run(programs: &Programs, options: &Options) -> Result<Vec<String>> {
    if options.checkouts == 0 || !options.streams.is_multiple_of(options.checkouts) {
        bail!("each checkout needs as many pages as any other");
    }
    open_files::allow(u64::try_from(options.streams)? + 1_024)?;
    let sandbox = programs.sandbox()?;
    let proxy = programs.proxy(
        &sandbox,
        &Shop {
            name: "push",
            counts_networks: true,
            watch: Duration::from_secs(30),
            database: None,
        },
    )?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(listen(&proxy, options))
}

async fn listen(proxy: &Proxy, options: &Options) -> Result<Vec<String>> {
    let before = proxy.memory_peak();
    let checkouts = Arc::new(make(proxy, options.checkouts).await?);
    let made = proxy.memory_peak();
    let (tell, mut heard) = unbounded_channel();
    let (begun, doors) = (Instant::now(), Arc::new(Semaphore::new(AT_ONCE)));
    for page in 0..options.streams {
        let (checkouts, tell, doors) = (Arc::clone(&checkouts), tell.clone(), Arc::clone(&doors));
        let to = proxy.address;
        tokio::spawn(async move {
            let checkout = page % checkouts.len();
            // Held until the first message: a connection that waits too long for its turn is closed, and a page would ask again.
            let door = doors.acquire_owned().await?;
            let path = format!("/v1/checkouts/{}/events", checkouts[checkout]);
            let mut stream = Place::Networks(48).connect(page, to).await?;
            let ask = request(to, "GET", &path, "", "");
            stream.write_all(ask.as_bytes()).await?;
            hear(stream, checkout, tell, door).await
        });
    }
    drop(tell);
    for _ in 0..options.streams {
        next(&mut heard).await?;
    }
    let opened = begun.elapsed();
    let open = proxy.memory_peak();
    let (all, each) = pick(proxy, options, &checkouts, &mut heard).await?;
    let peak = proxy.memory_peak();
    println!(
        "\n{} pages listen to {} checkouts; all were open after {} ms\n",
        options.streams,
        options.checkouts,
        Millis(opened)
    );
    println!("| the proxy's memory, at most | MiB |\n|---|---|");
    for (what, kilobytes) in [
        ("at its start", before),
        ("with the checkouts", made),
        ("with all streams open", open),
        ("when all of them have heard of a change", peak),
    ] {
        println!("| {what} | {} |", kilobytes / 1024);
    }
    println!(
        "\n| from before a currency is picked until | p50 ms | p99 ms | max ms |\n|---|---|---|---|"
    );
    for (who, times) in [
        ("one page has heard of it", each),
        ("all of them have", all),
    ] {
        println!(
            "| {who} | {} | {} | {} |",
            Millis(times.at(50)),
            Millis(times.at(99)),
            Millis(times.max())
        );
    }
    Ok(if peak > GOAL {
        vec![format!("{peak} kB, where at most {GOAL} are allowed")]
    } else {
        Vec::new()
    })
}

/// Picks a currency on one checkout after the other, and waits until all its pages have heard of it: how long it took for all of them and
/// for each.
async fn pick(
    proxy: &Proxy,
    options: &Options,
    checkouts: &[String],
    heard: &mut UnboundedReceiver<Heard>,
) -> Result<(Latency, Latency)> {
    let pages = options.streams / options.checkouts;
    let (mut all, mut each) = (Latency::default(), Latency::default());
    for (number, id) in checkouts.iter().enumerate() {
        // Buyers of many networks: one of them may not pick so often.
        let mut buyer = Client::new(Place::Networks(16), number, proxy.address);
        let begun = Instant::now();
        let path = format!("/v1/checkouts/{id}/invoice");
        buyer
            .post(&path, r#"{"currency":"BTC"}"#)
            .await?
            .expect(200)?;
        let mut last = Duration::ZERO;
        for _ in 0..pages {
            let one = loop {
                let one = next(heard).await?;
                // Estimates may change as well.
                if one.is_picked {
                    break one;
                }
            };
            if one.checkout != number {
                bail!("a page of another checkout was told");
            }
            let took = one.at.duration_since(begun);
            each.note(took);
            last = last.max(took);
        }
        all.note(last);
    }
    Ok((all, each))
}

async fn next(heard: &mut UnboundedReceiver<Heard>) -> Result<Heard> {
    let one = tokio::time::timeout(PATIENCE, heard.recv()).await;
    one.context("a page hears nothing")?
        .context("all streams have ended")
}

/// Makes checkouts as the merchant's server.
async fn make(proxy: &Proxy, count: usize) -> Result<Vec<String>> {
    let mut server = Client::new(Place::Here, 0, proxy.address);
    let mut all = Vec::with_capacity(count);
    for number in 0..count {
        let body = json!({
            "price": {"amount": "25.00", "currency": "EUR"},
            "description": format!("Order {number}"),
        });
        let headers =
            format!("Authorization: Bearer {MERCHANT_KEY}\r\nIdempotency-Key: push-{number}\r\n");
        let made = server
            .ask("POST", "/v1/checkouts", &headers, &body.to_string())
            .await?
            .expect(201)?;
        all.push(made["id"].as_str().context("an id")?.to_owned());
    }
    Ok(all)
}

/// Tells of the first message, and of each that comes after a currency was picked.
async fn hear(
    mut stream: TcpStream,
    checkout: usize,
    tell: UnboundedSender<Heard>,
    door: OwnedSemaphorePermit,
) -> Result<()> {
    let mut door = Some(door);
    let mut block = Vec::new();
    let mut has_begun = false;
    loop {
        if stream.read_buf(&mut block).await? == 0 {
            bail!("the stream has ended");
        }
        while let Some(end) = find(&block, b"\n\n") {
            let message: Vec<u8> = block.drain(..end + 2).collect();
            let is_picked = find(&message, PICKED).is_some();
            if is_picked || (!has_begun && find(&message, OPEN).is_some()) {
                has_begun = true;
                drop(door.take());
                let at = Instant::now();
                let one = Heard {
                    checkout,
                    is_picked,
                    at,
                };
                // Nobody may listen any more.
                drop(tell.send(one));
            }
        }
        if block.is_empty() {
            block = Vec::new();
        }
    }
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|found| found == word)
}
