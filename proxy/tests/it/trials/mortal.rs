//! A proxy inside the test that can die: everything it has begun stops where it waits, and only its database is left.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use calypso_proxy::{Clock, Config, Proxy};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

use crate::support::Reply;

/// One life of a proxy, on threads of its own.
pub(crate) struct Mortal {
    pub(crate) proxy: Proxy,
    router: Router,
    threads: Option<Runtime>,
}

/// What is still to be answered; an error when the proxy died before.
pub(crate) type Asked = JoinHandle<Reply>;

impl Mortal {
    pub(crate) async fn open(config: Config, clock: Arc<dyn Clock>) -> Self {
        let threads = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let opened = threads.spawn(Proxy::open(config, clock));
        let proxy = opened.await.unwrap().unwrap();
        Self {
            router: proxy.router(),
            proxy,
            threads: Some(threads),
        }
    }

    /// Begins to ask, and does not wait.
    pub(crate) fn ask(&self, request: Request<Body>) -> Asked {
        let router = self.router.clone();
        self.run(async move {
            let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
            Reply {
                status: parts.status.as_u16(),
                headers: parts.headers,
                bytes: to_bytes(body, 1 << 22).await.unwrap().to_vec(),
            }
        })
    }

    /// Begins something else that the proxy does.
    pub(crate) fn run<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.threads.as_ref().unwrap().spawn(work)
    }
}

impl Drop for Mortal {
    fn drop(&mut self) {
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}
