//! Meters of the three kinds there are. Their names and labels stand in the code, so a mistake in one is found by the first test that
//! opens a proxy.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry,
};

/// From a tenth of a millisecond, which a kept answer takes, to half a minute, after which nobody waits any more.
const SECONDS: [f64; 12] = [
    0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0,
];
/// The beginning of every name.
const PREFIX: &str = "calypso";
/// Why nothing here can fail.
const FIXED: &str = "its name and its labels are texts of the source";

/// A label that has one value for all that a meter counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of<'a>(pub(crate) &'static str, pub(crate) &'a str);

fn options(name: &str, help: &str, of: Option<Of<'_>>) -> Opts {
    let options = Opts::new(name, help).namespace(PREFIX);
    match of {
        Some(Of(label, value)) => options.const_label(label, value),
        None => options,
    }
}

/// What only grows, by labels.
pub(crate) fn counters(
    name: &str,
    help: &str,
    labels: &[&str],
    of: Option<Of<'_>>,
) -> IntCounterVec {
    IntCounterVec::new(options(name, help, of), labels).expect(FIXED)
}

/// What only grows.
pub(crate) fn counter(name: &str, help: &str) -> IntCounter {
    IntCounter::with_opts(options(name, help, None)).expect(FIXED)
}

/// What goes up and down.
pub(crate) fn gauge(name: &str, help: &str) -> IntGauge {
    gauge_of(name, help, None)
}

/// What goes up and down, of one thing among others.
pub(crate) fn gauge_of(name: &str, help: &str, of: Option<Of<'_>>) -> IntGauge {
    IntGauge::with_opts(options(name, help, of)).expect(FIXED)
}

/// What goes up and down, by labels.
pub(crate) fn gauges(name: &str, help: &str, labels: &[&str]) -> IntGaugeVec {
    IntGaugeVec::new(options(name, help, None), labels).expect(FIXED)
}

/// How long something takes, by labels.
pub(crate) fn seconds(name: &str, help: &str, labels: &[&str], of: Option<Of<'_>>) -> HistogramVec {
    let options = HistogramOpts::from(options(name, help, of)).buckets(SECONDS.to_vec());
    HistogramVec::new(options, labels).expect(FIXED)
}

/// Adds how long something took.
pub(crate) fn took(histogram: &Histogram, time: Duration) {
    histogram.observe(time.as_secs_f64());
}

/// Puts a meter on the page.
pub(crate) fn show(registry: &Registry, meter: &(impl Collector + Clone + 'static)) {
    registry
        .register(Box::new(meter.clone()))
        .expect("each meter has a name of its own");
}
