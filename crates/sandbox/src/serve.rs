//! The sandbox over HTTP: all its sides in one router, and a server of its own.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::task::JoinHandle;

use crate::sandbox::Sandbox;
use crate::{control, courier, gateway, hosted, panel};

impl Sandbox {
    /// Serves the gateway at `/api/v1/` with its pages at `/pay` and `/invoice/`, the control side at `/sandbox/v1/` and the panel
    /// at `/sandbox/`.
    ///
    /// It has no fallback of its own and can be merged into another router.
    pub fn router(&self) -> Router {
        gateway::router(self)
            .merge(control::router(self))
            .merge(panel::router(self))
            .merge(hosted::router(self))
            .layer(from_fn_with_state(self.clone(), with_courier))
    }

    /// Serves on an address, port 0 for any free port, until the task is aborted.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn listen(
        &self,
        address: impl ToSocketAddrs,
    ) -> io::Result<(SocketAddr, JoinHandle<()>)> {
        let listener = TcpListener::bind(address).await?;
        let bound = listener.local_addr()?;
        courier::start(self);
        let router = self.router();
        let server = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("axum's accept loop never ends by itself");
        });
        Ok((bound, server))
    }
}

/// Starts the courier with the first request: whoever merges the router into another one never calls `listen`.
async fn with_courier(State(sandbox): State<Sandbox>, request: Request, next: Next) -> Response {
    courier::start(&sandbox);
    next.run(request).await
}
