//! `calypso-proxy check`

use std::path::Path;
use std::process::ExitCode;

use calypso_proxy::{
    Clock as _, Config, Draft, InspectionError, Origin, ShopDraft, ShopId, SystemClock,
    inspect_assets, inspect_clock, inspect_database, inspect_events, inspect_gateway,
    inspect_listen, inspect_webhooks, webhook_url,
};

use super::{clock, log};

/// One line of the command's output.
enum Finding {
    Right(String),
    Note(String),
    Wrong(String),
}

impl Finding {
    /// The same, with something before it.
    fn after(self, before: &str) -> Self {
        let prefixed = |text: String| format!("{before}{text}");
        match self {
            Self::Right(text) => Self::Right(prefixed(text)),
            Self::Note(text) => Self::Note(prefixed(text)),
            Self::Wrong(text) => Self::Wrong(prefixed(text)),
        }
    }
}

/// Says everything that is right and wrong with a configuration, and changes nothing. Ends with 1 when anything is wrong.
#[expect(
    clippy::print_stdout,
    reason = "the findings are this command's output"
)]
pub(crate) fn run(path: &Path, sandbox_clock: Option<&str>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let found = match runtime {
        Ok(runtime) => runtime.block_on(findings(path, sandbox_clock)),
        Err(error) => vec![Finding::Wrong(format!("the runtime cannot start: {error}"))],
    };
    let mut all_right = true;
    for finding in found {
        match finding {
            Finding::Right(text) => println!("ok    {text}"),
            Finding::Note(text) => println!("note  {text}"),
            Finding::Wrong(text) => {
                all_right = false;
                println!("WRONG {text}");
            }
        }
    }
    if all_right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn findings(path: &Path, sandbox_clock: Option<&str>) -> Vec<Finding> {
    let reading = Config::read(path);
    let mut found = Vec::new();
    match &reading.config {
        Ok(_) => found.push(Finding::Right(format!(
            "configuration: {} can be used",
            path.display()
        ))),
        Err(errors) => found.extend(
            errors
                .iter()
                .map(|error| Finding::Wrong(format!("configuration: {error}"))),
        ),
    }
    found.extend(reading.notes.into_iter().map(|note| {
        let text = format!("configuration: {}", note.text);
        if note.is_danger {
            Finding::Wrong(text)
        } else {
            Finding::Note(text)
        }
    }));
    if let Err(error) = log::filter() {
        found.push(Finding::Wrong(format!("log: {error}")));
    }
    found.extend(inspections(&reading.draft, sandbox_clock).await);
    found
}

/// Each looked at by itself, as far as the configuration says where it is.
async fn inspections(draft: &Draft, sandbox_clock: Option<&str>) -> Vec<Finding> {
    let names = draft.shops.iter().map(|shop| shop.name.clone());
    let names: Option<Vec<ShopId>> = names.collect();
    let mut found = Vec::new();
    if let Some(address) = draft.listen {
        found.push(told(inspect_listen(address)));
    }
    if let Some(database) = &draft.database {
        found.push(told(inspect_database(database, names.as_deref()).await));
    }
    if let Some(assets) = &draft.assets {
        found.push(told(inspect_assets(assets.as_deref())));
    }
    found.extend(gateways(draft, sandbox_clock).await);
    found
}

/// What answers at each store's gateway, and whether its time is this proxy's.
async fn gateways(draft: &Draft, sandbox_clock: Option<&str>) -> Vec<Finding> {
    let is_one = draft.shops.len() == 1;
    let mut found = Vec::new();
    for (index, shop) in draft.shops.iter().enumerate() {
        let of_store = match &shop.name {
            _ if is_one => String::new(),
            Some(name) => format!("store `{name}`: "),
            None => format!("`stores[{index}]`: "),
        };
        let mut told = gateway(shop, draft.public_url.as_ref(), sandbox_clock).await;
        if let Some(events) = &shop.events {
            told.push(self::told(inspect_events(events.as_ref()).await));
        }
        found.extend(told.into_iter().map(|finding| finding.after(&of_store)));
    }
    found
}

async fn gateway(
    shop: &ShopDraft,
    public_url: Option<&Origin>,
    sandbox_clock: Option<&str>,
) -> Vec<Finding> {
    let (Some(gateway), Some(currencies)) = (&shop.gateway, &shop.currencies) else {
        let text = "gateway: not asked, because its keys are not right yet";
        return vec![Finding::Note(text.to_owned())];
    };
    let mut found = vec![
        told(inspect_gateway(gateway, currencies).await),
        told(inspect_clock(gateway, || SystemClock.now()).await),
    ];
    if let Some(public_url) = public_url {
        found.push(told(
            inspect_webhooks(gateway, &webhook_url(public_url)).await,
        ));
    }
    let clock = clock::finding(sandbox_clock, &gateway.base_url).await;
    found.extend(clock.map(|(right, text)| {
        if right {
            Finding::Right(text)
        } else {
            Finding::Wrong(text)
        }
    }));
    found
}

fn told(result: Result<String, InspectionError>) -> Finding {
    match result {
        Ok(text) => Finding::Right(text),
        Err(error) => Finding::Wrong(error.to_string()),
    }
}
