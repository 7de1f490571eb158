//! The figures: how often is asked, and what clients may take up.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use ipnet::IpNet;

use super::values::Values;
use super::{Limits, Paces};
use crate::input::client::Topology;
use crate::input::shown_value;

pub(super) fn paces(values: &mut Values) -> Paces {
    let usual = Paces::default();
    let poll = 1_000..=600_000;
    Paces {
        choosing: values.duration("pace.choosing_ms", usual.choosing, poll.clone()),
        awaiting: values.duration("pace.awaiting_ms", usual.awaiting, poll.clone()),
        moving: values.duration("pace.moving_ms", usual.moving, poll.clone()),
        settled: values.duration("pace.settled_ms", usual.settled, poll),
        watch: values.duration("pace.watch_ms", usual.watch, 5_000..=3_600_000),
        rates: values.duration("pace.rates_ms", usual.rates, 5_000..=600_000),
    }
}

#[rustfmt::skip]
pub(super) fn limits(values: &mut Values) -> Limits {
    let usual = Limits::default();
    Limits {
        connections: values.count("limits.connections", usual.connections, 1..=1_000_000),
        header_timeout: values.duration("limits.header_timeout_ms", usual.header_timeout, 100..=60_000),
        body_timeout: values.duration("limits.body_timeout_ms", usual.body_timeout, 100..=60_000),
        body_bytes: values.count("limits.body_bytes", usual.body_bytes, 1_024..=1_048_576),
        drain: values.duration("limits.drain_ms", usual.drain, 0..=60_000),
        connections_per_network: values.count("limits.connections_per_network", usual.connections_per_network, 1..=1_000_000),
        write_timeout: values.duration("limits.write_timeout_ms", usual.write_timeout, 1_000..=600_000),
        idle_timeout: values.duration("limits.idle_timeout_ms", usual.idle_timeout, 1_000..=3_600_000),
        topology: topology(values),
        network_checkouts_per_hour: small(values, "limits.network_checkouts_per_hour", usual.network_checkouts_per_hour, 0..=1_000_000),
        network_choices_per_hour: small(values, "limits.network_choices_per_hour", usual.network_choices_per_hour, 0..=1_000_000),
        product_checkouts_per_hour: small(values, "limits.product_checkouts_per_hour", usual.product_checkouts_per_hour, 0..=10_000_000),
        invoices_per_hour: small(values, "limits.invoices_per_hour", usual.invoices_per_hour, 0..=10_000_000),
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
                shown_value::value(text)
            )
        });
        values.said(KEY, read)
    });
    Topology::Proxies(networks.collect())
}
