//! The program is told to stop while it is busy, over and over: whatever had been sent by then is answered, and everything that was answered
//! is there afterwards.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use calypso_sandbox::WallClock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::child::Child;
use super::size::Size;
use crate::support::{Gateway, Home, MERCHANT_KEY};

/// Those who keep their connection, those who make one for each request, and those who listen.
const KEEPERS: usize = 16;
const COMERS: usize = 4;
const LISTENERS: usize = 4;
/// Between two requests of one of them: together they make 200 a second.
const PACE: Duration = Duration::from_millis(100);
/// The program is told after at most so many milliseconds of it.
const LONGEST: u64 = 400;

const PRICED: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// Answered in full: the status, and the body.
    Answered(u16, Vec<u8>),
    /// Nobody accepted the connection.
    Refused,
    /// The connection ended before the answer did.
    Broken,
}

/// A request and when its first byte was sent; none where no connection was made.
struct Sent {
    at: Instant,
    outcome: Outcome,
}

/// One connection, as far as it is open.
struct Line {
    to: SocketAddr,
    open: Option<TcpStream>,
}

impl Line {
    async fn ask(&mut self, request: &str) -> Sent {
        let mut at = Instant::now();
        if self.open.is_none() {
            self.open = TcpStream::connect(self.to).await.ok();
            at = Instant::now();
        }
        let Some(mut stream) = self.open.take() else {
            return Sent {
                at,
                outcome: Outcome::Refused,
            };
        };
        let outcome = match answer(&mut stream, request).await {
            Some((status, body, closes)) => {
                if !closes {
                    self.open = Some(stream);
                }
                Outcome::Answered(status, body)
            }
            None => Outcome::Broken,
        };
        Sent { at, outcome }
    }
}

/// Sends a request and reads its answer to the end.
async fn answer(stream: &mut TcpStream, request: &str) -> Option<(u16, Vec<u8>, bool)> {
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut read = Vec::new();
    let head = loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
    let value = |name: &str| {
        let (_, rest) = text.split_once(&format!("\r\n{name}: "))?;
        rest.split_once("\r\n").map(|(value, _)| value.to_owned())
    };
    let status = text.get(9..12)?.parse().ok()?;
    let length: usize = value("content-length")?.parse().ok()?;
    while read.len() < head + length {
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
    let closes = value("connection").is_some_and(|value| value == "close");
    Some((status, read[head..].to_vec(), closes))
}

/// What all of them share.
struct Load {
    to: SocketAddr,
    number: AtomicU64,
    ids: Mutex<Vec<String>>,
    sent: Mutex<Vec<Sent>>,
}

impl Load {
    /// Makes a checkout, or asks for one that was made: its next request.
    fn next(&self) -> String {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let known = self.ids.lock().unwrap().last().cloned();
        match known.filter(|_| number % 2 == 1) {
            Some(id) => format!(
                "GET /v1/checkouts/{id} HTTP/1.1\r\nHost: {}\r\n\r\n",
                self.to
            ),
            None => format!(
                "POST /v1/checkouts HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {MERCHANT_KEY}\r\nIdempotency-Key: stop-{number}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{PRICED}",
                self.to,
                PRICED.len()
            ),
        }
    }

    /// Asks again and again until nobody accepts a connection any more.
    async fn work(self: Arc<Self>, keeps: bool) {
        let mut line = Line {
            to: self.to,
            open: None,
        };
        loop {
            let request = self.next();
            let sent = line.ask(&request).await;
            if !keeps {
                line.open = None;
            }
            if let Outcome::Answered(201, body) = &sent.outcome {
                let view: serde_json::Value = serde_json::from_slice(body).unwrap();
                let id = view["id"].as_str().unwrap().to_owned();
                self.ids.lock().unwrap().push(id);
            }
            let is_over = sent.outcome == Outcome::Refused;
            self.sent.lock().unwrap().push(sent);
            if is_over {
                return;
            }
            tokio::time::sleep(PACE).await;
        }
    }

    /// Listens to a checkout until the stream ends: everything that came.
    async fn listen(self: Arc<Self>) -> String {
        let id = self.ids.lock().unwrap()[0].clone();
        let mut stream = TcpStream::connect(self.to).await.unwrap();
        let request = format!(
            "GET /v1/checkouts/{id}/events HTTP/1.1\r\nHost: {}\r\n\r\n",
            self.to
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut read = Vec::new();
        drop(stream.read_to_end(&mut read).await);
        String::from_utf8_lossy(&read).into_owned()
    }
}

/// What many rounds have shown.
#[derive(Default)]
struct Shown {
    answered: usize,
    in_flight: usize,
    refused: usize,
    late: usize,
    longest: Duration,
}

async fn round(child: &mut Child, wait: u64, shown: &mut Shown) {
    child.start().await;
    let load = Arc::new(Load {
        to: child.address,
        number: AtomicU64::new(wait * 1_000_000 + shown.answered as u64 * 10),
        ids: Mutex::default(),
        sent: Mutex::default(),
    });
    let mut first = Line {
        to: child.address,
        open: None,
    };
    let Outcome::Answered(201, body) = first.ask(&load.next()).await.outcome else {
        panic!("the first checkout is made");
    };
    drop(first);
    let view: serde_json::Value = serde_json::from_slice(&body).unwrap();
    load.ids
        .lock()
        .unwrap()
        .push(view["id"].as_str().unwrap().to_owned());
    let (mut clients, mut listeners) = (JoinSet::new(), JoinSet::new());
    for number in 0..KEEPERS + COMERS {
        clients.spawn(Arc::clone(&load).work(number < KEEPERS));
    }
    for _ in 0..LISTENERS {
        listeners.spawn(Arc::clone(&load).listen());
    }
    tokio::time::sleep(Duration::from_millis(wait)).await;
    let told = Instant::now();
    child.tell_to_stop();
    clients.join_all().await;
    for heard in listeners.join_all().await {
        // A stream that began ends with when to ask again, and in the way chunks end.
        assert!(
            heard.is_empty() || heard.ends_with("retry: 2000\n\n\r\n0\r\n\r\n"),
            "{heard}"
        );
    }
    assert!(
        child.ended().await,
        "it ends by itself, and says that all is well"
    );
    shown.longest = shown.longest.max(told.elapsed());

    for sent in load.sent.lock().unwrap().iter() {
        match &sent.outcome {
            Outcome::Answered(status, body) => {
                let text = String::from_utf8_lossy(body);
                assert!(matches!(status, 200 | 201), "{status}: {text}");
                shown.answered += 1;
                shown.in_flight += usize::from(sent.at >= told);
            }
            Outcome::Refused => shown.refused += 1,
            Outcome::Broken => {
                assert!(
                    sent.at >= told,
                    "a request that had been sent was not answered"
                );
                shown.late += 1;
            }
        }
    }
    // What was answered is there when it comes back.
    child.start().await;
    let mut line = Line {
        to: child.address,
        open: None,
    };
    let ids = load.ids.lock().unwrap().clone();
    for id in &ids {
        let request = format!(
            "GET /v1/checkouts/{id} HTTP/1.1\r\nHost: {}\r\n\r\n",
            child.address
        );
        let asked = line.ask(&request).await.outcome;
        assert!(
            matches!(asked, Outcome::Answered(200, _)),
            "{id}: {asked:?}"
        );
    }
    child.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_while_it_is_busy_it_answers_everything_that_was_sent() {
    let size = Size::of("shutdown", 3);
    let mut dice = size.dice();
    let gateway = Gateway::with(WallClock::system(), |router| router).await;
    let home = Home::as_asked().await;
    let directory = tempfile::tempdir().unwrap();
    let database = match &home {
        Home::File(place) => place.path().join("proxy.sqlite3").display().to_string(),
        Home::Postgres(database) => database.url().to_owned(),
    };
    let settings = [("DATABASE", database.as_str())];
    let mut child = Child::prepared(directory.path(), &gateway.base, &settings);
    let mut shown = Shown::default();
    for _ in 0..size.count {
        let wait = dice.roll(LONGEST);
        round(&mut child, wait, &mut shown).await;
    }
    println!(
        "{} stops: {} requests answered, {} of them sent after it was told; {} connections refused, {} ended before their request was read; \
         the longest stop took {} ms",
        size.count,
        shown.answered,
        shown.in_flight,
        shown.refused,
        shown.late,
        shown.longest.as_millis()
    );
    assert!(shown.answered > 0);
}
