//! A gateway that lies, in more than sixty ways: each is noticed by name, none makes an invoice paid that is not, none shows an amount
//! the price does not come to, and none hides a payment.

use checkout::{Amount, Rounding};
use serde_json::{Map, Value};

use crate::support::{CREATE, READ, TestProxy, logged, text};

/// One lie: its name here, the members of the answer it changes (`None` leaves a member out), and the alarm it raises. In a value
/// `{amount}` is what is asked for, `{N%}` so much of it; `{address}`, `{id}` are another invoice's; `{now+N}` is a date.
type Edits = &'static [(&'static str, Option<&'static str>)];

/// Lies about an invoice that is made. The buyer is told the code, and sees nothing of the answer.
#[rustfmt::skip]
const OF_NEW_INVOICES: &[(&str, Edits, &str, &str)] = &[
    ("no id", &[("id", Some(r#""""#))], "gateway_unsound", "no_id"),
    ("an id left out", &[("id", None)], "gateway_failed", "unreadable"),
    ("markup for an id", &[("id", Some(r#""<img src=x>""#))], "gateway_unsound", "bad_id"),
    ("another invoice's id", &[("id", Some(r#""{id}""#))], "gateway_unsound", "shared_id"),
    ("another key", &[("idempotencyKey", Some(r#""{id}""#))], "gateway_unsound", "other_key"),
    ("no key", &[("idempotencyKey", Some(r#""?""#))], "gateway_unsound", "other_key"),
    ("another currency", &[("currency", Some(r#""USDT""#))], "gateway_unsound", "contradiction"),
    ("no such currency", &[("currency", Some(r#""GOLD""#))], "gateway_unsound", "contradiction"),
    ("a fixed amount", &[("type", Some(r#""SINGLE""#))], "gateway_unsound", "contradiction"),
    ("an invoice without end", &[("type", Some(r#""UNLIMITED""#))], "gateway_unsound", "contradiction"),
    ("another network's address", &[("invoiceAddress", Some(r#""0xc23670524181205cdddef7a7e471674779b20797""#))], "gateway_unsound", "bad_address"),
    ("a mistyped address", &[("invoiceAddress", Some(r#""TMb2g7cJU1oooVZF9jybWSygz9FXLNKocQ""#))], "gateway_unsound", "bad_address"),
    ("no address", &[("invoiceAddress", Some(r#""""#))], "gateway_unsound", "bad_address"),
    ("another invoice's address", &[("invoiceAddress", Some(r#""{address}""#))], "gateway_unsound", "shared_address"),
    ("no price", &[("fiatAmount", None), ("fiatCurrency", None)], "gateway_unsound", "no_price"),
    ("a price without a currency", &[("fiatCurrency", Some("null"))], "gateway_unsound", "no_price"),
    ("a currency without a price", &[("fiatAmount", None)], "gateway_unsound", "no_price"),
    ("another price", &[("fiatAmount", Some("2.50"))], "gateway_unsound", "contradiction"),
    ("another fiat currency", &[("fiatCurrency", Some(r#""USD""#))], "gateway_unsound", "contradiction"),
    ("no amount", &[("amount", None)], "gateway_unsound", "no_amount"),
    ("an amount of zero", &[("amount", Some("0"))], "gateway_unsound", "bad_amount"),
    ("an amount below zero", &[("amount", Some("-27"))], "gateway_failed", "unreadable"),
    ("an amount in words", &[("amount", Some(r#""much""#))], "gateway_failed", "unreadable"),
    ("too many digits", &[("amount", Some("28.7529621"))], "gateway_unsound", "bad_amount"),
    ("next to nothing", &[("amount", Some("0.000001"))], "gateway_unsound", "off_rate"),
    ("a fortune", &[("amount", Some("99999999999"))], "gateway_unsound", "off_rate"),
    ("a tenth less", &[("amount", Some("{90%}"))], "gateway_unsound", "off_rate"),
    ("a tenth more", &[("amount", Some("{110%}"))], "gateway_unsound", "off_rate"),
    ("no expiry", &[("expiration", None)], "gateway_unsound", "no_expiration"),
    ("an expiry in the past", &[("expiration", Some(r#""2020-01-01T00:00:00""#))], "gateway_unsound", "already_expired"),
    ("an expiry now", &[("expiration", Some(r#""{now+0}""#))], "gateway_unsound", "already_expired"),
    ("an expiry in the year 9999", &[("expiration", Some(r#""9999-12-31T00:00:00""#))], "gateway_unsound", "expires_too_late"),
    ("an expiry after a hundred days", &[("expiration", Some(r#""{now+8640000}""#))], "gateway_unsound", "expires_too_late"),
    ("an expiry in words", &[("expiration", Some(r#""tomorrow""#))], "gateway_failed", "unreadable"),
    ("paid at once, with nothing", &[("state", Some(r#""PAID""#))], "gateway_unsound", "not_fresh"),
    ("paid at once, in full", &[("state", Some(r#""PAID""#)), ("totalDebitAmount", Some("{amount}"))], "gateway_unsound", "not_fresh"),
    ("completed at once", &[("state", Some(r#""COMPLETED""#))], "gateway_unsound", "not_fresh"),
    ("seen at once", &[("state", Some(r#""MEM_POOL_FOUND""#))], "gateway_unsound", "not_fresh"),
    ("archived at once", &[("state", Some(r#""ARCHIVED""#))], "gateway_unsound", "not_fresh"),
    ("money before anybody knew", &[("totalDebitAmount", Some("5"))], "gateway_unsound", "not_fresh"),
    ("less than nothing received", &[("totalDebitAmount", Some("-5"))], "gateway_failed", "unreadable"),
];

/// What has happened before a later lie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Before {
    Nothing,
    /// So many seconds have passed.
    Waiting(u64),
    /// A tenth of the amount was confirmed.
    Underpaid,
    Paid,
}

use Before::{Nothing, Paid, Underpaid, Waiting};

/// Lies about an invoice that is known. What the buyer sees, and what raises the alarm.
#[rustfmt::skip]
const OF_KNOWN_INVOICES: &[(&str, Before, Edits, &str, &str)] = &[
    ("another id", Nothing, &[("id", Some(r#""{id}""#))], "awaiting", "other_id"),
    ("another key", Nothing, &[("idempotencyKey", Some(r#""{id}""#))], "awaiting", "other_key"),
    ("another address", Nothing, &[("invoiceAddress", Some(r#""{address}""#))], "awaiting", "other_address"),
    ("another address, once paid", Paid, &[("invoiceAddress", Some(r#""{address}""#))], "paid", "other_address"),
    ("no address", Nothing, &[("invoiceAddress", Some(r#""?""#))], "awaiting", "bad_address"),
    ("another currency", Nothing, &[("currency", Some(r#""USDT""#))], "awaiting", "other_currency"),
    ("another kind", Nothing, &[("type", Some(r#""UNLIMITED""#))], "awaiting", "other_kind"),
    ("a kind nobody knows", Nothing, &[("type", Some(r#""FREE""#))], "awaiting", "other_kind"),
    ("paid, at another address", Nothing, &[("invoiceAddress", Some(r#""{address}""#)), ("state", Some(r#""PAID""#)), ("totalDebitAmount", Some("{amount}"))], "awaiting", "other_address"),
    ("no price", Nothing, &[("fiatAmount", None), ("fiatCurrency", None)], "awaiting", "no_price"),
    ("another price", Nothing, &[("fiatAmount", Some("2.50")), ("amount", Some("{10%}"))], "awaiting", "other_price"),
    ("another fiat currency", Nothing, &[("fiatCurrency", Some(r#""USD""#))], "awaiting", "other_price"),
    ("no amount", Nothing, &[("amount", None)], "awaiting", "no_amount"),
    ("an amount of zero", Nothing, &[("amount", Some("0"))], "awaiting", "bad_amount"),
    ("an amount below zero", Nothing, &[("amount", Some("-1"))], "awaiting", "unreadable"),
    ("another amount without a repricing", Nothing, &[("amount", Some("{102%}"))], "awaiting", "amount_changed"),
    ("a tenth of the amount, repriced", Waiting(60), &[("amount", Some("{10%}")), ("lastFiatUpdated", Some(r#""{now+0}""#))], "awaiting", "off_rate"),
    ("ten times the amount, in its time", Waiting(900), &[("amount", Some("{1000%}"))], "awaiting", "off_rate"),
    ("an amount of tomorrow", Nothing, &[("lastFiatUpdated", Some(r#""{now+86400}""#))], "awaiting", "priced_ahead"),
    ("another amount, once paid", Paid, &[("amount", Some("{102%}"))], "paid", "amount_changed_after_payment"),
    ("an expiry in the past", Nothing, &[("expiration", Some(r#""2020-01-01T00:00:00""#))], "awaiting", "expiry_moved_back"),
    ("an expiry two hours earlier", Nothing, &[("expiration", Some(r#""{now+3600}""#))], "awaiting", "expiry_moved_back"),
    ("an expiry in the year 9999", Nothing, &[("expiration", Some(r#""9999-12-31T00:00:00""#))], "awaiting", "expires_too_late"),
    ("paid with nothing", Nothing, &[("state", Some(r#""PAID""#))], "intervention", "paid_with_too_little"),
    ("completed with nothing", Nothing, &[("state", Some(r#""COMPLETED""#))], "intervention", "paid_with_too_little"),
    ("paid with a little too little", Nothing, &[("state", Some(r#""PAID""#)), ("totalDebitAmount", Some("{99%}"))], "intervention", "paid_with_too_little"),
    ("paid, by a smaller amount", Nothing, &[("state", Some(r#""PAID""#)), ("totalDebitAmount", Some("0.01")), ("amount", Some("0.01"))], "intervention", "paid_with_too_little"),
    ("paid, when underpaid", Underpaid, &[("state", Some(r#""PAID""#))], "intervention", "paid_with_too_little"),
    ("money and no word for it", Nothing, &[("totalDebitAmount", Some("{amount}"))], "detected", "money_without_status"),
    ("money on an archived invoice", Nothing, &[("totalDebitAmount", Some("{amount}")), ("state", Some(r#""ARCHIVED""#))], "intervention", "money_after_end"),
    ("money on a cancelled invoice", Nothing, &[("totalDebitAmount", Some("{50%}")), ("state", Some(r#""CANCEL""#))], "intervention", "money_after_end"),
    ("underpaid with enough", Nothing, &[("totalDebitAmount", Some("{amount}")), ("state", Some(r#""PENDING_INTERVENTION""#)), ("interventionType", Some(r#""UNDERPAY""#))], "intervention", "intervention_contradicts"),
    ("underpaid with nothing", Nothing, &[("state", Some(r#""PENDING_INTERVENTION""#)), ("interventionType", Some(r#""UNDERPAY""#))], "intervention", "intervention_contradicts"),
    ("overpaid with too little", Nothing, &[("totalDebitAmount", Some("{50%}")), ("state", Some(r#""PENDING_INTERVENTION""#)), ("interventionType", Some(r#""OVERPAY""#))], "intervention", "intervention_contradicts"),
    ("a word nobody knows", Nothing, &[("state", Some(r#""SETTLED""#))], "awaiting", "unknown_status"),
    ("a word nobody knows, with all of the money", Nothing, &[("state", Some(r#""SETTLED""#)), ("totalDebitAmount", Some("{amount}"))], "detected", "money_without_status"),
    ("a word nobody knows, with a part of it", Nothing, &[("state", Some(r#""paid""#)), ("totalDebitAmount", Some("{50%}"))], "detected", "money_without_status"),
    ("a word nobody knows, with more than enough", Nothing, &[("state", Some(r#""""#)), ("totalDebitAmount", Some("{1000%}"))], "detected", "money_without_status"),
    ("a word nobody knows, with the rest", Underpaid, &[("state", Some(r#""SETTLED""#)), ("totalDebitAmount", Some("{amount}"))], "detected", "money_without_status"),
    ("a word nobody knows, once paid", Paid, &[("state", Some(r#""SETTLED""#)), ("totalDebitAmount", Some("{amount}"))], "paid", "unknown_status"),
    ("unpaid again, once paid", Paid, &[("state", Some(r#""PENDING_PAYMENT""#))], "paid", "status_went_back"),
    ("archived, once paid", Paid, &[("state", Some(r#""ARCHIVED""#))], "paid", "status_went_back"),
    ("unpaid again, once underpaid", Underpaid, &[("state", Some(r#""PENDING_PAYMENT""#)), ("totalDebitAmount", Some("{10%}"))], "underpaid", "status_went_back"),
    ("less received, once paid", Paid, &[("totalDebitAmount", Some("1"))], "paid", "received_shrank"),
    ("nothing received, once underpaid", Underpaid, &[("totalDebitAmount", Some("0"))], "intervention", "received_shrank"),
    ("less than nothing received", Paid, &[("totalDebitAmount", Some("-1"))], "paid", "unreadable"),
    ("a path for a transaction", Paid, &[("lastDepositHash", Some(r#""../../../\"><img>?#""#))], "paid", "bad_transaction"),
    ("another network's transaction", Paid, &[("lastDepositHash", Some(r#""0xa76b638428b0702b6d6721f89f4806b9853fae65315dd1f6f34ce71deae0380b""#))], "paid", "bad_transaction"),
    ("a fee of more than there is", Paid, &[("fee", Some("99999"))], "paid", "fee_too_high"),
];

/// What the placeholders stand for.
struct Facts {
    amount: Amount,
    address: String,
    id: String,
    now: checkout::Timestamp,
}

impl Facts {
    fn fill(&self, template: &str) -> String {
        let mut text = template
            .replace("{amount}", &self.amount.to_string())
            .replace("{address}", &self.address)
            .replace("{id}", &self.id);
        while let Some(start) = text.find('{') {
            let end = start + text[start..].find('}').unwrap();
            let word = &text[start + 1..end];
            let value = if let Some(percent) = word.strip_suffix('%') {
                let factor = Amount::from_units(percent.parse().unwrap(), 2).unwrap();
                let part = self.amount.checked_mul(factor, 6, Rounding::Down);
                part.unwrap().normalized().to_string()
            } else {
                let seconds = word.strip_prefix("now+").unwrap().parse().unwrap();
                self.now.plus_seconds(seconds).to_string()
            };
            text.replace_range(start..=end, &value);
        }
        text
    }

    fn edits(&self, edits: Edits) -> Vec<(&'static str, Option<Value>)> {
        let value = |value: Option<&str>| {
            value.map(|template| serde_json::from_str(&self.fill(template)).unwrap())
        };
        edits
            .iter()
            .map(|(member, template)| (*member, value(*template)))
            .collect()
    }
}

fn edited(text: &str, edits: &[(&str, Option<Value>)]) -> String {
    let mut json: Map<String, Value> = serde_json::from_str(text).unwrap();
    for (member, value) in edits {
        match value {
            Some(value) => json.insert((*member).to_owned(), value.clone()),
            None => json.remove(*member),
        };
    }
    Value::from(json).to_string()
}

/// Lets the gateway say this about every invoice from now on.
fn lie(shop: &TestProxy, edits: Vec<(&'static str, Option<Value>)>) {
    shop.gateway.rewrite(move |path, text| {
        if [CREATE, READ].contains(&path) && text.contains("invoiceAddress") {
            edited(&text, &edits)
        } else {
            text
        }
    });
}

/// What the merchant is told that the gateway contradicted itself about.
async fn alarms(shop: &TestProxy, id: &str) -> Vec<String> {
    let told = shop.told(id).await;
    let alarms = told["alarms"].as_array().unwrap().iter();
    let mut kinds: Vec<String> = alarms
        .map(|alarm| text(alarm, "/kind").to_owned())
        .collect();
    kinds.sort_unstable();
    kinds
}

/// How many error lines tell the operator.
fn told(id: &str, alarm: &str) -> usize {
    let word = format!("alarm={alarm}");
    let about = |line: &&str| {
        let is_it = line.split_whitespace().any(|part| part == word);
        is_it && line.contains("ERROR") && line.contains(&id[..8])
    };
    logged().lines().filter(about).count()
}

async fn other_invoice(shop: &TestProxy) -> (String, String) {
    let (_, invoice) = shop.awaiting("USDT_TRX").await;
    let ids = shop.gateway.invoices_made().await;
    (text(&invoice, "/address").to_owned(), ids[0].clone())
}

#[tokio::test]
async fn nothing_of_a_new_invoice_that_cannot_be_true_reaches_a_buyer() {
    let shop = TestProxy::start().await;
    let (address, id) = other_invoice(&shop).await;
    let amount = Amount::parse(text(&shop.awaiting("USDT_TRX").await.1, "/amount")).unwrap();
    for (name, edits, code, alarm) in OF_NEW_INVOICES {
        let checkout = shop.checkout().await;
        let facts = Facts {
            amount,
            address: address.clone(),
            id: id.clone(),
            now: shop.now(),
        };
        lie(&shop, facts.edits(edits));
        let reply = shop.choose(&checkout, "USDT_TRX").await;
        assert_eq!(reply.code(), *code, "{name}");
        let view = shop.show(&checkout).await;
        assert_eq!(
            (view["state"].as_str(), view["invoice"].is_null()),
            (Some("choosing"), true),
            "{name}"
        );
        assert_eq!(alarms(&shop, &checkout).await, [*alarm], "{name}");
        shop.choose(&checkout, "USDT_TRX").await;
        assert_eq!(told(&checkout, alarm), 1, "{name}: told once");
        shop.gateway.honest();
        let view = shop.choose(&checkout, "USDT_TRX").await.expect(200).json();
        assert_eq!(view["state"], "awaiting", "{name}: once it says the truth");
    }
}

#[tokio::test]
async fn an_amount_is_not_shown_while_there_is_no_rate_to_compare_it_with() {
    let shop = TestProxy::start().await;
    let checkout = shop.checkout().await;
    shop.wait(3_600_000);
    shop.gateway.fault("/api/v1/rate", "error500", 1000).await;
    let reply = shop.choose(&checkout, "BTC").await;
    assert_eq!(reply.code(), "gateway_failed");
    assert_eq!(alarms(&shop, &checkout).await, ["no_rate"]);
    shop.gateway.no_faults().await;
    shop.choose(&checkout, "BTC").await.expect(200);

    // Rates that are a few minutes old are enough.
    let checkout = shop.checkout().await;
    shop.gateway.fault("/api/v1/rate", "error500", 1000).await;
    shop.wait(9 * 60_000);
    shop.choose(&checkout, "ETH").await.expect(200);
    let checkout = shop.checkout().await;
    shop.wait(60_000);
    let reply = shop.choose(&checkout, "ETH").await;
    assert_eq!(reply.code(), "gateway_failed");
}

#[tokio::test]
async fn an_invoice_does_not_outlive_what_was_asked_for() {
    let shop = TestProxy::start().await;
    let closes = shop.now().plus_seconds(3600);
    let body = format!(
        r#"{{"price":{{"amount":"25.00","currency":"EUR"}},"description":"x","expiresAt":"{closes}"}}"#
    );
    let checkout = shop.made(&body).await;
    let late = Value::from(closes.plus_seconds(301).to_string());
    lie(&shop, vec![("expiration", Some(late))]);
    assert_eq!(
        shop.choose(&checkout, "BTC").await.code(),
        "gateway_unsound"
    );
    assert_eq!(alarms(&shop, &checkout).await, ["expires_too_late"]);
}

#[tokio::test]
async fn no_lie_about_a_known_invoice_pays_it_reprices_it_or_hides_its_money() {
    let shop = TestProxy::start().await;
    let (address, gateway_id) = other_invoice(&shop).await;
    for (name, before, edits, state, alarm) in OF_KNOWN_INVOICES {
        let (id, invoice) = shop.awaiting("USDT_TRX").await;
        let to = text(&invoice, "/address").to_owned();
        let facts = Facts {
            amount: Amount::parse(text(&invoice, "/amount")).unwrap(),
            address: address.clone(),
            id: gateway_id.clone(),
            now: shop.now(),
        };
        match before {
            Nothing | Waiting(_) => {}
            Underpaid => {
                shop.gateway
                    .deposit(&to, &facts.fill("{10%}"), "confirmed")
                    .await;
                assert_eq!(shop.fresh(&id).await["state"], "underpaid", "{name}");
            }
            Paid => {
                shop.gateway
                    .deposit(&to, &facts.fill("{amount}"), "confirmed")
                    .await;
                assert_eq!(shop.fresh(&id).await["state"], "paid", "{name}");
            }
        }
        let known = shop.show(&id).await["invoice"].clone();
        // Nothing is read between the waiting and the lie.
        if let Waiting(seconds) = before {
            shop.advance(*seconds);
        }
        let facts = Facts {
            now: shop.now(),
            ..facts
        };
        lie(&shop, facts.edits(edits));
        for _ in 0..2 {
            let view = shop.fresh(&id).await;
            // What was paid is credited a few seconds later.
            let now = view["state"].as_str().unwrap().replace("completed", "paid");
            assert_eq!(now, *state, "{name}");
            assert_eq!(view["invoice"]["amount"], known["amount"], "{name}");
            assert_eq!(
                view["invoice"]["transaction"], known["transaction"],
                "{name}"
            );
            if *before == Paid {
                assert_eq!(view["invoice"]["received"], known["received"], "{name}");
            }
        }
        let raised = alarms(&shop, &id).await;
        assert!(
            raised.iter().any(|kind| kind == alarm),
            "{name}: {raised:?}"
        );
        assert_eq!(told(&id, alarm), 1, "{name}: told once");

        // Whatever it said, what is paid then is seen, as soon as it says the truth.
        shop.gateway.honest();
        shop.wait(120_000);
        let view = shop.show(&id).await;
        if matches!(before, Nothing | Waiting(_)) {
            let amount = text(&view, "/invoice/amount").to_owned();
            shop.gateway.deposit(&to, &amount, "confirmed").await;
            let view = shop.fresh(&id).await;
            assert_eq!(view["state"], "paid", "{name}");
            let received = Amount::parse(text(&view, "/invoice/received")).unwrap();
            assert!(received >= Amount::parse(&amount).unwrap(), "{name}");
        }
    }
    assert!(OF_NEW_INVOICES.len() + OF_KNOWN_INVOICES.len() >= 60);
}
