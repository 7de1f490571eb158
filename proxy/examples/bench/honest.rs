//! Buyers who come one after the other, whatever happens to those before them, and what they met.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::latency::Latency;
use crate::place::Place;
use crate::programs::PRODUCTS;
use crate::talk::{Answer, Client};

/// How often a buyer asks for news before leaving.
const POLLS: u32 = 17;
/// Between two requests of one buyer.
const PAUSE: Duration = Duration::from_millis(150);
/// Between the first requests of two buyers. With 20 requests each that is 200 a second; and so few buyers pick a currency that the shop's
/// own limit for invoices does not stop them.
const NEXT: Duration = Duration::from_millis(100);

/// What the buyers of one run met.
#[derive(Default)]
pub(crate) struct Visits {
    /// From before the connection is made until the answer is complete.
    pub(crate) latency: Latency,
    /// Answers of 200 to 399.
    pub(crate) served: usize,
    /// Answers of 400 to 499.
    pub(crate) refused: usize,
    /// Answers from 500.
    pub(crate) broken: usize,
    /// Requests without an answer.
    pub(crate) failed: usize,
    /// Requests that were sent again, unseen by the buyer, because a kept connection had been closed.
    pub(crate) again: u32,
    /// What the first refusal, breakdown or failure was.
    pub(crate) first: Option<String>,
}

/// Where buyers come from, and where they go.
#[derive(Clone)]
pub(crate) struct Buyers {
    pub(crate) place: Place,
    pub(crate) proxy: SocketAddr,
    /// A checkout that the merchant's server made, for a buyer whose own is refused.
    pub(crate) checkout: String,
}

impl Buyers {
    /// Lets buyers come for `time`, on a thread of their own so that nothing else in this program makes them slow.
    pub(crate) fn come(&self, time: Duration) -> Result<Visits> {
        let all = self.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            anyhow::Ok(runtime.block_on(all.one_after_the_other(time)))
        });
        thread.join().ok().context("the buyers' thread panicked")?
    }

    async fn one_after_the_other(self, time: Duration) -> Visits {
        let mut visits = JoinSet::new();
        let mut ticks = tokio::time::interval(NEXT);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let end = Instant::now() + time;
        let mut number = 0;
        while Instant::now() < end {
            ticks.tick().await;
            visits.spawn(self.clone().visit(number, end));
            number += 1;
        }
        let mut all = Visits::default();
        while let Some(visit) = visits.join_next().await {
            if let Ok(visit) = visit {
                all.add(visit);
            }
        }
        all
    }

    /// Makes a checkout, shows it, picks a currency and asks for news, at the latest until `end`. Every second buyer makes a connection
    /// for each request.
    async fn visit(self, number: usize, end: Instant) -> Visits {
        let mut visits = Visits::default();
        let mut client = Client::new(self.place, number, self.proxy);
        let keeps = number % 2 == 1;
        let product = PRODUCTS[number % PRODUCTS.len()];
        let made = visits
            .note(
                client
                    .post_timed("/v1/checkouts", &format!(r#"{{"product":"{product}"}}"#))
                    .await,
            )
            .filter(|answer| answer.status == 201)
            .and_then(|answer| answer.json().ok())
            .and_then(|view| view["id"].as_str().map(str::to_owned));
        let id = made.unwrap_or(self.checkout);
        let path = format!("/v1/checkouts/{id}");
        for step in 0..2 + POLLS {
            if !keeps {
                client.hang_up();
            }
            tokio::time::sleep(PAUSE).await;
            if Instant::now() >= end {
                break;
            }
            let asked = if step == 1 {
                client
                    .post_timed(&format!("{path}/invoice"), r#"{"currency":"BTC"}"#)
                    .await
            } else {
                client.get_timed(&path).await
            };
            visits.note(asked);
        }
        visits.again = client.again;
        visits
    }
}

/// An answer with its time.
type Timed = (Duration, Result<Answer>);

impl Client {
    async fn get_timed(&mut self, path: &str) -> Timed {
        let start = Instant::now();
        let answer = self.get(path).await;
        (start.elapsed(), answer)
    }

    async fn post_timed(&mut self, path: &str, body: &str) -> Timed {
        let start = Instant::now();
        let answer = self.post(path, body).await;
        (start.elapsed(), answer)
    }
}

impl Visits {
    fn note(&mut self, (took, answer): Timed) -> Option<Answer> {
        self.latency.note(took);
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.failed += 1;
                self.first.get_or_insert(format!("{error:#}"));
                return None;
            }
        };
        match answer.status {
            ..400 => self.served += 1,
            400..500 => self.refused += 1,
            500.. => self.broken += 1,
        }
        if answer.status >= 400 {
            let text = String::from_utf8_lossy(&answer.body);
            self.first
                .get_or_insert(format!("{}: {text}", answer.status));
        }
        Some(answer)
    }

    fn add(&mut self, other: Self) {
        self.latency.extend(other.latency);
        self.served += other.served;
        self.refused += other.refused;
        self.broken += other.broken;
        self.failed += other.failed;
        self.again += other.again;
        self.first = self.first.take().or(other.first);
    }
}
