//! `calypso-proxy check`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use calypso_proxy::{Config, Proxy, SystemClock};

/// Says what is right and wrong with a configuration. Ends with 1 when anything is wrong.
#[expect(
    clippy::print_stdout,
    reason = "the findings are this command's output"
)]
pub(crate) fn run(path: &Path, sandbox_clock: Option<&str>) -> ExitCode {
    let mut all_right = true;
    for (right, finding) in findings(path, sandbox_clock) {
        all_right &= right;
        println!("{} {finding}", if right { "ok   " } else { "WRONG" });
    }
    if all_right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn findings(path: &Path, sandbox_clock: Option<&str>) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    let config = match Config::load(path) {
        Ok(config) => config,
        Err(error) => return vec![(false, format!("configuration: {error}"))],
    };
    found.push((
        true,
        format!("configuration: {} can be used", path.display()),
    ));
    if config.allowed_origins.is_empty() {
        found.push((
            true,
            "origins: none listed, so only pages of this proxy itself can show the widget"
                .to_owned(),
        ));
    }
    let database = config.database.display().to_string();
    let assets = config
        .assets
        .as_ref()
        .map(|assets| assets.display().to_string());
    let gateway = config.gateway.base_url.clone();
    let proxy = match Proxy::open(config, Arc::new(SystemClock)) {
        Ok(proxy) => proxy,
        Err(error) => {
            found.push((false, error.to_string()));
            return found;
        }
    };
    found.push((
        true,
        format!("database: {database} opens and has the current schema"),
    ));
    found.push(match assets {
        Some(assets) => (true, format!("widget: {assets} is complete")),
        None => (
            true,
            "widget: not served, the key `assets` is not set".to_owned(),
        ),
    });
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            found.push((
                false,
                format!("gateway: not asked, the runtime cannot start: {error}"),
            ));
            return found;
        }
    };
    found.push(match runtime.block_on(proxy.ask_gateway()) {
        Ok(answer) => (
            true,
            format!("gateway: {gateway} accepts key and signature; {answer}"),
        ),
        Err(error) => (false, format!("gateway: {gateway}: {error}")),
    });
    found.extend(runtime.block_on(super::clock::finding(sandbox_clock, &gateway)));
    found
}
