//! The way of one payment: create, pay, see it paid, see it credited.

use crate::desk::Desk;

#[tokio::test]
async fn an_invoice_is_made_paid_and_credited() {
    let desk = Desk::open().await;
    desk.rate("USDT_TRX", "EUR", "0.9153").await;
    let invoice = desk.invoice("USDT_TRX").await;
    assert_eq!(invoice["type"], "SINGLE_FIAT");
    assert_eq!(invoice["state"], "PENDING_PAYMENT");
    // 25 / 0.9153 = 27.31344914…, rounded up at six decimals.
    assert_eq!(invoice["amount"].to_string(), "27.31345");
    desk.deposit(&invoice, "27.31345", "confirmed").await;
    let paid = desk.get(&invoice).await;
    assert_eq!(paid["state"], "PAID");
    assert!(paid.get("fee").is_none());
    desk.advance(4).await;
    assert_eq!(desk.get(&invoice).await["state"], "PAID");
    desk.advance(1).await;
    let completed = desk.get(&invoice).await;
    assert_eq!(completed["state"], "COMPLETED");
    assert_eq!(completed["fee"].to_string(), "0.273135");
}
