//! Which screen the buyer sees, and how it looks.

use crate::words::Text;

/// One screen of the widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Nothing is known yet.
    Loading,
    /// Nothing is known, and the proxy could not be asked.
    Failed,
    /// What there is to pay contradicts itself, or was changed on the screen: nothing can be paid until that has ended.
    Stopped,
    /// The list of currencies.
    Choosing,
    /// One currency is offered: nothing to choose, one button to press.
    Ready,
    /// Address, amount and QR code.
    Paying,
    /// Address and QR code for any amount, and what has arrived.
    Receiving,
    /// Address and what is still missing.
    Underpaid,
    /// The widget's own clock says that the time is over; the proxy has not said so yet. No address, no QR code.
    TimeIsUp,
    /// What became of the payment; nothing is to be sent.
    Outcome(Outcome),
}

/// What became of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The money is on its way.
    Detected,
    /// The money is there; the shop may deliver.
    Paid,
    /// It is over, and all is well.
    Completed,
    /// It was complete already when the buyer came back.
    PaidBefore,
    /// The money is being checked.
    Reviewing,
    /// The money was not accepted.
    Declined,
    /// A part came, and the time for the rest is over.
    PartlyPaid,
    /// More came than was asked for.
    Overpaid,
    /// A person has to look at it.
    Intervention,
    /// The time is over, says the proxy.
    Expired,
    /// The shop closed it.
    Archived,
}

checkout::words! {
    /// The colour a screen speaks in; its word stands in `data-tone`, which the stylesheet knows.
    pub enum Tone {
        /// Waiting or working.
        Neutral = "neutral",
        /// The money is there.
        Good = "good",
        /// The buyer should read this.
        Warning = "warning",
        /// It will not work out by itself.
        Bad = "bad",
    }
}

/// How a screen looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The sentence that says where the payment stands.
    pub status: Text,
    /// The colour of the status.
    pub tone: Tone,
    /// The sentence under the status: while nothing has arrived, and once something has. None where the screen's parts explain themselves.
    pub explanation: Option<[Text; 2]>,
}

impl Screen {
    /// How the screen looks.
    #[must_use]
    pub fn look(self) -> Look {
        use Tone::{Bad, Good, Neutral, Warning};
        let plain = |status, tone| Look {
            status,
            tone,
            explanation: None,
        };
        let explained = |status, tone, nothing, something| Look {
            status,
            tone,
            explanation: Some([nothing, something]),
        };
        let same = |status, tone, sentence| explained(status, tone, sentence, sentence);
        match self {
            Self::Loading => plain(Text::StatusLoading, Neutral),
            Self::Failed => plain(Text::StatusFailed, Bad),
            Self::Stopped => plain(Text::StatusStopped, Bad),
            Self::Choosing => plain(Text::StatusChoosing, Neutral),
            Self::Ready => plain(Text::StatusReady, Neutral),
            Self::Paying => plain(Text::StatusAwaiting, Neutral),
            Self::Receiving => plain(Text::StatusReceiving, Neutral),
            Self::Underpaid => same(Text::StatusUnderpaid, Warning, Text::ExplainUnderpaid),
            Self::TimeIsUp => explained(
                Text::StatusTimeIsUp,
                Warning,
                Text::ExplainTimeIsUp,
                Text::ExplainTimeIsUpWith,
            ),
            Self::Outcome(outcome) => match outcome {
                Outcome::Detected => same(Text::StatusDetected, Neutral, Text::ExplainDetected),
                Outcome::Paid => same(Text::StatusPaid, Good, Text::ExplainPaid),
                Outcome::Completed => explained(
                    Text::StatusCompleted,
                    Good,
                    Text::ExplainCompleted,
                    Text::ExplainCompletedWith,
                ),
                Outcome::PaidBefore => same(Text::StatusPaidBefore, Good, Text::ExplainPaidBefore),
                Outcome::Reviewing => same(Text::StatusReviewing, Neutral, Text::ExplainReviewing),
                Outcome::Declined => same(Text::StatusDeclined, Bad, Text::ExplainDeclined),
                Outcome::PartlyPaid => {
                    same(Text::StatusPartlyPaid, Warning, Text::ExplainPartlyPaid)
                }
                Outcome::Overpaid => same(Text::StatusOverpaid, Warning, Text::ExplainOverpaid),
                Outcome::Intervention => explained(
                    Text::StatusIntervention,
                    Warning,
                    Text::ExplainIntervention,
                    Text::ExplainInterventionWith,
                ),
                Outcome::Expired => explained(
                    Text::StatusExpired,
                    Warning,
                    Text::ExplainExpired,
                    Text::ExplainExpiredWith,
                ),
                Outcome::Archived => explained(
                    Text::StatusArchived,
                    Bad,
                    Text::ExplainArchived,
                    Text::ExplainArchivedWith,
                ),
            },
        }
    }

    /// Whether money may be sent from this screen.
    #[must_use]
    pub fn takes_money(self) -> bool {
        matches!(self, Self::Paying | Self::Receiving | Self::Underpaid)
    }

    /// Whether the buyer is stuck here without help: the screen needs somebody to turn to, or somewhere to go.
    #[must_use]
    pub fn needs_help(self) -> bool {
        !self.takes_money() && matches!(self.look().tone, Tone::Warning | Tone::Bad)
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Screen};

    /// A buyer who hears the status alone knows the screen by it.
    #[test]
    fn no_two_screens_share_a_status() {
        let mut screens = vec![
            Screen::Loading,
            Screen::Failed,
            Screen::Stopped,
            Screen::Choosing,
            Screen::Ready,
            Screen::Paying,
            Screen::Receiving,
            Screen::Underpaid,
            Screen::TimeIsUp,
        ];
        screens.extend(
            [
                Outcome::Detected,
                Outcome::Paid,
                Outcome::Completed,
                Outcome::PaidBefore,
                Outcome::Reviewing,
                Outcome::Declined,
                Outcome::PartlyPaid,
                Outcome::Overpaid,
                Outcome::Intervention,
                Outcome::Expired,
                Outcome::Archived,
            ]
            .map(Screen::Outcome),
        );
        for (index, screen) in screens.iter().enumerate() {
            for other in &screens[index + 1..] {
                assert_ne!(
                    screen.look().status,
                    other.look().status,
                    "{screen:?} and {other:?}"
                );
            }
        }
    }
}
