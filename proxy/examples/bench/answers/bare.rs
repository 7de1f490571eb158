//! A server that answers with bytes it is given, by axum and nothing else: as fast as an answer can be here.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Serves one answer on a thread pool of its own, until this program ends.
pub(crate) fn serve(tag: String, body: String) -> Result<SocketAddr> {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async move {
            let answer = move |headers: HeaderMap| {
                let answer = answer(&headers, &tag, &body);
                async { answer }
            };
            let router = Router::new().route("/v1/checkouts/{id}", get(answer));
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            tell.send(listener.local_addr()?).ok();
            axum::serve(listener, router).await?;
            Ok(())
        })
    });
    told.recv().context("the bare server does not start")
}

fn answer(request: &HeaderMap, tag: &str, body: &str) -> Response {
    let headers = [
        (header::ETAG, tag),
        (header::CONTENT_TYPE, "application/json"),
    ];
    let has_it = request
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known == tag);
    if has_it {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, body.to_owned()).into_response()
    }
}
