//! A gateway that answers from a script, byte by byte as told, and keeps what it was asked.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use calypso::{Client, ClientBuilder, Credentials};
use checkout::Timestamp;

/// The key pair and account of every test client.
pub(crate) const KEY: &str = "c529e14832b34b74972365cf7bf02430";
pub(crate) const SECRET: &str = "b823a6b9ea72408583cef9ec8d67fa52";
pub(crate) const ACCOUNT: &str = "0xc195df92dd9db2a8f28e597981f113d6e7582f8b";
pub(crate) const NOW: i64 = 1_700_000_000_000;

/// What the gateway does with one request.
pub(crate) enum Answer {
    /// A whole answer with a status and a body.
    Body(u16, String),
    /// The same with further headers, each with its line end.
    Headed(u16, &'static str, String),
    /// These bytes, then the connection ends.
    Bytes(Vec<u8>),
    /// These bytes, one every 20 ms.
    Drip(String),
    /// Nothing, ever.
    Silence,
    /// The connection is reset after the request was read.
    Reset,
}

pub(crate) fn ok(body: impl Into<String>) -> Answer {
    Answer::Body(200, body.into())
}

pub(crate) fn refused(code: &str) -> Answer {
    let status = if code == "000" { 500 } else { 400 };
    Answer::Body(
        status,
        format!(r#"{{"traceId":"t-1","errorCode":"{code}","message":"as scripted"}}"#),
    )
}

/// One request as it came.
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// How long a client waits that is to give up. Long enough for the other answers of its script.
pub(crate) const HASTY: Duration = Duration::from_secs(3);

/// A scripted gateway on its own thread; it serves as many requests as its script has answers, each on its own connection.
pub(crate) struct Gateway {
    pub(crate) url: url::Url,
    requests: mpsc::Receiver<Request>,
}

impl Gateway {
    pub(crate) fn new(script: impl IntoIterator<Item = Answer>) -> Self {
        let script: Vec<_> = script.into_iter().collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let (sender, requests) = mpsc::channel();
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for answer in script {
                let Ok((mut stream, _)) = listener.accept() else {
                    return;
                };
                if sender.send(read(&mut stream)).is_err() {
                    return;
                }
                // A client that gave up no longer listens: not this thread's concern.
                match answer {
                    Answer::Body(status, body) => drop(stream.write_all(&whole(status, "", &body))),
                    Answer::Headed(status, headers, body) => {
                        drop(stream.write_all(&whole(status, headers, &body)));
                    }
                    Answer::Bytes(bytes) => drop(stream.write_all(&bytes)),
                    Answer::Drip(text) => drip(&mut stream, &text),
                    Answer::Silence => silent.push(stream),
                    Answer::Reset => reset(&stream),
                }
            }
            // Silent connections stay open until nobody can be waiting any more.
            std::thread::sleep(Duration::from_secs(if silent.is_empty() { 0 } else { 20 }));
        });
        Self { url, requests }
    }

    /// A client of this gateway whose clock stands still. It is patient: an answer of the script comes in the end, however busy the
    /// computer is.
    pub(crate) fn settings(&self) -> ClientBuilder {
        Client::builder(self.url.clone(), Credentials::new(KEY, SECRET), ACCOUNT)
            .clock(std::sync::Arc::new(|| Timestamp::from_millis(NOW)))
            .timeout(Duration::from_secs(30))
            .retry_pause(Duration::ZERO)
    }

    pub(crate) fn client(&self) -> Client {
        self.settings().build().unwrap()
    }

    /// The requests so far that were not taken yet.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }

    /// The paths of the requests so far, each without `/api/v1`.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests()
            .into_iter()
            .map(|request| request.path.replace("/api/v1", ""))
            .collect()
    }
}

fn whole(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} Scripted\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}").into_bytes()
}

fn drip(stream: &mut TcpStream, text: &str) {
    for byte in text.bytes() {
        if stream.write_all(&[byte]).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Closing with a zero linger time sends RST.
fn reset(stream: &TcpStream) {
    socket2::SockRef::from(stream)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
}

fn read(stream: &mut TcpStream) -> Request {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "the request ended within its head");
        bytes.extend_from_slice(&buffer[..count]);
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut request = Request {
        path: head.split(' ').nth(1).unwrap().to_owned(),
        head,
        body: bytes[head_end..].to_vec(),
    };
    let length: usize = request
        .header("content-length")
        .unwrap_or("0")
        .parse()
        .unwrap();
    while request.body.len() < length {
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "the request ended within its body");
        request.body.extend_from_slice(&buffer[..count]);
    }
    request
}
