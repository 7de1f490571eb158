//! What follows from an answer: screens, states, news.

use super::{Asked, KnownCheckout, News, State};
use crate::failure::Failure;
use crate::paid_in::PaidIn;
use crate::repricing::{Change, Repricing};
use crate::screen::{Outcome, Screen};
use checkout::wire::{
    CheckoutView, CurrencyView, DepositState, DepositView, InvoiceView, PriceView, ReceivingView,
};
use checkout::{Amount, Kind, Phase, Timestamp};

const NOW: i64 = 1_795_000_000_000;
const MINUTE: i64 = 60_000;

pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(NOW + minutes * MINUTE)
}

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).expect("an amount of the test")
}

fn currency(code: &str, network: &str) -> CurrencyView {
    CurrencyView {
        code: code.into(),
        symbol: code.split('_').next().expect("a first part").into(),
        name: "Coin".into(),
        network: network.into(),
        estimate: None,
    }
}

/// Lets `known` learn an answer that it believes.
pub(crate) fn learns(known: &mut KnownCheckout, answer: CheckoutView) -> News {
    let id = answer.id.clone();
    let asked = Asked {
        id: Some(&id),
        ..Asked::default()
    };
    known.learn(asked, answer).expect("believed")
}

/// Lets `known` learn the answer to a choice.
fn chooses(known: &mut KnownCheckout, currency: &str, answer: CheckoutView) -> News {
    let id = answer.id.clone();
    let asked = Asked {
        id: Some(&id),
        chosen: Some(currency),
        ..Asked::default()
    };
    known.learn(asked, answer).expect("believed")
}

/// Lets `known` learn an answer that it does not believe; gives the field.
fn doubts(known: &mut KnownCheckout, answer: CheckoutView) -> &'static str {
    let id = answer.id.clone();
    let asked = Asked {
        id: Some(&id),
        ..Asked::default()
    };
    let failure = known.learn(asked, answer).expect_err("doubted");
    failure.field().expect("a field")
}

/// Lets the stream bring `known` an answer.
fn is_pushed(known: &mut KnownCheckout, answer: CheckoutView) -> Result<News, Failure> {
    let id = known.id().to_owned();
    let asked = Asked {
        id: Some(&id),
        is_pushed: true,
        ..Asked::default()
    };
    known.learn(asked, answer)
}

/// A checkout for a day; its invoice, if it has one, expires after three hours and is repriced after a quarter.
pub(crate) fn answer(state: Phase) -> CheckoutView {
    let invoice = InvoiceView {
        currency: "USDT_TRX".into(),
        address: Some("TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE".into()),
        amount: amount("27.314"),
        received: Amount::ZERO,
        due: amount("27.314"),
        uri: Some("tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE?amount=27.314".into()),
        reprice_at: Some(at(15)),
        expires_at: at(180),
        transaction: None,
    };
    CheckoutView {
        id: "0d6c3f0e".into(),
        kind: Kind::Payment,
        state,
        description: "Order 1001".into(),
        price: Some(PriceView {
            amount: amount("25.00"),
            currency: "EUR".into(),
        }),
        currencies: vec![
            currency("USDT_TRX", "Tron (TRC-20)"),
            currency("BTC", "Bitcoin"),
        ],
        invoice: (state != Phase::Choosing).then_some(invoice),
        receiving: None,
        expires_at: at(1_440),
        now: at(0),
        poll_after_ms: 3_000,
        return_url: None,
        support_url: None,
        logo_url: None,
        attestation: None,
        url: None,
    }
}

fn priced(text: &str) -> CheckoutView {
    let mut answer = answer(Phase::Awaiting);
    if let Some(invoice) = &mut answer.invoice {
        invoice.amount = amount(text);
        invoice.due = amount(text);
        invoice.uri = None;
    }
    answer
}

fn known(state: Phase) -> KnownCheckout {
    let mut known = KnownCheckout::default();
    learns(&mut known, answer(state));
    known
}

#[test]
fn every_phase_has_its_screen_and_its_state() {
    for phase in Phase::ALL {
        let known = known(phase);
        assert_eq!(known.state().as_str(), phase.as_str());
        let expected = match phase {
            Phase::Choosing => Screen::Choosing,
            Phase::Awaiting => Screen::Paying,
            Phase::Underpaid => Screen::Underpaid,
            Phase::Detected => Screen::Outcome(Outcome::Detected),
            Phase::Paid => Screen::Outcome(Outcome::Paid),
            Phase::Completed => Screen::Outcome(Outcome::Completed),
            Phase::Reviewing => Screen::Outcome(Outcome::Reviewing),
            Phase::Declined => Screen::Outcome(Outcome::Declined),
            Phase::Overpaid => Screen::Outcome(Outcome::Overpaid),
            Phase::Intervention => Screen::Outcome(Outcome::Intervention),
            Phase::Expired => Screen::Outcome(Outcome::Expired),
            Phase::Archived => Screen::Outcome(Outcome::Archived),
        };
        assert_eq!(known.screen(at(0)), expected, "{phase:?}");
    }
}

#[test]
fn past_the_invoices_expiry_no_phase_shows_an_address() {
    for phase in Phase::ALL {
        for minutes in [180, 181, 1_440, 100_000] {
            let screen = known(phase).screen(at(minutes));
            assert!(
                !matches!(screen, Screen::Paying | Screen::Underpaid),
                "{phase:?} after {minutes} minutes: {screen:?}"
            );
        }
    }
}

#[test]
fn without_an_address_nothing_asks_for_money() {
    for state in [Phase::Awaiting, Phase::Underpaid] {
        let mut answer = answer(state);
        if let Some(invoice) = &mut answer.invoice {
            (invoice.address, invoice.uri) = (None, None);
        }
        let mut known = KnownCheckout::default();
        assert_eq!(doubts(&mut known, answer.clone()), "invoice.address");
        assert_eq!(known.screen(at(0)), Screen::Stopped);
        answer.state = Phase::Expired;
        learns(&mut known, answer);
        assert_eq!(known.screen(at(200)), Screen::Outcome(Outcome::Expired));
    }
}

#[test]
fn an_answer_that_is_not_believed_leaves_nothing_to_pay_until_one_is() {
    let mut known = known(Phase::Awaiting);
    let mut swapped = answer(Phase::Awaiting);
    if let Some(invoice) = &mut swapped.invoice {
        invoice.address = Some("TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX".into());
        invoice.uri = None;
    }
    assert_eq!(doubts(&mut known, swapped.clone()), "invoice.address");
    assert_eq!(
        (known.state(), known.screen(at(0))),
        (State::Failed, Screen::Stopped)
    );
    known.restart();
    assert_eq!(
        doubts(&mut known, swapped),
        "invoice.address",
        "a new start forgets no address"
    );
    learns(&mut known, answer(Phase::Awaiting));
    assert_eq!(
        (known.failure(), known.screen(at(0))),
        (None, Screen::Paying)
    );
}

#[test]
fn a_changed_screen_stops_paying_and_hides_no_payment_that_was_made() {
    let changed = || Failure::ScreenChanged {
        message: "address".into(),
    };
    for phase in Phase::ALL {
        let mut known = known(phase);
        known.stop(changed());
        let was_asking = matches!(phase, Phase::Choosing | Phase::Awaiting | Phase::Underpaid);
        assert_eq!(
            known.screen(at(0)) == Screen::Stopped,
            was_asking,
            "{phase:?}"
        );
        assert_eq!(known.state() == State::Failed, was_asking, "{phase:?}");
    }
    let mut known = known(Phase::Awaiting);
    known.stop(changed());
    learns(&mut known, answer(Phase::Awaiting));
    assert_eq!(
        known.screen(at(0)),
        Screen::Stopped,
        "an answer mends no screen"
    );
    learns(&mut known, answer(Phase::Paid));
    assert_eq!(known.screen(at(0)), Screen::Outcome(Outcome::Paid));
}

#[test]
fn one_millisecond_decides_about_the_address() {
    let known = known(Phase::Awaiting);
    assert_eq!(known.screen(at(180).plus_millis(-1)), Screen::Paying);
    assert_eq!(known.screen(at(180)), Screen::TimeIsUp);
}

#[test]
fn an_awaiting_checkout_without_an_invoice_shows_no_empty_address() {
    let mut known = KnownCheckout::default();
    let mut odd = answer(Phase::Awaiting);
    odd.invoice = None;
    assert_eq!(doubts(&mut known, odd), "invoice");
    assert_eq!(known.screen(at(0)), Screen::Stopped);
}

#[test]
fn a_closed_checkout_offers_nothing_to_choose() {
    let known = known(Phase::Choosing);
    assert!(known.can_choose(at(1_439)));
    assert!(!known.can_choose(at(1_440)));
    assert_eq!(known.screen(at(1_440)), Screen::TimeIsUp);
}

#[test]
fn news_of_a_whole_payment() {
    let mut known = KnownCheckout::default();
    assert_eq!(known.state(), State::Loading);
    let news = learns(&mut known, answer(Phase::Choosing));
    assert!(news.is_first && !news.became_paid && !news.became_expired);
    assert_eq!(
        (news.previous, news.state),
        (State::Loading, State::Phase(Phase::Choosing))
    );
    for (phase, became_paid) in [
        (Phase::Awaiting, false),
        (Phase::Detected, false),
        (Phase::Paid, true),
        (Phase::Completed, false),
    ] {
        let news = learns(&mut known, answer(phase));
        assert_eq!(
            (news.is_first, news.became_paid, news.state),
            (false, became_paid, State::Phase(phase))
        );
        let again = learns(&mut known, answer(phase));
        assert_eq!(
            (again.became_paid, again.previous),
            (false, again.state),
            "{phase:?} twice is no news"
        );
    }
}

#[test]
fn a_payment_that_jumps_to_its_end_is_paid_once() {
    for first in [Phase::Choosing, Phase::Awaiting, Phase::Underpaid] {
        let mut known = known(first);
        assert!(learns(&mut known, answer(Phase::Completed)).became_paid);
        assert!(!learns(&mut known, answer(Phase::Completed)).became_paid);
    }
    assert!(
        learns(&mut KnownCheckout::default(), answer(Phase::Completed)).became_paid,
        "seen for the first time, it is news"
    );
}

#[test]
fn expiry_is_news_once() {
    let mut known = known(Phase::Awaiting);
    assert!(learns(&mut known, answer(Phase::Expired)).became_expired);
    assert!(!learns(&mut known, answer(Phase::Expired)).became_expired);
}

#[test]
fn a_failed_question_blanks_nothing_that_is_known() {
    let mut known = known(Phase::Awaiting);
    known.fail(Failure::Unreachable);
    assert_eq!(known.screen(at(0)), Screen::Paying);
    assert_eq!(known.failure(), None);

    let mut fresh = KnownCheckout::default();
    fresh.fail(Failure::TimedOut);
    assert_eq!(
        (fresh.state(), fresh.screen(at(0))),
        (State::Failed, Screen::Failed)
    );
    learns(&mut fresh, answer(Phase::Choosing));
    assert_eq!(
        (fresh.failure(), fresh.screen(at(0))),
        (None, Screen::Choosing)
    );
}

#[test]
fn a_repricing_is_told_until_the_next_one() {
    let mut known = known(Phase::Awaiting);
    assert_eq!(known.repricing(), None);
    learns(&mut known, priced("27.512"));
    let told = Repricing {
        old: amount("27.314"),
        new: amount("27.512"),
        change: Change::More(amount("0.198")),
    };
    assert_eq!(known.repricing(), Some(told));
    learns(&mut known, priced("27.512"));
    assert_eq!(known.repricing(), Some(told), "the notice stays");
    learns(&mut known, priced("27.500"));
    assert_eq!(
        known.repricing().map(|repricing| repricing.change),
        Some(Change::Less(amount("0.012")))
    );
    learns(&mut known, answer(Phase::Detected));
    assert_eq!(known.repricing(), None);
}

#[test]
fn another_invoice_is_no_repricing() {
    let mut known = known(Phase::Awaiting);
    let mut other = priced("0.0003");
    if let Some(invoice) = &mut other.invoice {
        invoice.currency = "BTC".into();
        invoice.address = Some("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2".into());
    }
    chooses(&mut known, "BTC", other);
    assert_eq!(known.repricing(), None);
    let mut elsewhere = priced("0.0004");
    if let Some(invoice) = &mut elsewhere.invoice {
        invoice.currency = "BTC".into();
        invoice.address = Some("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy".into());
    }
    chooses(&mut known, "BTC", elsewhere);
    assert_eq!(known.repricing(), None);
}

#[test]
fn the_amount_is_hidden_from_its_repricing_on() {
    let known = known(Phase::Awaiting);
    assert!(!known.is_repricing(at(15).plus_millis(-1)));
    assert!(known.is_repricing(at(15)));
    let mut fixed = answer(Phase::Awaiting);
    if let Some(invoice) = &mut fixed.invoice {
        invoice.reprice_at = None;
    }
    let mut known = KnownCheckout::default();
    learns(&mut known, fixed);
    assert!(!known.is_repricing(at(100_000)));
    assert!(
        !self::known(Phase::Detected).is_repricing(at(15)),
        "what was sent is not repriced"
    );
}

#[test]
fn the_next_deadline() {
    assert_eq!(known(Phase::Choosing).deadline(), Some(at(1_440)));
    assert_eq!(known(Phase::Awaiting).deadline(), Some(at(15)));
    assert_eq!(known(Phase::Underpaid).deadline(), Some(at(180)));
    assert_eq!(known(Phase::Completed).deadline(), None);
    assert_eq!(KnownCheckout::default().deadline(), None);
}

#[test]
fn a_repricing_after_the_end_has_no_countdown() {
    let mut late = answer(Phase::Awaiting);
    if let Some(invoice) = &mut late.invoice {
        invoice.reprice_at = Some(at(180));
    }
    let mut known = KnownCheckout::default();
    learns(&mut known, late);
    assert_eq!(known.price_deadline(), None);
}

#[test]
fn looking_for_another_currency_keeps_the_payment() {
    let mut known = known(Phase::Awaiting);
    known.open_choice();
    assert_eq!(
        (known.state(), known.screen(at(0))),
        (State::Phase(Phase::Choosing), Screen::Choosing)
    );
    assert!(known.has_payment_to_return_to(at(0)));
    learns(&mut known, answer(Phase::Awaiting));
    assert_eq!(
        known.screen(at(0)),
        Screen::Choosing,
        "a question in between changes nothing"
    );
    known.close_choice();
    assert_eq!(known.screen(at(0)), Screen::Paying);
}

#[test]
fn money_ends_the_search_for_another_currency() {
    for phase in [
        Phase::Detected,
        Phase::Paid,
        Phase::Completed,
        Phase::Underpaid,
        Phase::Reviewing,
    ] {
        let mut known = known(Phase::Awaiting);
        known.open_choice();
        let news = learns(&mut known, answer(phase));
        assert_eq!(
            (news.previous, news.state),
            (State::Phase(Phase::Choosing), State::Phase(phase))
        );
        known.open_choice();
        assert_ne!(known.screen(at(0)), Screen::Choosing, "{phase:?}");
    }
}

#[test]
fn a_choice_ends_the_search() {
    let mut known = known(Phase::Awaiting);
    known.open_choice();
    let news = chooses(&mut known, "USDT_TRX", answer(Phase::Awaiting));
    assert_eq!(
        (news.previous, news.state),
        (State::Phase(Phase::Choosing), State::Phase(Phase::Awaiting))
    );
}

#[test]
fn an_expired_invoice_leaves_the_choice_open_while_the_checkout_lives() {
    let mut known = known(Phase::Expired);
    known.open_choice();
    assert_eq!(known.screen(at(200)), Screen::Choosing);
    assert!(!known.has_payment_to_return_to(at(200)));
    assert_eq!(known.screen(at(1_440)), Screen::Outcome(Outcome::Expired));
}

#[test]
fn a_currency_is_named_by_the_table_whatever_the_answer_calls_it() {
    let words = |currencies: Vec<CurrencyView>| {
        let mut answer = answer(Phase::Awaiting);
        answer.currencies = currencies;
        let mut known = KnownCheckout::default();
        learns(&mut known, answer);
        known.paid_in()
    };
    let named = PaidIn {
        symbol: "USDT",
        network: "Tron (TRC-20)",
    };
    assert_eq!(
        words(vec![currency("USDT_TRX", "Ethereum (ERC-20)")]),
        named
    );
    assert_eq!(words(vec![]), named);
}

#[test]
fn the_transaction_is_linked_in_its_networks_explorer() {
    let mut answer = answer(Phase::Completed);
    if let Some(invoice) = &mut answer.invoice {
        invoice.transaction = Some("abc123".into());
    }
    let mut known = KnownCheckout::default();
    learns(&mut known, answer);
    assert_eq!(
        known.transaction_url().as_deref(),
        Some("https://tronscan.org/#/transaction/abc123")
    );
}

/// A top-up that shows an address, for as long as `answer` lives.
fn top_up(state: Phase, deposits: &[&str]) -> CheckoutView {
    let deposits: Vec<DepositView> = deposits
        .iter()
        .map(|text| DepositView {
            amount: amount(text),
            currency: "USDT_TRX".into(),
            transaction: Some("ab12".into()),
            at: at(1),
            state: DepositState::Confirmed,
        })
        .collect();
    CheckoutView {
        kind: Kind::Topup,
        price: None,
        invoice: None,
        receiving: (state != Phase::Choosing).then(|| ReceivingView {
            currency: "USDT_TRX".into(),
            address: Some("TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE".into()),
            uri: Some("tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE".into()),
            received: amount("0.3"),
            deposits,
        }),
        ..answer(state)
    }
}

#[test]
fn an_address_for_any_amount_is_shown_until_the_checkout_ends() {
    let mut known = KnownCheckout::default();
    learns(&mut known, top_up(Phase::Choosing, &[]));
    assert_eq!(known.screen(at(0)), Screen::Choosing);
    assert_eq!(known.pay_to(), None);
    let news = learns(&mut known, top_up(Phase::Awaiting, &["0.1", "0.2"]));
    assert!(!news.became_paid);
    assert_eq!(known.screen(at(1_439)), Screen::Receiving);
    assert_eq!(known.screen(at(1_440)), Screen::TimeIsUp, "no address");
    assert_eq!(known.deadline(), Some(at(1_440)));
    assert_eq!(known.price_deadline(), None);
    assert!(!known.is_repricing(at(1_000)));
    assert_eq!(
        known.payment_uri(),
        "tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE"
    );
    assert_eq!(known.paid_in(), PaidIn::of("USDT_TRX"));
    assert_eq!(known.transaction_url(), None, "each deposit has its own");
}

#[test]
fn a_buyer_can_look_for_another_currency_to_top_up_in_and_come_back() {
    let mut known = KnownCheckout::default();
    learns(&mut known, top_up(Phase::Awaiting, &["5"]));
    known.open_choice();
    learns(&mut known, top_up(Phase::Awaiting, &["5", "6"]));
    assert_eq!(known.screen(at(2)), Screen::Choosing);
    assert!(known.has_payment_to_return_to(at(2)));
    known.close_choice();
    assert_eq!(known.screen(at(2)), Screen::Receiving);
    learns(&mut known, top_up(Phase::Archived, &["5", "6"]));
    assert_eq!(known.screen(at(3)), Screen::Outcome(Outcome::Archived));
}

#[test]
fn what_the_stream_brings_is_believed_like_an_answer_or_changes_nothing() {
    let mut known = KnownCheckout::default();
    learns(&mut known, answer(Phase::Awaiting));
    let shown = known.pay_to().cloned();
    let mut other_address = answer(Phase::Awaiting);
    let invoice = other_address.invoice.as_mut().expect("an invoice");
    invoice.address = Some("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8".into());
    invoice.uri = None;
    let mut other_price = answer(Phase::Awaiting);
    other_price.price = None;
    let mut other_checkout = answer(Phase::Paid);
    other_checkout.id = "another".into();
    for hostile in [other_address, other_price, other_checkout] {
        let failure = is_pushed(&mut known, hostile).expect_err("not believed");
        assert_eq!(failure.code(), "answer_not_believed");
        assert_eq!(known.failure(), None, "nothing is stopped");
        assert_eq!(known.screen(at(0)), Screen::Paying);
        assert_eq!(known.pay_to(), shown.as_ref());
    }
    let news = is_pushed(&mut known, answer(Phase::Paid)).expect("believed");
    assert!(news.became_paid);
    assert!(is_pushed(&mut known, answer(Phase::Awaiting)).is_err());
    assert_eq!(known.screen(at(0)), Screen::Outcome(Outcome::Paid));
}
