//! Every sentence a buyer can read, in one table. A second language is a second column.

/// The language of the sentences, a BCP 47 tag.
pub const LANGUAGE: &str = "en";
/// The direction in which that language is read.
pub const DIRECTION: &str = "ltr";

/// Makes the enum of the keys and the function that says them from one table.
macro_rules! texts {
    ($($key:ident => $english:literal,)*) => {
        /// The key of one sentence. The `{words}` in it are filled in by [`fill`](Text::fill).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Text {
            $(#[doc = $english] $key,)*
        }

        impl Text {
            /// Every key.
            #[cfg(test)]
            pub const ALL: &[Self] = &[$(Self::$key,)*];

            /// The sentence, with its `{words}` still in it.
            #[must_use]
            pub fn say(self) -> &'static str {
                match self {
                    $(Self::$key => $english,)*
                }
            }
        }
    };
}

texts! {
    Payment => "Payment",
    StatusLoading => "Loading your payment",
    StatusFailed => "The payment could not be loaded",
    StatusStopped => "Do not pay here now",
    StatusChoosing => "Choose a currency",
    StatusAwaiting => "Waiting for your payment",
    StatusReceiving => "Send any amount, as often as you like",
    StatusUnderpaid => "A part is still missing",
    StatusDetected => "Payment seen",
    StatusPaid => "Payment received",
    StatusCompleted => "Payment complete",
    StatusReviewing => "Your payment is being checked",
    StatusDeclined => "Payment declined",
    StatusOverpaid => "You sent more than needed",
    StatusIntervention => "The shop is looking at your payment",
    StatusTimeIsUp => "The time is up",
    StatusExpired => "This payment has expired",
    StatusArchived => "This payment is closed",
    ExplainDetected => "Your transaction is on its way and is being confirmed. You can close this page; the payment goes on.",
    ExplainPaid => "Your payment is confirmed. It is now being credited to the shop.",
    ExplainCompleted => "Thank you. Nothing is left to do.",
    ExplainReviewing => "Your payment arrived and goes through a routine check. This can take a while. Do not send it again.",
    ExplainDeclined => "Your payment arrived but was not accepted. Do not send it again; the shop can tell you what happens with it.",
    ExplainOverpaid => "Your payment arrived, but it is more than was asked for. The shop has been told and decides about the surplus. You do not need to send anything.",
    ExplainIntervention => "Your payment arrived, but it does not match what was asked for. The shop has been told. Do not send anything more.",
    ExplainTimeIsUp => "Please do not send anything now. We are checking whether your payment arrived in time.",
    ExplainExpired => "The address is no longer watched. Please do not send anything to it.",
    ExplainArchived => "The shop closed this payment. Please do not send anything to its address.",
    ExplainUnderpaid => "Your payment arrived, but it is less than was asked for. Send the rest to the same address, on the same network.",
    FailedNothingToPay => "This page does not say what is to be paid. Please tell the shop.",
    FailedUnreachable => "The shop’s payment service could not be reached. Check your connection and try again.",
    FailedTimedOut => "The shop’s payment service takes too long to answer. Please try again.",
    FailedUnreadable => "The shop’s payment service gave an answer this page does not understand. Please try again later.",
    FailedNotBelieved => "What the shop’s payment service sent does not fit together. Please do not send anything; try again, or ask the shop. If you have already paid, the payment goes on.",
    FailedScreenChanged => "Something changed the payment details on this page, so they were taken away. Please do not send anything to an address you saw here; ask the shop for another way to pay.",
    FailedUnknownCheckout => "This payment does not exist. Go back to the shop and start again.",
    FailedUnknownProduct => "The shop does not offer this any more. Go back to the shop and start again.",
    FailedClosed => "This payment can no longer be changed.",
    FailedNotOffered => "This currency is not offered any more. Please choose another one.",
    FailedGateway => "The payment service does not answer at the moment. Nothing has been sent. Please try again.",
    FailedRefused => "This did not work. Nothing has been sent. Please try again.",
    TryAgain => "Try again",
    StartNew => "Start a new payment",
    ChooseAnother => "Pay with another currency",
    ChooseAgain => "Choose a currency again",
    BackToPayment => "Back to my payment",
    BackToShop => "Back to the shop",
    OpenWallet => "Open in wallet",
    ViewTransaction => "View the transaction",
    Support => "Contact the shop",
    AlreadySent => "I already sent it",
    AlreadySentContact => "A payment that arrives late must be found by hand. Tell the shop this reference and your transaction id:",
    Reference => "Reference",
    Search => "Search currency or network",
    NothingFound => "No currency matches.",
    NothingOffered => "No currency is available at the moment. Please try again later.",
    SameNetwork => "Choose the network your wallet sends on.",
    PayWith => "Pay with",
    PayWithOn => "Pay with {symbol} on",
    Preparing => "Preparing your payment…",
    SendExactly => "Send exactly",
    SendRemaining => "Still to send",
    ToAddress => "To this {network} address",
    SendOnly => "Send only {symbol} on {network}.",
    SendOnlyWhy => "Anything else sent to this address is lost.",
    QrLabel => "QR code to pay {amount}{symbol} on {network}",
    CopyAmount => "Copy the amount",
    CopyAddress => "Copy the address",
    Copied => "Copied",
    CopiedAmount => "Amount copied: {amount}",
    CopiedAddress => "Address copied. Send only {symbol} on {network}.",
    CopyFailed => "Copying did not work. Select the text and copy it yourself.",
    UpdatingPrice => "Updating the price…",
    RepricedMore => "The price was updated. Send {difference} {symbol} more:",
    RepricedLess => "The price was updated. Send {difference} {symbol} less:",
    PriceFixedFor => "Price fixed for",
    PayWithin => "Pay within",
    CheckingTime => "checking…",
    FiveMinutesLeft => "Five minutes left to pay.",
    OneMinuteLeft => "One minute left to pay.",
    Offline => "You are offline. A payment you send is still noticed.",
    Stale => "The shop does not answer at the moment. A payment you send is still noticed.",
    LastChecked => "Last checked {seconds} s ago.",
    LastCheckedMinutes => "Last checked {minutes} min ago.",
    Requested => "Asked for",
    Received => "Received",
    Remaining => "Still missing",
    Surplus => "Too much",
    StepSeen => "Seen",
    StepConfirmed => "Confirmed",
    StepFinal => "Complete",
}

impl Text {
    /// The sentence with each `{word}` replaced by the value given for it. Values are taken as they are: a value that
    /// looks like a `{word}` is not replaced again.
    #[must_use]
    pub fn fill(self, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.say();
        while let Some((before, tail)) = rest.split_once('{') {
            filled.push_str(before);
            let (word, after) = tail.split_once('}').unwrap_or((tail, ""));
            if let Some((_, value)) = values.iter().find(|(name, _)| *name == word) {
                filled.push_str(value);
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn words_are_filled_in_once() {
        let text = Text::SendOnly.fill(&[("symbol", "{network}"), ("network", "Tron (TRC-20)")]);
        assert_eq!(text, "Send only {network} on Tron (TRC-20).");
    }

    #[test]
    fn a_word_without_a_value_is_left_out_and_never_shown_in_braces() {
        assert_eq!(Text::PayWithOn.fill(&[]), "Pay with  on");
        assert_eq!(Text::TryAgain.fill(&[("symbol", "BTC")]), "Try again");
    }

    #[test]
    fn every_brace_opens_a_word_and_closes_it() {
        for text in Text::ALL {
            assert!(!text.fill(&[]).contains(['{', '}']), "{text:?}");
            assert!(!text.say().trim().is_empty(), "{text:?}");
        }
    }
}
