//! The seconds, and the moments at which the page is looked at again.

use super::Flow;
use crate::feed::End;
use crate::moment::Time;
use crate::polling::Polling;
use crate::ui_state::Silence;
use crate::{clock, visibility};
use reactive_graph::prelude::*;

impl Flow {
    /// The page was hidden or shown, or the network came or went.
    pub(super) fn look_up(self) {
        self.unfollow();
        if visibility::is_hidden() {
            self.with_polling(Polling::stop_timer);
            return;
        }
        self.with_polling(|polling| {
            if let Some(clock) = &mut polling.clock {
                // The computer may have slept: no countdown until the proxy has told the time.
                clock.suspect();
            }
        });
        self.refresh();
    }

    /// Once a second: moves the time, asks at once when the clocks have run apart, and notices a stream that is dead.
    pub(super) fn second(self) {
        if self.tick() {
            return self.look_up();
        }
        let now = clock::read().monotonic;
        if self.with_polling(|polling| polling.stream.feed.is_dead(now)) == Some(true) {
            self.fall_back(End::Failed);
        }
    }

    /// Moves the time, before everything that depends on it, and writes what follows from it where that is something else than before. Says whether
    /// the clocks were found to have run apart.
    pub(super) fn tick(self) -> bool {
        let reading = clock::read();
        let mut has_drifted = false;
        self.lend(&mut |held| {
            let polling = &mut held.polling;
            let Some(clock) = &mut polling.clock else {
                return;
            };
            has_drifted = clock.is_trusted() && clock.has_drifted(reading);
            if has_drifted {
                clock.suspect();
            }
            let unheard = reading.monotonic.saturating_sub(polling.answered_at) / 1_000;
            held.time = Time {
                latest: clock.latest(reading),
                is_trusted: clock.is_trusted(),
                unheard_seconds: u32::try_from(unheard).unwrap_or(0),
            };
            held.ticked.notify();
            let silence = (polling.failures > 0).then(|| Silence {
                is_offline: !visibility::is_online(),
            });
            let moment = held.ui.moment_at(held.time);
            if held.ui.silence != silence || held.ui.moment != moment {
                held.ui.silence = silence;
                held.ui.moment = moment;
                held.changed.notify();
            }
        });
        has_drifted
    }
}
