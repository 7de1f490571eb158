//! How a line is made of an event.

use std::fmt;

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::collected::Collected;
use super::head::Head;
use super::{json, text};
use crate::clock::{Clock, SystemClock};
use crate::request_id::RequestId;

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// A JSON object each.
    Json,
}

/// Writes each event as one line, whatever strangers' texts are in it.
#[derive(Debug, Clone, Copy)]
pub struct LogLines(LogFormat);

impl LogLines {
    /// Lines of this form.
    #[must_use]
    pub fn new(format: LogFormat) -> Self {
        Self(format)
    }
}

impl<S, N> FormatEvent<S, N> for LogLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut collected = Collected::default();
        event.record(&mut collected);
        let target = collected.target.take();
        let head = Head {
            // When it was written, by this computer's clock, whatever time the checkouts of a sandbox have.
            time: SystemClock.now(),
            level: *event.metadata().level(),
            target: target.as_deref().unwrap_or(event.metadata().target()),
            request: RequestId::current(),
        };
        let line = match self.0 {
            LogFormat::Text => text::line(&head, &collected),
            LogFormat::Json => json::line(&head, &collected),
        };
        writeln!(writer, "{line}")
    }
}
