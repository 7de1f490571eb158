//! Requests without end over a few connections, with as little work for each as can be: the two processors are shared with the server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::latency::Latency;

/// What came of it.
#[derive(Default, Clone)]
pub(crate) struct Load {
    pub(crate) latency: Latency,
    pub(crate) took: Duration,
}

impl Load {
    /// Answers a second.
    pub(crate) fn rate(&self) -> u64 {
        let millis = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        let count = u64::try_from(self.latency.count()).unwrap_or(u64::MAX);
        count.saturating_mul(1000) / millis.max(1)
    }
}

/// How requests come.
#[derive(Clone, Copy)]
pub(crate) enum Arrival {
    /// Each after the answer to the one before it on its connection.
    Closed,
    /// So many a second, whatever becomes of those before. The time counts from when one should have been sent.
    Open(u32),
}

/// Sends the requests of `make`, which is told where one goes and its number, over so many connections for `time`. The connections are
/// spread over the addresses. Each request has to be answered with `status`.
pub(crate) fn load(
    to: &[SocketAddr],
    connections: usize,
    time: Duration,
    arrival: Arrival,
    status: u16,
    make: impl Fn(SocketAddr, usize) -> String + Send + Sync + 'static,
) -> Result<Load> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (make, mut all) = (Arc::new(make), JoinSet::new());
        let begun = Instant::now();
        let end = begun + time;
        for number in 0..connections {
            let make = Arc::clone(&make);
            let to = to[number % to.len()];
            all.spawn(async move {
                let mut latency = Latency::default();
                let mut line = Line::open(to).await?;
                let mut count = 0;
                loop {
                    let due = match arrival {
                        Arrival::Closed => Instant::now(),
                        Arrival::Open(rate) => {
                            let turn = u32::try_from(count * connections + number)?;
                            let due = begun + Duration::from_secs(turn.into()) / rate;
                            tokio::time::sleep_until(due.into()).await;
                            due
                        }
                    };
                    if due >= end || Instant::now() >= end {
                        return anyhow::Ok(latency);
                    }
                    let request = make(to, count * connections + number);
                    let came = line.ask(request.as_bytes()).await?.status;
                    if came != status {
                        bail!("expected status {status}, came {came}");
                    }
                    latency.note(due.elapsed());
                    count += 1;
                }
            });
        }
        let mut load = Load::default();
        while let Some(one) = all.join_next().await {
            load.latency.extend(one??);
        }
        load.took = begun.elapsed();
        Ok(load)
    })
}

/// What a line has read.
pub(crate) struct Answered {
    pub(crate) status: u16,
    /// Whether a refusal says when to come again.
    pub(crate) says_when: bool,
    head: usize,
}

/// One connection.
pub(crate) struct Line {
    stream: TcpStream,
    to: SocketAddr,
    read: Vec<u8>,
}

impl Line {
    pub(crate) async fn open(to: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            to,
            read: Vec::with_capacity(16 * 1024),
        })
    }

    /// The body of what was answered last.
    pub(crate) fn body(&self, answered: &Answered) -> &[u8] {
        &self.read[answered.head..]
    }

    /// Sends a request and reads its answer to the end.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answered> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let (answered, length, closes) = loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                bail!("the connection was closed before the answer");
            }
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break head(&self.read[..end], end + 4)?;
            }
        };
        while self.read.len() < length {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                bail!("the connection was closed in the answer");
            }
        }
        if closes {
            let read = std::mem::take(&mut self.read);
            *self = Self::open(self.to).await?;
            self.read = read;
        }
        Ok(answered)
    }
}

/// What an answer's head says, how long the answer is with it, and whether its connection closes.
fn head(head: &[u8], length: usize) -> Result<(Answered, usize, bool)> {
    let text = std::str::from_utf8(head)?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.get(9..12));
    let status = status.context("no status line")?.parse()?;
    let mut answered = Answered {
        status,
        says_when: false,
        head: length,
    };
    let (mut length, mut closes) = (length, false);
    for line in lines {
        let (name, value) = line.split_once(": ").context("no header")?;
        if name.eq_ignore_ascii_case("content-length") && status != 304 {
            length += value.parse::<usize>()?;
        }
        answered.says_when |= name.eq_ignore_ascii_case("retry-after");
        closes |= name.eq_ignore_ascii_case("connection") && value.eq_ignore_ascii_case("close");
    }
    Ok((answered, length, closes))
}
