//! The gateway's words for states and interventions, and words it may yet invent.

use checkout::{InterventionKind, InvoiceStatus};
use proptest::prelude::{any, prop_assert_eq, proptest};

#[test]
fn the_documented_words_are_known_and_printed_alike() {
    for word in [
        "PENDING_PAYMENT",
        "MEM_POOL_FOUND",
        "PENDING_COMPLIANCE_CHECK",
        "DECLINED",
        "PAID",
        "PENDING_INTERVENTION",
        "COMPLETED",
        "ARCHIVED",
        "CANCEL",
    ] {
        let status = InvoiceStatus::from(word);
        assert!(!matches!(status, InvoiceStatus::Unknown(_)), "{word}");
        assert_eq!(status.as_str(), word);
    }
    assert_eq!(
        InterventionKind::from("UNDERPAY"),
        InterventionKind::Underpay
    );
    assert_eq!(InterventionKind::from("OVERPAY"), InterventionKind::Overpay);
}

#[test]
fn nothing_near_paid_is_paid() {
    for word in [
        "paid",
        "Paid",
        " PAID",
        "PAID ",
        "PAID\0",
        "COMPLETE",
        "PAID_PARTIALLY",
        "",
        "РAID",
    ] {
        assert_eq!(
            InvoiceStatus::from(word),
            InvoiceStatus::Unknown(String::from(word))
        );
    }
}

proptest! {
    #[test]
    fn every_word_is_kept(word in any::<String>()) {
        let status = InvoiceStatus::from(word.as_str());
        prop_assert_eq!(status.as_str(), &word);
        let kind = InterventionKind::from(word.as_str());
        prop_assert_eq!(kind.as_str(), &word);
        let json = serde_json::to_string(&word).unwrap();
        prop_assert_eq!(serde_json::from_str::<InvoiceStatus>(&json).unwrap(), status.clone());
        prop_assert_eq!(serde_json::to_string(&status).unwrap(), json.clone());
        prop_assert_eq!(serde_json::from_str::<InterventionKind>(&json).unwrap(), kind);
    }
}
