//! `calypso-proxy check`

use std::path::Path;
use std::process::ExitCode;

use calypso_proxy::{
    Config, Draft, InspectionError, inspect_assets, inspect_database, inspect_gateway,
    inspect_listen,
};

use super::{clock, log};

/// One line of the command's output.
enum Finding {
    Right(String),
    Note(String),
    Wrong(String),
}

/// Says everything that is right and wrong with a configuration, and changes nothing. Ends with 1 when anything is wrong.
#[expect(
    clippy::print_stdout,
    reason = "the findings are this command's output"
)]
pub(crate) fn run(path: &Path, sandbox_clock: Option<&str>) -> ExitCode {
    let mut all_right = true;
    for finding in findings(path, sandbox_clock) {
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

fn findings(path: &Path, sandbox_clock: Option<&str>) -> Vec<Finding> {
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
    found.extend(inspections(&reading.draft, sandbox_clock));
    found
}

/// Each looked at by itself, as far as the configuration says where it is.
fn inspections(draft: &Draft, sandbox_clock: Option<&str>) -> Vec<Finding> {
    let results = [
        draft.listen.map(inspect_listen),
        draft.database.as_deref().map(inspect_database),
        draft
            .assets
            .as_ref()
            .map(|assets| inspect_assets(assets.as_deref())),
    ];
    let mut found: Vec<Finding> = results.into_iter().flatten().map(told).collect();
    found.extend(gateway(draft, sandbox_clock));
    found
}

/// What answers at the gateway's address, and whether its time is this proxy's.
fn gateway(draft: &Draft, sandbox_clock: Option<&str>) -> Vec<Finding> {
    let parts = draft
        .shops
        .first()
        .and_then(|shop| shop.gateway.as_ref().zip(shop.currencies.as_ref()));
    let Some((gateway, currencies)) = parts else {
        let text = "gateway: not asked, because its keys are not right yet";
        return vec![Finding::Note(text.to_owned())];
    };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            let text = format!("gateway: not asked, the runtime cannot start: {error}");
            return vec![Finding::Wrong(text)];
        }
    };
    let mut found = vec![told(runtime.block_on(inspect_gateway(gateway, currencies)))];
    let clock = runtime.block_on(clock::finding(sandbox_clock, &gateway.base_url));
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
