//! Plays sequences, and shrinks and prints the first that differs.

use std::collections::BTreeMap;
use std::fmt;

use calypso_sandbox::Settings;
use tokio::runtime::Runtime;

use crate::comparison::Difference;
use crate::desk::Desk;
use crate::lockstep::Lockstep;
use crate::random::Random;
use crate::reference::COINS;
use crate::steps::{self, Step};

/// How much may be overpaid, in thousandths: nothing, which is the default, and 2.5 %.
const TOLERANCES: [u128; 2] = [0, 25];

/// What was reached: how often each state, refusal and event was seen.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    sequences: u64,
    steps: u64,
    reached: BTreeMap<String, u64>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.sequences += other.sequences;
        self.steps += other.steps;
        for (what, count) in &other.reached {
            *self.reached.entry(what.clone()).or_default() += count;
        }
    }

    fn note(&mut self, lockstep: &Lockstep<'_>) {
        self.sequences += 1;
        let mut reach = |what: String| *self.reached.entry(what).or_default() += 1;
        for invoice in &lockstep.gateway.invoices {
            reach(format!("ended {:?}", invoice.state));
            for event in &invoice.events {
                reach(event.name.to_owned());
            }
        }
        for widget in &lockstep.gateway.widgets {
            reach(format!("widget {:?}", widget.state));
        }
    }

    /// A model that nothing happens to agrees with anything.
    pub(crate) fn assert_everything_was_reached(&self) {
        let few = self.sequences / 200;
        for what in [
            "ended PendingPayment",
            "ended MemPoolFound",
            "ended PendingComplianceCheck",
            "ended Declined",
            "ended Paid",
            "ended PendingIntervention",
            "ended Completed",
            "ended Archived",
            "widget InProgress",
            "widget Completed",
            "widget Archived",
            "INVOICE_CREATE_INVOICE",
            "INVOICE_CREATE_UNLIMITED_INVOICE",
            "INVOICE_MEMPOOL_FOUND",
            "INVOICE_FUNDS_RECEIVED_FOR_INVOICE",
            "INVOICE_PAID",
            "INVOICE_PENDING_INTERVENTION",
            "INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED",
            "INVOICE_EXPIRED",
            "INVOICE_PENDING_COMPLIANCE",
            "INVOICE_COMPLIANCE_DECLINED",
        ] {
            let count = self.reached.get(what).copied().unwrap_or(0);
            assert!(count >= few, "{what} was reached only {count} times");
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} sequences, {} steps", self.sequences, self.steps)?;
        for (what, count) in &self.reached {
            writeln!(f, "  {what}: {count}")?;
        }
        Ok(())
    }
}

/// A sequence after which the two sides differ.
pub(crate) struct Failure {
    rates: Vec<u128>,
    /// What was done, and whether everything was looked at afterwards.
    steps: Vec<(Step, bool)>,
    difference: Difference,
}

/// Plays the sequences of these seeds. Panics with a shrunken list of steps at the first that differs.
pub(crate) fn play_all(seeds: impl Iterator<Item = u64>) -> Tally {
    let runtime = idle_runtime();
    let _entered = runtime.enter();
    let mut tally = Tally::default();
    let mut desks = TOLERANCES.map(|tolerance| Desk::open(1, tolerance));
    for seed in seeds {
        let mut random = Random::new(seed);
        let desk = &mut desks[random.place(TOLERANCES.len())];
        if desk.is_old() {
            *desk = Desk::open(seed, desk.tolerance);
        }
        if let Err(failure) = play(desk, random, &mut tally) {
            report(seed, desk.tolerance, failure);
        }
    }
    tally
}

/// After how many sequences a sandbox with other settings is seen to differ from the model; none if it never is.
pub(crate) fn sequences_until_noticed(
    most: usize,
    change: impl FnOnce(&mut Settings),
) -> Option<usize> {
    let runtime = idle_runtime();
    let _entered = runtime.enter();
    let desk = Desk::with(1, 0, change);
    let mut tally = Tally::default();
    (0..most).find(|seed| play(&desk, Random::new(*seed as u64), &mut tally).is_err())
}

/// Subscriptions start a courier, which wants a runtime. Nobody drives this one, so nothing is ever sent.
fn idle_runtime() -> Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime")
}

fn play(desk: &Desk, mut random: Random, tally: &mut Tally) -> Result<(), Failure> {
    let rates: Vec<_> = COINS.iter().map(|_| steps::rate(&mut random)).collect();
    let length = 3 + random.place(18);
    let mut lockstep = Lockstep::start(desk, &rates);
    // Now and then nobody looks for a while: what time did must come out all the same.
    let looks = random.one_of(&[100, 100, 60, 0]);
    let mut done: Vec<(Step, bool)> = Vec::new();
    let mut outcome = Ok(());
    let opening = steps::opening(&mut random);
    for place in 0..length.max(opening.len()) {
        let step = match opening.get(place) {
            Some(turn) => steps::tell(*turn, &mut random, &lockstep.gateway),
            None => steps::draw(&mut random, &lockstep.gateway),
        };
        let look = random.chance(looks);
        done.push((step, look));
        tally.steps += 1;
        outcome = lockstep.step(step);
        if look && outcome.is_ok() {
            outcome = lockstep.look();
        }
        if outcome.is_err() {
            break;
        }
    }
    outcome
        .and_then(|()| lockstep.finish())
        .map_err(|difference| Failure {
            rates,
            steps: done,
            difference,
        })?;
    tally.note(&lockstep);
    Ok(())
}

/// Plays these steps on a fresh sandbox.
fn replay(tolerance: u128, rates: &[u128], steps: &[(Step, bool)]) -> Result<(), Difference> {
    let desk = Desk::open(1, tolerance);
    let mut lockstep = Lockstep::start(&desk, rates);
    for (step, look) in steps {
        lockstep.step(*step)?;
        if *look {
            lockstep.look()?;
        }
    }
    lockstep.finish()
}

/// In what the two sides differ, whichever invoice it is: shrinking must not wander off to another difference.
fn kind(difference: &str) -> String {
    let line = difference.lines().next().unwrap_or_default();
    line.chars().filter(|sign| !sign.is_ascii_digit()).collect()
}

/// Leaves out step after step as long as the two sides still differ, and panics with what is left.
fn report(seed: u64, tolerance: u128, failure: Failure) -> ! {
    let Failure {
        rates,
        mut steps,
        mut difference,
    } = failure;
    let reproduced = replay(tolerance, &rates, &steps).is_err();
    let mut place = 0;
    while reproduced && place < steps.len() {
        let mut fewer = steps.clone();
        fewer.remove(place);
        match replay(tolerance, &rates, &fewer) {
            Err(other) if kind(&other) == kind(&difference) => {
                (steps, difference) = (fewer, other);
                place = 0;
            }
            _ => place += 1,
        }
    }
    let list: Vec<_> = steps
        .iter()
        .enumerate()
        .map(|(place, (step, look))| {
            format!(
                "  {place}. {step:?}{}",
                if *look { ", then look" } else { "" }
            )
        })
        .collect();
    panic!(
        "seed {seed}: the model and the sandbox differ in {difference}\ntolerance {tolerance}, rates {rates:?}, after these steps{}:\n{}",
        if reproduced {
            ""
        } else {
            " (only on the desk it was played on)"
        },
        list.join("\n")
    );
}
