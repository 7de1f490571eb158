//! What proxies in front say about where a request comes from: `X-Forwarded-For`, and `Forwarded` of RFC 7239.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, header};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Which header the proxies in front write. What they do not write comes from the client as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardedHeader {
    /// Nobody said: whichever there is, and neither where the two contradict each other.
    #[default]
    Either,
    /// `X-Forwarded-For` alone.
    XForwardedFor,
    /// `Forwarded` alone.
    Forwarded,
}

/// One step of a request's way, as the proxy that it came to wrote it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hop {
    /// It came from this address.
    Address(IpAddr),
    /// It is not said from where: `unknown`, a name of the proxy's own such as `_hidden`, or nothing that can be read.
    Untold,
    /// The line that it should stand in cannot be read. A client can bring that about, by a quotation mark that never ends.
    Malformed,
}

/// The steps of `X-Forwarded-For`, the nearest first; none where the header is missing.
pub(super) fn x_forwarded_for(headers: &HeaderMap) -> Option<Vec<Hop>> {
    let lines: Vec<&[u8]> = lines(headers, &FORWARDED_FOR)?;
    // Bytes, not texts: one byte that is no letter, which a client may send, must not hide what the proxy wrote after it.
    let hops = lines
        .into_iter()
        .rev()
        .flat_map(|line| line.rsplit(|byte| *byte == b','));
    Some(hops.map(node).collect())
}

/// The steps of `Forwarded`, the nearest first; none where the header is missing.
pub(super) fn forwarded(headers: &HeaderMap) -> Option<Vec<Hop>> {
    let mut hops = Vec::new();
    for line in lines(headers, &header::FORWARDED)?.into_iter().rev() {
        match elements(line) {
            Some(elements) => hops.extend(elements.into_iter().rev()),
            None => hops.push(Hop::Malformed),
        }
    }
    Some(hops)
}

fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Vec<&'a [u8]>> {
    let lines: Vec<&[u8]> = headers
        .get_all(name)
        .iter()
        .map(axum::http::HeaderValue::as_bytes)
        .collect();
    (!lines.is_empty()).then_some(lines)
}

/// The elements of one line of `Forwarded`, in its order; `None` when it is not well formed.
fn elements(line: &[u8]) -> Option<Vec<Hop>> {
    let mut reader = Reader(line);
    let mut hops = Vec::new();
    loop {
        // Where the element came from, once it has said anything at all.
        let mut came_from = None;
        let mut is_said = false;
        loop {
            reader.blanks();
            if matches!(reader.peek(), None | Some(b',')) {
                break;
            }
            let name = reader.token()?;
            reader.expect(b'=')?;
            let value = reader.value()?;
            if name.eq_ignore_ascii_case(b"for") {
                if is_said {
                    return None;
                }
                is_said = true;
                came_from = Some(node(&value));
            } else {
                came_from = came_from.or(Some(Hop::Untold));
            }
            reader.blanks();
            match reader.peek() {
                Some(b';') => reader.skip(),
                None | Some(b',') => break,
                Some(_) => return None,
            }
        }
        hops.extend(came_from);
        match reader.peek() {
            None => return Some(hops),
            Some(_) => reader.skip(),
        }
    }
}

/// What is left of a line.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    fn skip(&mut self) {
        self.0 = self.0.get(1..).unwrap_or_default();
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.skip();
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.skip())
    }

    /// A word up to what divides words. Addresses with a port should be quoted, and often are not.
    fn token(&mut self) -> Option<&'a [u8]> {
        let divides = |byte: &u8| b" \t,;=\"".contains(byte);
        let length = self.0.iter().position(divides).unwrap_or(self.0.len());
        let (token, rest) = self.0.split_at(length);
        self.0 = rest;
        (!token.is_empty()).then_some(token)
    }

    /// A word, or a text in quotation marks.
    fn value(&mut self) -> Option<Vec<u8>> {
        if self.peek() != Some(b'"') {
            return self.token().map(<[u8]>::to_vec);
        }
        self.skip();
        let mut text = Vec::new();
        loop {
            let byte = self.peek()?;
            self.skip();
            match byte {
                b'"' => return Some(text),
                b'\\' => {
                    text.push(self.peek()?);
                    self.skip();
                }
                byte => text.push(byte),
            }
        }
    }
}

fn node(text: &[u8]) -> Hop {
    let text = std::str::from_utf8(text).ok();
    text.and_then(address).map_or(Hop::Untold, Hop::Address)
}

/// An address as proxies write it: bare, with a port, or in brackets.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = match hop.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => match hop.split_once(':') {
            // One colon divides a port; an IPv6 address has at least two.
            Some((host, port)) if !port.contains(':') => host,
            _ => hop,
        },
    };
    bare.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}
