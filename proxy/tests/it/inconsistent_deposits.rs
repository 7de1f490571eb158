//! A listing in which one deposit contradicts itself, or what is known of it: it is kept as it was, and all others count.

use serde_json::{Value, json};

use crate::support::{TestProxy, text};

const TOPUP: &str = r#"{"kind":"topup","description":"Top up"}"#;
const DEPOSIT: &str =
    r#"{"kind":"deposit","customer":"user-7","description":"Your deposit address"}"#;
const HISTORY: &str = "/api/v1/invoice/deposit-history";
const FIND: &str = "/api/v1/customer-purse/transaction/find";

/// What a gateway may do to one entry of a listing.
type Spoil = fn(&mut Vec<Value>, usize);

fn set(items: &mut [Value], at: usize, member: &str, value: Value) {
    items[at][member] = value;
}

/// A number with digits that no float has.
fn digits(text: &str) -> Value {
    // The marks are taken off again where the page is written.
    Value::String(format!("<<{text}>>"))
}

const SPOILS: [(&str, Spoil); 34] = [
    ("less", |i, at| set(i, at, "amount", digits("4.95"))),
    ("more", |i, at| set(i, at, "amount", digits("500"))),
    ("nothing", |i, at| set(i, at, "amount", digits("0"))),
    ("below zero", |i, at| set(i, at, "amount", digits("-5"))),
    ("too fine", |i, at| {
        set(i, at, "amount", digits("5.00000000001"));
    }),
    ("absurdly fine", |i, at| {
        set(i, at, "amount", digits("5e-90"));
    }),
    ("absurd", |i, at| {
        set(
            i,
            at,
            "amount",
            digits("340282366920938463463374607431768211455"),
        );
    }),
    ("no number any more", |i, at| {
        set(i, at, "amount", digits("1e400"));
    }),
    ("a word", |i, at| set(i, at, "amount", json!("five"))),
    ("null", |i, at| set(i, at, "amount", Value::Null)),
    ("an object", |i, at| {
        set(i, at, "amount", json!({"value": 5}));
    }),
    ("a list", |i, at| set(i, at, "amount", json!([5]))),
    ("true", |i, at| set(i, at, "amount", json!(true))),
    ("other currency", |i, at| {
        set(i, at, "currency", json!("BTC"));
    }),
    ("unknown currency", |i, at| {
        set(i, at, "currency", json!("XYZ"));
    }),
    ("empty currency", |i, at| set(i, at, "currency", json!(""))),
    ("currency is a number", |i, at| {
        set(i, at, "currency", json!(7));
    }),
    ("back in the mempool", |i, at| {
        set(i, at, "transactionState", json!("MEM_POOL_FOUND"));
    }),
    ("declined", |i, at| {
        set(i, at, "transactionState", json!("DECLINED"));
    }),
    ("state of tomorrow", |i, at| {
        set(i, at, "transactionState", json!("TELEPORTED"));
    }),
    ("state is null", |i, at| {
        set(i, at, "transactionState", Value::Null);
    }),
    ("gone", |i, at| drop(i.remove(at))),
    ("is null", |i, at| i[at] = Value::Null),
    ("is a number", |i, at| i[at] = json!(5)),
    ("is empty", |i, at| i[at] = json!({})),
    ("has no id", |i, at| set(i, at, "id", Value::Null)),
    ("has an empty id", |i, at| set(i, at, "id", json!(""))),
    ("has an object for id", |i, at| {
        set(i, at, "id", json!({"id": 1}));
    }),
    ("date is a word", |i, at| {
        set(i, at, "createdDate", json!("yesterday"));
    }),
    ("other transaction", |i, at| {
        set(i, at, "transactionHash", json!("ab".repeat(32)));
    }),
    ("twice", |i, at| i.push(i[at].clone())),
    ("twice, less", |i, at| {
        i.push(i[at].clone());
        let last = i.len() - 1;
        set(i, last, "amount", digits("4"));
    }),
    ("twice, more and first", |i, at| {
        i.insert(0, i[at].clone());
        set(i, 0, "amount", digits("4000"));
    }),
    ("twice, in another currency", |i, at| {
        i.push(i[at].clone());
        let last = i.len() - 1;
        set(i, last, "currency", json!("BTC"));
    }),
];

fn spoilt(page: &str, amount: u64, spoil: Spoil) -> String {
    let mut page: Value = serde_json::from_str(page).unwrap();
    let Some(items) = page.get_mut("result").and_then(Value::as_array_mut) else {
        return page.to_string();
    };
    let victim = items.iter().position(|item| item["amount"] == amount);
    if let Some(at) = victim {
        spoil(items, at);
    }
    page.to_string().replace("\"<<", "").replace(">>\"", "")
}

async fn receiving(shop: &TestProxy, id: &str) -> Value {
    shop.advance(700);
    shop.fresh(id).await["receiving"].clone()
}

#[tokio::test]
async fn one_corrected_deposit_never_freezes_a_ledger() {
    for (body, path) in [(DEPOSIT, FIND), (TOPUP, HISTORY)] {
        for (what, spoil) in SPOILS {
            let shop = TestProxy::start().await;
            let id = shop.made(body).await;
            let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
            let address = text(&view, "/receiving/address").to_owned();
            for amount in ["5", "1"] {
                shop.gateway
                    .deposit_in(&address, "USDT_TRX", amount, "confirmed")
                    .await;
            }
            assert_eq!(receiving(&shop, &id).await["received"], "6");
            shop.gateway.rewrite(move |at, page| {
                if at == path {
                    spoilt(&page, 5, spoil)
                } else {
                    page
                }
            });
            assert_eq!(
                receiving(&shop, &id).await["received"],
                "6",
                "{path} {what}"
            );
            shop.gateway
                .deposit_in(&address, "USDT_TRX", "100", "confirmed")
                .await;
            for _ in 0..2 {
                let seen = receiving(&shop, &id).await;
                assert_eq!(seen["received"], "106", "{path} {what}: {seen}");
                assert_eq!(
                    seen["deposits"].as_array().unwrap().len(),
                    3,
                    "{path} {what}: {seen}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_deposit_that_is_nonsense_from_the_start_keeps_no_other_from_counting() {
    // What may count: as it is told, or not at all.
    let counted = |what: &str| match what {
        "less" | "twice, less" => &["105.95", "105"][..],
        "more" => &["601"],
        "twice, more and first"
        | "twice"
        | "other transaction"
        | "declined"
        | "back in the mempool" => &["106", "101"],
        _ => &["101", "106"],
    };
    for (body, path) in [(DEPOSIT, FIND), (TOPUP, HISTORY)] {
        for (what, spoil) in SPOILS {
            let shop = TestProxy::start().await;
            let id = shop.made(body).await;
            let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
            let address = text(&view, "/receiving/address").to_owned();
            shop.gateway.rewrite(move |at, page| {
                if at == path {
                    spoilt(&page, 5, spoil)
                } else {
                    page
                }
            });
            for amount in ["1", "5", "100"] {
                shop.gateway
                    .deposit_in(&address, "USDT_TRX", amount, "confirmed")
                    .await;
            }
            let seen = receiving(&shop, &id).await;
            let sum = text(&seen, "/received");
            assert!(counted(what).contains(&sum), "{path} {what}: {seen}");
            // The gateway comes to its senses.
            shop.gateway.honest();
            let sum = text(&receiving(&shop, &id).await, "/received").to_owned();
            let certain = match what {
                "less" => "105.95",
                "twice, less" => "105",
                "more" => "601",
                // A customer's money may be in any currency, so the first one told is certain.
                _ if path == FIND && what.ends_with(" currency") && !what.starts_with("twice") => {
                    "101"
                }
                _ => "106",
            };
            assert_eq!(sum, certain, "{path} {what}");
        }
    }
}

/// A checkout with 230 deposits of one amount, which is a list of three pages; its shop and its id.
async fn three_pages(body: &str, amount: &str) -> (TestProxy, String) {
    let shop = TestProxy::start().await;
    let id = shop.made(body).await;
    let view = shop.choose(&id, "TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address").to_owned();
    for _ in 0..230 {
        shop.gateway
            .deposit_in(&address, "TRX", amount, "confirmed")
            .await;
    }
    (shop, id)
}

#[tokio::test]
async fn pages_that_overlap_or_come_in_any_order_count_everything_once() {
    for (body, path) in [(DEPOSIT, FIND), (TOPUP, HISTORY)] {
        let (shop, id) = three_pages(body, "0.100001").await;
        let before = std::sync::Mutex::new(Vec::<Value>::new());
        shop.gateway.rewrite(move |at, page| {
            let mut page: Value = serde_json::from_str(&page).unwrap();
            if at != path {
                return page.to_string();
            }
            let (first, items) = (page["page"] == 0, page["result"].as_array_mut().unwrap());
            let mut before = before.lock().unwrap();
            if first {
                before.clear();
            }
            let own = items.clone();
            items.extend(before.iter().take(70).cloned());
            items.reverse();
            *before = own;
            page.to_string()
        });
        for _ in 0..2 {
            let seen = receiving(&shop, &id).await;
            assert_eq!(seen["received"], "23.00023", "{path}");
            assert_eq!(seen["deposits"].as_array().unwrap().len(), 230, "{path}");
        }
    }
}

#[tokio::test]
async fn a_page_that_never_comes_hides_only_what_is_on_it() {
    for (body, path) in [(DEPOSIT, FIND), (TOPUP, HISTORY)] {
        let (shop, id) = three_pages(body, "1").await;
        shop.gateway.rewrite(move |at, page| {
            if at == path && page.contains("\"page\":2,") {
                "<html>bad gateway</html>".to_owned()
            } else {
                page
            }
        });
        assert_eq!(receiving(&shop, &id).await["received"], "200", "{path}");
        shop.gateway.honest();
        assert_eq!(receiving(&shop, &id).await["received"], "230", "{path}");
    }
}
