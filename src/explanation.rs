//! The sentence under the status: what arrived, what happens next, and what the buyer should do or leave.

use crate::local_time::date_and_time;
use crate::screen::{Outcome, Screen};
use crate::ui_state::UiState;
use crate::words::{Phrase, Text};
use checkout::Amount;

/// What the screen of `ui` has to explain; none where its parts explain themselves. Whatever money has arrived is named.
#[must_use]
pub fn explanation(ui: &UiState) -> Option<Phrase> {
    let known = &ui.known;
    let screen = ui.screen();
    let received = known.received();
    let [nothing, something] = screen.look().explanation?;
    if let (Screen::Outcome(Outcome::PaidBefore), Some(at)) =
        (screen, ui.earlier.and_then(|earlier| earlier.paid_at))
    {
        return Some(Text::ExplainPaidBeforeAt.with(&[("time", &date_and_time(at))]));
    }
    let text = match received {
        Some(_) => something,
        None if screen == Screen::TimeIsUp && !known.has_asked() => Text::ExplainNothingAsked,
        None => nothing,
    };
    let (amount, due) = known.invoice().map_or_else(Default::default, |invoice| {
        (invoice.amount.digits(), invoice.due.digits())
    });
    Some(text.with(&[
        ("received", &received.unwrap_or(Amount::ZERO).digits()),
        ("amount", &amount),
        ("due", &due),
        ("symbol", known.paid_in().symbol),
    ]))
}

#[cfg(test)]
mod tests {
    use super::explanation;
    use crate::known_checkout::tests::{amount, answer, at, learns};
    use crate::moment::Time;
    use crate::ui_state::UiState;
    use crate::words::{Say, Words};
    use checkout::{Amount, Phase};

    fn said(phase: Phase, minutes: i64, received: &str) -> String {
        let mut answer = answer(phase);
        answer.now = at(minutes);
        if let Some(invoice) = &mut answer.invoice {
            // A coin with as many decimals as the amounts here.
            invoice.currency = "USDT_BSC".into();
            (invoice.address, invoice.uri) = (None, None);
            invoice.received = amount(received);
            let due = invoice.amount.checked_sub(invoice.received);
            invoice.due = due.unwrap_or(Amount::ZERO);
        }
        let mut ui = UiState::default();
        learns(&mut ui.known, answer);
        ui.moment = ui.moment_at(Time {
            latest: at(minutes),
            ..Time::default()
        });
        explanation(&ui).say(Words::ENGLISH)
    }

    #[test]
    fn money_that_arrived_is_named_on_every_screen_that_explains_itself_past_the_end() {
        for phase in [
            Phase::Awaiting,
            Phase::Underpaid,
            Phase::Intervention,
            Phase::Expired,
            Phase::Archived,
            Phase::Completed,
        ] {
            for minutes in [180, 1_440, 100_000] {
                for received in ["13.657", "845897.38890867", "0.000000000000000001"] {
                    let told = said(phase, minutes, received);
                    assert!(
                        told.contains(&[received, " USDT"].concat())
                            || told.contains(&[received, " of 27.314 USDT"].concat()),
                        "{phase:?} after {minutes} minutes: {told}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_phase_explains_itself_past_the_end_without_a_gap_in_the_sentence() {
        for phase in Phase::ALL {
            for received in ["0", "13.657"] {
                let told = said(phase, 100_000, received);
                assert!(!told.is_empty(), "{phase:?}");
                assert!(!told.contains("  ") && !told.contains('{'), "{told}");
            }
        }
    }

    #[test]
    fn nobody_is_told_that_an_unmade_payment_is_checked() {
        let told = said(Phase::Choosing, 1_440, "0");
        assert!(told.ends_with("do not send anything."), "{told}");
    }
}
