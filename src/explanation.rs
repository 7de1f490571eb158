//! The sentence under the status: what arrived, what happens next, and what the buyer should do or leave.

use crate::local_time::date_and_time;
use crate::scene::Scene;
use crate::screen::Screen;
use crate::text::Text;
use checkout::{Amount, Phase};

/// What the screen of `scene` has to explain; empty where its parts explain themselves. Whatever money has arrived is named.
#[must_use]
pub fn explanation(scene: &Scene) -> String {
    let session = &scene.session;
    let received = session.received();
    let text = match (scene.screen(), received) {
        (Screen::TimeIsUp, Some(_)) => Text::ExplainTimeIsUpWith,
        (Screen::TimeIsUp, None) if !session.has_asked() => Text::ExplainNothingAsked,
        (Screen::TimeIsUp, None) => Text::ExplainTimeIsUp,
        (Screen::Underpaid, _) => Text::ExplainUnderpaid,
        (Screen::Told(phase), received) => match (phase, received) {
            (Phase::Choosing | Phase::Awaiting, _) => return String::new(),
            (Phase::Underpaid, _) => Text::ExplainUnderpaidOver,
            (Phase::Detected, _) => Text::ExplainDetected,
            (Phase::Paid, _) => Text::ExplainPaid,
            (Phase::Completed, _) => match scene.earlier {
                Some(earlier) => {
                    return earlier.paid_at.map_or_else(
                        || Text::ExplainEarlier.say().to_owned(),
                        |at| Text::ExplainEarlierAt.fill(&[("time", &date_and_time(at))]),
                    );
                }
                None if received.is_some() => Text::ExplainCompletedWith,
                None => Text::ExplainCompleted,
            },
            (Phase::Reviewing, _) => Text::ExplainReviewing,
            (Phase::Declined, _) => Text::ExplainDeclined,
            (Phase::Overpaid, _) => Text::ExplainOverpaid,
            (Phase::Intervention, Some(_)) => Text::ExplainInterventionWith,
            (Phase::Intervention, None) => Text::ExplainIntervention,
            (Phase::Expired, Some(_)) => Text::ExplainOverWith,
            (Phase::Expired, None) => Text::ExplainExpired,
            (Phase::Archived, Some(_)) => Text::ExplainArchivedWith,
            (Phase::Archived, None) => Text::ExplainArchived,
        },
        _ => return String::new(),
    };
    let invoice = session.invoice();
    let (amount, due) = invoice.map_or_else(Default::default, |invoice| {
        (invoice.amount.to_string(), invoice.due.to_string())
    });
    text.fill(&[
        ("received", &received.unwrap_or(Amount::ZERO).to_string()),
        ("amount", &amount),
        ("due", &due),
        ("symbol", session.payment_words().0),
    ])
}

#[cfg(test)]
mod tests {
    use super::explanation;
    use crate::scene::Scene;
    use crate::session::tests::{amount, answer, at, learns};
    use checkout::{Amount, Phase};

    fn scene(phase: Phase, minutes: i64, received: &str) -> Scene {
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
        let mut scene = Scene::new(false);
        learns(&mut scene.session, answer);
        scene.time.latest = at(minutes);
        scene
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
                    let told = explanation(&scene(phase, minutes, received));
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
                let told = explanation(&scene(phase, 100_000, received));
                assert!(!told.is_empty(), "{phase:?}");
                assert!(!told.contains("  ") && !told.contains('{'), "{told}");
            }
        }
    }

    #[test]
    fn nobody_is_told_that_an_unmade_payment_is_checked() {
        let told = explanation(&scene(Phase::Choosing, 1_440, "0"));
        assert!(told.ends_with("do not send anything."), "{told}");
    }
}
