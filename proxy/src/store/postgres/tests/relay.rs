//! A way to the database that can be cut, that can hang, and on which is counted how often an answer is waited for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::database::TestDatabase;
use super::place;
use crate::config::PostgresPlace;

/// The end of whatever the server says when it waits for the next transaction.
const IDLE: [u8; 6] = [b'Z', 0, 0, 0, 5, b'I'];

/// What becomes of bytes on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    /// Nothing arrives, and nobody is told so.
    Hangs,
    Cut,
}

/// What was seen on the way.
#[derive(Debug, Default)]
struct Seen {
    /// How often something was sent after an answer.
    rounds: usize,
    answered: bool,
}

pub(super) struct Relay {
    port: u16,
    way: watch::Sender<Way>,
    seen: Arc<Mutex<Seen>>,
    idle: watch::Sender<bool>,
}

/// The two ends of one connection.
#[derive(Clone)]
struct Watched {
    way: watch::Receiver<Way>,
    seen: Arc<Mutex<Seen>>,
    idle: watch::Sender<bool>,
    /// How long each answer is held, so that whatever is sent without waiting for it is sent before it.
    distance: Duration,
}

impl Relay {
    pub(super) async fn start(home: &TestDatabase) -> Self {
        Self::at(home, Duration::ZERO).await
    }

    /// One behind which the database is so far away.
    pub(super) async fn at(home: &TestDatabase, distance: Duration) -> Self {
        let target = url::Url::parse(home.url()).unwrap();
        let target = format!("{}:{}", target.host_str().unwrap(), target.port().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (way, state) = watch::channel(Way::Open);
        let (seen, idle) = (Arc::default(), watch::Sender::new(false));
        let watched = Watched {
            way: state,
            seen: Arc::clone(&seen),
            idle: idle.clone(),
            distance,
        };
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(watched.clone().join(near, target.clone()));
            }
        });
        Self {
            port,
            way,
            seen,
            idle,
        }
    }

    pub(super) fn place(&self, home: &TestDatabase) -> PostgresPlace {
        let mut url = url::Url::parse(home.url()).unwrap();
        url.set_port(Some(self.port)).unwrap();
        place(url.as_str())
    }

    pub(super) fn cut(&self) {
        self.way.send_replace(Way::Cut);
    }

    pub(super) fn hang(&self) {
        self.way.send_replace(Way::Hangs);
    }

    pub(super) fn open(&self) {
        self.way.send_replace(Way::Open);
    }

    /// How often an answer was waited for while something was done on the only connection.
    pub(super) async fn rounds<T>(&self, doing: impl Future<Output = T>) -> (usize, T) {
        self.idle.subscribe().wait_for(|idle| *idle).await.unwrap();
        *self.seen.lock().unwrap() = Seen {
            rounds: 0,
            answered: true,
        };
        let done = doing.await;
        let rounds = self.seen.lock().unwrap().rounds;
        (rounds, done)
    }
}

impl Watched {
    async fn join(mut self, near: TcpStream, target: String) {
        if *self.way.borrow() == Way::Cut {
            return;
        }
        let Ok(far) = TcpStream::connect(target).await else {
            return;
        };
        for socket in [&near, &far] {
            socket.set_nodelay(true).unwrap();
        }
        let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
        let (asking, answering) = (self.clone(), self.clone());
        tokio::select! {
            () = asking.carry(from_near, to_far, Watched::asked) => {}
            () = answering.carry(from_far, to_near, Watched::answered) => {}
            _ = self.way.wait_for(|way| *way == Way::Cut) => {}
        }
    }

    async fn carry(
        mut self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        note: impl AsyncFn(&Self, &[u8]),
    ) {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(length @ 1..) = from.read(&mut bytes).await {
            if self.way.wait_for(|way| *way != Way::Hangs).await.is_err() {
                return;
            }
            note(&self, &bytes[..length]).await;
            if to.write_all(&bytes[..length]).await.is_err() {
                return;
            }
        }
    }

    async fn asked(&self, _: &[u8]) {
        self.idle.send_replace(false);
        let mut seen = self.seen.lock().unwrap();
        if std::mem::take(&mut seen.answered) {
            seen.rounds += 1;
        }
    }

    async fn answered(&self, bytes: &[u8]) {
        if !self.distance.is_zero() {
            tokio::time::sleep(self.distance).await;
        }
        self.seen.lock().unwrap().answered = true;
        self.idle.send_replace(bytes.ends_with(&IDLE));
    }
}
