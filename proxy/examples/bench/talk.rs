//! A client that behaves like a browser's: it keeps its connection, and asks once more when a kept one turns out to be closed.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::place::Place;

/// When a request has failed, if nothing has come.
const PATIENCE: Duration = Duration::from_secs(30);

/// One client at one address.
pub(crate) struct Client {
    place: Place,
    number: usize,
    to: SocketAddr,
    open: Option<BufReader<TcpStream>>,
    /// Requests that were sent again because a kept connection had been closed.
    pub(crate) again: u32,
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// Its entity tag.
    pub(crate) tag: Option<String>,
    closes: bool,
}

impl Answer {
    /// The body, which must be JSON.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body)
            .with_context(|| format!("status {}: the body is no JSON", self.status))
    }

    /// The body of an answer that must have this status.
    pub(crate) fn expect(self, status: u16) -> Result<Value> {
        if self.status != status {
            bail!(
                "expected status {status}, came {}: {}",
                self.status,
                String::from_utf8_lossy(&self.body)
            );
        }
        self.json()
    }
}

impl Client {
    pub(crate) fn new(place: Place, number: usize, to: SocketAddr) -> Self {
        Self {
            place,
            number,
            to,
            open: None,
            again: 0,
        }
    }

    /// Closes the connection, so that the next request makes a new one.
    pub(crate) fn hang_up(&mut self) {
        self.open = None;
    }

    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask("GET", path, "", "").await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &str) -> Result<Answer> {
        self.ask("POST", path, "", body).await
    }

    /// Asks with further header lines, each ended by a line break.
    pub(crate) async fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Result<Answer> {
        let request = request(self.to, method, path, headers, body);
        let answered = tokio::time::timeout(PATIENCE, self.answered(request.as_bytes()));
        match answered.await {
            Ok(answer) => answer,
            Err(_) => {
                self.open = None;
                bail!("no answer within {} s", PATIENCE.as_secs())
            }
        }
    }

    async fn answered(&mut self, request: &[u8]) -> Result<Answer> {
        if let Some(kept) = self.open.take() {
            if let Ok(answer) = self.on(kept, request).await {
                return Ok(answer);
            }
            self.again += 1;
        }
        let stream = self.place.connect(self.number, self.to).await?;
        self.on(BufReader::new(stream), request).await
    }

    async fn on(&mut self, mut stream: BufReader<TcpStream>, request: &[u8]) -> Result<Answer> {
        stream.write_all(request).await?;
        let answer = read(&mut stream).await?;
        if !answer.closes {
            self.open = Some(stream);
        }
        Ok(answer)
    }
}

/// A request as text.
pub(crate) fn request(
    to: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> String {
    let about_body = if body.is_empty() {
        String::new()
    } else {
        format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        )
    };
    format!("{method} {path} HTTP/1.1\r\nHost: {to}\r\n{headers}{about_body}\r\n{body}")
}

async fn read(stream: &mut BufReader<TcpStream>) -> Result<Answer> {
    let mut line = String::new();
    let mut status = None;
    let (mut length, mut closes, mut tag) = (0, false, None);
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            bail!("the connection was closed before the answer");
        }
        let text = line.trim_end();
        match (status, text.split_once(':')) {
            (None, _) => {
                let number = text.split(' ').nth(1).context("no status line")?;
                status = Some(number.parse()?);
            }
            (Some(status), None) if text.is_empty() => {
                let mut body = vec![0; length];
                stream.read_exact(&mut body).await?;
                return Ok(Answer {
                    status,
                    body,
                    tag,
                    closes,
                });
            }
            (Some(_), Some((name, value))) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse()?;
            }
            (Some(_), Some((name, value))) if name.eq_ignore_ascii_case("etag") => {
                tag = Some(value.trim().to_owned());
            }
            (Some(_), Some((name, value))) if name.eq_ignore_ascii_case("connection") => {
                closes = value.trim().eq_ignore_ascii_case("close");
            }
            _ => {}
        }
    }
}
