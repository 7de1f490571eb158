//! Compliance holds a deposit, lets it go or declines it.

use crate::desk::Desk;

#[tokio::test]
async fn a_review_ends_paid_or_declined() {
    let desk = Desk::open().await;
    for (end, state) in [("confirmed", "PAID"), ("declined", "DECLINED")] {
        let invoice = desk.invoice("USDT").await;
        let deposit = desk
            .deposit(&invoice, &invoice["amount"].to_string(), "mempool")
            .await;
        let held = desk.advance_deposit(&deposit, "review").await;
        assert_eq!(held["stage"], "review");
        let reviewing = desk.get(&invoice).await;
        assert_eq!(reviewing["state"], "PENDING_COMPLIANCE_CHECK");
        assert_eq!(reviewing["totalDebitAmount"].to_string(), "0");
        desk.advance_deposit(&deposit, end).await;
        assert_eq!(desk.get(&invoice).await["state"], state);
        desk.advance(2 * 86_400).await;
        let last = if state == "PAID" {
            "COMPLETED"
        } else {
            "DECLINED"
        };
        assert_eq!(desk.get(&invoice).await["state"], last);
    }
}

#[tokio::test]
async fn a_review_neither_expires_nor_is_repriced() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT_TRX").await;
    let deposit = desk.deposit(&invoice, "1", "mempool").await;
    desk.advance_deposit(&deposit, "review").await;
    desk.advance(5 * 3600).await;
    let reviewing = desk.get(&invoice).await;
    assert_eq!(reviewing["state"], "PENDING_COMPLIANCE_CHECK");
    assert_eq!(reviewing["amount"], invoice["amount"]);
}

#[tokio::test]
async fn a_declined_invoice_stays_declined() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT").await;
    let deposit = desk.deposit(&invoice, "5", "mempool").await;
    desk.advance_deposit(&deposit, "declined").await;
    assert_eq!(desk.get(&invoice).await["state"], "DECLINED");
    desk.deposit(&invoice, &invoice["amount"].to_string(), "confirmed")
        .await;
    assert_eq!(desk.get(&invoice).await["state"], "DECLINED");
}

#[tokio::test]
async fn a_review_of_a_top_up_comes_before_the_intervention() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT").await;
    desk.deposit(&invoice, "5", "confirmed").await;
    let deposit = desk.deposit(&invoice, "5", "mempool").await;
    desk.advance_deposit(&deposit, "review").await;
    let reviewing = desk.get(&invoice).await;
    assert_eq!(reviewing["state"], "PENDING_COMPLIANCE_CHECK");
    assert!(reviewing.get("interventionType").is_none());
    desk.advance_deposit(&deposit, "confirmed").await;
    assert_eq!(desk.get(&invoice).await["interventionType"], "UNDERPAY");
}
