//! Everything the proxy has logged, in this process, at the finest level.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use calypso_proxy::{LogFormat, LogLines, is_written};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static STARTED: Once = Once::new();

struct Keep;

impl Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        kept().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Keep {
    type Writer = Keep;

    fn make_writer(&self) -> Keep {
        Keep
    }
}

fn kept() -> MutexGuard<'static, Vec<u8>> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn start() {
    STARTED.call_once(|| {
        let lines = fmt::layer()
            .event_format(LogLines::new(LogFormat::Text))
            .with_writer(Keep)
            .with_filter(filter_fn(is_written));
        registry().with(lines).init();
    });
}

/// All lines so far.
pub(crate) fn logged() -> String {
    String::from_utf8_lossy(&kept()).into_owned()
}
