//! Clients that take up what a server has: connections, buffers, and the work begun for those who leave.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use crate::place::Place;
use crate::programs::MODULE;
use crate::random::Random;
use crate::talk::request;

/// Before a client tries again that got no connection at all.
const AGAIN: Duration = Duration::from_millis(50);
/// Between two bytes of a head that drips.
const DRIP: Duration = Duration::from_secs(1);
/// The longest that one of those stays who leave at random, in milliseconds.
const STAY: u64 = 100;

/// A crowd that goes on until this is dropped. Whoever is cut off comes back at once.
pub(crate) struct Attack {
    counts: Arc<Counts>,
    _runtime: Runtime,
}

/// What became of the crowd.
#[derive(Default)]
pub(crate) struct Counts {
    /// Connections made.
    pub(crate) made: AtomicUsize,
    /// Connections that the proxy ended.
    pub(crate) cut_off: AtomicUsize,
}

/// Who attacks what.
#[derive(Clone)]
pub(crate) struct Crowd {
    /// So many never read, and as many never finish a head.
    pub(crate) clients: usize,
    /// So many leave at random.
    pub(crate) leavers: usize,
    pub(crate) place: Place,
    pub(crate) proxy: SocketAddr,
    /// A checkout they all know.
    pub(crate) checkout: String,
    pub(crate) seed: u64,
}

impl Attack {
    /// Lets the crowd go, on one thread: half of a small computer is left for those who are attacked.
    pub(crate) fn begin(crowd: &Crowd) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let counts = Arc::new(Counts::default());
        for number in 0..crowd.clients {
            runtime.spawn(crowd.clone().never_reads(number, Arc::clone(&counts)));
            runtime.spawn(crowd.clone().never_finishes(number, Arc::clone(&counts)));
        }
        for number in 0..crowd.leavers {
            runtime.spawn(crowd.clone().leaves(number, Arc::clone(&counts)));
        }
        Ok(Self {
            counts,
            _runtime: runtime,
        })
    }

    /// Connections made, and those the proxy ended.
    pub(crate) fn counts(&self) -> [usize; 2] {
        [&self.counts.made, &self.counts.cut_off].map(|count| count.load(Ordering::Relaxed))
    }
}

impl Crowd {
    async fn connect(&self, number: usize, counts: &Counts) -> TcpStream {
        loop {
            if let Ok(stream) = self.place.connect(number, self.proxy).await {
                counts.made.fetch_add(1, Ordering::Relaxed);
                return stream;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    fn show(&self) -> String {
        let path = format!("/v1/checkouts/{}", self.checkout);
        request(self.proxy, "GET", &path, "", "")
    }

    /// Asks as often as the line takes, and reads nothing.
    async fn never_reads(self, number: usize, counts: Arc<Counts>) {
        let module = request(self.proxy, "GET", MODULE, "", "");
        // Small answers that nobody waits for, and a large one that fills every buffer on the way.
        let request = [self.show(), module][number % 2].repeat(16);
        loop {
            let mut stream = self.connect(number, &counts).await;
            while stream.write_all(request.as_bytes()).await.is_ok() {}
            counts.cut_off.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends nothing, half a head, or a head that drips.
    async fn never_finishes(self, number: usize, counts: Arc<Counts>) {
        let begun = ["", "GET /v1/checkouts/x HTTP/1.1\r\nX: ", "GET /v1"][number % 3];
        let drips = number % 3 == 1;
        loop {
            let mut stream = self.connect(number, &counts).await;
            let mut open = stream.write_all(begun.as_bytes()).await.is_ok();
            let mut answer = [0; 512];
            while open {
                tokio::select! {
                    read = stream.read(&mut answer) => open = matches!(read, Ok(1..)),
                    () = tokio::time::sleep(DRIP), if drips => open = stream.write_all(b"x").await.is_ok(),
                }
            }
            counts.cut_off.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Asks, and is gone before, while or after the answer is made.
    async fn leaves(self, number: usize, counts: Arc<Counts>) {
        let mut random = Random::new(self.seed, number);
        let choice = request(
            self.proxy,
            "POST",
            &format!("/v1/checkouts/{}/invoice", self.checkout),
            "",
            r#"{"currency":"LTC"}"#,
        );
        let creation = request(
            self.proxy,
            "POST",
            "/v1/checkouts",
            "",
            // Of a product that no buyer wants here: what a crowd uses up of a product's limit is gone for its buyers too.
            r#"{"product":"free-sample"}"#,
        );
        let requests = [self.show(), choice, creation];
        loop {
            let mut stream = self.connect(number, &counts).await;
            let text = requests[usize::try_from(random.below(3)).unwrap_or(0)].as_bytes();
            let sent = match random.below(4) {
                0 => usize::try_from(random.below(text.len() as u64)).unwrap_or(0),
                _ => text.len(),
            };
            drop(stream.write_all(&text[..sent]).await);
            tokio::time::sleep(Duration::from_millis(random.below(STAY))).await;
        }
    }
}
