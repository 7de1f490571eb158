//! One payment's way through the widget: what the screen depends on, and who may change it.
//!
//! | to find | look in |
//! |---|---|
//! | the questions to the proxy and what follows from their answers | `asking` |
//! | the proxy's stream, which makes most questions needless | `following` |
//! | the time | `timing` |
//! | what the buyer does | `acts` |
//! | what the page is told | `announcing` |

mod acts;
mod announcing;
mod asking;
mod following;
mod timing;

use crate::element_state::State;
use crate::moment::Time;
use crate::options::Options;
use crate::polling::Polling;
use crate::ui_state::UiState;
use crate::visibility::Returns;
use leptos_dom::helpers::set_interval_with_handle;
use reactive_graph::owner::{LocalStorage, StoredValue, on_cleanup};
use reactive_graph::prelude::*;
use reactive_graph::signal::ArcTrigger;
use reactive_graph::signal::guards::{Plain, ReadGuard};
use std::ops::Deref;
use std::time::Duration;
use web_sys::HtmlElement;

/// One payment's way through the widget. A copy is another handle to the same one.
///
/// Everything is kept in one place and followed by two triggers, not by a signal for each type: the code of a signal is compiled anew for each type
/// that it holds.
#[derive(Clone, Copy)]
pub struct Flow(StoredValue<Held, LocalStorage>);

/// What a flow keeps.
struct Held {
    ui: UiState,
    time: Time,
    polling: Polling,
    /// What the screen depends on was written.
    changed: ArcTrigger,
    /// The time was written.
    ticked: ArcTrigger,
}

/// What the screen depends on, lent to be read.
pub struct Ui(ReadGuard<Held, Plain<Held>>);

impl Deref for Ui {
    type Target = UiState;

    fn deref(&self) -> &UiState {
        &self.0.ui
    }
}

impl Flow {
    /// Starts the way of what `options` ask for on the element `host`, and ends it with the current reactive owner.
    #[must_use]
    pub fn start(host: HtmlElement, options: Options) -> Self {
        let has_product = options.order.named == "product";
        let polling = Polling::new(host, options);
        let flow = Self(StoredValue::new_local(Held {
            ui: UiState {
                has_product,
                reference: polling.id.clone().unwrap_or_default(),
                ..UiState::default()
            },
            time: Time::default(),
            polling,
            changed: ArcTrigger::new(),
            ticked: ArcTrigger::new(),
        }));
        flow.reflect(State::Loading);
        let returns = Returns::watch(move || flow.look_up());
        flow.with_polling(|polling| polling.returns = Some(returns));
        let second = set_interval_with_handle(move || flow.second(), Duration::from_secs(1)).ok();
        on_cleanup(move || {
            if let Some(second) = second {
                second.clear();
            }
            flow.with_polling(Polling::end);
        });
        flow.ask(true);
        flow
    }

    /// What the screen depends on; who reads it here follows it.
    #[must_use]
    pub fn ui(self) -> Ui {
        let ui = self.ui_untracked();
        ui.0.changed.track();
        ui
    }

    /// A derived signal: what `read` makes of what the screen depends on. Taken as a function and not as a closure, it is compiled once for each type it
    /// gives.
    pub fn derive<T: 'static>(self, read: fn(&UiState) -> T) -> impl Fn() -> T + Copy + 'static {
        move || read(&self.ui())
    }

    /// What the screen depends on, as it is now.
    #[must_use]
    pub fn ui_untracked(self) -> Ui {
        Ui(self.0.read_value())
    }

    /// The time; who reads it here follows every second of it.
    #[must_use]
    pub fn time(self) -> Time {
        let held = self.0.read_value();
        held.ticked.track();
        held.time
    }

    fn time_untracked(self) -> Time {
        self.ui_untracked().0.time
    }

    fn state(self) -> State {
        self.ui_untracked().known.state()
    }

    /// Whether the widget is still there; a listener may have taken it away.
    fn is_there(self) -> bool {
        !self.0.is_disposed()
    }

    /// Changes what the screen depends on; nothing happens once it is gone.
    fn change(self, change: impl FnOnce(&mut UiState)) {
        let mut change = Some(change);
        self.lend_ui(&mut |ui| {
            if let Some(change) = change.take() {
                change(ui);
            }
        });
    }

    /// Does something with the questions; `None` once they are gone.
    fn with_polling<T>(self, act: impl FnOnce(&mut Polling) -> T) -> Option<T> {
        let (mut act, mut done) = (Some(act), None);
        self.lend(&mut |held| done = act.take().map(|act| act(&mut held.polling)));
        done
    }

    #[inline(never)]
    fn lend_ui(self, change: &mut dyn FnMut(&mut UiState)) {
        self.lend(&mut |held| {
            change(&mut held.ui);
            held.ui.moment = held.ui.moment_at(held.time);
            // Who follows reads later, when nothing is lent any more.
            held.changed.notify();
        });
    }

    // What takes a lock is compiled once, and not once for each who does something.
    #[inline(never)]
    fn lend(self, act: &mut dyn FnMut(&mut Held)) {
        self.0.try_update_value(act);
    }
}
