//! The sandbox itself: its state behind one lock.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, Once};

use checkout::Timestamp;

use crate::clock::VirtualClock;
use crate::faults::Faults;
use crate::ledger::Ledger;
use crate::request_log::RequestLog;
use crate::scenario::{Play, Scenario, ScenarioView, Scene};
use crate::settings::Settings;
use crate::store::{Loaded, OpenError, Store};

/// A gateway on your desk: it answers as the gateway reference says, and does what its control side is told.
///
/// Clones share one state.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use calypso_sandbox::{Sandbox, Settings};
/// let sandbox = Sandbox::new(Settings::default());
/// let (address, _server) = sandbox.listen("127.0.0.1:0").await.unwrap();
/// println!("the gateway is at http://{address}/api/v1/, its panel at http://{address}/sandbox/");
/// sandbox.clock().advance_seconds(15 * 60); // every unpaid invoice has a new amount now
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Sandbox(pub(crate) Arc<Shared>);

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) clock: VirtualClock,
    pub(crate) faults: Arc<Faults>,
    pub(crate) log: RequestLog,
    /// The scenario that is played. Locked only while the ledger is.
    play: Mutex<Option<Play>>,
    ledger: Mutex<Ledger>,
    store: Option<Store>,
    /// Whether the courier was started.
    pub(crate) courier: Once,
}

/// Wakes the courier, which ends when it finds the sandbox gone.
impl Drop for Shared {
    fn drop(&mut self) {
        self.clock.stir();
    }
}

impl Sandbox {
    /// An empty sandbox that lives in memory.
    pub fn new(settings: Settings) -> Self {
        let ledger = Ledger::new(&settings);
        Self::make(settings, ledger, None)
    }

    /// A sandbox that keeps its state in a file and goes on where it was left; a file that does not exist is made.
    ///
    /// Invoices, deposits, customers, subscriptions, fixed rates and the advance of the clock are kept; the log of requests
    /// and faults are not. The seed is that of the file. Time passes also while no sandbox runs.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when the file cannot be read or written, or is something else.
    pub fn open(mut settings: Settings, path: &Path) -> Result<Self, OpenError> {
        let (store, loaded) = Store::open(path)?;
        let (ledger, offset) = match loaded {
            Some(Loaded {
                mut ledger,
                offset_seconds,
            }) => {
                ledger.resume(&settings);
                settings.seed = ledger.seed();
                (ledger, offset_seconds)
            }
            None => (Ledger::new(&settings), 0),
        };
        store.save(&ledger, offset)?;
        let sandbox = Self::make(settings, ledger, Some(store));
        sandbox.0.clock.advance_seconds(offset);
        Ok(sandbox)
    }

    fn make(settings: Settings, ledger: Ledger, store: Option<Store>) -> Self {
        Self(Arc::new(Shared {
            clock: VirtualClock::new(settings.wall.clone()),
            settings,
            faults: Arc::clone(ledger.faults()),
            log: RequestLog::default(),
            play: Mutex::new(None),
            ledger: Mutex::new(ledger),
            store,
            courier: Once::new(),
        }))
    }

    /// The number from which identifiers, addresses and rates follow.
    pub fn seed(&self) -> u64 {
        self.0.settings.seed
    }

    /// The clock by which invoices move.
    pub fn clock(&self) -> VirtualClock {
        self.0.clock.clone()
    }

    /// Plays a scenario from now on, in the place of one that is played.
    pub fn play(&self, scenario: Scenario) {
        let (ledger, now) = self.ledger();
        *self.playing() = Some(Play::new(scenario, self.seed(), now));
        drop(ledger);
        // The steps of the first second are taken at once.
        drop(self.ledger());
    }

    /// The scenario that is played, with the state of each step.
    pub(crate) fn scenario(&self) -> Option<ScenarioView> {
        let (_ledger, _) = self.ledger();
        self.playing().as_ref().map(Play::view)
    }

    /// Takes no further step of the scenario that is played.
    pub(crate) fn end_scenario(&self) {
        let (_ledger, _) = self.ledger();
        *self.playing() = None;
    }

    fn playing(&self) -> MutexGuard<'_, Option<Play>> {
        let play = self.0.play.lock();
        play.expect("a panic inside a scenario is a bug of the sandbox")
    }

    /// Takes every step of the scenario whose time has come, each at its moment, and applies what becomes due in between.
    /// Returns the time, which steps may have moved, and whether anything changed.
    fn take_steps(&self, ledger: &mut Ledger) -> (Timestamp, bool) {
        let (clock, faults) = (&self.0.clock, &*self.0.faults);
        let mut playing = self.playing();
        let Some(play) = playing.as_mut() else {
            return (clock.now(), false);
        };
        let mut changed = false;
        let now = loop {
            let now = clock.now();
            let Some((place, at)) = play.due(now) else {
                break now;
            };
            ledger.catch_up(at);
            play.take(
                place,
                at,
                &mut Scene {
                    ledger,
                    clock,
                    faults,
                },
            );
            changed = true;
        };
        changed |= ledger.catch_up(now);
        for place in play.waiting() {
            changed |= play.take(
                place,
                now,
                &mut Scene {
                    ledger,
                    clock,
                    faults,
                },
            );
        }
        (now, changed)
    }

    /// The ledger, with everything applied that became due, and the virtual time of that.
    pub(crate) fn ledger(&self) -> (OpenLedger<'_>, Timestamp) {
        let clock = &self.0.clock;
        let ledger = self.0.ledger.lock();
        let mut ledger = ledger.expect("a panic inside the ledger is a bug of the sandbox");
        let (now, stepped) = self.take_steps(&mut ledger);
        let changed = ledger.catch_up(now) || stepped;
        let store = self.0.store.as_ref();
        (
            OpenLedger {
                ledger,
                clock,
                store,
                changed,
            },
            now,
        )
    }

    /// Empties everything and turns the virtual clock back to the wall clock: nothing is left that happened later.
    ///
    /// A program that keeps something of before, such as a proxy its checkouts, then has things that were made in the future.
    pub fn reset(&self) {
        let (mut ledger, _) = self.ledger();
        *self.playing() = None;
        self.0.clock.turn_back();
        ledger.reset(self.0.clock.now());
        drop(ledger);
        self.0.faults.clear();
        self.0.log.clear();
    }
}

/// The ledger while somebody works on it. When they are done, it is saved if it changed, and the courier hears of what is
/// to be delivered.
pub(crate) struct OpenLedger<'a> {
    ledger: MutexGuard<'a, Ledger>,
    clock: &'a VirtualClock,
    store: Option<&'a Store>,
    changed: bool,
}

impl OpenLedger<'_> {
    /// Has the state saved although nothing in the ledger changed: the clock has.
    pub(crate) fn touch(&mut self) {
        self.changed = true;
    }
}

impl Deref for OpenLedger<'_> {
    type Target = Ledger;

    fn deref(&self) -> &Ledger {
        &self.ledger
    }
}

impl DerefMut for OpenLedger<'_> {
    fn deref_mut(&mut self) -> &mut Ledger {
        self.changed = true;
        &mut self.ledger
    }
}

impl Drop for OpenLedger<'_> {
    fn drop(&mut self) {
        if let Some(store) = self.store.filter(|_| self.changed) {
            store.keep(&self.ledger, self.clock.offset_seconds());
        }
        if self.ledger.has_posts() || (self.changed && self.ledger.has_subscriptions()) {
            self.clock.stir();
        }
    }
}
