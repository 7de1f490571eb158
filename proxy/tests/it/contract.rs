//! The proxy's contract as text: one snapshot a call, with what it answers and how it refuses, and one for each kind of request that it
//! sends to the gateway. CONTRIBUTING says how a wanted change is accepted.

mod archive;
mod attested;
mod events;
mod files;
mod gateway_requests;
mod health;
mod history;
mod hosted_widget;
mod intervention;
mod invoice;
mod list;
mod make;
mod make_refused;
mod outbox;
mod outside;
mod page;
mod recorder;
mod refunds;
mod refusals;
mod shop;
mod show;
mod snapshot;
mod steady;
mod transcript;
mod webhook;

use std::collections::BTreeSet;

use crate::api_reference::calls::CALLS;

#[test]
fn every_call_has_a_snapshot_and_none_is_left_over() {
    let calls = CALLS.iter().map(transcript::name);
    let requests = gateway_requests::PATHS.iter().map(gateway_requests::name);
    let outside = outside::NAMES.iter().map(|&name| name.to_owned());
    let wanted: BTreeSet<String> = calls.chain(requests).chain(outside).collect();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/contract/snapshots");
    let files = std::fs::read_dir(directory).unwrap();
    let there: BTreeSet<String> = files
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.trim_end_matches(".snap").to_owned())
        .collect();
    assert_eq!(there, wanted);
}
