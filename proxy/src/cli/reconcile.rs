//! `calypso-proxy reconcile`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use calypso_proxy::{Clock, Compared, Config, Proxy, Reconciled, Scope, ShopId, SystemClock};
use checkout::Timestamp;

/// What is to be compared, as it was written.
pub(crate) struct Asked {
    pub(crate) store: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    /// Only the books with themselves.
    pub(crate) offline: bool,
}

/// The books and the gateway differ, or the books with themselves.
const DIFFERENT: u8 = 1;
/// It could not be told, or not all of it.
const NOT_LOOKED: u8 = 2;

/// Compares, and prints what differs. Ends with 0 when nothing does, with 1 when something does, and with 2 when not all could be looked at.
#[expect(
    clippy::print_stderr,
    reason = "why a command failed goes to the terminal"
)]
pub(crate) fn run(config: &Path, sandbox_clock: Option<&str>, asked: &Asked) -> ExitCode {
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")
        .and_then(|runtime| runtime.block_on(compared(config, sandbox_clock, asked)));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("calypso-proxy: {error:#}");
            ExitCode::from(NOT_LOOKED)
        }
    }
}

async fn compared(
    path: &Path,
    sandbox_clock: Option<&str>,
    asked: &Asked,
) -> anyhow::Result<ExitCode> {
    let mut config = Config::load(path).context("the configuration cannot be used")?;
    // The widget is of no use here.
    config.assets = None;
    let clock: Arc<dyn Clock> = match sandbox_clock {
        Some(sandbox) => {
            let gateways = config.shops.iter().map(|shop| &shop.gateway.base_url);
            super::clock::of_sandbox(sandbox, gateways).await?
        }
        None => Arc::new(SystemClock),
    };
    let scope = scope(asked)?;
    if let Some(shop) = &scope.shop
        && config.shops.iter().all(|known| known.name != *shop)
    {
        bail!("--store {shop}: the configuration has no such store");
    }
    let proxy = Proxy::open(config, clock).await?;
    if asked.offline {
        return told_of_books(&proxy).await;
    }
    let found = proxy.reconcile(&scope).await?;
    Ok(told(&found))
}

fn scope(asked: &Asked) -> anyhow::Result<Scope> {
    let time = |text: &Option<String>, name: &str| {
        let parsed = text.as_deref().map(Timestamp::parse).transpose();
        parsed.with_context(|| format!("{name}: expected a time such as 2026-05-04T12:00:00Z"))
    };
    let shop = asked.store.as_deref().map(ShopId::parse).transpose();
    let shop = shop.context("--store")?;
    let (from, to) = (time(&asked.from, "--from")?, time(&asked.to, "--to")?);
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        bail!("--to {to} is not after --from {from}");
    }
    Ok(Scope { shop, from, to })
}

/// Prints whether the books agree with themselves.
#[expect(
    clippy::print_stdout,
    reason = "the findings are this command's output"
)]
async fn told_of_books(proxy: &Proxy) -> anyhow::Result<ExitCode> {
    let audit = proxy.audit().await?;
    for difference in &audit.differences {
        println!("{difference}");
    }
    for sum in &audit.sums {
        println!(
            "{}: {} {} in {} deposits",
            sum.shop, sum.received, sum.currency, sum.deposits
        );
    }
    if audit.differences.is_empty() {
        println!(
            "the books agree: {} changes of {} checkouts and customers, {} deposits",
            audit.entries, audit.subjects, audit.deposits
        );
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} differences", audit.differences.len());
    Ok(ExitCode::from(DIFFERENT))
}

/// Prints what was found.
#[expect(
    clippy::print_stdout,
    reason = "the findings are this command's output"
)]
fn told(found: &Reconciled) -> ExitCode {
    for one in &found.differences {
        println!("{}", row(one, &one.found.to_string()));
    }
    for one in &found.not_read {
        println!("{}", row(one, &format!("not read: {}", one.found)));
    }
    if !found.differences.is_empty() {
        println!("what is new by this was taken in: a second run shows what is left");
    }
    println!(
        "{} invoices and {} customers compared: {} differences, {} not read",
        found.invoices,
        found.customers,
        found.differences.len(),
        found.not_read.len()
    );
    match (found.not_read.is_empty(), found.differences.is_empty()) {
        (false, _) => ExitCode::from(NOT_LOOKED),
        (true, false) => ExitCode::from(DIFFERENT),
        (true, true) => ExitCode::SUCCESS,
    }
}

/// One line of the table: whose it is, by which names it is found here and at the gateway, and what is the matter with it.
fn row<T>(one: &Compared<T>, words: &str) -> String {
    let Compared {
        shop,
        what,
        key,
        of,
        gateway_id,
        ..
    } = one;
    let of = if *what == "invoice" {
        format!("checkout {of}, ")
    } else {
        format!("the merchant's {of}, ")
    };
    format!("{shop:<16} {what:<8} {key} ({of}at the gateway {gateway_id})  {words}")
}
