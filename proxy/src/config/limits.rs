//! What clients may take up.

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use ipnet::IpNet;

use super::values::Values;
use crate::input::client::Topology;
use crate::input::forwarded::ForwardedHeader;
use crate::input::redacted;

/// Bounds on what one client, and all of them together, may take up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections held open at the same time. A new one makes those end whose clients keep it waiting longest, one in 64.
    pub connections: usize,
    /// Connections one network of clients may hold open at the same time.
    pub connections_per_network: usize,
    /// Event streams open at the same time. They are counted apart from other connections.
    pub push_connections: usize,
    /// Event streams one network of clients, or one site, may hold open at the same time.
    pub push_connections_per_network: usize,
    /// How often an event stream sends something though there is nothing to say.
    pub push_beat: Duration,
    /// How long a client may take to send a request's head.
    pub header_timeout: Duration,
    /// How long a client may take next to nothing of an answer.
    pub write_timeout: Duration,
    /// How long a connection may stay open without a request.
    pub idle_timeout: Duration,
    /// How long a client may take to send a request's body.
    pub body_timeout: Duration,
    /// The largest request body, in bytes.
    pub body_bytes: usize,
    /// How long open requests may go on after the proxy was told to stop.
    pub drain: Duration,
    /// What stands in front of the proxy, which says how clients are told apart.
    pub topology: Topology,
    /// Which header what stands in front writes.
    pub forwarded_header: ForwardedHeader,
    /// Requests of any kind that one network may make in a minute without a merchant key, all of them at once; 0 is no limit. Those whose
    /// network is not known are not counted.
    pub network_requests_per_minute: u32,
    /// Calls of one kind (making something for a buyer, other changes, questions) that may be made with one merchant key in a minute, all of
    /// them at once; 0 is no limit.
    pub merchant_calls_per_minute: u32,
    /// Requests for new checkouts that are worked on at the same time for one shop; more are refused at once.
    pub creations_at_once: usize,
    /// Choices of a currency that are worked on at the same time for one shop; more are refused at once.
    pub choices_at_once: usize,
    /// Other calls of one shop's servers that are worked on at the same time; more are refused at once.
    pub merchant_calls_at_once: usize,
    /// Checkouts that pages in one network may make at one shop in an hour, a tenth of them at once; 0 is no limit.
    pub network_checkouts_per_hour: u32,
    /// The same in a day, a quarter of them at once.
    pub network_checkouts_per_day: u32,
    /// Choices of a currency that pages in one network may make at one shop in an hour, a tenth of them at once; 0 is no limit.
    pub network_choices_per_hour: u32,
    /// Checkouts that pages may make of one product in an hour, a tenth of them at once; then only networks that have made less than an
    /// equal part make more, at most as many again. 0 is no limit.
    pub product_checkouts_per_hour: u32,
    /// The same in a day, a quarter of them at once.
    pub product_checkouts_per_day: u32,
    /// Invoices that the pages of one shop may have the gateway make in an hour, a tenth of them at once; then only
    /// networks that have had less than an equal part made, at most as many again. 0 is no limit.
    pub invoices_per_hour: u32,
    /// The same in a day, a quarter of them at once.
    pub invoices_per_day: u32,
    /// Invoices of one checkout that wait for a payment at the same time.
    pub invoices_per_checkout: usize,
    /// Checkouts made by pages that are open at the same time; beyond that those without an invoice are deleted, and no more are made when
    /// all have one. As many that have expired, and are not watched any more, are kept. Half of the number is divided among the shops.
    pub open_checkouts: u32,
    /// Days after which a checkout that a page made, that has expired and that never saw money is deleted with its invoices.
    pub unpaid_days: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            push_connections: 10_000,
            push_connections_per_network: 256,
            push_beat: Duration::from_secs(15),
            header_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(10),
            body_bytes: 64 * 1024,
            drain: Duration::from_secs(10),
            connections_per_network: 256,
            write_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            topology: Topology::Unknown,
            forwarded_header: ForwardedHeader::Either,
            network_requests_per_minute: 6_000,
            merchant_calls_per_minute: 6_000,
            creations_at_once: 128,
            choices_at_once: 128,
            merchant_calls_at_once: 128,
            network_checkouts_per_hour: 600,
            network_checkouts_per_day: 3_000,
            network_choices_per_hour: 600,
            product_checkouts_per_hour: 7_200,
            product_checkouts_per_day: 50_000,
            invoices_per_hour: 3_600,
            invoices_per_day: 20_000,
            invoices_per_checkout: 6,
            open_checkouts: 100_000,
            unpaid_days: 30,
        }
    }
}

#[rustfmt::skip]
pub(super) fn limits(values: &mut Values) -> Limits {
    let usual = Limits::default();
    Limits {
        connections: values.count("limits.connections", usual.connections, 1..=1_000_000),
        push_connections: values.count("limits.push_connections", usual.push_connections, 0..=1_000_000),
        push_connections_per_network: values.count("limits.push_connections_per_network", usual.push_connections_per_network, 1..=1_000_000),
        push_beat: values.duration("limits.push_beat_ms", usual.push_beat, 1_000..=15_000),
        header_timeout: values.duration("limits.header_timeout_ms", usual.header_timeout, 100..=60_000),
        body_timeout: values.duration("limits.body_timeout_ms", usual.body_timeout, 100..=60_000),
        body_bytes: values.count("limits.body_bytes", usual.body_bytes, 1_024..=1_048_576),
        drain: values.duration("limits.drain_ms", usual.drain, 0..=60_000),
        connections_per_network: values.count("limits.connections_per_network", usual.connections_per_network, 1..=1_000_000),
        write_timeout: values.duration("limits.write_timeout_ms", usual.write_timeout, 1_000..=600_000),
        idle_timeout: values.duration("limits.idle_timeout_ms", usual.idle_timeout, 1_000..=3_600_000),
        topology: topology(values),
        forwarded_header: forwarded_header(values),
        network_requests_per_minute: small(values, "limits.network_requests_per_minute", usual.network_requests_per_minute, 0..=10_000_000),
        merchant_calls_per_minute: small(values, "limits.merchant_calls_per_minute", usual.merchant_calls_per_minute, 0..=10_000_000),
        creations_at_once: values.count("limits.creations_at_once", usual.creations_at_once, 1..=100_000),
        choices_at_once: values.count("limits.choices_at_once", usual.choices_at_once, 1..=100_000),
        merchant_calls_at_once: values.count("limits.merchant_calls_at_once", usual.merchant_calls_at_once, 1..=100_000),
        network_checkouts_per_hour: small(values, "limits.network_checkouts_per_hour", usual.network_checkouts_per_hour, 0..=1_000_000),
        network_checkouts_per_day: small(values, "limits.network_checkouts_per_day", usual.network_checkouts_per_day, 0..=10_000_000),
        network_choices_per_hour: small(values, "limits.network_choices_per_hour", usual.network_choices_per_hour, 0..=1_000_000),
        product_checkouts_per_hour: small(values, "limits.product_checkouts_per_hour", usual.product_checkouts_per_hour, 0..=10_000_000),
        product_checkouts_per_day: small(values, "limits.product_checkouts_per_day", usual.product_checkouts_per_day, 0..=100_000_000),
        invoices_per_hour: small(values, "limits.invoices_per_hour", usual.invoices_per_hour, 0..=10_000_000),
        invoices_per_day: small(values, "limits.invoices_per_day", usual.invoices_per_day, 0..=100_000_000),
        invoices_per_checkout: values.count("limits.invoices_per_checkout", usual.invoices_per_checkout, 1..=100),
        open_checkouts: small(values, "limits.open_checkouts", usual.open_checkouts, 100..=10_000_000),
        unpaid_days: small(values, "limits.unpaid_days", usual.unpaid_days, 7..=3_650),
    }
}

/// A number within 32 bits.
fn small(values: &mut Values, key: &'static str, usual: u32, range: RangeInclusive<u64>) -> u32 {
    let usual = usize::try_from(usual).unwrap_or(usize::MAX);
    u32::try_from(values.count(key, usual, range)).unwrap_or(u32::MAX)
}

fn forwarded_header(values: &mut Values) -> ForwardedHeader {
    let said = values.read_optional("limits.forwarded_header", |text| match text {
        "x-forwarded-for" => Ok(ForwardedHeader::XForwardedFor),
        "forwarded" => Ok(ForwardedHeader::Forwarded),
        "either" => Ok(ForwardedHeader::Either),
        other => Err(format!(
            "`{}` is not \"x-forwarded-for\", \"forwarded\" or \"either\"",
            redacted::value(other)
        )),
    });
    said.flatten().unwrap_or_default()
}

fn topology(values: &mut Values) -> Topology {
    const KEY: &str = "limits.trusted_proxies";
    let Some(texts) = values.texts(KEY) else {
        return Topology::Unknown;
    };
    let networks = texts.iter().filter_map(|text| {
        let network = text.parse::<IpNet>();
        let network = network.or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        let read = network.map_err(|_| {
            format!(
                "`{}` is not an address such as 127.0.0.1 or a network such as 10.0.0.0/8",
                redacted::value(text)
            )
        });
        values.said(KEY, read)
    });
    Topology::Proxies(networks.collect())
}
