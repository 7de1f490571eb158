//! The program's log: lines on standard error, as text or JSON.

use anyhow::{Context, Result};
use calypso_proxy::{LogFormat, LogLines, is_written};
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

use super::traces::Traces;

/// What is logged, by the environment variable RUST_LOG; `info` without it.
///
/// # Errors
/// When RUST_LOG is there and says nothing that can be understood.
pub(crate) fn filter() -> Result<EnvFilter> {
    let Some(text) = std::env::var_os("RUST_LOG").filter(|text| !text.is_empty()) else {
        return Ok(EnvFilter::new("info"));
    };
    let text = text
        .into_string()
        .ok()
        .context("environment variable RUST_LOG is not UTF-8 text")?;
    EnvFilter::builder().parse(text).context(
        "environment variable RUST_LOG is no filter: expected a level such as `info`, or parts such as `calypso_proxy=debug`",
    )
}

/// Starts the log, and traces where they are sent somewhere. CALYPSO_PROXY_LOG_FORMAT=json makes every line a JSON object; the configuration refuses other words than `json`
/// and `text`.
///
/// # Errors
/// As for [`filter`].
pub(crate) fn start(traces: &Traces) -> Result<()> {
    let is_json = std::env::var("CALYPSO_PROXY_LOG_FORMAT").is_ok_and(|format| format == "json");
    let format = if is_json {
        LogFormat::Json
    } else {
        LogFormat::Text
    };
    let lines = fmt::layer()
        .event_format(LogLines::new(format))
        .with_writer(std::io::stderr)
        .with_filter(filter()?.and(filter_fn(is_written)));
    registry().with(lines).with(traces.layer()).init();
    std::panic::set_hook(Box::new(panicked));
    Ok(())
}

/// A panic is one line like any other: the usual report has several, which no reader of JSON understands.
fn panicked(panic: &std::panic::PanicHookInfo<'_>) {
    let said = panic.payload_as_str().unwrap_or("without a message");
    let location = panic.location().map(ToString::to_string);
    tracing::error!(location, said, "a part of the program has panicked");
}
