//! A page that listens to a checkout's event stream.

use reqwest::Response;
use serde_json::Value;

use super::TestProxy;

/// An open stream, of which so much was read as was asked for.
pub(crate) struct EventStream {
    pub(crate) response: Response,
    read: Vec<u8>,
}

/// A message of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// Its tag.
    pub(crate) id: String,
    /// The checkout.
    pub(crate) view: Value,
}

impl EventStream {
    /// Reads what a proxy answers to whoever listens.
    pub(crate) fn of(response: Response) -> Self {
        assert_eq!(response.status(), 200);
        Self {
            response,
            read: Vec::new(),
        }
    }

    /// What comes next, up to an empty line; `None` at the end.
    pub(crate) async fn block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.windows(2).position(|pair| pair == b"\n\n") {
                let block = self.read.drain(..end + 2).take(end).collect();
                return Some(String::from_utf8(block).unwrap());
            }
            // A proxy that dies breaks it off, which is an end as well.
            match self.response.chunk().await {
                Ok(Some(chunk)) => self.read.extend_from_slice(&chunk),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// The next message; `None` when the stream ends before. What else comes is left out.
    pub(crate) async fn event(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = event(&self.block().await?) {
                return Some(event);
            }
        }
    }

    /// The checkout of the next message.
    pub(crate) async fn view(&mut self) -> Value {
        self.event().await.expect("one more message").view
    }
}

fn event(block: &str) -> Option<Event> {
    let mut lines = block.lines();
    if lines.next() != Some("event: checkout") {
        return None;
    }
    let id = lines.next().and_then(|line| line.strip_prefix("id: "));
    let view = lines.next().and_then(|line| line.strip_prefix("data: "));
    assert_eq!(lines.next(), None, "{block}");
    Some(Event {
        id: id.unwrap_or_else(|| panic!("{block}")).to_owned(),
        view: serde_json::from_str(view.unwrap_or_else(|| panic!("{block}"))).unwrap(),
    })
}

impl TestProxy {
    /// Listens to a checkout, after what it has seen of it last.
    pub(crate) async fn listen_after(&self, id: &str, seen: Option<&str>) -> EventStream {
        EventStream::of(self.ask_to_listen(id, seen).await)
    }

    /// Asks for the stream of a checkout.
    pub(crate) async fn ask_to_listen(&self, id: &str, seen: Option<&str>) -> Response {
        let url = format!("http://{}/v1/checkouts/{id}/events", self.address);
        let request = self.http.get(url);
        let request = match seen {
            Some(seen) => request.header("last-event-id", seen),
            None => request,
        };
        request.send().await.unwrap()
    }

    /// Listens to a checkout.
    pub(crate) async fn listen(&self, id: &str) -> EventStream {
        self.listen_after(id, None).await
    }
}
