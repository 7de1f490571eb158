//! Faults that were asked for: the next calls fail in the named way.

pub(crate) mod strike;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use serde::{Serialize, Serializer};

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)*) => {
        /// How a call fails.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FaultKind {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl FaultKind {
            /// Every kind.
            pub const ALL: &'static [FaultKind] = &[$(FaultKind::$variant,)*];

            /// The kind as the control API writes it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

faults! {
    /// Answers 500 with the gateway's error 000; nothing happens.
    Error500 = "error500",
    /// Answers 502 with an HTML page, as a proxy in between would; nothing happens.
    Html = "html",
    /// Answers 200 with an HTML page; nothing happens.
    Html200 = "html200",
    /// Answers 200 with bytes that are neither JSON nor text; nothing happens.
    Garbage = "garbage",
    /// The call has its effect; its answer is cut in the middle, with a length that fits what is left.
    Truncated = "truncated",
    /// The call has its effect; its answer announces more bytes than come before the connection is closed.
    WrongLength = "wrong_length",
    /// Nothing happens, and no answer ever comes.
    Silence = "silence",
    /// The call has its effect; the connection breaks in the middle of the answer.
    Reset = "reset",
    /// The call has its effect; states in the answer have a name that does not exist.
    UnknownState = "unknown_state",
    /// The call has its effect; the answer carries fields nobody knows.
    UnknownField = "unknown_field",
    /// The call has its effect, and no answer ever comes.
    TimeoutAfter = "timeout_after",
    /// The call is carried out and answered, but late.
    Latency = "latency",
}

impl FaultKind {
    /// The kind of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}

impl Serialize for FaultKind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// A fault somebody has asked for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fault {
    /// Strikes only calls of this path; a `*` at the end stands for any rest. None: any call.
    pub(crate) path: Option<String>,
    pub(crate) kind: FaultKind,
    /// How many calls it will still strike.
    pub(crate) times: u32,
    /// For `latency`: by how many real milliseconds the answer is late.
    pub(crate) delay_ms: u64,
}

impl Fault {
    fn strikes(&self, path: &str) -> bool {
        match &self.path {
            None => true,
            Some(pattern) => match pattern.strip_suffix('*') {
                Some(start) => path.starts_with(start),
                None => path == pattern,
            },
        }
    }
}

/// The faults that are still to strike, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<VecDeque<Fault>>);

impl Faults {
    fn pending(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.0
            .lock()
            .expect("nothing panics while it holds the faults")
    }

    pub(crate) fn add(&self, fault: Fault) {
        self.pending().push_back(fault);
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.pending().iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.pending().clear();
    }

    /// Takes the fault that strikes a call of `path`, if one does.
    pub(crate) fn take(&self, path: &str) -> Option<Fault> {
        let mut pending = self.pending();
        let place = pending.iter().position(|fault| fault.strikes(path))?;
        let fault = pending.get_mut(place)?;
        fault.times -= 1;
        let taken = fault.clone();
        if taken.times == 0 {
            pending.remove(place);
        }
        Some(taken)
    }
}
