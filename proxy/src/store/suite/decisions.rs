//! What merchants have decided: written down once, settled by what is read, taken up by one at a time.

use checkout::wire::ChangeKind;
use checkout::{InvoiceStatus, Phase, Timestamp};

use super::Empty;
use super::samples::{DAY, address, asked, asked_again, caused, currency, finish, read};
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::decision::{
    Act, Decision, DecisionName, DecisionState, LONGEST_PAUSE_SECONDS, Objection, Said,
};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::reading::events::tests::teller;
use crate::reading::history::Subject;
use crate::store::database::{Database, Decided};

fn archive(checkout: CheckoutId) -> DecisionName {
    DecisionName {
        checkout,
        act: Act::Archive,
        invoice: None,
    }
}

async fn decide(database: &dyn Database, name: DecisionName) -> Decided {
    let due_at = NOW.plus_seconds(120);
    database
        .decide(name, caused(NOW), due_at, teller())
        .await
        .unwrap()
}

async fn settle(database: &dyn Database, name: DecisionName, said: Said) -> DecisionState {
    let settled = database.settle_decision(name, said, caused(NOW)).await;
    settled.unwrap().unwrap().state
}

async fn closed_at(database: &dyn Database, checkout: CheckoutId) -> Option<Timestamp> {
    let snapshot = database.snapshot(checkout).await.unwrap().unwrap();
    snapshot.closed_at
}

/// The kinds of the last entries of a checkout's history, with what they became.
async fn told(database: &dyn Database, checkout: CheckoutId) -> Vec<String> {
    let subject = vec![Subject::Checkout(checkout)];
    let entries = database.history_of(subject, 0, 99).await.unwrap();
    let decided = entries.into_iter().filter(|recorded| {
        matches!(
            recorded.entry.kind,
            ChangeKind::Decided | ChangeKind::DecisionSettled
        )
    });
    decided
        .map(|recorded| recorded.entry.became.unwrap_or_default())
        .collect()
}

/// A payment that waits for money.
async fn awaiting(database: &dyn Database, number: u128) -> Invoice {
    let checkout = sample::payment_closing_in(DAY);
    let (_, mut invoice) = asked(database, checkout, number).await;
    invoice.address = address(number);
    finish(database, &invoice, NOW).await;
    invoice
}

pub(in crate::store) async fn a_closed_checkout_takes_no_attempt_until_it_is_open_again(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let invoice = awaiting(&*database, 1).await;
    let (name, id) = (archive(invoice.checkout_id), invoice.checkout_id);
    let Decided::Begun(begun) = decide(&*database, name).await else {
        panic!("nothing stands against it");
    };
    assert_eq!(begun.state, DecisionState::Open);
    assert_eq!(decide(&*database, name).await, Decided::Known(begun));
    assert_eq!(closed_at(&*database, id).await, Some(NOW));
    let snapshot = database.snapshot(id).await.unwrap().unwrap();
    assert_eq!(snapshot.standing(NOW).0, Phase::Archived);
    let attempt = InvoiceAttempt::new(&snapshot.checkout, currency("ETH"), 1, NOW);
    let start = async || database.start_attempt(attempt.clone()).await.unwrap();
    assert_eq!(start().await, None);
    let none = database.latest_attempt(id, currency("ETH")).await.unwrap();
    assert_eq!(none, None);
    // While the gateway watches the address, it is open; and what comes there after all opens the checkout again.
    assert_eq!(
        settle(&*database, name, Said::Yes).await,
        DecisionState::Open
    );
    let seen = read(&invoice, "MEM_POOL_FOUND", "0");
    database.take_in(seen).await.unwrap().unwrap();
    let state = settle(&*database, name, Said::Nothing).await;
    assert_eq!(state, DecisionState::Withdrawn);
    assert_eq!(closed_at(&*database, id).await, None);
    let objected = Decided::Objected(Objection::MoneyInSight);
    assert_eq!(decide(&*database, name).await, objected);
    assert_eq!(start().await, Some(attempt.clone()));
    assert_eq!(told(&*database, id).await, ["archive", "withdrawn"]);
}

pub(in crate::store) async fn an_archive_is_done_when_every_invoice_is_known_and_over(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let invoice = awaiting(&*database, 1).await;
    let id = invoice.checkout_id;
    let checkout = database.snapshot(id).await.unwrap().unwrap().checkout;
    // Asked for before it was closed, and answered after that.
    let mut late = asked_again(&*database, &checkout, "ETH", 2).await;
    late.address = address(2);
    let name = archive(id);
    assert!(matches!(decide(&*database, name).await, Decided::Begun(_)));
    let over = |invoice: &Invoice| read(invoice, "ARCHIVED", "0");
    database.take_in(over(&invoice)).await.unwrap().unwrap();
    assert_eq!(
        settle(&*database, name, Said::Yes).await,
        DecisionState::Open
    );
    finish(&*database, &late, NOW).await;
    assert_eq!(
        settle(&*database, name, Said::Yes).await,
        DecisionState::Open
    );
    database.take_in(over(&late)).await.unwrap().unwrap();
    assert_eq!(
        settle(&*database, name, Said::Nothing).await,
        DecisionState::Done
    );
    // Once settled, it stays so.
    assert_eq!(
        settle(&*database, name, Said::No).await,
        DecisionState::Done
    );
    assert!(matches!(decide(&*database, name).await, Decided::Known(_)));
    assert_eq!(told(&*database, id).await, ["archive", "done"]);
    let known = database.decisions_of(id).await.unwrap();
    let expected = Decision {
        name,
        shop: ShopId::default(),
        decided_at: NOW,
        state: DecisionState::Done,
    };
    assert_eq!(known, [expected]);
    let unknown = sample::payment().id;
    assert_eq!(decide(&*database, archive(unknown)).await, Decided::Gone);
    let nothing = database.settle_decision(archive(unknown), Said::Yes, caused(NOW));
    assert_eq!(nothing.await.unwrap(), None);
}

pub(in crate::store) async fn an_intervention_is_decided_anew_after_it_was_refused(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let invoice = awaiting(&*database, 1).await;
    let name = DecisionName {
        checkout: invoice.checkout_id,
        act: Act::ReturnToPaid,
        invoice: Some(invoice.key),
    };
    let early = Objection::NotPending {
        status: InvoiceStatus::PendingPayment,
    };
    assert_eq!(decide(&*database, name).await, Decided::Objected(early));
    let pending = read(&invoice, "PENDING_INTERVENTION", "5");
    database.take_in(pending).await.unwrap().unwrap();
    assert!(matches!(decide(&*database, name).await, Decided::Begun(_)));
    assert_eq!(
        settle(&*database, name, Said::No).await,
        DecisionState::Refused
    );
    assert!(matches!(decide(&*database, name).await, Decided::Begun(_)));
    assert_eq!(
        settle(&*database, name, Said::Yes).await,
        DecisionState::Open
    );
    let paid = read(&invoice, "PAID", "5");
    database.take_in(paid).await.unwrap().unwrap();
    assert_eq!(
        settle(&*database, name, Said::No).await,
        DecisionState::Done
    );
    let act = "return_to_paid";
    let expected = [act, "refused", act, "done"];
    assert_eq!(told(&*database, name.checkout).await, expected);
    assert_eq!(closed_at(&*database, name.checkout).await, None);
}

pub(in crate::store) async fn an_open_decision_is_taken_by_one_until_a_moment(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let mut names = Vec::new();
    for number in 1..=3 {
        let invoice = awaiting(&*database, number).await;
        let name = archive(invoice.checkout_id);
        decide(&*database, name).await;
        names.push(name);
    }
    let due = async |seconds: i64| {
        let now = NOW.plus_seconds(seconds);
        let due = database.due_decisions(ShopId::default(), now, 9).await;
        due.unwrap()
            .into_iter()
            .map(|due| due.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(due(119).await, []);
    assert_eq!(due(120).await.len(), 3);
    let claim = async |name: DecisionName, from: i64, until: i64| {
        let (now, until) = (NOW.plus_seconds(from), NOW.plus_seconds(until));
        database.claim_decision(name, now, until).await.unwrap()
    };
    assert!(!claim(names[0], 119, 500).await);
    assert!(claim(names[0], 120, 300).await);
    assert!(!claim(names[0], 121, 301).await);
    assert!(!due(299).await.contains(&names[0]));
    assert!(due(300).await.contains(&names[0]));
    let far = NOW.plus_seconds(300 + LONGEST_PAUSE_SECONDS + 1);
    database.put_off_decision(names[1], far).await.unwrap();
    assert!(due(300).await.contains(&names[1]), "no pause leads there");
    assert!(!due(302).await.contains(&names[1]));
    let other = ShopId::parse("other").unwrap();
    let of_other = database.due_decisions(other, NOW.plus_seconds(999), 9);
    assert_eq!(of_other.await.unwrap(), []);
    // What is settled has no turn.
    for (number, name) in (1..=3).zip(&names) {
        let snapshot = database.snapshot(name.checkout).await.unwrap().unwrap();
        let over = read(&snapshot.invoices[0], "ARCHIVED", "0");
        database.take_in(over).await.unwrap().unwrap();
        let state = settle(&*database, *name, Said::Yes).await;
        assert_eq!(state, DecisionState::Done, "{number}");
    }
    assert_eq!(due(9_999).await, []);
    assert!(!claim(names[2], 9_999, 10_000).await);
}

/// Of a buyer who picks a currency and a merchant who archives at the same moment, none makes an invoice that nobody archives.
pub(in crate::store) async fn no_attempt_begins_unseen_while_a_checkout_is_closed(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    for _ in 0..20 {
        let checkout = sample::payment();
        database.add_checkout(checkout.clone()).await.unwrap();
        let attempt = InvoiceAttempt::new(&checkout, currency("ETH"), 1, NOW);
        let (one, other) = (database.shared(), database.shared());
        let key = attempt.key;
        let starting = tokio::spawn(async move { one.start_attempt(attempt).await });
        let closing = tokio::spawn(async move {
            let name = archive(checkout.id);
            let decided = other
                .decide(name, caused(NOW), NOW, teller())
                .await
                .unwrap();
            assert!(matches!(decided, Decided::Begun(_)));
            other
                .settle_decision(name, Said::Nothing, caused(NOW))
                .await
        });
        let started = starting.await.unwrap().unwrap();
        let settled = closing.await.unwrap().unwrap().unwrap().state;
        if started.is_some() {
            assert_eq!(
                settled,
                DecisionState::Open,
                "its invoice is still asked for"
            );
            database.refuse_attempt(key).await.unwrap();
            let state = settle(&*database, archive(checkout.id), Said::Nothing).await;
            assert_eq!(state, DecisionState::Done);
        } else {
            assert_eq!(settled, DecisionState::Done);
        }
    }
}
