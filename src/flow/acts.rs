//! What the buyer does.

use super::Flow;
use crate::failure::Failure;
use crate::question::Question;
use crate::ui_state::{Copied, Copies};
use crate::visibility;
use crate::words::{Phrase, Text};
use checkout::joined;
use leptos_dom::helpers::set_timeout;
use std::rc::Rc;
use std::time::Duration;
use web_sys::console;

/// How long a copy button shows what became of the copy.
const FEEDBACK: Duration = Duration::from_millis(2_500);
/// How long the place of what is read out stays empty before the next sentence.
const BETWEEN_SENTENCES: Duration = Duration::from_millis(60);
/// How soon a wallet covers the page when there is one.
const WALLET_LIMIT: Duration = Duration::from_millis(1_500);

impl Flow {
    /// Chooses a currency. A second click before the answer does nothing.
    pub fn choose(self, currency: &str) {
        let Some(id) = self.with_polling(|polling| polling.id.clone()).flatten() else {
            return;
        };
        if self.ui_untracked().chosen.is_some() {
            return;
        }
        let currency = currency.to_owned();
        self.change(|ui| {
            ui.refusal = None;
            ui.chosen = Some(currency.clone());
        });
        self.send(Question::Choose { id, currency });
    }

    /// Opens the choice of another currency.
    pub fn open_choice(self) {
        let previous = self.state();
        self.change(|ui| {
            ui.refusal = None;
            ui.message = None;
            ui.known.open_choice();
        });
        self.tell_change(previous);
    }

    /// Goes back to the payment that is under way.
    pub fn back_to_payment(self) {
        let previous = self.state();
        self.change(|ui| {
            ui.refusal = None;
            ui.message = None;
            ui.known.close_choice();
        });
        self.tell_change(previous);
    }

    /// Looks for a currency.
    pub fn search(self, query: String) {
        self.change(|ui| ui.query = query);
    }

    /// Says what became of a copy, for a while.
    pub fn say_copied(self, what: Copies, worked: bool, said: Phrase) {
        let mut press = 0;
        self.change(|ui| {
            press = ui.copied.map_or(1, |copied| copied.press.wrapping_add(1));
            ui.copied = Some(Copied {
                what,
                worked,
                press,
            });
        });
        self.say(said);
        let over = move || {
            self.change(|ui| {
                if ui.copied.is_some_and(|copied| copied.press == press) {
                    ui.copied = None;
                    // That it did not work stays to be read.
                    if worked {
                        ui.message = None;
                    }
                }
            });
        };
        set_timeout(over, FEEDBACK);
    }

    /// The wallet link was followed: when the page is still looked at a moment later, no wallet took it.
    pub fn open_wallet(self) {
        let nothing_opened = move || {
            let sentence = {
                if !self.is_there() {
                    return;
                }
                let ui = self.ui_untracked();
                if !ui.screen().takes_money() {
                    return;
                }
                if ui.known.invoice().is_some() {
                    Text::NoWallet
                } else {
                    Text::NoWalletAnyAmount
                }
            };
            if !visibility::is_hidden() {
                self.say(sentence.into());
            }
        };
        set_timeout(nothing_opened, WALLET_LIMIT);
    }

    /// Makes a new checkout of the same product when the last one is over.
    pub fn start_anew(self) {
        self.forget_checkout();
        self.change(|ui| ui.reference.clear());
        self.retry();
    }

    /// Begins again after a failure.
    pub fn retry(self) {
        self.change(|ui| {
            ui.known.restart();
            ui.refusal = None;
            ui.earlier = None;
        });
        self.begin();
    }

    /// Stops the payment, because the screen does not show what it should; `what` says what was expected and what came.
    pub fn stop(self, what: String) {
        let failure = Failure::ScreenChanged { message: what };
        let previous = self.state();
        self.change(|ui| ui.known.stop(failure.clone()));
        self.tell_change(previous);
        self.tell_error(&failure);
        console::error_1(
            &joined(&["calypso-pay: ", failure.code(), ": ", failure.message()]).into(),
        );
    }

    /// Says something about what the buyer did. Emptied first and set a moment later, so that the same sentence is read out
    /// again: both in one go would be no change.
    fn say(self, said: Phrase) {
        self.change(|ui| ui.message = None);
        set_timeout(
            move || self.change(|ui| ui.message = Some(Rc::new(said))),
            BETWEEN_SENTENCES,
        );
    }
}
