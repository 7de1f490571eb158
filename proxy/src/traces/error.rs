//! Why no traces can be sent.

/// Why no traces can be sent.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// The client of the collector cannot be made.
    #[error("no client for the collector of traces can be made: {0}")]
    Client(String),
    /// The library takes no such exporter.
    #[error("traces cannot be sent to `telemetry.otlp_endpoint`: {0}")]
    Exporter(String),
}
