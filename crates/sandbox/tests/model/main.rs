//! The sandbox against a reference model: random sequences of operations are played on both, and nothing may differ.
//!
//! The model is `reference`, written from the gateway reference. A failing sequence is shrunk and printed step by step.
//! `MODEL_SEED=N` plays one sequence, `MODEL_BASE=N` moves the base, `MODEL_SEQUENCES=N` changes how many are played.

mod comparison;
mod desk;
mod lockstep;
mod phases;
mod random;
mod reference;
mod sequence;
mod steps;

use std::env;
use std::thread;

use checkout::Amount;

/// How many sequences are played unless told otherwise.
const SEQUENCES: u64 = 100_000;
/// The first seed unless told otherwise.
const BASE: u64 = 3_000_000;
/// Threads that share the work.
const THREADS: u64 = 2;

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name}: expected a whole number, got {text:?}")))
}

#[test]
fn the_sandbox_agrees_with_the_reference_model() {
    let one = number("MODEL_SEED");
    let base = one.or_else(|| number("MODEL_BASE")).unwrap_or(BASE);
    let count = if one.is_some() {
        1
    } else {
        number("MODEL_SEQUENCES").unwrap_or(SEQUENCES)
    };
    println!("playing {count} sequences from seed {base} on; MODEL_SEED=N plays one of them");
    let players: Vec<_> = (0..THREADS)
        .map(|thread| {
            let seeds = (base..base + count).filter(move |seed| seed % THREADS == thread);
            thread::spawn(move || sequence::play_all(seeds))
        })
        .collect();
    let mut total = sequence::Tally::default();
    for player in players {
        total.add(&player.join().expect("the sequences of this thread agree"));
    }
    println!("{total}");
    if one.is_none() {
        total.assert_everything_was_reached();
    }
}

/// The comparison can fail: a sandbox that differs in one figure is found out.
#[test]
fn a_sandbox_with_another_rule_is_noticed() {
    let percent = |units, scale| Amount::from_units(units, scale).expect("a small number");
    let rules = [
        "crediting takes six seconds",
        "the fee is 1.0001 %",
        "0.0001 % may be overpaid",
        "TRON invoices live a second longer",
        "other invoices live a second less",
        "widgets live a second longer",
    ];
    for (place, rule) in rules.into_iter().enumerate() {
        let noticed = sequence::sequences_until_noticed(2_000, |settings| match place {
            0 => settings.crediting_seconds = 6,
            1 => settings.service_fee_percent = percent(10_001, 4),
            2 => settings.overpay_tolerance_percent = percent(1, 4),
            3 => settings.tron_invoice_seconds += 1,
            4 => settings.invoice_seconds -= 1,
            _ => settings.widget_seconds += 1,
        });
        println!("{rule}: {noticed:?}");
        assert!(noticed.is_some(), "nobody noticed that {rule}");
    }
}
