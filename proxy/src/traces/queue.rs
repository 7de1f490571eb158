//! Spans on their way to the collector: a queue of so many, and one task that sends them together.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter as _, SpanProcessor};
use prometheus::{IntCounter, IntCounterVec};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How many spans may wait. About 4 MB.
const MOST: usize = 4096;
/// How many are sent together at most.
const TOGETHER: usize = 512;
/// How long the first of a batch waits for others.
const PAUSE: Duration = Duration::from_millis(500);

/// Where ended spans are put.
#[derive(Debug)]
pub(super) struct Queue {
    spans: mpsc::Sender<SpanData>,
    dropped: IntCounter,
}

/// What sends them.
pub(super) struct Sending {
    spans: mpsc::Receiver<SpanData>,
    exporter: SpanExporter,
    sent: IntCounter,
    failed: IntCounter,
}

impl Queue {
    /// A queue to a collector, which counts what becomes of the spans.
    pub(super) fn to(exporter: SpanExporter, counts: &IntCounterVec) -> (Self, Sending) {
        let (send, receive) = mpsc::channel(MOST);
        let count = |outcome: &str| counts.with_label_values(&[outcome]);
        let queue = Self {
            spans: send,
            dropped: count("dropped"),
        };
        let sending = Sending {
            spans: receive,
            exporter,
            sent: count("sent"),
            failed: count("failed"),
        };
        (queue, sending)
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    /// Never waits.
    fn on_end(&self, span: SpanData) {
        if self.spans.try_send(span).is_err() {
            self.dropped.inc();
        }
    }

    /// What is queued is sent by [`Sending::run`].
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl Sending {
    /// Sends batch after batch until `stop`, and then once what is there still.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut was_failing = false;
        loop {
            let mut batch = Vec::with_capacity(TOGETHER);
            let is_over = tokio::select! {
                () = stop.cancelled() => true,
                many = self.spans.recv_many(&mut batch, TOGETHER) => many == 0,
            };
            if !is_over && batch.len() < TOGETHER {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
            while batch.len() < TOGETHER
                && let Ok(span) = self.spans.try_recv()
            {
                batch.push(span);
            }
            if !batch.is_empty() {
                let many = u64::try_from(batch.len()).unwrap_or(u64::MAX);
                let outcome = self.exporter.export(batch).await;
                match &outcome {
                    Ok(()) => self.sent.inc_by(many),
                    Err(_) => self.failed.inc_by(many),
                }
                if let Err(error) = &outcome
                    && !was_failing
                {
                    tracing::warn!(%error, "the collector takes no traces; further failures are only counted");
                }
                was_failing = outcome.is_err();
            }
            if is_over {
                return;
            }
        }
    }
}
