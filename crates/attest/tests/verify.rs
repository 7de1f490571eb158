//! What is believed, and by which name everything else is refused.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use calypso_attest::{
    AttestationError, Kind, PublicKey, Signed, signing_input, verify, verify_invoice,
    verify_receipt,
};
use checkout::attestation::{FactsError, InvoiceFacts, InvoiceTerms, ReceiptFacts};
use ed25519_dalek::{Signer as _, SigningKey};

const KID: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
const INVOICE: &str = r#"{"v":1,"store":"shop","checkout":"c","invoice":"i","network":"tron:0x2b6653dc","token":"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t","address":"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t","amount":"27.314","repriceAt":"2026-11-21T08:25:00Z","expiresAt":"2026-11-21T11:10:00Z"}"#;
const RECEIPT: &str = r#"{"v":1,"store":"shop","checkout":"c","externalId":"1001","description":"Tea","price":"25","priceCurrency":"EUR","invoice":"i","currency":"ETH","network":"eip155:1","token":null,"address":"0x","asked":"0.01","received":"0.01","rate":"2500","fee":null,"transactions":[{"hash":"0xab","amount":"0.01","at":"2026-11-21T08:25:00Z"}],"paidAt":"2026-11-21T08:25:00Z","completedAt":"2026-11-21T08:30:00Z","state":"completed"}"#;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn public(seed: u8) -> PublicKey {
    PublicKey::from_bytes(key(seed).verifying_key().as_bytes()).expect("a key")
}

fn sign(seed: u8, kind: Kind, payload: &str) -> String {
    let input = signing_input(kind, KID, payload);
    let signature = key(seed).sign(input.as_bytes()).to_bytes();
    format!("{input}.{}", Base64UrlUnpadded::encode_string(&signature))
}

#[test]
fn what_a_key_has_signed_is_believed() {
    let facts = InvoiceFacts::parse(INVOICE).unwrap();
    let invoice = sign(1, Kind::Invoice, INVOICE);
    let terms = facts.terms();
    assert_eq!(
        verify_invoice(&invoice, &[public(1)], &terms).as_ref(),
        Ok(&facts)
    );
    let receipt = sign(1, Kind::Receipt, RECEIPT);
    let told = ReceiptFacts::parse(RECEIPT).unwrap();
    assert_eq!(verify_receipt(&receipt, &[public(1)]).as_ref(), Ok(&told));
    assert_eq!(
        verify(&invoice, &[public(1)]),
        Ok(Signed::Invoice(Box::new(facts)))
    );
    assert_eq!(
        verify(&receipt, &[public(1)]),
        Ok(Signed::Receipt(Box::new(told)))
    );
}

#[test]
fn while_keys_change_either_is_believed_and_no_third() {
    let facts = InvoiceFacts::parse(INVOICE).unwrap();
    let terms = facts.terms();
    let keys = [public(1), public(2)];
    for seed in [1, 2] {
        let jws = sign(seed, Kind::Invoice, INVOICE);
        assert!(verify_invoice(&jws, &keys, &terms).is_ok());
    }
    let jws = sign(3, Kind::Invoice, INVOICE);
    assert_eq!(
        verify_invoice(&jws, &keys, &terms),
        Err(AttestationError::Signature)
    );
    assert_eq!(
        verify_invoice(&jws, &[], &terms),
        Err(AttestationError::NoKey)
    );
}

#[test]
fn facts_that_are_signed_and_not_shown_are_refused_by_their_name() {
    let facts = InvoiceFacts::parse(INVOICE).unwrap();
    let jws = sign(1, Kind::Invoice, INVOICE);
    let shown = InvoiceTerms {
        amount: Some("27.315"),
        ..facts.terms()
    };
    assert_eq!(
        verify_invoice(&jws, &[public(1)], &shown),
        Err(AttestationError::Differs { member: "amount" })
    );
}

#[test]
fn everything_else_has_a_name_of_its_own() {
    let keys = [public(1)];
    let jws = sign(1, Kind::Invoice, INVOICE);
    let [header, payload, signature] = jws.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts");
    };
    let refused = |text: &str| verify(text, &keys).unwrap_err();
    let encoding = |part| AttestationError::Encoding { part };
    for text in ["", ".", "a.b", "a.b.c.d", &format!("{jws}."), header] {
        let error = refused(text);
        assert!(
            matches!(
                error,
                AttestationError::Parts | AttestationError::Encoding { .. }
            ),
            "{text}: {error}"
        );
    }
    assert_eq!(
        refused(&format!("{jws}.{signature}")),
        AttestationError::Parts
    );
    assert_eq!(
        refused(&format!("{header}=.{payload}.{signature}")),
        encoding("header")
    );
    assert_eq!(
        refused(&format!("{header}.{payload}=.{signature}")),
        encoding("payload")
    );
    assert_eq!(
        refused(&format!("{header}.{payload}.{signature}==")),
        encoding("signature")
    );
    assert_eq!(
        refused(&format!("{header}.{payload}.")),
        encoding("signature")
    );
    assert_eq!(
        refused(&format!("{header}.{payload}.{}", &signature[4..])),
        encoding("signature")
    );
    assert_eq!(refused(&format!(" {jws}")), encoding("header"));
    assert_eq!(refused(&format!("{jws}\n")), encoding("signature"));
    assert_eq!(
        refused(&"A".repeat(65 * 1024)),
        AttestationError::TooLong {
            most: 65_536,
            found: 66_560
        }
    );
    // The last character of 64 bytes has four bits of signature and two that have to be zero.
    for last in signature
        .bytes()
        .last()
        .into_iter()
        .flat_map(|last| last + 1..last + 4)
    {
        let other = format!(
            "{header}.{payload}.{}{}",
            &signature[..85],
            char::from(last)
        );
        assert_eq!(refused(&other), encoding("signature"));
    }
    let none = Base64UrlUnpadded::encode_string(br#"{"alg":"none"}"#);
    assert_eq!(
        refused(&format!("{none}.{payload}.{signature}")),
        AttestationError::Header
    );
    let receipt = sign(1, Kind::Receipt, RECEIPT);
    let terms = InvoiceFacts::parse(INVOICE).unwrap();
    assert_eq!(
        verify_invoice(&receipt, &keys, &terms.terms()),
        Err(AttestationError::Kind {
            expected: "calypso-invoice"
        })
    );
    assert_eq!(
        verify_receipt(&jws, &keys),
        Err(AttestationError::Kind {
            expected: "calypso-receipt"
        })
    );
    assert_eq!(
        verify_receipt(&sign(1, Kind::Receipt, INVOICE), &keys),
        Err(AttestationError::Facts(FactsError::Member {
            name: "externalId",
            at: 36
        }))
    );
    assert_eq!(
        refused(&sign(
            1,
            Kind::Invoice,
            &INVOICE.replace(r#""v":1"#, r#""v":1.0"#)
        )),
        AttestationError::Facts(FactsError::Member {
            name: "store",
            at: 6
        })
    );
}
