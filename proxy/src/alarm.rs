//! What the gateway contradicted itself about: logged when it is first seen, and kept for the merchant.

use checkout::Timestamp;
use uuid::Uuid;

use crate::checkout_id::CheckoutId;
use crate::inner::Inner;
use crate::json::shortened;
use crate::unsound::Unsound;

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

impl Inner {
    /// The same for a call whose answer the client has refused. A call that only failed raises nothing.
    pub(crate) async fn raise_for(
        &self,
        checkout: CheckoutId,
        invoice: Uuid,
        error: &calypso::Error,
    ) {
        if let Some(unsound) = Unsound::of(error) {
            self.raise(checkout, invoice, &unsound).await;
        }
    }

    /// Keeps and logs why an answer about an invoice, or about the request for one, was refused. The answer is refused whether or
    /// not this can be written down.
    pub(crate) async fn raise(&self, checkout: CheckoutId, invoice: Uuid, unsound: &Unsound) {
        let alarm = Alarm::new(invoice, unsound, self.clock.now());
        match self.store.raise(checkout, alarm.clone()).await {
            Ok(true) => alarm.log(checkout),
            Ok(false) => {}
            Err(error) => {
                alarm.log(checkout);
                tracing::warn!(checkout = checkout.short(), cause = %error, "an alarm could not be kept");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use checkout::Timestamp;
    use uuid::Uuid;

    use super::Alarm;
    use crate::unsound::Unsound;

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
