//! What can be done to a gateway, and a generator that likes the moments and amounts where decisions turn.

use crate::random::Random;
use crate::reference::{COINS, Coin, Gateway, Sender, Stage, Terms};

/// One operation. Invoices, deposits, widgets and coins are named by their place; a place that is not there (any more,
/// after shrinking) makes the step do nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Create {
        coin: usize,
        terms: Terms,
        amount: Option<u128>,
        life: Option<i64>,
    },
    CreateWidget {
        coins: [usize; 2],
        cents: Option<u128>,
        life: Option<i64>,
    },
    Choose {
        widget: usize,
        coin: usize,
    },
    Deposit {
        invoice: usize,
        amount: u128,
        sender: Sender,
        lower_case: bool,
        stage: Stage,
    },
    Advance {
        invoice: usize,
        deposit: usize,
        stage: Stage,
    },
    Decide {
        invoice: usize,
        decision: Decision,
    },
    FixRate {
        coin: usize,
        rate: u128,
    },
    Wait {
        millis: i64,
    },
}

/// What a person decides about an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Archive,
    ReturnToPaid,
    CloseIntervention,
    Refund,
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Most invoices one sequence makes.
const MOST_INVOICES: usize = 3;
/// Most deposits one invoice gets.
const MOST_DEPOSITS: usize = 5;

/// A turn of a story that chance alone tells too seldom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Create,
    Seen,
    Part,
    Longer,
    Move(Stage),
    Next,
}

/// Beginnings of some sequences; chance goes on from there.
const OPENINGS: [&[Turn]; 3] = [
    // A transaction hides repricings and perhaps the expiry, vanishes, and what is due goes on.
    &[
        Turn::Create,
        Turn::Seen,
        Turn::Longer,
        Turn::Move(Stage::Dropped),
        Turn::Next,
        Turn::Next,
    ],
    // A top-up under review.
    &[
        Turn::Create,
        Turn::Part,
        Turn::Seen,
        Turn::Move(Stage::Review),
        Turn::Move(Stage::Confirmed),
    ],
    // Two transactions, of which one vanishes.
    &[
        Turn::Create,
        Turn::Seen,
        Turn::Seen,
        Turn::Move(Stage::Dropped),
        Turn::Longer,
    ],
];

/// How a sequence begins: mostly just anyhow.
pub(crate) fn opening(random: &mut Random) -> &'static [Turn] {
    if random.chance(85) {
        return &[];
    }
    random.one_of(&OPENINGS)
}

/// The step of a turn.
pub(crate) fn tell(turn: Turn, random: &mut Random, gateway: &Gateway) -> Step {
    let invoice = gateway.invoices.len().saturating_sub(1);
    let known = gateway.invoices.last();
    let full = known.and_then(|known| known.amount).unwrap_or(1_000_000);
    let deposit = |amount: u128, stage| Step::Deposit {
        invoice,
        amount: amount.max(1),
        sender: Sender::Usual,
        lower_case: false,
        stage,
    };
    match turn {
        Turn::Create => Step::Create {
            coin: random.place(COINS.len()),
            terms: Terms::SingleFiat {
                cents: cents(random),
            },
            amount: None,
            life: None,
        },
        Turn::Seen => deposit(full, Stage::Mempool),
        Turn::Part => deposit(full / 2, Stage::Confirmed),
        Turn::Longer => Step::Wait {
            millis: random.one_of(&[15 * MINUTE, 17 * MINUTE, HOUR, 3 * HOUR - 1, 3 * HOUR, DAY]),
        },
        Turn::Move(stage) => {
            let deposits = known.map_or(0, |known| known.deposits.len());
            Step::Advance {
                invoice,
                deposit: deposits.saturating_sub(1),
                stage,
            }
        }
        Turn::Next => {
            let due = gateway.next_due().unwrap_or(gateway.now);
            Step::Wait {
                millis: due - gateway.now,
            }
        }
    }
}

/// A step that means something now, mostly.
pub(crate) fn draw(random: &mut Random, gateway: &Gateway) -> Step {
    if gateway.invoices.is_empty() && gateway.widgets.is_empty() {
        return if random.chance(80) {
            create(random)
        } else {
            create_widget(random)
        };
    }
    loop {
        let step = match random.below(100) {
            0..3 => (gateway.invoices.len() < MOST_INVOICES).then(|| create(random)),
            3..5 => (gateway.widgets.len() < 2).then(|| create_widget(random)),
            5..15 => choose(random, gateway),
            15..45 => deposit(random, gateway),
            45..62 => advance(random, gateway),
            62..74 => decide(random, gateway),
            74..78 => Some(fix_rate(random)),
            _ => Some(wait(random, gateway)),
        };
        if let Some(step) = step {
            return step;
        }
    }
}

fn create(random: &mut Random) -> Step {
    let coin = random.place(COINS.len());
    let step = COINS[coin].step();
    let steps = u128::from(1 + random.below(40_000_000));
    let (terms, amount) = match random.below(8) {
        0..4 => (
            Terms::SingleFiat {
                cents: cents(random),
            },
            None,
        ),
        4..6 => (Terms::Single, Some(steps * step)),
        6 => (
            Terms::Bound {
                least: steps * step,
            },
            None,
        ),
        _ => (Terms::Unlimited, None),
    };
    let life = (!terms.is_endless() && random.chance(20))
        .then(|| random.one_of(&[1, SECOND, 30 * SECOND + 500, 15 * MINUTE, HOUR, DAY - 1]));
    Step::Create {
        coin,
        terms,
        amount,
        life,
    }
}

fn cents(random: &mut Random) -> u128 {
    let any = 1 + random.below(500_000);
    u128::from(random.one_of(&[1, 100, 2_500, any, any]))
}

fn create_widget(random: &mut Random) -> Step {
    let first = random.place(COINS.len());
    let second = (first + 1 + random.place(COINS.len() - 1)) % COINS.len();
    let life = random
        .chance(30)
        .then(|| random.one_of(&[SECOND, HOUR, 2 * DAY, 30 * DAY - 1]));
    Step::CreateWidget {
        coins: [first, second],
        cents: random.chance(80).then(|| cents(random)),
        life,
    }
}

fn choose(random: &mut Random, gateway: &Gateway) -> Option<Step> {
    if gateway.widgets.is_empty() || gateway.invoices.len() >= MOST_INVOICES {
        return None;
    }
    let widget = random.place(gateway.widgets.len());
    let offered = random.one_of(&gateway.widgets[widget].coins);
    let coin = if random.chance(90) {
        COINS.iter().position(|coin| coin.code == offered.code)?
    } else {
        random.place(COINS.len())
    };
    Some(Step::Choose { widget, coin })
}

fn deposit(random: &mut Random, gateway: &Gateway) -> Option<Step> {
    let invoice = some_invoice(random, gateway)?;
    let known = &gateway.invoices[invoice];
    if known.deposits.len() >= MOST_DEPOSITS {
        return None;
    }
    let full = match known.terms {
        Terms::Bound { least } => least,
        _ => known.amount.unwrap_or(10u128.pow(known.coin.decimals)),
    };
    let due = full.saturating_sub(known.received());
    let amount = match random.below(15) {
        0..4 => due,
        // The least that still pays, and one unit less.
        4 => least(full).saturating_sub(known.received()),
        5 => (least(full) - 1).saturating_sub(known.received()),
        // One unit too much, and around the most that the tolerance of 2.5 % accepts.
        6 => due + 1,
        12 => due + full * 25 / 1000,
        13 => due + full * 25 / 1000 + 1,
        7 => full / 2,
        8 => full / 3,
        9 => full.saturating_mul(2),
        10 => 1,
        11 => due.saturating_sub(1),
        _ => u128::from(1 + random.below(1_000_000_000)),
    };
    let sender = random.one_of(&[
        Sender::Usual,
        Sender::Usual,
        Sender::Usual,
        Sender::Alice,
        Sender::Bob,
    ]);
    Some(Step::Deposit {
        invoice,
        amount: amount.max(1),
        sender,
        lower_case: known.coin.is_evm && random.chance(30),
        stage: if random.chance(50) {
            Stage::Mempool
        } else {
            Stage::Confirmed
        },
    })
}

/// The smallest amount that is at least 0.995 of `full`.
fn least(full: u128) -> u128 {
    (full * 995).div_ceil(1000)
}

/// Mostly the newest, whose story is going on.
fn some_invoice(random: &mut Random, gateway: &Gateway) -> Option<usize> {
    let count = gateway.invoices.len();
    (count > 0).then(|| {
        if random.chance(50) {
            count - 1
        } else {
            random.place(count)
        }
    })
}

fn advance(random: &mut Random, gateway: &Gateway) -> Option<Step> {
    let invoice = some_invoice(random, gateway)?;
    let deposits = &gateway.invoices[invoice].deposits;
    if deposits.is_empty() {
        return None;
    }
    let deposit = random.place(deposits.len());
    let open = matches!(deposits[deposit].stage, Stage::Mempool | Stage::Review);
    // What cannot move is tried now and then, to be refused.
    if !open && random.chance(90) {
        return None;
    }
    let stage = random.one_of(&[
        Stage::Confirmed,
        Stage::Confirmed,
        Stage::Review,
        Stage::Dropped,
        Stage::Dropped,
        Stage::Declined,
    ]);
    Some(Step::Advance {
        invoice,
        deposit,
        stage,
    })
}

fn decide(random: &mut Random, gateway: &Gateway) -> Option<Step> {
    let invoice = some_invoice(random, gateway)?;
    let decision = random.one_of(&[
        Decision::Archive,
        Decision::ReturnToPaid,
        Decision::ReturnToPaid,
        Decision::CloseIntervention,
        Decision::Refund,
    ]);
    // An early end makes a dull sequence.
    let dull = decision == Decision::Archive && random.chance(60);
    (!dull).then_some(Step::Decide { invoice, decision })
}

fn fix_rate(random: &mut Random) -> Step {
    Step::FixRate {
        coin: random.place(COINS.len()),
        rate: rate(random),
    }
}

/// Ten-thousandths: from a tenth of a cent to a hundred thousand.
pub(crate) fn rate(random: &mut Random) -> u128 {
    let digits = 1 + random.below(9);
    u128::from(10 + random.below(10u64.pow(u32::try_from(digits).expect("below ten"))))
}

fn wait(random: &mut Random, gateway: &Gateway) -> Step {
    let to_next = gateway.next_due().map(|due| due - gateway.now);
    let millis = match (random.below(10), to_next) {
        // Just before, at, and just after something happens by itself.
        (0..3, Some(left)) => left,
        (3, Some(left)) => left - 1,
        (4, Some(left)) => left + 1,
        _ => random.one_of(&[
            1,
            SECOND,
            5 * SECOND - 1,
            5 * SECOND,
            7 * SECOND,
            437 * SECOND,
            15 * MINUTE,
            HOUR + 1,
            3 * HOUR,
            DAY,
            DAY + 5 * SECOND,
            50 * DAY,
            90 * DAY,
        ]),
    };
    Step::Wait {
        millis: millis.max(0),
    }
}

/// The coin at a place.
pub(crate) fn coin(place: usize) -> &'static Coin {
    &COINS[place]
}
