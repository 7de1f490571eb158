//! Every state of a checkout: whether its answer is signed, and over what.

use calypso_attest::{AttestationError, verify_invoice};
use checkout::{Amount, Rounding};
use serde_json::Value;

use super::{PUBLIC, Shown, key, no_receipt, signing, told, unsigned, vouched};
use crate::support::receiving::{DEPOSIT, TOPUP};
use crate::support::{READ, TestProxy, text};

/// How a payment gets into a state, from an invoice in USDT that awaits it.
type Way = &'static [Step];

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Sends so many hundredths of what is asked for.
    Send(u128, &'static str),
    /// Moves that deposit on.
    Move(&'static str),
    Advance(u64),
}

use Step::{Advance, Move, Send};

/// Each state of a payment, how it is reached, and whether an address is shown and signed there.
const STATES: [(&str, Way, bool); 12] = [
    ("awaiting", &[], true),
    ("awaiting", &[Send(100, "mempool"), Move("dropped")], true),
    ("awaiting", &[Advance(900)], true),
    ("underpaid", &[Send(40, "confirmed")], true),
    ("detected", &[Send(100, "mempool")], false),
    ("paid", &[Send(100, "confirmed")], false),
    ("completed", &[Send(100, "confirmed"), Advance(10)], false),
    ("overpaid", &[Send(150, "confirmed")], false),
    ("reviewing", &[Send(100, "mempool"), Move("review")], false),
    (
        "declined",
        &[Send(100, "mempool"), Move("review"), Move("declined")],
        false,
    ),
    ("expired", &[Advance(90_000)], false),
    (
        "underpaid",
        &[Send(40, "confirmed"), Advance(90_000)],
        false,
    ),
];

async fn reached(shop: &TestProxy, way: Way) -> (String, Value) {
    let (id, invoice) = shop.awaiting("USDT").await;
    let asked = Amount::parse(text(&invoice, "/amount")).unwrap();
    let mut deposit = String::new();
    for step in way {
        match step {
            Send(hundredths, stage) => {
                let part = Amount::from_units(*hundredths, 2).unwrap();
                let sent = asked.checked_mul(part, 6, Rounding::Up).unwrap();
                let address = text(&invoice, "/address");
                deposit = shop
                    .gateway
                    .deposit(address, &sent.to_string(), stage)
                    .await;
            }
            Move(stage) => shop.gateway.move_on(&deposit, stage).await,
            Advance(seconds) => shop.advance(*seconds),
        }
        shop.fresh(&id).await;
    }
    let view = shop.fresh(&id).await;
    (id, view)
}

#[tokio::test]
async fn every_state_of_a_payment_signs_what_it_asks_for_and_nothing_else() {
    let shop = TestProxy::with(signing).await;
    let choosing = shop.show(&shop.checkout().await).await;
    assert_eq!(choosing["state"], "choosing");
    unsigned(&choosing);
    for (state, way, is_signed) in STATES {
        let (id, view) = reached(&shop, way).await;
        assert_eq!(view["state"], state, "{way:?}");
        assert_eq!(
            Shown::of(&view).is_some(),
            is_signed,
            "{state} {way:?}: {view}"
        );
        if is_signed {
            let facts = vouched(&view);
            assert_eq!(facts.store, "default");
            assert_eq!(facts.network, "eip155:1");
            assert!(facts.token.is_some() && facts.invoice.is_some());
            assert_eq!(facts.reprice_at.is_some(), state == "awaiting");
        } else {
            unsigned(&view);
        }
        let merchant = told(&shop, &id).await;
        assert_eq!(
            merchant["attestation"], view["attestation"],
            "the merchant sees the same"
        );
        if state != "completed" {
            let why = no_receipt(&shop, &id).await;
            assert!(why.contains(state), "{why}");
            assert_eq!(merchant["merchant"]["receipt"], Value::Null);
        }
    }
}

#[tokio::test]
async fn only_what_is_still_due_is_signed_of_an_underpaid_invoice() {
    let shop = TestProxy::with(signing).await;
    let (_, view) = reached(&shop, &[Send(40, "confirmed")]).await;
    let facts = vouched(&view);
    let amount = facts.amount.unwrap();
    assert_eq!(amount.as_str(), text(&view, "/invoice/due"));
    assert_ne!(amount.as_str(), text(&view, "/invoice/amount"));
}

#[tokio::test]
async fn each_currency_has_its_own_signature_and_the_one_shown_is_signed() {
    let shop = TestProxy::with(signing).await;
    let (id, _) = shop.awaiting("USDT_TRX").await;
    let first = shop.show(&id).await;
    let second = shop.choose(&id, "BTC").await.expect(200).json();
    let (one, other) = (vouched(&first), vouched(&second));
    assert_eq!(one.network, "tron:0x2b6653dc");
    assert_eq!(other.network, "bip122:000000000019d6689c085ae165831e93");
    assert!(one.token.is_some() && other.token.is_none());
    assert_ne!(one.invoice, other.invoice);
    // What was signed of the first is no signature for the second.
    let shown = Shown::of(&second).unwrap();
    let crossed = verify_invoice(text(&first, "/attestation"), &[key(PUBLIC)], &shown.terms());
    assert_eq!(
        crossed,
        Err(AttestationError::Differs { member: "network" })
    );
    let again = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    assert_eq!(vouched(&again), one);
}

#[tokio::test]
async fn a_new_price_is_signed_anew_and_a_price_past_its_time_is_not_signed() {
    let shop = TestProxy::with(signing).await;
    shop.gateway.rate("USDT_TRX", "EUR", "2").await;
    let (id, _) = shop.awaiting("USDT_TRX").await;
    let old = shop.show(&id).await;
    assert_eq!(vouched(&old).amount.unwrap().as_str(), "12.5");
    shop.gateway.rate("USDT_TRX", "EUR", "4").await;
    shop.gateway.fault(READ, "error500", 1000).await;
    shop.advance(900);
    // The gateway tells nothing: the old amount is shown as past its time, and nobody vouches for it.
    let stale = shop.show(&id).await;
    assert_eq!(stale["invoice"]["repriceAt"], old["invoice"]["repriceAt"]);
    assert!(Shown::of(&stale).is_some());
    unsigned(&stale);
    shop.gateway.no_faults().await;
    let new = shop.fresh(&id).await;
    assert_eq!(vouched(&new).amount.unwrap().as_str(), "6.25");
    let shown = Shown::of(&new).unwrap();
    let replayed = verify_invoice(text(&old, "/attestation"), &[key(PUBLIC)], &shown.terms());
    assert_eq!(
        replayed,
        Err(AttestationError::Differs { member: "amount" })
    );
}

#[tokio::test]
async fn what_takes_any_amount_is_signed_without_one_until_its_checkout_closes() {
    let shop = TestProxy::with(signing).await;
    for (body, has_invoice) in [(TOPUP, true), (DEPOSIT, false)] {
        let id = shop.made(body).await;
        unsigned(&shop.show(&id).await);
        for currency in ["USDT_TRX", "TRX"] {
            let view = shop.choose(&id, currency).await.expect(200).json();
            let facts = vouched(&view);
            assert_eq!((facts.amount, facts.reprice_at), (None, None));
            assert_eq!(facts.expires_at.as_str(), text(&view, "/expiresAt"));
            assert_eq!(facts.invoice.is_some(), has_invoice);
            assert_eq!(facts.token.is_some(), currency == "USDT_TRX");
            let part = text(&view, "/receiving/address").to_owned();
            shop.gateway
                .deposit_in(&part, currency, "5", "confirmed")
                .await;
            shop.advance(10);
            let after = shop.fresh(&id).await;
            assert_eq!(after["receiving"]["received"], "5");
            assert_eq!(
                after["attestation"], view["attestation"],
                "money changes nothing"
            );
        }
        let why = no_receipt(&shop, &id).await;
        assert!(why.contains("only payments"), "{why}");
        shop.advance(400 * 24 * 3600);
        let over = shop.fresh(&id).await;
        // The sandbox has ended the unlimited invoice by then.
        assert!(["expired", "archived"].contains(&text(&over, "/state")));
        unsigned(&over);
    }
}

#[tokio::test]
async fn without_a_key_nothing_is_signed() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    unsigned(&shop.show(&id).await);
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    shop.gateway.deposit(address, amount, "confirmed").await;
    shop.advance(10);
    assert_eq!(shop.fresh(&id).await["state"], "completed");
    assert_eq!(no_receipt(&shop, &id).await, "this store signs no receipts");
    let keys = shop.get("/v1/attestation-keys").await.expect(200).json();
    assert_eq!(keys, serde_json::json!({"keys": []}));
}
