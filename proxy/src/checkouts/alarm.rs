//! What the gateway contradicted itself about: logged when it is first seen, and kept for the merchant.

use checkout::Timestamp;
use uuid::Uuid;

use crate::checkouts::id::CheckoutId;
use crate::checkouts::unsound::Unsound;
use crate::input::printable::shortened;

/// How many characters of a sentence are kept. The longest of our own words have half of them.
const LONGEST_DETAIL: usize = 300;

/// One contradiction of an invoice, as it was first seen. There is at most one of each kind per invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alarm {
    /// The key of the invoice, or of the request that made none.
    pub(crate) invoice: Uuid,
    /// [`Unsound::name`].
    pub(crate) kind: String,
    /// What was expected and what came. For the log and the merchant, never for a buyer.
    pub(crate) detail: String,
    pub(crate) at: Timestamp,
}

impl Alarm {
    pub(crate) fn new(invoice: Uuid, unsound: &Unsound, at: Timestamp) -> Self {
        Self {
            invoice,
            kind: unsound.name().to_owned(),
            detail: detail(unsound),
            at,
        }
    }

    /// Tells the operator, under a name their alerts can look for.
    pub(crate) fn log(&self, checkout: CheckoutId) {
        tracing::error!(
            alarm = self.kind,
            checkout = checkout.short(),
            invoice = %self.invoice,
            detail = self.detail,
            "the gateway contradicts itself"
        );
    }
}

/// The sentence of a contradiction, whatever texts the gateway has put into it.
pub(crate) fn detail(unsound: &Unsound) -> String {
    shortened(&unsound.to_string(), LONGEST_DETAIL)
}

#[cfg(test)]
mod tests {
    use checkout::Timestamp;
    use uuid::Uuid;

    use super::Alarm;
    use crate::checkouts::unsound::Unsound;

    #[test]
    fn what_the_gateway_says_forges_no_line_and_fills_no_disk() {
        let read = format!("x\nERROR forged \u{202e}{}", "y".repeat(1 << 20));
        let known = "d9732536-acdd-41bd-87c3-ec40aeeb6a37".to_owned();
        let alarm = Alarm::new(
            Uuid::nil(),
            &Unsound::OtherId { known, read },
            Timestamp::from_millis(0),
        );
        assert_eq!(alarm.kind, "other_id");
        assert_eq!(alarm.detail.chars().count(), 301);
        assert!(alarm.detail.starts_with(
            "the gateway's id was d9732536-acdd-41bd-87c3-ec40aeeb6a37, the reading has x\u{fffd}ERROR"
        ));
        assert!(!alarm.detail.contains(['\n', '\u{202e}']));
    }
}
