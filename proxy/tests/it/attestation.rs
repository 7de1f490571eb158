//! What the proxy signs: in every state exactly what its answer asks for, and nothing where it asks for nothing.

mod keys;
mod receipts;
mod rotation;
mod states;

use calypso_attest::{PublicKey, verify_invoice, verify_receipt};
use calypso_proxy::{AttestationConfig, Config, Signer};
use checkout::attestation::{InvoiceFacts, InvoiceTerms, ReceiptFacts};
use checkout::{Amount, Currency};
use serde_json::Value;

use crate::support::{TestProxy, text};

/// RFC 8037, appendix A.1, and its public half.
pub(crate) const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
pub(crate) const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
/// Another one.
const OTHER_SEED: &str = "TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs";
const OTHER_PUBLIC: &str = "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw";

pub(crate) fn signing_with(seed: &str) -> Option<AttestationConfig> {
    Some(AttestationConfig {
        signer: Signer::parse(seed).unwrap(),
        other_keys: Vec::new(),
    })
}

pub(crate) fn signing(config: &mut Config) {
    config.shops[0].attestation = signing_with(SEED);
}

fn key(text: &str) -> PublicKey {
    PublicKey::parse(text).unwrap()
}

/// What a view asks for, read from its JSON as a page would; `None` where it shows no address.
struct Shown {
    checkout: String,
    currency: &'static Currency,
    address: String,
    amount: Option<String>,
    reprice_at: Option<String>,
    expires_at: String,
}

impl Shown {
    fn of(view: &Value) -> Option<Self> {
        let part = if view["invoice"].is_null() {
            &view["receiving"]
        } else {
            &view["invoice"]
        };
        let address = part["address"].as_str()?.to_owned();
        let due = part["due"].as_str().map(|due| {
            let due = Amount::parse(due).unwrap();
            due.normalized().to_string()
        });
        let own_end = part["expiresAt"].as_str();
        Some(Self {
            checkout: text(view, "/id").to_owned(),
            currency: Currency::find(text(part, "/currency")).unwrap(),
            address,
            amount: due,
            reprice_at: part["repriceAt"].as_str().map(str::to_owned),
            expires_at: own_end
                .unwrap_or_else(|| text(view, "/expiresAt"))
                .to_owned(),
        })
    }

    fn terms(&self) -> InvoiceTerms<'_> {
        InvoiceTerms {
            checkout: &self.checkout,
            network: self.currency.network().caip2(),
            token: self.currency.contract,
            address: &self.address,
            amount: self.amount.as_deref(),
            reprice_at: self.reprice_at.as_deref(),
            expires_at: &self.expires_at,
        }
    }
}

/// The facts that are signed of a view, which are those it shows.
fn vouched_by(public: &str, view: &Value) -> InvoiceFacts {
    let shown = Shown::of(view).unwrap_or_else(|| panic!("no address: {view}"));
    let jws = text(view, "/attestation");
    let facts = verify_invoice(jws, &[key(public)], &shown.terms());
    facts.unwrap_or_else(|error| panic!("{error}: {view}"))
}

fn vouched(view: &Value) -> InvoiceFacts {
    vouched_by(PUBLIC, view)
}

/// Nothing is signed.
fn unsigned(view: &Value) {
    assert!(
        view.get("attestation").is_some_and(Value::is_null),
        "{view}"
    );
}

/// The facts of the receipt that a buyer gets.
async fn receipt(shop: &TestProxy, id: &str) -> ReceiptFacts {
    let path = format!("/v1/checkouts/{id}/receipt");
    let view = shop.get(&path).await.expect(200).json();
    verify_receipt(text(&view, "/receipt"), &[key(PUBLIC)]).unwrap()
}

/// Why a buyer gets none.
async fn no_receipt(shop: &TestProxy, id: &str) -> String {
    let path = format!("/v1/checkouts/{id}/receipt");
    let refused = shop.get(&path).await.expect(409);
    assert_eq!(refused.code(), "receipt_not_available");
    text(&refused.json(), "/error/message").to_owned()
}

/// What the merchant is told of a checkout, read anew.
async fn told(shop: &TestProxy, id: &str) -> Value {
    shop.wait(60_000);
    let path = format!("/v1/checkouts/{id}");
    shop.as_merchant(&path).await.expect(200).json()
}
