//! What the program asks of the operating system for itself: no core dumps, enough open files, and to be told when to stop.

use tokio_util::sync::CancellationToken;

/// Keeps the memory of this process, which holds the secrets, out of core files and away from debuggers of the same user.
///
/// What the system refuses is logged and not fatal: the secrets are as safe as they would have been without.
#[cfg(unix)]
pub(crate) fn keep_memory_private() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core dumps could not be switched off");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) =
        rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
    {
        tracing::warn!(%error, "the process could not be made undumpable");
    }
}

#[cfg(not(unix))]
pub(crate) fn keep_memory_private() {}

/// Raises the number of files this process may open to what the system allows, so that each connection has one; says so when that
/// is less than `wanted`.
#[cfg(unix)]
pub(crate) fn raise_open_files(wanted: usize) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!(%error, "the limit of open files could not be raised");
            limit = getrlimit(Resource::Nofile);
        }
    }
    let allowed = limit.current.unwrap_or(u64::MAX);
    if allowed < wanted as u64 {
        tracing::warn!(
            allowed,
            wanted,
            "fewer files may be open than `limits.connections` and `limits.push_connections` need: raise the limit of open files (`ulimit -n`)"
        );
    }
}

#[cfg(not(unix))]
pub(crate) fn raise_open_files(_wanted: usize) {}

/// Cancels `shutdown` when the process is told to stop: by SIGINT or SIGTERM. SIGHUP has keys read again.
#[cfg(unix)]
pub(crate) async fn wait_for_signal(shutdown: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    match (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) {
        (Ok(mut interrupt), Ok(mut terminate)) => {
            tokio::select! { _ = interrupt.recv() => {} _ = terminate.recv() => {} }
            tracing::info!("told to stop; open requests may finish");
            shutdown.cancel();
        }
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "signals cannot be heard; stop this process by killing it");
        }
    }
}

#[cfg(not(unix))]
pub(crate) async fn wait_for_signal(shutdown: CancellationToken) {
    match tokio::signal::ctrl_c().await {
        Ok(()) => shutdown.cancel(),
        Err(error) => {
            tracing::error!(%error, "signals cannot be heard; stop this process by killing it");
        }
    }
}
