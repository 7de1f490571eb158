//! However much there is to tell, a delivery is not too long, and can be read.

use checkout::wire::{
    AlarmView, CheckoutView, DepositState, EventBody, EventData, EventKind, FlagKind, FlagView,
    Kind, MerchantCheckoutView, MerchantDepositView, MerchantView,
};
use checkout::{Phase, Timestamp};

use super::text;
use crate::checkouts::tests::{NOW, amount};
use crate::reading::events::dead::{MOST_BYTES, RESERVE};

fn deposit(id: String, words: usize) -> MerchantDepositView {
    let flag = FlagView {
        kind: FlagKind::AmountChanged,
        known: Some("x".repeat(words)),
        read: None,
        at: NOW,
    };
    MerchantDepositView {
        id,
        invoice: None,
        currency: "USDT".to_owned(),
        amount: amount("5"),
        state: DepositState::Confirmed,
        transaction: Some("x".repeat(64)),
        from: None,
        at: NOW,
        late: false,
        missing_since: None,
        ledger: None,
        flags: vec![flag],
    }
}

fn body(deposits: usize, words: usize) -> EventBody {
    let deposits: Vec<_> = (0..deposits)
        .map(|number| deposit(number.to_string(), words))
        .collect();
    let deposit = deposits.last().cloned();
    EventBody {
        kind: EventKind::DepositReceived,
        timestamp: NOW,
        data: EventData {
            checkout: MerchantCheckoutView {
                checkout: CheckoutView {
                    id: "0d6c3f0e-0000-4000-8000-000000000000".to_owned(),
                    kind: Kind::Topup,
                    state: Phase::Awaiting,
                    description: "\u{1F4B6}".repeat(500),
                    price: None,
                    currencies: vec![],
                    invoice: None,
                    receiving: None,
                    expires_at: Timestamp::MAX,
                    now: NOW,
                    poll_after_ms: 3000,
                    return_url: Some("x".repeat(2048)),
                    support_url: Some("x".repeat(2048)),
                    logo_url: Some("x".repeat(2048)),
                    attestation: None,
                    url: Some("x".repeat(100)),
                },
                external_id: Some("\u{1F4B6}".repeat(255)),
                merchant: MerchantView {
                    created_at: NOW,
                    product: None,
                    customer: Some("\u{1F4B6}".repeat(128)),
                    invoices: vec![],
                    deposits,
                    totals: vec![],
                    flags: vec![],
                    receipt: None,
                    decisions: Vec::new(),
                    alarms: vec![AlarmView {
                        invoice: String::new(),
                        kind: String::new(),
                        detail: "x".repeat(words),
                        at: NOW,
                    }],
                },
            },
            deposit,
            event: None,
            shortened: false,
        },
    }
}

#[test]
fn a_body_that_fits_is_left_as_it_is() {
    let whole = body(2, 10);
    let text = text(whole.clone());
    assert!(!text.contains("shortened"));
    assert_eq!(serde_json::from_str::<EventBody>(&text).unwrap(), whole);
}

#[test]
fn a_longer_one_keeps_the_latest_deposits_and_says_so() {
    for (deposits, words) in [
        (60, 10),
        (1000, 10),
        (20_000, 200),
        (3, 30_000),
        (1, 1_000_000),
    ] {
        let text = text(body(deposits, words));
        assert!(
            text.len() <= MOST_BYTES - RESERVE,
            "{deposits} {words}: {}",
            text.len()
        );
        let read: EventBody = serde_json::from_str(&text).unwrap();
        assert!(read.data.shortened);
        let told = read.data.deposit.map(|deposit| deposit.id);
        assert_eq!(
            told,
            Some((deposits - 1).to_string()),
            "what it is about stays"
        );
        let kept = read.data.checkout.merchant.deposits;
        if words == 10 {
            assert!(kept.len() >= 8, "{deposits} {words}: {}", kept.len());
            assert_eq!(kept.last().unwrap().id, (deposits - 1).to_string());
        }
    }
}

#[test]
fn whatever_a_gateway_says_a_body_has_an_end() {
    let mut endless = body(1, 10);
    let told = endless.data.deposit.as_mut().unwrap();
    told.transaction = Some("x".repeat(100_000));
    let text = text(endless);
    assert!(text.len() <= MOST_BYTES - RESERVE, "{}", text.len());
    let read: EventBody = serde_json::from_str(&text).unwrap();
    assert!(read.data.shortened && read.data.deposit.is_none());
}
