//! What an operator sees of the proxy: where its meters are read, which requests get a line in the log, where traces are sent.

use std::net::SocketAddr;

use checkout::words;
use url::Url;

use super::values::Values;
use crate::input::redacted;

words! {
    /// Which requests get a line of their own in the log, beside failures and the first refusals of each kind.
    pub enum RequestLines expecting "off, debug or info" {
        /// None.
        Off = "off",
        /// Each, where the log shows `debug`.
        Debug = "debug",
        /// Each.
        Info = "info",
    }
}

/// How the proxy is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operations {
    /// Where `/metrics` is answered; nowhere without it. Buyers must not reach it.
    pub metrics_listen: Option<SocketAddr>,
    /// Which requests are logged.
    pub request_lines: RequestLines,
    /// Where traces are sent, as OTLP over HTTP; nowhere without it.
    pub otlp_endpoint: Option<Url>,
    /// Of how many requests one is traced.
    pub otlp_one_in: u32,
}

impl Default for Operations {
    fn default() -> Self {
        Self {
            metrics_listen: None,
            request_lines: RequestLines::Debug,
            otlp_endpoint: None,
            otlp_one_in: 1,
        }
    }
}

/// What was set of it.
pub(super) fn operations(values: &mut Values) -> Operations {
    let usual = Operations::default();
    let listen = values.read_optional("metrics.listen", |text| {
        text.parse::<SocketAddr>().map_err(|_| {
            format!(
                "`{}` is not an address and port such as 127.0.0.1:9185",
                redacted::value(text)
            )
        })
    });
    let lines = values.read_optional("log.requests", str::parse::<RequestLines>);
    let endpoint = values.read_optional("telemetry.otlp_endpoint", endpoint);
    let one_in = values.count("telemetry.one_in", 1, 1..=1_000_000);
    Operations {
        metrics_listen: listen.flatten(),
        request_lines: lines.flatten().unwrap_or(usual.request_lines),
        otlp_endpoint: endpoint.flatten(),
        otlp_one_in: u32::try_from(one_in).unwrap_or(u32::MAX),
    }
}

/// The address of a collector. One with a password in it would be told to everybody who reads the configuration.
fn endpoint(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    url.ok_or_else(|| {
        format!(
            "`{}` is not the address of a collector such as http://127.0.0.1:4318/v1/traces, without a user, a password or a query",
            redacted::value(text)
        )
    })
}
