//! Files of keys are read again when they have changed, and when somebody says so by SIGHUP.

use std::path::Path;
use std::time::Duration;

use calypso_proxy::{Config, Proxy};
use tokio_util::sync::CancellationToken;

use super::key_files::KeyFiles;

/// Reads them again whenever that is due, until `shutdown` is cancelled.
pub(crate) async fn follow(
    path: std::path::PathBuf,
    proxy: Proxy,
    mut files: KeyFiles,
    mut hangups: Hangups,
    shutdown: CancellationToken,
) {
    let pace: Duration = proxy.config().paces.keys;
    loop {
        let is_told = tokio::select! {
            () = shutdown.cancelled() => return,
            () = hangups.next() => true,
            () = tokio::time::sleep(pace) => false,
        };
        if is_told || files.have_changed() {
            files = read_again(&path, &proxy);
        }
    }
}

/// Reads the configuration again and takes its keys. What is wrong with it leaves everything as it is.
fn read_again(path: &Path, proxy: &Proxy) -> KeyFiles {
    // How they look before they are read: what is written meanwhile is a change of its own.
    let before = KeyFiles::new(Config::read(path).files);
    let reading = Config::read(path);
    for note in reading.notes.iter().filter(|note| note.is_danger) {
        tracing::warn!(note = note.text, "about the configuration");
    }
    match reading.config {
        Ok(config) => match proxy.exchange_keys(&config) {
            Ok(()) => {
                tracing::info!("the keys were read again; other settings count after a restart");
            }
            Err(error) => {
                tracing::error!(%error, "the keys were not taken, those from before count");
            }
        },
        Err(errors) => {
            tracing::error!(error = %errors, "the keys were not taken, those from before count; `calypso-proxy check` says the same");
        }
    }
    before
}

/// SIGHUP, where there are signals.
#[cfg(unix)]
pub(crate) struct Hangups(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Hangups {
    /// Hears it from now on. Before this call it ends the program.
    pub(crate) fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let signal = signal(SignalKind::hangup());
        if let Err(error) = &signal {
            tracing::error!(%error, "SIGHUP cannot be heard; keys are read again when their files change");
        }
        Self(signal.ok())
    }

    async fn next(&mut self) {
        let told = match &mut self.0 {
            Some(signal) => signal.recv().await,
            None => None,
        };
        if told.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
pub(crate) struct Hangups;

#[cfg(not(unix))]
impl Hangups {
    /// There is nothing to hear.
    pub(crate) fn new() -> Self {
        Self
    }

    async fn next(&mut self) {
        std::future::pending().await
    }
}
