//! `calypso-proxy webhook register|list|remove`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use calypso_proxy::{Proxy, ShopId, SystemClock};
use url::Url;
use uuid::Uuid;

use super::{done, named, webhook_address};

/// What is to be done.
pub(crate) enum Deed {
    Register {
        url: Option<String>,
        with_new_keys: bool,
    },
    List,
    Remove {
        url: Option<String>,
        id: Option<Uuid>,
    },
}

/// Does it, and says what was done. Ends with 1 when it could not be done.
pub(crate) fn run(config: &Path, store: Option<&str>, deed: Deed) -> ExitCode {
    done::run(carried_out(config, store, deed))
}

#[expect(
    clippy::print_stdout,
    reason = "what was done is this command's output"
)]
async fn carried_out(path: &Path, store: Option<&str>, deed: Deed) -> anyhow::Result<()> {
    let config = done::config(path)?;
    let found = named::shop(&config, store)?;
    let (shop, gateway) = (found.name.clone(), found.gateway.base_url.clone());
    let proxy = Proxy::open(config, Arc::new(SystemClock)).await?;
    match deed {
        Deed::Register { url, with_new_keys } => {
            let url = webhook_address::checked(url.as_deref(), proxy.webhook_url(), &gateway)?;
            let id = proxy.subscribe(&shop, &url, with_new_keys).await?;
            println!("registered {id} for {url}");
            println!("its keys are in the database, where `serve` takes them from at once");
            let others: Vec<_> = of(&proxy, &shop, &url).await?;
            for other in others.iter().filter(|other| **other != id.to_string()) {
                println!("{other} goes there, too: end it with `webhook remove --id {other}`");
            }
        }
        Deed::List => {
            let all = proxy.subscribed(&shop).await?;
            if all.is_empty() {
                println!("none; `calypso-proxy webhook register` makes one");
            }
            for known in all {
                let taken = match (known.is_at_gateway, known.is_taken) {
                    (true, true) => "taken",
                    (true, false) => "NOT TAKEN: this proxy has not its keys; register again",
                    (false, _) => "GONE at the gateway; remove it and register again",
                };
                println!("{}  {}  {taken}", known.id, known.url);
                if let Some(said) = known.blocked {
                    println!(
                        "  BLOCKED by the gateway after too many errors ({said}): unblock it in your account there"
                    );
                }
            }
        }
        Deed::Remove { url, id } => {
            let ids = match id {
                Some(id) => vec![id.to_string()],
                None => {
                    let url = url.as_deref().map(Url::parse).transpose();
                    let url = url.context("`--url` is no address")?;
                    let url = url.unwrap_or_else(|| proxy.webhook_url());
                    of(&proxy, &shop, &url).await?
                }
            };
            if ids.is_empty() {
                println!("there is none");
            }
            for id in ids {
                let name = Uuid::try_parse(&id)
                    .with_context(|| format!("`{id}` is not of this proxy's making"))?;
                if !proxy.unsubscribe(&shop, name).await? {
                    bail!("there is no subscription {id}");
                }
                println!("removed {id}");
            }
        }
    }
    Ok(())
}

/// The subscriptions to an address, by their ids.
async fn of(proxy: &Proxy, shop: &ShopId, url: &Url) -> anyhow::Result<Vec<String>> {
    let all = proxy.subscribed(shop).await?.into_iter();
    let same = all.filter(|known| Url::parse(&known.url).is_ok_and(|known| known == *url));
    Ok(same.map(|known| known.id).collect())
}
