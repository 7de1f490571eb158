//! An answer that does not fit is refused visibly: nothing to pay stays on the screen, the developer reads which field, a right answer mends it.

use crate::no_links::NO_LINKS;
use crate::stage::{Stage, amount, checkout, field, serve_checkout};
use checkout::wire::{CheckoutView, InvoiceView};
use checkout::{Amount, Phase};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

const OTHER: &str = "TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX";

fn with(id: &str, change: impl FnOnce(&mut InvoiceView)) -> CheckoutView {
    let mut answer = checkout(id, Phase::Awaiting);
    change(answer.invoice.as_mut().expect("an invoice"));
    answer
}

/// Nothing on the screen can be paid, copied, scanned or opened.
fn shows_nothing_to_pay(stage: &Stage) {
    let payable = "[part~=address], [part~=amount], [part~=qr], [part~=open-wallet], [part~=copy-address], [part~=copy-amount], [part~=currency]";
    assert_eq!(stage.count(payable), 0, "{}", stage.text());
    assert!(stage.text().contains("Do not pay here"), "{}", stage.text());
}

async fn refuses(stage: &Stage, answer: &CheckoutView, expected: &str) {
    let heard = stage.events("calypso-error").len();
    serve_checkout(answer);
    stage.mounted.refresh();
    stage
        .waits("the developer is told", || {
            stage.events("calypso-error").len() > heard
        })
        .await;
    stage.sees("failed").await;
    shows_nothing_to_pay(stage);
    let told = stage.events("calypso-error").pop().expect("an error");
    let word = |name: &str| field(&told, name).as_string().unwrap_or_default();
    assert_eq!(
        (word("code").as_str(), word("field").as_str()),
        ("answer_not_believed", expected)
    );
    let message = word("message");
    assert!(
        message.starts_with(expected)
            && message.contains(": expected ")
            && message.contains(", came "),
        "{message}"
    );
}

#[wasm_bindgen_test]
async fn a_first_answer_that_does_not_fit_is_never_shown() {
    for (expected, change) in [
        (
            "invoice.address",
            (|it| it.address = Some("TEv1LEv1LEv1LEv1LEv1LEv1LEv1LEv1LE".into()))
                as fn(&mut InvoiceView),
        ),
        ("invoice.uri", |it| {
            it.uri = Some("javascript:window.__xss=1;void 0".into());
        }),
        ("invoice.uri", |it| {
            it.uri = Some("tron:TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX?amount=27.314".into());
        }),
        ("invoice.due", |it| it.due = amount("2731.4")),
        ("invoice.amount", |it| {
            (it.amount, it.due) = (amount("0.0000001"), amount("0.0000001"));
        }),
        ("invoice.currency", |it| it.currency = "EVIL".into()),
    ] {
        let answer = with("first", change);
        serve_checkout(&answer);
        let stage = Stage::open(Some("first"), None);
        refuses(&stage, &answer, expected).await;
        assert_eq!(stage.events("calypso-ready").len(), 0);
    }
    let stage = Stage::open(Some("asked"), None);
    refuses(&stage, &checkout("came", Phase::Awaiting), "id").await;
}

#[wasm_bindgen_test]
async fn an_address_that_changes_under_the_buyer_stops_the_payment_until_the_right_one_is_back() {
    let answer = checkout("swap", Phase::Awaiting);
    let stage = Stage::with(&answer).await;
    let swapped = with("swap", |it| {
        (it.address, it.uri) = (Some(OTHER.into()), None);
    });
    refuses(&stage, &swapped, "invoice.address").await;
    assert!(!stage.text().contains("TEoZ"), "{}", stage.text());
    let changes = stage.events("calypso-change");
    let state = field(changes.last().expect("a change"), "state");
    assert_eq!(state.as_string().as_deref(), Some("failed"));
    // A new start by the buyer is no way round.
    stage.clicks(".actions button");
    stage.sees("loading").await;
    stage.sees("failed").await;
    shows_nothing_to_pay(&stage);
    stage.learns(&answer).await;
    let address = stage.part("address").expect("the address");
    assert_eq!(
        address.text_content().as_deref(),
        Some("TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE")
    );
}

#[wasm_bindgen_test]
async fn a_checkout_that_becomes_another_one_is_refused() {
    let stage = Stage::with(&checkout("same", Phase::Awaiting)).await;
    for (expected, change) in [
        ("id", (|it| it.id = "other".into()) as fn(&mut CheckoutView)),
        ("description", |it| it.description = "Order 7".into()),
        ("price", |it| {
            it.price.as_mut().expect("a price").amount = amount("250.00");
        }),
        ("price", |it| it.price = None),
    ] {
        let mut answer = checkout("same", Phase::Awaiting);
        change(&mut answer);
        refuses(&stage, &answer, expected).await;
        stage.learns(&checkout("same", Phase::Awaiting)).await;
    }
    stage.learns(&checkout("same", Phase::Paid)).await;
    refuses(&stage, &checkout("same", Phase::Awaiting), "state").await;
    stage.learns(&checkout("same", Phase::Completed)).await;
    assert_eq!(stage.events("calypso-paid").len(), 1);
}

#[wasm_bindgen_test]
async fn the_buyer_reads_the_tables_name_of_a_network() {
    let mut answer = checkout("named", Phase::Choosing);
    for currency in &mut answer.currencies {
        currency.network = "Base".into();
    }
    answer.currencies[1].code = "EVIL".into();
    let stage = Stage::with(&answer).await;
    assert!(!stage.text().contains("Base"), "{}", stage.text());
    assert_eq!(stage.count("[data-currency=EVIL]"), 0);
}

/// The links on the screen, each with its address.
fn links(stage: &Stage) -> Vec<String> {
    let found = stage
        .root
        .query_selector_all("[href], [src], [action], [formaction]")
        .expect("a selector");
    (0..found.length())
        .filter_map(|at| found.item(at))
        .map(|node| {
            let element: Element = wasm_bindgen::JsCast::unchecked_into(node);
            let names = ["href", "src", "action", "formaction"];
            names
                .iter()
                .find_map(|name| element.get_attribute(name))
                .unwrap_or_default()
        })
        .collect()
}

#[wasm_bindgen_test]
async fn no_scheme_or_spelling_but_those_of_the_web_becomes_a_link_in_any_field() {
    let stage = Stage::with(&checkout("links", Phase::Awaiting)).await;
    assert_eq!(
        links(&stage),
        ["tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE?amount=27.314"]
    );
    let completed = Stage::with(&checkout("links", Phase::Completed)).await;
    for url in NO_LINKS {
        let swapped = with("links", |it| it.uri = Some(url.into()));
        refuses(&stage, &swapped, "invoice.uri").await;
        assert_eq!(links(&stage), [""; 0], "{url:?} as the URI");
        stage.learns(&checkout("links", Phase::Awaiting)).await;
        let mut answer = checkout("links", Phase::Completed);
        answer.return_url = Some(url.into());
        answer.support_url = Some(url.into());
        answer.logo_url = Some(url.into());
        answer.description = format!("Order of {url:?}");
        answer.invoice.as_mut().expect("an invoice").transaction = Some(url.into());
        drop(completed_with(&answer).await);
    }
    drop(completed);
}

/// The screen of a completed payment; its only link, whatever the answer says, leads to the network's explorer.
async fn completed_with(answer: &CheckoutView) -> Stage {
    let stage = Stage::with(answer).await;
    stage
        .waits("the screen", || stage.text().contains("Payment complete"))
        .await;
    for link in links(&stage) {
        let hash = link.strip_prefix("https://tronscan.org/#/transaction/");
        let is_escaped = |hash: &str| {
            hash.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'%')
        };
        assert!(hash.is_some_and(is_escaped), "{link}");
    }
    stage
}

#[wasm_bindgen_test]
async fn links_of_the_web_stay_links() {
    let mut answer = checkout("linked-well", Phase::Completed);
    answer.return_url = Some("https://shop.example/thanks".into());
    answer.support_url = Some("https://shop.example/help".into());
    let stage = Stage::with(&answer).await;
    let links = links(&stage);
    assert!(
        links.contains(&"https://shop.example/thanks".to_owned()),
        "{links:?}"
    );
    assert!(
        links.contains(&"https://shop.example/help?checkout=linked-well".to_owned()),
        "{links:?}"
    );
}

#[wasm_bindgen_test]
async fn what_a_completed_payment_received_is_no_matter_of_belief() {
    // The merchant may accept less; only what is to be paid must add up.
    let mut answer = checkout("accepted", Phase::Completed);
    let invoice = answer.invoice.as_mut().expect("an invoice");
    (invoice.received, invoice.due) = (amount("27"), amount("0.314"));
    let stage = Stage::with(&answer).await;
    invoice_is_over(&stage);
    let mut overpaid = checkout("accepted", Phase::Overpaid);
    let invoice = overpaid.invoice.as_mut().expect("an invoice");
    (invoice.received, invoice.due) = (amount("30"), Amount::ZERO);
    let stage = Stage::with(&overpaid).await;
    invoice_is_over(&stage);
}

fn invoice_is_over(stage: &Stage) {
    assert_eq!(stage.events("calypso-error").len(), 0);
    assert_eq!(stage.count("[part~=address]"), 0);
}
