//! A merchant's server that answers what a test wants, and names that a test makes up.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use checkout::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::config::EventTarget;
use crate::courier::{Attempted, Courier, LookedUp, Message, Names};

pub(super) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub(super) const NOW: Timestamp = Timestamp::from_millis(1_796_000_000_000);
pub(super) const LOOPBACK: &[&str] = &["127.0.0.0/8", "::1"];

pub(super) fn message() -> Message {
    Message {
        id: "evt_0198".to_owned(),
        body: Bytes::from_static(br#"{"type":"checkout.paid"}"#),
    }
}

/// Names with the answers to each look-up in turn; the last one stays.
#[derive(Default)]
pub(super) struct MadeUp(Mutex<HashMap<String, Vec<Vec<IpAddr>>>>);

impl MadeUp {
    pub(super) fn of(names: &[(&str, &[&[&str]])]) -> Arc<Self> {
        let parse = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().unwrap()).collect();
        let names = names.iter().map(|(name, answers)| {
            let answers = answers.iter().map(parse).collect();
            ((*name).to_owned(), answers)
        });
        Arc::new(Self(Mutex::new(names.collect())))
    }
}

impl Names for MadeUp {
    fn look_up(&self, name: &str) -> LookedUp {
        let mut names = self.0.lock().unwrap();
        let answer = names.get_mut(name).map(|answers| {
            if answers.len() > 1 {
                answers.remove(0)
            } else {
                answers[0].clone()
            }
        });
        let missing = || std::io::Error::other("no such name");
        Box::pin(async move { answer.ok_or_else(missing) })
    }
}

/// Listens on loopback, keeps what it was sent, and answers each connection with the same bytes.
pub(super) struct Stand {
    pub(super) port: u16,
    pub(super) connections: Arc<AtomicUsize>,
    pub(super) heard: Arc<Mutex<Vec<String>>>,
}

impl Stand {
    pub(super) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        Self::at(TcpListener::bind(address).await.unwrap(), answer.into())
    }

    pub(super) fn at(listener: TcpListener, answer: Vec<u8>) -> Self {
        let port = listener.local_addr().unwrap().port();
        let (connections, heard) = (Arc::default(), Arc::default());
        let stand = Self {
            port,
            connections: Arc::clone(&connections),
            heard: Arc::clone(&heard),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, answer.clone(), Arc::clone(&heard)));
            }
        });
        stand
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook?a=b", self.port)
    }
}

async fn serve(mut stream: TcpStream, answer: Vec<u8>, heard: Arc<Mutex<Vec<String>>>) {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    // The whole request: a head with its length, and so many bytes.
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                heard.lock().unwrap().push(text);
                break;
            }
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return,
            Ok(read) => request.extend_from_slice(&piece[..read]),
        }
    }
    if stream.write_all(&answer).await.is_ok() {
        // Until the other side has gone: what it does with an answer that never ends is its business.
        while matches!(stream.read(&mut piece).await, Ok(1..)) {}
    }
}

pub(super) async fn deliver(url: &str) -> Attempted {
    let target = EventTarget::new(url, &[SECRET], LOOPBACK).unwrap();
    Courier::new().deliver(&target, &message(), NOW).await
}
