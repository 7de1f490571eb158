//! What clients saw, and whether one proxy that loses nothing and doubles nothing could have said it. Judged after the run, by functions
//! that ask nobody.

use std::collections::{BTreeMap, BTreeSet};

use checkout::Amount;
use serde_json::Value;

use crate::support::text;

/// What somebody was told, and when: numbers of one counter that all clients share.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) began: u64,
    pub(crate) ended: u64,
    pub(crate) what: What,
}

#[derive(Debug, Clone)]
pub(crate) enum What {
    /// The merchant's key made this checkout.
    Made { key: String, id: String },
    /// A buyer was shown where to pay.
    Chosen {
        id: String,
        currency: String,
        address: String,
    },
    /// A checkout was shown.
    Seen {
        id: String,
        state: String,
        received: Amount,
    },
}

impl What {
    /// A checkout as an answer shows it.
    pub(crate) fn seen(view: &Value) -> Self {
        let received = view["invoice"]["received"].as_str().unwrap_or("0");
        Self::Seen {
            id: text(view, "/id").to_owned(),
            state: text(view, "/state").to_owned(),
            received: Amount::parse(received).unwrap(),
        }
    }
}

/// Money that was sent, as the gateway knows it.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) deposit: String,
    pub(crate) address: String,
    pub(crate) amount: Amount,
}

/// How far each state has come, where every payment is exact and none is withdrawn.
const ORDER: [&str; 5] = ["choosing", "awaiting", "detected", "paid", "completed"];

/// Everything wrong with a run. `books` are the merchant's answers in the end, by the checkout's id.
pub(crate) fn judge(told: &[Told], sent: &[Sent], books: &BTreeMap<String, Value>) -> Vec<String> {
    let mut wrong = judge_answers(told, books);
    deposits_count_once(sent, books, &mut wrong);
    wrong
}

/// Everything wrong with the answers alone.
pub(crate) fn judge_answers(told: &[Told], books: &BTreeMap<String, Value>) -> Vec<String> {
    let mut wrong = Vec::new();
    keys_make_one(told, &mut wrong);
    nothing_acknowledged_is_missing(told, books, &mut wrong);
    nothing_leads_back(told, &mut wrong);
    wrong
}

fn keys_make_one(told: &[Told], wrong: &mut Vec<String>) {
    let mut made: BTreeMap<&str, &str> = BTreeMap::new();
    for told in told {
        if let What::Made { key, id } = &told.what {
            let first = made.entry(key).or_insert(id);
            if *first != id {
                wrong.push(format!("key {key} made {first} and {id}"));
            }
        }
    }
}

fn nothing_acknowledged_is_missing(
    told: &[Told],
    books: &BTreeMap<String, Value>,
    wrong: &mut Vec<String>,
) {
    for told in told {
        match &told.what {
            What::Made { id, .. } | What::Seen { id, .. } => {
                if !books.contains_key(id) {
                    wrong.push(format!("checkout {id} is gone"));
                }
            }
            What::Chosen {
                id,
                currency,
                address,
            } => {
                let invoices = books.get(id).map(|book| &book["merchant"]["invoices"]);
                let invoices = invoices.and_then(Value::as_array);
                let of_currency: Vec<&Value> = invoices
                    .into_iter()
                    .flatten()
                    .filter(|invoice| invoice["currency"] == **currency)
                    .collect();
                if of_currency.len() != 1 || of_currency[0]["address"] != **address {
                    wrong.push(format!(
                        "{id} was shown {address} for {currency} and has {of_currency:?}"
                    ));
                }
            }
        }
    }
}

/// What was seen by an answer that had ended is not taken back by one that began later.
fn nothing_leads_back(told: &[Told], wrong: &mut Vec<String>) {
    let mut looks: BTreeMap<&str, Vec<(&Told, usize, Amount)>> = BTreeMap::new();
    for one in told {
        if let What::Seen {
            id,
            state,
            received,
        } = &one.what
        {
            match ORDER.iter().position(|known| known == state) {
                Some(rank) => looks.entry(id).or_default().push((one, rank, *received)),
                None => wrong.push(format!("{id} was {state}, which nothing led to")),
            }
        }
    }
    for (id, mut looks) in looks {
        let mut ended = looks.clone();
        looks.sort_by_key(|(told, ..)| told.began);
        ended.sort_by_key(|(told, ..)| told.ended);
        let mut ended = ended.into_iter().peekable();
        let (mut furthest, mut most) = (0, Amount::ZERO);
        for (told, rank, received) in looks {
            while let Some((_, rank, received)) =
                ended.next_if(|(other, ..)| other.ended < told.began)
            {
                furthest = furthest.max(rank);
                most = most.max(received);
            }
            if rank < furthest || received < most {
                wrong.push(format!(
                    "{id} was {} with {most}, and later {} with {received} ({}–{})",
                    ORDER[furthest], ORDER[rank], told.began, told.ended
                ));
            }
        }
    }
}

fn deposits_count_once(sent: &[Sent], books: &BTreeMap<String, Value>, wrong: &mut Vec<String>) {
    let by_id: BTreeMap<&str, &Sent> = sent.iter().map(|sent| (&*sent.deposit, sent)).collect();
    let mut counted = BTreeSet::new();
    for (id, book) in books {
        let mut sums: BTreeMap<String, Amount> = BTreeMap::new();
        let deposits = book["merchant"]["deposits"].as_array();
        for deposit in deposits.into_iter().flatten() {
            let name = text(deposit, "/id");
            let Some(sent) = by_id.get(name) else {
                wrong.push(format!("{id} has a deposit nobody sent: {deposit}"));
                continue;
            };
            if !counted.insert(name.to_owned()) {
                wrong.push(format!("deposit {name} is counted twice, also for {id}"));
            }
            let is_as_sent = text(deposit, "/amount") == sent.amount.normalized().to_string()
                && deposit["flags"].as_array().is_some_and(Vec::is_empty);
            if !is_as_sent {
                wrong.push(format!("{} was sent, and is {deposit}", sent.amount));
            }
            let sum = sums.entry(text(deposit, "/currency").to_owned());
            let sum = sum.or_insert(Amount::ZERO);
            *sum = sum.checked_add(sent.amount).unwrap();
        }
        let totals = book["merchant"]["totals"].as_array();
        for total in totals.into_iter().flatten() {
            let of_deposits = sums.remove(text(total, "/currency"));
            let of_deposits = of_deposits.unwrap_or(Amount::ZERO).normalized();
            if text(total, "/received") != of_deposits.to_string() {
                wrong.push(format!("{id} got {of_deposits} and counts {total}"));
            }
        }
        if !sums.is_empty() {
            wrong.push(format!("{id} counts nothing of {sums:?}"));
        }
    }
    for sent in sent.iter().filter(|sent| !counted.contains(&sent.deposit)) {
        wrong.push(format!(
            "{} sent to {} is not counted ({})",
            sent.amount, sent.address, sent.deposit
        ));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use checkout::Amount;
    use serde_json::{Value, json};

    use super::{Sent, Told, What, judge};

    fn seen(began: u64, ended: u64, state: &str, received: &str) -> Told {
        Told {
            began,
            ended,
            what: What::Seen {
                id: "c".to_owned(),
                state: state.to_owned(),
                received: Amount::parse(received).unwrap(),
            },
        }
    }

    fn made(key: &str, id: &str) -> Told {
        let (key, id) = (key.to_owned(), id.to_owned());
        Told {
            began: 0,
            ended: 1,
            what: What::Made { key, id },
        }
    }

    fn sent() -> Vec<Sent> {
        vec![Sent {
            deposit: "d".to_owned(),
            address: "a".to_owned(),
            amount: Amount::parse("2.50").unwrap(),
        }]
    }

    fn books(deposits: usize, received: &str) -> BTreeMap<String, Value> {
        let deposit = json!({"id": "d", "amount": "2.5", "currency": "BTC", "flags": []});
        let book = json!({"merchant": {
            "invoices": [{"currency": "BTC", "address": "a"}],
            "deposits": vec![deposit; deposits],
            "totals": [{"currency": "BTC", "received": received}],
        }});
        [("c".to_owned(), book)].into()
    }

    #[test]
    fn a_sound_history_is_believed() {
        let told = [
            made("k", "c"),
            seen(2, 5, "awaiting", "0"),
            seen(3, 4, "paid", "2.5"),
            seen(6, 7, "paid", "2.5"),
        ];
        assert_eq!(judge(&told, &sent(), &books(1, "2.5")), [""; 0]);
    }

    #[test]
    fn each_kind_of_loss_and_doubling_is_noticed() {
        let chosen = |address: &str| Told {
            began: 0,
            ended: 1,
            what: What::Chosen {
                id: "c".to_owned(),
                currency: "BTC".to_owned(),
                address: address.to_owned(),
            },
        };
        let sound = books(1, "2.5");
        let none = BTreeMap::new();
        for (told, sent, books, what) in [
            (
                vec![made("k", "c"), made("k", "e")],
                sent(),
                &sound,
                "made c and e",
            ),
            (vec![made("k", "e")], sent(), &sound, "e is gone"),
            (vec![chosen("other")], sent(), &sound, "was shown other"),
            (
                vec![seen(1, 2, "paid", "2.5"), seen(3, 4, "awaiting", "2.5")],
                sent(),
                &sound,
                "later awaiting",
            ),
            (
                vec![seen(1, 2, "paid", "2.5"), seen(3, 4, "paid", "0")],
                sent(),
                &sound,
                "with 0",
            ),
            (
                vec![seen(1, 2, "expired", "0")],
                sent(),
                &sound,
                "nothing led to",
            ),
            (vec![], sent(), &books(2, "2.5"), "counted twice"),
            (vec![], sent(), &books(1, "5"), "and counts"),
            (vec![], sent(), &books(0, "0"), "is not counted"),
            (vec![], sent(), &none, "is not counted"),
            (vec![], vec![], &sound, "nobody sent"),
        ] {
            let wrong = judge(&told, &sent, books);
            assert!(
                wrong.iter().any(|wrong| wrong.contains(what)),
                "{what}: {wrong:?}"
            );
        }
    }
}
