//! `calypso-proxy event list|replay`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use calypso_proxy::{EventsAsked, Proxy, SystemClock};
use checkout::wire::EventView;

use super::{done, named};

/// What is to be done.
pub(crate) enum Deed {
    List(EventsAsked),
    Replay { ids: Vec<String> },
}

/// Does it, and says what was done. Ends with 1 when it could not be done.
pub(crate) fn run(config: &Path, store: Option<&str>, deed: Deed) -> ExitCode {
    done::run(carried_out(config, store, deed))
}

#[expect(
    clippy::print_stdout,
    reason = "what was found and done is this command's output"
)]
async fn carried_out(path: &Path, store: Option<&str>, deed: Deed) -> anyhow::Result<()> {
    let config = done::config(path)?;
    let shop = named::shop(&config, store)?.name.clone();
    let proxy = Proxy::open(config, Arc::new(SystemClock)).await?;
    match deed {
        Deed::List(asked) => {
            let found = proxy.events(&shop, &asked).await?;
            if found.events.is_empty() {
                println!("none");
            }
            for event in &found.events {
                println!("{}", line(event));
            }
            if let Some(cursor) = found.cursor {
                println!("more: --cursor {cursor}");
            }
        }
        Deed::Replay { ids } => {
            for id in ids {
                let event = proxy
                    .replay_event(&shop, &id)
                    .await
                    .with_context(|| format!("{id} is not sent again"))?;
                println!("{} is sent again by `serve`: {}", event.id, event.kind);
            }
        }
    }
    Ok(())
}

/// An event in one line.
fn line(event: &EventView) -> String {
    let last = event.attempts.last().map(|attempt| {
        let status = attempt.status.map(|status| status.to_string());
        let detail = status
            .or_else(|| attempt.reason.clone())
            .unwrap_or_default();
        format!(
            "  {} attempts, the last {} {detail}",
            event.attempts.len(),
            attempt.outcome
        )
    });
    format!(
        "{}  {}  {}  {}  {}{}",
        event.id,
        event.created_at,
        event.kind,
        event.checkout,
        event.state,
        last.unwrap_or_default()
    )
}
