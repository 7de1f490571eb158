//! How the collector is reached: by the HTTP client that everything else here uses.

use std::time::Duration;

use async_trait::async_trait;
use axum::http::{Request, Response};
use bytes::Bytes;
use opentelemetry_http::{HttpClient, HttpError};

use super::error::TracesError;

/// How long the collector may take for a batch.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// The largest answer of a collector that is read; one says next to nothing.
const LARGEST: u64 = 64 * 1024;

/// The client.
#[derive(Debug)]
pub(super) struct Client(reqwest::Client);

impl Client {
    pub(super) fn new() -> Result<Self, TracesError> {
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| TracesError::Client(error.to_string()))?;
        Ok(Self(client))
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        let answer = self.0.execute(request).await?;
        if answer
            .content_length()
            .is_some_and(|length| length > LARGEST)
        {
            return Err("the collector's answer is too long".into());
        }
        let mut response = Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.extend(answer.headers().clone());
        }
        Ok(response.body(answer.bytes().await?)?)
    }
}
