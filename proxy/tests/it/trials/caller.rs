//! Somebody who calls one proxy, and takes a broken connection for an answer too.

use std::net::SocketAddr;

use crate::support::event_stream::EventStream;
use crate::support::hook::{Hook, PATH};
use crate::support::{MERCHANT_KEY, Reply, client};

#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) address: SocketAddr,
    http: reqwest::Client,
}

/// The proxy's answer, or that none came: what was asked for may have happened or not.
pub(crate) type Answer = Result<Reply, reqwest::Error>;

impl Caller {
    pub(crate) fn of(address: SocketAddr) -> Self {
        Self {
            address,
            http: client(),
        }
    }

    /// Asks for a checkout with the merchant's key and an idempotency key.
    pub(crate) async fn make(&self, body: &str, key: &str) -> Answer {
        let request = self
            .post("/v1/checkouts", body)
            .bearer_auth(MERCHANT_KEY)
            .header("idempotency-key", key);
        read(request).await
    }

    pub(crate) async fn choose(&self, id: &str, currency: &str) -> Answer {
        let path = format!("/v1/checkouts/{id}/invoice");
        read(self.post(&path, &format!(r#"{{"currency":"{currency}"}}"#))).await
    }

    /// Tells news of the gateway.
    pub(crate) async fn tell(&self, hook: &Hook, body: &str) -> Answer {
        let request = self
            .post(PATH, body)
            .header("key", &hook.key)
            .header("sign", hook.sign(body.as_bytes()));
        read(request).await
    }

    pub(crate) async fn show(&self, id: &str) -> Answer {
        let url = format!("http://{}/v1/checkouts/{id}", self.address);
        read(self.http.get(url)).await
    }

    /// Asks with the merchant's key.
    pub(crate) async fn as_merchant(&self, path: &str) -> Answer {
        let url = format!("http://{}{path}", self.address);
        read(self.http.get(url).bearer_auth(MERCHANT_KEY)).await
    }

    /// Listens to a checkout, after what was seen of it last.
    pub(crate) async fn listen(&self, id: &str, seen: Option<&str>) -> EventStream {
        let url = format!("http://{}/v1/checkouts/{id}/events", self.address);
        let request = self.http.get(url);
        let request = match seen {
            Some(seen) => request.header("last-event-id", seen),
            None => request,
        };
        EventStream::of(request.send().await.unwrap())
    }

    fn post(&self, path: &str, body: &str) -> reqwest::RequestBuilder {
        let request = self.http.post(format!("http://{}{path}", self.address));
        request
            .header("content-type", "application/json")
            .body(body.to_owned())
    }
}

async fn read(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await?.to_vec();
    Ok(Reply {
        status,
        headers,
        bytes,
    })
}
