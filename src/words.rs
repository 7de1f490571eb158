//! What a buyer can read: every sentence in one table, and the language in which it is said.
//!
//! A component names a sentence by its [`Text`], with values where it has places for them, as a [`Phrase`]. Only what puts a text into the page
//! ([`dom`](crate::dom)) asks the [`Words`] how it reads.

use std::rc::Rc;

/// The language of the compiled sentences, a BCP 47 tag.
pub const LANGUAGE: &str = "en";

/// Makes the enum of the keys and the function that gives their English from one table.
macro_rules! texts {
    ($($key:ident => $english:literal,)*) => {
        /// The key of one sentence. The `{words}` in it are places for the values of a [`Phrase`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Text {
            $(#[doc = $english] $key,)*
        }

        impl Text {
            /// Every key.
            #[cfg(test)]
            pub const ALL: &[Self] = &[$(Self::$key,)*];

            /// The sentence in English, with its `{words}` still in it.
            fn english(self) -> &'static str {
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
    StatusChoosing => "How do you want to pay?",
    StatusAwaiting => "Waiting for your payment",
    StatusReceiving => "Send any amount, as often as you like",
    StatusReady => "Your payment is ready",
    StatusPaidBefore => "This has been paid before",
    StatusPartlyPaid => "The time is up, and a part is missing",
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
    ExplainPaid => "Your payment is confirmed. It is now being credited to the shop. You can close this page.",
    ExplainCompleted => "Thank you. The shop has received your payment. You can close this page.",
    ExplainCompletedWith => "Thank you. The shop has received {received} {symbol}. You can close this page.",
    ExplainPaidBefore => "The shop has received this payment. Do you want to buy again? Then start a new payment.",
    ExplainPaidBeforeAt => "The shop has received this payment; this page saw it on {time}. Do you want to buy again? Then start a new payment.",
    ExplainReviewing => "Your payment arrived and goes through a routine check. This can take a while. Please do not send it again.",
    ExplainDeclined => "Your payment arrived but was not accepted. Please do not send it again. The shop can tell you what happens with it.",
    ExplainOverpaid => "Your payment arrived, but it is more than was asked for. The shop decides about the surplus. You do not need to send anything.",
    ExplainIntervention => "Your payment arrived in a way that needs a person to look at it, for example from two wallets. The shop decides and can tell you. Please do not send anything more.",
    ExplainInterventionWith => "We have your {received} {symbol}. It came in a way that needs a person to look at it, for example from two wallets. The shop decides and can tell you. Please do not send anything more.",
    ExplainTimeIsUp => "The time to pay is over, so please do not send anything. Already sent? Leave this page open: we are checking.",
    ExplainTimeIsUpWith => "The time to pay is over, so please do not send anything more. We have seen your {received} {symbol} and are checking what follows.",
    ExplainNothingAsked => "The time to pay is over, so please do not send anything.",
    ExplainExpired => "The time to pay is over and this address is closed: money sent to it would not reach your order. Nothing sent yet? Then you can start again.",
    ExplainExpiredWith => "The time to pay is over. We have your {received} {symbol}, and the shop decides what happens with it. Please do not send anything more.",
    ExplainArchived => "The shop closed this payment. Please do not send anything to its address.",
    ExplainArchivedWith => "The shop closed this payment. It has your {received} {symbol} and can tell you what happens with it. Please do not send anything more.",
    ExplainPartlyPaid => "You sent {received} of {amount} {symbol}. The time to send the rest is over. The shop decides what happens with your payment. Please do not send anything more.",
    ExplainUnderpaid => "You sent {received} of {amount} {symbol}. Please send the missing {due} {symbol} from the same wallet, to the same address, on the same network. From an exchange: add its withdrawal fee.",
    FailedNothingToPay => "The shop has not set up this payment. Please tell the shop.",
    FailedUnreachable => "The shop’s payment service could not be reached. Check your connection and try again. Already sent? Do not send again.",
    FailedTimedOut => "The shop’s payment service takes too long to answer. Please try again. Already sent? Do not send again.",
    FailedUnreadable => "The shop’s payment service gave an answer this page does not understand. Please try again later. Already sent? Do not send again.",
    FailedNotBelieved => "What the shop’s payment service sent cannot be trusted. Please do not send anything; try again, or ask the shop. If you have already paid, the payment goes on.",
    FailedScreenChanged => "Something changed the payment details on this page, so they were taken away. Please do not send anything to an address you saw here; ask the shop for another way to pay.",
    FailedUnknownCheckout => "This payment does not exist. Go back to the shop and start again.",
    FailedNoOffer => "The shop does not offer this any more. Go back to the shop and start again.",
    FailedClosed => "This payment can no longer be changed.",
    FailedNotOffered => "This currency is not offered any more. Please choose another one.",
    FailedGateway => "The payment service does not answer at the moment. Please try again.",
    FailedRefused => "This did not work. Please try again.",
    TryAgain => "Try again",
    GoBack => "Go back",
    StartNew => "Start a new payment",
    ChooseAnother => "Pay with another currency",
    ChooseAgain => "Choose a currency again",
    BackToPayment => "Back to my payment",
    BackToShop => "Back to the shop",
    OpenWallet => "Open in wallet",
    ViewTransaction => "View the transaction",
    Support => "Contact the shop",
    AlreadySent => "I already sent it",
    AlreadySentContact => "A payment that arrives late must be found by hand. Tell the shop the reference below and the transaction id from your wallet.",
    Reference => "Reference",
    Search => "Search currency or network",
    NothingFound => "No currency matches “{query}”.",
    NothingOffered => "No currency is available at the moment. Please try again later.",
    SameNetwork => "Choose the network your wallet sends on.",
    PayWith => "Pay with",
    PayWithOn => "Pay with {symbol} on",
    Preparing => "Preparing your payment…",
    SendExactly => "Send exactly",
    SendRemaining => "Still to send",
    ToAddress => "To this {network} address",
    SendOnly => "Send only {symbol} on {network}.",
    SendOnlyWhy => "Other coins or networks will not arrive.",
    QrLabel => "QR code to pay {amount}{symbol} on {network}",
    CopyAmount => "Copy the amount",
    CopyAddress => "Copy the address",
    CopiedAmount => "Amount copied: {amount}",
    CopiedAddress => "Address copied. Send only {symbol} on {network}.",
    CopyFailed => "Copying did not work. Select the text and copy it yourself.",
    UpdatingPrice => "Updating the price…",
    RepricedMore => "The exchange rate moved. Please send {new} {symbol} now instead of {old}: {difference} {symbol} more. Already sent? Do not send again; this page shows what happens next.",
    RepricedLess => "The exchange rate moved. Please send {new} {symbol} now instead of {old}: {difference} {symbol} less. Already sent? Do not send again; this page shows what happens next.",
    PriceFixedFor => "This amount holds for {time}",
    PayWithin => "Pay within {time}",
    CheckingTime => "Checking the time…",
    FiveMinutesLeft => "Five minutes left to pay.",
    OneMinuteLeft => "One minute left to pay.",
    Offline => "You are offline. This page goes on when you are back.",
    OfflinePaying => "You are offline. If you have already paid, this page will show it when you are back.",
    OfflinePaid => "You are offline. You do not need to do anything.",
    StalePaying => "The shop does not answer at the moment; we keep trying. If you have already paid, this page will show it.",
    StalePaid => "The shop does not answer at the moment. You do not need to do anything.",
    Stale => "The shop does not answer at the moment; we keep trying.",
    LastChecked => "Last checked {seconds} s ago.",
    LastCheckedMinutes => "Last checked {minutes} min ago.",
    DroppedPaying => "The payment we saw did not go through. Look in your wallet: if it was cancelled, please send it again.",
    Dropped => "The payment we saw did not go through. Look in your wallet what became of it.",
    NoWallet => "No wallet opened? Copy the address and the amount into your wallet instead.",
    NoWalletAnyAmount => "No wallet opened? Copy the address into your wallet instead.",
    Rate => "1 {symbol} = {rate} {currency}",
    RateAsOf => "1 {symbol} = {rate} {currency} · as of {time}",
    PayWithIn => "Pay with {symbol} on {network}",
    PayWithOnly => "Pay with {symbol}",
    Logo => "Logo of {shop}",
    Requested => "Amount due",
    Received => "Received",
    Remaining => "Still missing",
    Surplus => "Overpaid by",
    StepSeen => "Seen",
    StepConfirmed => "Confirmed",
    StepDone => ", done",
    StepNext => ", in progress",
    StepLater => ", still to come",
    StepFinal => "Complete",
}

impl Text {
    /// The sentence with `values` for the `{words}` in it, by their names.
    #[must_use]
    pub fn with(self, values: &[(&'static str, &str)]) -> Phrase {
        let values = values.iter();
        Phrase {
            text: self,
            values: values
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
        }
    }
}

/// A sentence and the values that are filled into it, in no language yet.
#[derive(Debug)]
pub struct Phrase {
    text: Text,
    values: Vec<(&'static str, String)>,
}

impl From<Text> for Phrase {
    fn from(text: Text) -> Self {
        text.with(&[])
    }
}

/// The language in which sentences are said.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Its BCP 47 tag.
    pub language: &'static str,
    /// The direction in which it is read.
    pub direction: &'static str,
}

impl Words {
    /// The language of the table in this file.
    pub const ENGLISH: Self = Self {
        language: LANGUAGE,
        direction: "ltr",
    };

    /// The sentence of `text`, with its `{words}` still in it.
    #[must_use]
    pub fn of(self, text: Text) -> &'static str {
        text.english()
    }

    /// The sentence of `phrase` with each `{word}` replaced by the value given for it. Values are taken as they are: a value that
    /// looks like a `{word}` is not replaced again.
    #[must_use]
    pub fn fill(self, phrase: &Phrase) -> String {
        let mut filled = String::new();
        let mut rest = self.of(phrase.text);
        while let Some((before, tail)) = rest.split_once(['{']) {
            filled.push_str(before);
            let (word, after) = tail.split_once(['}']).unwrap_or((tail, ""));
            if let Some((_, value)) = phrase.values.iter().find(|(name, _)| *name == word) {
                filled.push_str(value);
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// What becomes a text once the language is known.
pub trait Say {
    /// The text in the language of `words`.
    fn say(self, words: Words) -> String;
}

impl Say for String {
    fn say(self, _: Words) -> String {
        self
    }
}

impl Say for &str {
    fn say(self, _: Words) -> String {
        self.to_owned()
    }
}

/// A flag of ARIA's: written where it is so, and left out where it is not.
impl Say for bool {
    fn say(self, _: Words) -> String {
        if self { "true" } else { "" }.to_owned()
    }
}

impl Say for Text {
    fn say(self, words: Words) -> String {
        words.of(self).to_owned()
    }
}

impl Say for Phrase {
    fn say(self, words: Words) -> String {
        words.fill(&self)
    }
}

impl Say for Rc<Phrase> {
    fn say(self, words: Words) -> String {
        words.fill(&self)
    }
}

impl<S: Say> Say for Option<S> {
    fn say(self, words: Words) -> String {
        self.map_or_else(String::new, |said| said.say(words))
    }
}

#[cfg(test)]
mod tests {
    use super::{Phrase, Say, Text, Words};

    fn said(text: Text, values: &[(&'static str, &str)]) -> String {
        text.with(values).say(Words::ENGLISH)
    }

    #[test]
    fn words_are_filled_in_once() {
        let values = [("symbol", "{network}"), ("network", "Tron (TRC-20)")];
        assert_eq!(
            said(Text::SendOnly, &values),
            "Send only {network} on Tron (TRC-20)."
        );
    }

    #[test]
    fn a_word_without_a_value_is_left_out_and_never_shown_in_braces() {
        assert_eq!(said(Text::PayWithOn, &[]), "Pay with  on");
        assert_eq!(said(Text::TryAgain, &[("symbol", "BTC")]), "Try again");
    }

    #[test]
    fn every_brace_opens_a_word_and_closes_it() {
        for text in Text::ALL {
            let said = Phrase::from(*text).say(Words::ENGLISH);
            assert!(!said.contains(['{', '}']), "{text:?}");
            assert!(!said.trim().is_empty(), "{text:?}");
        }
    }
}
