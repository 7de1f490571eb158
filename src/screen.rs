//! Which screen the buyer sees.

use crate::text::Text;
use checkout::Phase;

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
    /// Address, amount and QR code.
    Paying,
    /// Address and QR code for any amount, and what has arrived.
    Receiving,
    /// Address and what is still missing.
    Underpaid,
    /// The widget's own clock says that the time is over; the proxy has not said so yet. No address, no QR code.
    TimeIsUp,
    /// A phase in which nothing is to be sent: it is only told.
    Told(Phase),
}

/// The colour a screen speaks in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Waiting or working.
    Neutral,
    /// The money is there.
    Good,
    /// The buyer should read this.
    Warning,
    /// It will not work out by itself.
    Bad,
}

impl Tone {
    /// The word in `data-tone`, which the stylesheet knows.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }
}

impl Screen {
    /// The sentence that says where the payment stands.
    #[must_use]
    pub fn status(self) -> Text {
        match self {
            Self::Loading => Text::StatusLoading,
            Self::Failed => Text::StatusFailed,
            Self::Stopped => Text::StatusStopped,
            Self::Choosing => Text::StatusChoosing,
            Self::Paying => Text::StatusAwaiting,
            Self::Receiving => Text::StatusReceiving,
            Self::Underpaid => Text::StatusUnderpaid,
            Self::TimeIsUp => Text::StatusTimeIsUp,
            Self::Told(phase) => match phase {
                Phase::Choosing => Text::StatusChoosing,
                Phase::Awaiting => Text::StatusAwaiting,
                Phase::Underpaid => Text::StatusUnderpaidOver,
                Phase::Detected => Text::StatusDetected,
                Phase::Paid => Text::StatusPaid,
                Phase::Completed => Text::StatusCompleted,
                Phase::Reviewing => Text::StatusReviewing,
                Phase::Declined => Text::StatusDeclined,
                Phase::Overpaid => Text::StatusOverpaid,
                Phase::Intervention => Text::StatusIntervention,
                Phase::Expired => Text::StatusExpired,
                Phase::Archived => Text::StatusArchived,
            },
        }
    }

    /// The colour of the status.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::Loading | Self::Choosing | Self::Paying | Self::Receiving => Tone::Neutral,
            Self::Underpaid | Self::TimeIsUp => Tone::Warning,
            Self::Failed | Self::Stopped => Tone::Bad,
            Self::Told(phase) => match phase {
                Phase::Choosing | Phase::Awaiting | Phase::Detected | Phase::Reviewing => {
                    Tone::Neutral
                }
                Phase::Paid | Phase::Completed => Tone::Good,
                Phase::Underpaid | Phase::Overpaid | Phase::Intervention | Phase::Expired => {
                    Tone::Warning
                }
                Phase::Declined | Phase::Archived => Tone::Bad,
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
        !matches!(self, Self::Loading | Self::Choosing)
            && !self.takes_money()
            && matches!(self.tone(), Tone::Warning | Tone::Bad)
    }
}

#[cfg(test)]
mod tests {
    use super::Screen;
    use checkout::Phase;

    /// The screen is built anew when its status is another one, so no two screens may share one.
    #[test]
    fn no_two_screens_share_a_status() {
        let mut screens = vec![
            Screen::Loading,
            Screen::Failed,
            Screen::Stopped,
            Screen::Choosing,
            Screen::Paying,
            Screen::Receiving,
            Screen::Underpaid,
            Screen::TimeIsUp,
        ];
        let payable = [Phase::Choosing, Phase::Awaiting];
        screens.extend(
            Phase::ALL
                .into_iter()
                .filter(|phase| !payable.contains(phase))
                .map(Screen::Told),
        );
        for (index, screen) in screens.iter().enumerate() {
            for other in &screens[index + 1..] {
                assert_ne!(screen.status(), other.status(), "{screen:?} and {other:?}");
            }
        }
    }
}
