//! Somebody who writes while others ask.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};

use super::servers::{Server, create};
use crate::load::{Arrival, load};

/// Writes a second.
pub(super) const WRITES: u32 = 200;

/// Somebody who makes so many checkouts a second.
pub(super) struct Writer {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<()>>,
}

impl Writer {
    pub(super) fn start(server: &Server) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (to, stopped) = (server.addresses.clone(), Arc::clone(&stop));
        let thread = std::thread::spawn(move || write(&to, &stopped));
        Self { stop, thread }
    }

    /// Stops it.
    ///
    /// # Errors
    /// When one of its writes was refused: what was measured beside it counts for nothing.
    pub(super) fn stop(self) -> Result<()> {
        self.stop.store(true, Ordering::SeqCst);
        let written = self.thread.join();
        written.ok().context("the writer panicked")?
    }
}

fn write(to: &[SocketAddr], stopped: &AtomicBool) -> Result<()> {
    while !stopped.load(Ordering::SeqCst) {
        let time = Duration::from_millis(250);
        load(to, 8, time, Arrival::Open(WRITES), 201, create)?;
    }
    Ok(())
}
