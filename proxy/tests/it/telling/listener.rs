//! A merchant's server that keeps the requests it is sent, and answers each with a status.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Delivery {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<Delivery>>>,
}

impl Listener {
    pub(crate) async fn answering(status: StatusCode) -> Self {
        let heard: Arc<Mutex<Vec<Delivery>>> = Arc::default();
        let kept = Arc::clone(&heard);
        let take = move |headers: HeaderMap, body: Bytes| {
            kept.lock().unwrap().push(Delivery { headers, body });
            async move { (status, "the body of an answer is nobody's business") }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/hook", post(take));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, heard }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub(crate) fn heard(&self) -> Vec<Delivery> {
        self.heard.lock().unwrap().clone()
    }
}
