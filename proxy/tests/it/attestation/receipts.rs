//! Receipts: what was paid, by the books, and nothing that may still come otherwise.

use checkout::Amount;
use serde_json::Value;

use super::{no_receipt, receipt, signing, told};
use crate::support::{TestProxy, text};

const ORDER: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Tea \"green\"","externalId":"order-1001"}"#;

async fn send(shop: &TestProxy, id: &str, amount: &str) {
    let view = shop.fresh(id).await;
    let address = text(&view, "/invoice/address");
    shop.gateway.deposit(address, amount, "confirmed").await;
    shop.fresh(id).await;
}

fn sum(amounts: &[&str]) -> Amount {
    let amounts = amounts.iter().map(|amount| Amount::parse(amount).unwrap());
    amounts.fold(Amount::ZERO, |sum, amount| sum.checked_add(amount).unwrap())
}

#[tokio::test]
async fn a_receipt_says_what_the_books_say() {
    let shop = TestProxy::with(signing).await;
    let id = shop.made(ORDER).await;
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    let amount = text(&view, "/invoice/amount").to_owned();
    send(&shop, &id, &amount).await;
    let why = no_receipt(&shop, &id).await;
    assert_eq!(
        why,
        "only a completed payment has a receipt, and this one is paid"
    );
    shop.advance(10);
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "completed");
    let told = told(&shop, &id).await;
    let facts = receipt(&shop, &id).await;
    let (deposit, invoice) = (
        &told["merchant"]["deposits"][0],
        &told["merchant"]["invoices"][0],
    );
    assert_eq!(
        (facts.store.as_str(), facts.checkout.as_str()),
        ("default", id.as_str())
    );
    assert_eq!(facts.external_id.as_deref(), Some("order-1001"));
    assert_eq!(facts.description, "Tea \"green\"");
    assert_eq!(
        (facts.price.as_str(), facts.price_currency.as_str()),
        ("25", "EUR")
    );
    assert_eq!(
        (facts.currency.as_str(), facts.network.as_str()),
        ("USDT_TRX", "tron:0x2b6653dc")
    );
    assert_eq!(facts.invoice, text(invoice, "/idempotencyKey"));
    assert_eq!(facts.address, text(invoice, "/address"));
    assert_eq!(facts.asked.as_str(), amount);
    assert_eq!(facts.received.as_str(), text(deposit, "/amount"));
    assert_eq!(
        facts.rate.unwrap().as_str(),
        text(deposit, "/ledger/atSale/rate")
    );
    assert_eq!(facts.fee.unwrap().as_str(), text(deposit, "/ledger/fee"));
    assert_eq!(facts.paid_at.as_str(), text(invoice, "/paidAt"));
    assert_eq!(
        facts.completed_at.as_str(),
        text(deposit, "/ledger/creditedAt")
    );
    assert_eq!(facts.state, "completed");
    let [transaction] = &facts.transactions[..] else {
        panic!("one transaction");
    };
    assert_eq!(transaction.hash.as_deref(), deposit["transaction"].as_str());
    assert_eq!(transaction.at.as_str(), text(deposit, "/at"));
    // The merchant has the same one.
    let path = format!("/v1/checkouts/{id}/receipt");
    let buyers = shop.get(&path).await.expect(200);
    assert_eq!(buyers.header("cache-control"), "no-store");
    assert_eq!(buyers.json()["receipt"], told["merchant"]["receipt"]);
    assert_eq!(
        shop.as_merchant(&path).await.expect(200).json(),
        buyers.json()
    );
}

#[tokio::test]
async fn a_payment_in_two_parts_names_both_and_their_one_fee() {
    let shop = TestProxy::with(signing).await;
    let id = shop.made(ORDER).await;
    shop.choose(&id, "USDT").await.expect(200);
    send(&shop, &id, "5.5").await;
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "underpaid");
    let due = text(&view, "/invoice/due").to_owned();
    assert!(no_receipt(&shop, &id).await.contains("underpaid"));
    send(&shop, &id, &due).await;
    shop.advance(10);
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "completed");
    let facts = receipt(&shop, &id).await;
    let amounts: Vec<&str> = facts
        .transactions
        .iter()
        .map(|one| one.amount.as_str())
        .collect();
    assert_eq!(amounts, ["5.5", due.as_str()]);
    assert_eq!(
        sum(&amounts),
        Amount::parse(facts.received.as_str()).unwrap()
    );
    assert_eq!(facts.received, facts.asked);
    let told = told(&shop, &id).await;
    let fee = Amount::parse(text(&told, "/merchant/invoices/0/fee")).unwrap();
    assert_eq!(facts.fee.unwrap().as_str(), fee.normalized().to_string());
}

#[tokio::test]
async fn what_is_paid_after_it_changes_no_receipt() {
    let shop = TestProxy::with(signing).await;
    let id = shop.made(ORDER).await;
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    let (address, amount) = (
        text(&view, "/invoice/address"),
        text(&view, "/invoice/amount"),
    );
    shop.gateway.deposit(address, amount, "confirmed").await;
    shop.advance(10);
    shop.fresh(&id).await;
    let before = receipt(&shop, &id).await;
    shop.gateway.deposit(address, "3", "confirmed").await;
    shop.advance(10);
    let told = told(&shop, &id).await;
    assert_eq!(told["merchant"]["deposits"].as_array().unwrap().len(), 2);
    assert_eq!(receipt(&shop, &id).await, before);
    assert_eq!(before.transactions.len(), 1);
}

/// A gateway of another maker gave a validly signed success for an order that had expired unpaid, to whoever asked from a browser
/// (GMWalletApp/epusdt, issue 117).
#[tokio::test]
async fn an_expired_unpaid_order_is_never_signed_as_anything_whatever_a_page_sends() {
    let shop = TestProxy::with(signing).await;
    let (id, _) = shop.awaiting("USDT_TRX").await;
    shop.advance(90_000);
    assert_eq!(shop.fresh(&id).await["state"], "expired");
    let base = format!("/v1/checkouts/{id}");
    for path in [
        format!("{base}/receipt"),
        format!("{base}/receipt?state=completed"),
        format!("{base}?state=completed"),
        base.clone(),
    ] {
        let reply = shop.get(&path).await;
        assert!(
            !reply.text().contains("eyJhbGciOiJFZERTQS"),
            "{path}: {}",
            reply.text()
        );
    }
    for body in [
        r#"{"currency":"USDT_TRX"}"#,
        r#"{"currency":"USDT_TRX","state":"completed"}"#,
        r#"{"currency":"USDT_TRX","address":"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"}"#,
        r#"{"currency":"USDT_TRX","amount":"0.01"}"#,
        r#"{"attestation":{"amount":"0.01"}}"#,
    ] {
        for path in [
            format!("{base}/invoice"),
            format!("{base}/receipt"),
            "/v1/attestation-keys".to_owned(),
        ] {
            let reply = shop.post(&path, body, &[]).await;
            assert!(reply.status >= 400, "{path} {body}: {}", reply.status);
            assert!(
                !reply.text().contains("eyJhbGciOiJFZERTQS"),
                "{path} {body}"
            );
        }
    }
    assert_eq!(told(&shop, &id).await["merchant"]["receipt"], Value::Null);
}
