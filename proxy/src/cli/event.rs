//! `calypso-proxy event secret|test`

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use calypso_proxy::{
    Attempted, Clock as _, Config, Courier, EventSecret, EventTarget, Message, ShopConfig,
    SystemClock,
};
use uuid::Uuid;

use super::{done, named};

/// Prints a new secret, and nothing else, so that it can be led into a file.
#[expect(clippy::print_stdout, reason = "the secret is this command's output")]
pub(crate) fn secret() -> ExitCode {
    println!("{}", EventSecret::generate());
    ExitCode::SUCCESS
}

/// Sends a test event to the store's server and says what came of it. Ends with 1 when it was not taken.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what came of it is this command's output"
)]
pub(crate) fn test(config: &Path, store: Option<&str>) -> ExitCode {
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")
        .and_then(|runtime| runtime.block_on(tested(config, store)));
    match outcome {
        Ok((text, attempted)) => {
            println!("{text}: {attempted}");
            if matches!(attempted, Attempted::Taken { .. }) {
                return ExitCode::SUCCESS;
            }
        }
        Err(error) => eprintln!("calypso-proxy: {error:#}"),
    }
    ExitCode::FAILURE
}

async fn tested(path: &Path, store: Option<&str>) -> anyhow::Result<(String, Attempted)> {
    let config = done::config(path)?;
    let (shop, target) = told(&config, store)?;
    let now = SystemClock.now();
    let message = Message {
        id: format!("test_{}", Uuid::new_v4().simple()),
        body: body(shop, &now.to_string()).into(),
    };
    let attempted = Courier::new().deliver(target, &message, now).await;
    let text = format!("{} to {}", message.id, target.shown());
    Ok((text, attempted))
}

/// A body like any event's, of a type that no receiver acts on.
fn body(shop: &ShopConfig, now: &str) -> String {
    let store = shop.name.as_str();
    serde_json::json!({"type": "event.test", "timestamp": now, "data": {"store": store}})
        .to_string()
}

/// The store that was named, or the only one there is, and its server.
fn told<'a>(
    config: &'a Config,
    store: Option<&str>,
) -> anyhow::Result<(&'a ShopConfig, &'a EventTarget)> {
    let shop = named::shop(config, store)?;
    let target = shop.events.as_ref();
    let target = target.with_context(|| {
        format!(
            "the store `{}` has no `events.url`: nobody is told of its events",
            shop.name
        )
    })?;
    Ok((shop, target))
}
