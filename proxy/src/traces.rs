//! Traces, sent to a collector as OTLP over HTTP. Requests never wait for it: what does not fit into the queue is dropped and counted.

mod client;
mod error;
mod queue;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanExporter as _};
use prometheus::{IntCounterVec, Registry};
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

use crate::meters::made::{counters, show};
use crate::spans;
use client::Client;
pub use error::TracesError;
use queue::{Queue, Sending};

/// The sender of traces. It works once [`TraceSender::send`] runs.
pub struct TraceSender {
    provider: SdkTracerProvider,
    sending: Sending,
    spans: IntCounterVec,
}

impl TraceSender {
    /// A sender to this collector, of one in so many requests. Nothing is sent yet.
    ///
    /// # Errors
    /// [`TracesError`].
    pub fn new(endpoint: &Url, one_in: u32) -> Result<Self, TracesError> {
        let mut exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client::new()?)
            .with_endpoint(endpoint.as_str())
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(client::PATIENCE)
            .build()
            .map_err(|error| TracesError::Exporter(error.to_string()))?;
        let resource = Resource::builder_empty()
            .with_service_name("calypso-proxy")
            .with_attribute(opentelemetry::KeyValue::new(
                "service.version",
                env!("CARGO_PKG_VERSION"),
            ))
            .build();
        exporter.set_resource(&resource);
        let spans = counters(
            "trace_spans_total",
            "Spans of traces: taken by the collector (`sent`), not taken (`failed`), or dropped because too many waited (`dropped`).",
            &["outcome"],
            None,
        );
        let (queue, sending) = Queue::to(exporter, &spans);
        let share = Sampler::TraceIdRatioBased(f64::from(one_in.max(1)).recip());
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(Sampler::ParentBased(Box::new(share)))
            .with_span_processor(queue)
            .build();
        Ok(Self {
            provider,
            sending,
            spans,
        })
    }

    /// What makes traces of spans: of those of the source's `spans` and of nothing else, so whatever is logged is in no trace.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("calypso-proxy"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_level(false)
            .with_filter(filter_fn(|metadata| {
                metadata.is_span() && metadata.target() == spans::TARGET
            }))
    }

    /// Puts the count of what becomes of spans on a page.
    pub(crate) fn show(&self, registry: &Registry) {
        show(registry, &self.spans);
    }

    /// Sends what comes, until `stop`; then what is there still.
    pub async fn send(self, stop: tokio_util::sync::CancellationToken) {
        self.sending.run(stop).await;
        drop(self.provider);
    }
}
