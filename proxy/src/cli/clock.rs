//! The clock of a sandbox gateway, as the program's commands use it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use calypso_proxy::SandboxClock;
use tokio_util::sync::CancellationToken;
use url::Url;

/// How often the sandbox is asked for its time while nobody asks the proxy for anything: the watcher works by it.
const PACE: Duration = Duration::from_millis(500);

/// The sandbox's clock, read once, so that a wrong address is noticed at the start. Every store's gateway has to be on this computer.
pub(crate) async fn of_sandbox(
    sandbox: &str,
    gateways: impl Iterator<Item = &Url>,
) -> anyhow::Result<Arc<SandboxClock>> {
    let clocks = gateways.map(|gateway| SandboxClock::new(sandbox, gateway));
    let clocks: Result<Vec<SandboxClock>, _> = clocks.collect();
    let clock = clocks.context("--sandbox-clock")?.pop();
    let clock = clock.context("no store is configured")?;
    let ahead = clock.keep_step().await.context("--sandbox-clock")?;
    tracing::warn!(
        url = %clock.url(),
        distance = SandboxClock::distance(ahead),
        "the time is the sandbox's; this is for development only"
    );
    Ok(Arc::new(clock))
}

/// Keeps the clock in step until `shutdown` is cancelled.
pub(crate) async fn follow(clock: Arc<SandboxClock>, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PACE) => {}
        }
        // It has said why in the log.
        drop(clock.keep_step().await);
    }
}

/// What `check` has to say about time, and whether it is right; nothing when the proxy keeps the time its gateway keeps.
pub(crate) async fn finding(sandbox: Option<&str>, gateway: &Url) -> Option<(bool, String)> {
    let Some(sandbox) = sandbox else {
        let ahead = SandboxClock::distance(SandboxClock::moved(gateway).await?);
        return Some((
            false,
            format!(
                "clock: the gateway is a sandbox whose clock is {ahead}: prices and expiries would be wrong. Start this proxy with \
                 --sandbox-clock {gateway}, or turn the sandbox's clock back with POST /sandbox/v1/reset"
            ),
        ));
    };
    let told = match SandboxClock::new(sandbox, gateway) {
        Ok(clock) => clock.keep_step().await,
        Err(error) => Err(error),
    };
    Some(match told {
        Ok(ahead) => (
            true,
            format!(
                "clock: the time is the sandbox's, {}",
                SandboxClock::distance(ahead)
            ),
        ),
        Err(error) => (false, format!("clock: {error}")),
    })
}
