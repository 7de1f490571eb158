//! What is true of each phase, written down here a second time.

use checkout::{Pace, Phase};

/// Asserts that `fact` is true of exactly the phases whose words are in `expected`.
fn holds_for(expected: &[&str], fact: impl Fn(Phase) -> bool) {
    let found: Vec<&str> = Phase::ALL
        .into_iter()
        .filter(|phase| fact(*phase))
        .map(Phase::as_str)
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn only_paid_and_completed_let_the_merchant_deliver() {
    holds_for(&["paid", "completed"], Phase::is_paid);
}

#[test]
fn an_address_is_shown_only_where_money_is_asked_for() {
    holds_for(&["awaiting", "underpaid"], Phase::shows_address);
    holds_for(&["choosing", "awaiting", "underpaid"], Phase::may_pay);
}

#[test]
fn a_currency_may_be_chosen_until_money_is_seen() {
    holds_for(&["choosing", "awaiting", "expired"], Phase::may_choose);
    for phase in Phase::ALL {
        assert!(!(phase.may_choose() && phase.has_money()), "{phase}");
    }
}

#[test]
fn a_declined_payment_is_final_for_its_buyer_and_not_over_at_the_gateway() {
    holds_for(
        &["completed", "declined", "expired", "archived"],
        Phase::is_final,
    );
    holds_for(&["completed", "expired", "archived"], Phase::is_over);
}

#[test]
fn money_is_followed_wherever_it_has_come_some_way() {
    holds_for(
        &[
            "detected",
            "paid",
            "completed",
            "reviewing",
            "declined",
            "underpaid",
            "overpaid",
            "intervention",
        ],
        Phase::has_money,
    );
    let mut with_money: Vec<Phase> = Phase::ALL
        .into_iter()
        .filter(|phase| phase.has_money())
        .collect();
    with_money.sort_by_key(|phase| phase.progress());
    assert_eq!(
        with_money
            .into_iter()
            .map(Phase::as_str)
            .collect::<Vec<_>>(),
        [
            "declined",
            "detected",
            "reviewing",
            "underpaid",
            "intervention",
            "overpaid",
            "paid",
            "completed"
        ]
    );
}

#[test]
fn a_page_asks_soonest_while_a_payment_is_on_its_way() {
    let at = |pace| move |phase: Phase| phase.pace() == pace;
    holds_for(
        &["choosing", "overpaid", "intervention"],
        at(Pace::Choosing),
    );
    holds_for(&["awaiting", "underpaid"], at(Pace::Awaiting));
    holds_for(&["detected", "paid", "reviewing"], at(Pace::Moving));
    holds_for(
        &["completed", "declined", "expired", "archived"],
        at(Pace::Settled),
    );
}
