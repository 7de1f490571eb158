//! Where the page has an `attest-key`, nothing is shown to pay that was not judged first, and nothing else than what was judged. What a
//! judge finds is the verifier's affair (`crates/verifier`); here it is a function of the test's.

use crate::stage::{
    Stage, amount, at, checkout, field, forget_streams, push_bytes, serve_checkout, serve_streams,
};
use checkout::Phase;
use checkout::wire::CheckoutView;
use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

const PAYABLE: &str = "[part~=address], [part~=amount], [part~=qr], [part~=open-wallet], [part~=copy-address], [part~=copy-amount]";

/// A judge, and the claims that it was asked about.
struct Judge(Function);

impl Judge {
    fn new(verdict: &str) -> Self {
        let body = ["const judge = this; judge.claims.push(claim); ", verdict].concat();
        let made = Function::new_with_args("claim", &body);
        let wrap = Function::new_with_args(
            "made",
            "const judge = (claim) => made.call(judge, claim); judge.claims = []; return judge;",
        );
        let judge = wrap.call1(&JsValue::UNDEFINED, &made).expect("a function");
        Self(judge.into())
    }

    fn claims(&self) -> Vec<String> {
        let claims = js_sys::Array::from(&field(&self.0, "claims"));
        claims
            .iter()
            .filter_map(|claim| claim.as_string())
            .collect()
    }

    fn stage(&self, id: &str) -> Stage {
        Stage::of("checkout", id, self.0.clone().into())
    }
}

fn signed(id: &str, attestation: Option<&str>) -> CheckoutView {
    CheckoutView {
        attestation: attestation.map(str::to_owned),
        ..checkout(id, Phase::Awaiting)
    }
}

/// Nothing to pay is on the screen, the buyer reads what to do, the developer the code.
async fn refuses(stage: &Stage) {
    stage.sees("failed").await;
    assert_eq!(stage.count(PAYABLE), 0, "{}", stage.text());
    assert!(!stage.text().contains("TQn9"), "{}", stage.text());
    assert!(stage.text().contains("Do not pay here"), "{}", stage.text());
    assert!(stage.text().contains("ask the shop"), "{}", stage.text());
    assert!(stage.count("button") > 0, "{}", stage.text());
    let told = stage.events("calypso-error").pop().expect("an error");
    let word = |name: &str| field(&told, name).as_string();
    assert_eq!(word("code").as_deref(), Some("attestation_refused"));
    assert_eq!(word("field").as_deref(), Some("attestation"));
}

#[wasm_bindgen_test]
async fn what_is_judged_is_what_is_shown() {
    let judge = Judge::new("return true;");
    serve_checkout(&signed("judged", Some("a.b.c")));
    let stage = judge.stage("judged");
    stage.sees("awaiting").await;
    let network = checkout::Currency::find("USDT_TRX").expect("a row").network;
    let ends = [at(15), at(180)].map(|at| at.millis().to_string());
    let expected = [
        "a.b.c",
        "judged",
        &(network as usize).to_string(),
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
        "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE",
        "27.314",
        &ends[0],
        &ends[1],
    ]
    .join("\n");
    assert_eq!(judge.claims(), [expected]);
    assert!(stage.part("address").is_some());
}

#[wasm_bindgen_test]
async fn what_is_judged_otherwise_is_not_shown() {
    for verdict in [
        "return false;",
        "return undefined;",
        "return 0;",
        "throw new Error('stopped');",
    ] {
        let judge = Judge::new(verdict);
        for attestation in [None, Some("a.b.c")] {
            serve_checkout(&signed("refused", attestation));
            let stage = judge.stage("refused");
            refuses(&stage).await;
            assert_eq!(stage.events("calypso-ready").len(), 0);
        }
    }
}

#[wasm_bindgen_test]
async fn every_answer_is_judged_anew() {
    let judge = Judge::new("return claim.startsWith('good');");
    serve_checkout(&signed("again", Some("good")));
    let stage = judge.stage("again");
    stage.sees("awaiting").await;
    // Repriced, with the attestation of the old amount.
    let mut repriced = signed("again", Some("bad"));
    let invoice = repriced.invoice.as_mut().expect("an invoice");
    (invoice.amount, invoice.due) = (amount("28"), amount("28"));
    serve_checkout(&repriced);
    stage.mounted.refresh();
    refuses(&stage).await;
    // The right one mends it.
    repriced.attestation = Some("good, too".to_owned());
    stage.learns(&repriced).await;
    assert!(stage.part("address").is_some());
    let claims = judge.claims();
    assert!(
        claims.iter().any(|claim| claim.contains("\n28\n")),
        "{claims:?}"
    );
    // A new start by the buyer is no way round.
    repriced.attestation = None;
    serve_checkout(&repriced);
    stage.mounted.refresh();
    refuses(&stage).await;
    stage.clicks(".actions button");
    stage.sees("loading").await;
    refuses(&stage).await;
}

#[wasm_bindgen_test]
async fn what_the_stream_brings_is_judged_too() {
    let judge = Judge::new("return claim.startsWith('good');");
    forget_streams();
    serve_streams(200);
    let before = signed("pushed", Some("good"));
    serve_checkout(&before);
    let stage = judge.stage("pushed");
    stage.sees("awaiting").await;
    let mut pushed = signed("pushed", Some("bad"));
    pushed.now = before.now.plus_seconds(5);
    let invoice = pushed.invoice.as_mut().expect("an invoice");
    (invoice.amount, invoice.due, invoice.uri) = (amount("28"), amount("28"), None);
    // What asks afterwards is given the same.
    serve_checkout(&pushed);
    let text = serde_json::to_string(&pushed).expect("a checkout can be written");
    let message = ["event: checkout\nid: \"two\"\ndata: ", &text, "\n\n"].concat();
    stage.waits("a stream", || push_bytes(&message)).await;
    stage.mounted.refresh();
    refuses(&stage).await;
    assert!(!stage.text().contains("28"), "{}", stage.text());
    forget_streams();
}

#[wasm_bindgen_test]
async fn where_nothing_is_to_be_paid_nothing_is_judged() {
    let judge = Judge::new("return false;");
    for state in [Phase::Choosing, Phase::Detected, Phase::Completed] {
        serve_checkout(&checkout("nothing", state));
        let stage = judge.stage("nothing");
        stage.sees(state.as_str()).await;
    }
    assert_eq!(judge.claims(), [""; 0]);
}
