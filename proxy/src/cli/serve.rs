//! `calypso-proxy serve`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use calypso_proxy::{Clock, Config, Proxy, Reading, SystemClock, in_step};
use tokio_util::sync::CancellationToken;

use super::key_files::KeyFiles;
use super::traces::Traces;
use super::{log, process};

/// Files the process has open besides connections: the database, the log, connections to the gateway.
const OTHER_FILES: usize = 128;

/// Serves until a signal comes. Ends with 1 when it cannot start.
#[expect(
    clippy::print_stderr,
    reason = "the last word of a program that cannot start goes to the terminal"
)]
pub(crate) fn run(config: &Path, sandbox_clock: Option<&str>) -> ExitCode {
    let reading = Config::read(config);
    let operations = reading.draft.operations.clone();
    let outcome = Traces::of(&operations).and_then(|traces| {
        log::start(&traces)?;
        process::keep_memory_private();
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("cannot start the runtime")
            .and_then(|runtime| runtime.block_on(serve(config, reading, sandbox_clock, traces)))
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("calypso-proxy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(
    path: &Path,
    reading: Reading,
    sandbox_clock: Option<&str>,
    traces: Traces,
) -> anyhow::Result<()> {
    // Before anything can go on for long: whoever sends it early must not end the program.
    let hangups = super::reload::Hangups::new();
    for note in &reading.notes {
        if note.is_danger {
            tracing::warn!(note = note.text, "about the configuration");
        } else {
            tracing::info!(note = note.text, "about the configuration");
        }
    }
    let config = reading.config.context("the configuration cannot be used")?;
    let sandbox_clock = match sandbox_clock {
        Some(sandbox) => {
            let gateways = config.shops.iter().map(|shop| &shop.gateway.base_url);
            Some(super::clock::of_sandbox(sandbox, gateways).await?)
        }
        None => None,
    };
    let clock: Arc<dyn Clock> = match &sandbox_clock {
        Some(clock) => Arc::clone(clock) as _,
        None => Arc::new(SystemClock),
    };
    let proxy = Proxy::open(config, clock).await?;
    let config = proxy.config();
    let limits = &config.limits;
    process::raise_open_files(limits.connections + limits.push_connections + OTHER_FILES);
    let listener = calypso_proxy::listen(config.listen)
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener
        .local_addr()
        .context("cannot tell the address listened on")?;
    tracing::info!(%address, public_url = %config.public_url, "serving");
    let meters = config.operations.metrics_listen.map(|wanted| {
        calypso_proxy::listen(wanted)
            .and_then(|listener| Ok((listener.local_addr()?, listener)))
            .with_context(|| format!("cannot listen on {wanted} for the meters (`metrics.listen`)"))
    });
    let meters = meters.transpose()?;

    // Nobody waits for it: a gateway that is away for a moment must not keep the proxy from serving.
    tokio::spawn(greet_gateway(proxy.clone()));
    let shutdown = CancellationToken::new();
    tokio::spawn(process::wait_for_signal(shutdown.clone()));
    let watcher = {
        let (proxy, shutdown) = (proxy.clone(), shutdown.clone());
        tokio::spawn(async move { proxy.watch(shutdown).await })
    };
    let meters = meters.map(|(address, listener)| {
        tracing::info!(%address, "the meters are read here");
        let (router, limits, shutdown) = (
            proxy.metrics_router(),
            config.limits.clone(),
            shutdown.clone(),
        );
        tokio::spawn(calypso_proxy::serve(listener, router, limits, shutdown))
    });
    let traces = tokio::spawn(traces.send(proxy.clone(), shutdown.clone()));
    let reloading = super::reload::follow(
        path.to_owned(),
        proxy.clone(),
        KeyFiles::new(reading.files),
        hangups,
        shutdown.clone(),
    );
    tokio::spawn(reloading);
    let mut router = proxy.router();
    if let Some(clock) = sandbox_clock {
        router = in_step(router, Arc::clone(&clock));
        tokio::spawn(super::clock::follow(clock, shutdown.clone()));
    }
    calypso_proxy::serve(listener, router, config.limits.clone(), shutdown.clone()).await;
    shutdown.cancel();
    watcher.await.context("the watcher panicked")?;
    if let Some(meters) = meters {
        meters
            .await
            .context("the listener of the meters panicked")?;
    }
    // What the last requests have left.
    traces.await.context("the sender of traces panicked")?;
    tracing::info!("stopped");
    Ok(())
}

/// Says in the log whether payments can work, before the first buyer finds out.
async fn greet_gateway(proxy: Proxy) {
    if proxy
        .books()
        .await
        .is_ok_and(|books| books.subscriptions == 0)
    {
        tracing::info!(
            "no webhooks are registered, so payments are learnt of by asking; `calypso-proxy webhook register` has the gateway tell them"
        );
    }
    for (store, answer) in proxy.probe().await {
        match answer {
            Ok(answer) => {
                tracing::info!(%store, answer, "the gateway takes what the configuration says");
            }
            Err(error) => tracing::error!(
                %store,
                %error,
                "until this is mended no buyer can pay; `calypso-proxy check` looks again"
            ),
        }
    }
}
