//! The file in which a sandbox keeps its state, if it was asked to.
//!
//! After each change the whole state is written to a file beside it, which then takes its place: a sandbox that is
//! killed leaves either the state before or the state after. It is not meant for more than some thousand invoices.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::ledger::Ledger;

/// The layout of the file. A change that cannot read older files makes it one higher.
const VERSION: u32 = 1;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It exists and cannot be read, or cannot be written.
    #[error("cannot use {path}: {error}")]
    Inaccessible {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It is not the state of a sandbox.
    #[error("{path} is not the state of a sandbox: {error}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and how.
        error: serde_json::Error,
    },
    /// It was written by a sandbox with another layout.
    #[error("{path} has layout {found}, expected {VERSION}; start with another file")]
    OtherLayout {
        /// The file.
        path: PathBuf,
        /// Its layout.
        found: u32,
    },
}

#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    /// Whether the log already says that writing failed.
    failed: AtomicBool,
}

#[derive(Serialize)]
struct Saved<'a> {
    version: u32,
    offset_seconds: u64,
    ledger: &'a Ledger,
}

#[derive(Deserialize)]
struct Layout {
    version: u32,
}

/// What was read from a file.
#[derive(Deserialize)]
pub(crate) struct Loaded {
    pub(crate) offset_seconds: u64,
    pub(crate) ledger: Ledger,
}

impl Store {
    /// The file, and what it holds if it exists.
    pub(crate) fn open(path: &Path) -> Result<(Self, Option<Loaded>), OpenError> {
        let inaccessible = |error| OpenError::Inaccessible {
            path: path.to_owned(),
            error,
        };
        let malformed = |error| OpenError::Malformed {
            path: path.to_owned(),
            error,
        };
        let store = Self {
            path: path.to_owned(),
            failed: AtomicBool::new(false),
        };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok((store, None)),
            Err(error) => return Err(inaccessible(error)),
        };
        let Layout { version } = serde_json::from_str(&text).map_err(malformed)?;
        if version != VERSION {
            return Err(OpenError::OtherLayout {
                path: path.to_owned(),
                found: version,
            });
        }
        Ok((store, Some(serde_json::from_str(&text).map_err(malformed)?)))
    }

    /// Writes the state.
    pub(crate) fn save(&self, ledger: &Ledger, offset_seconds: u64) -> Result<(), OpenError> {
        let saved = Saved {
            version: VERSION,
            offset_seconds,
            ledger,
        };
        let text =
            serde_json::to_string(&saved).expect("the state of a sandbox can be written as JSON");
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, &self.path));
        written.map_err(|error| OpenError::Inaccessible {
            path: self.path.clone(),
            error,
        })
    }

    /// Writes the state while the sandbox runs. If that fails it goes on in memory, and says so once.
    pub(crate) fn keep(&self, ledger: &Ledger, offset_seconds: u64) {
        match self.save(ledger, offset_seconds) {
            Ok(()) => self.failed.store(false, Ordering::SeqCst),
            Err(error) if !self.failed.swap(true, Ordering::SeqCst) => {
                // Nobody is left to tell if even this cannot be written.
                drop(writeln!(
                    io::stderr(),
                    "the sandbox goes on without saving: {error}"
                ));
            }
            Err(_) => {}
        }
    }
}
