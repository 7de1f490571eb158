//! The documents made from the crate's tables are up to date. `UPDATE_DOCS=1 cargo test -p checkout` rewrites them.

use std::collections::HashSet;
use std::fmt::Write as _;

use checkout::{
    ASSETS, CURRENCIES, FIATS, InterventionKind, NETWORKS, Observation, Phase, RefusalCode, advance,
};

use crate::phase::statuses;

/// Compares a document with what its table says now, or rewrites it.
fn keep(name: &str, text: &str) {
    let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    let written = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(
        written == text,
        "{name} is out of date; UPDATE_DOCS=1 cargo test -p checkout rewrites it"
    );
}

fn line(document: &mut String, cells: &[&str]) {
    writeln!(document, "| {} |", cells.join(" | ")).expect("a String takes every text");
}

fn head(document: &mut String, titles: &[&str]) {
    line(document, titles);
    line(document, &vec!["---"; titles.len()]);
}

#[test]
fn networks_md_is_what_the_tables_say() {
    let mut text = String::from(
        "# Networks and currencies\n\nMade from the tables in `src/network.rs`, `src/asset.rs`, `src/currency.rs` and `src/fiat.rs` by a test; \
         change those, then run\n`UPDATE_DOCS=1 cargo test -p checkout`.\n\n## Currencies\n\n«Amounts» is how many decimals amounts have \
         in the gateway's API, «chain» how many the chain has.\n\n",
    );
    head(
        &mut text,
        &[
            "code", "asset", "symbol", "network", "amounts", "chain", "repriced", "contract",
        ],
    );
    for currency in CURRENCIES {
        let contract = currency
            .contract
            .map_or(String::from("–"), |contract| format!("`{contract}`"));
        line(
            &mut text,
            &[
                &format!("`{}`", currency.code),
                currency.asset.name,
                currency.asset.symbol,
                currency.network_label(),
                &currency.scale.to_string(),
                &currency.decimals.to_string(),
                &format!("{} min", currency.reprice_seconds() / 60),
                &contract,
            ],
        );
    }
    text.push_str("\n## Networks\n\n");
    head(
        &mut text,
        &[
            "network",
            "payment URI",
            "chain id",
            "CAIP-2",
            "paid within",
            "explorer",
        ],
    );
    for network in NETWORKS {
        let chain = network
            .family
            .chain_id()
            .map_or(String::from("–"), |id| id.to_string());
        let explorer = network.transaction_url("HASH");
        line(
            &mut text,
            &[
                network.name,
                &format!("`{}:`", network.family.uri_scheme()),
                &chain,
                &format!("`{}`", network.caip2()),
                &format!("{} h", network.life_seconds() / 3600),
                &format!("`{explorer}`"),
            ],
        );
    }
    text.push_str("\n## Assets\n\n");
    head(&mut text, &["symbol", "name", "sign", "tint", "stable"]);
    for asset in ASSETS {
        let tint = asset.tint().unwrap_or("–");
        let stable = if asset.is_stable() { "yes" } else { "no" };
        line(
            &mut text,
            &[asset.symbol, asset.name, asset.sign, tint, stable],
        );
    }
    text.push_str("\n## Prices\n\n");
    head(&mut text, &["code", "name", "sign", "decimals"]);
    for fiat in FIATS {
        line(
            &mut text,
            &[
                &format!("`{}`", fiat.code),
                fiat.name,
                fiat.symbol,
                &fiat.decimals.to_string(),
            ],
        );
    }
    keep("NETWORKS.md", &text);
}

#[test]
fn the_stylesheet_has_the_tints_of_the_table() {
    let mut text = String::from(
        "/* The colours of the assets' badges. Made from the table in crates/checkout/src/asset.rs by a test; change that, then run\n   \
         `UPDATE_DOCS=1 cargo test -p checkout`. */\n",
    );
    let mut tints: Vec<&str> = ASSETS.iter().filter_map(|asset| asset.tint()).collect();
    let mut seen = HashSet::new();
    tints.retain(|tint| seen.insert(*tint));
    for tint in tints {
        let badges: Vec<String> = ASSETS
            .iter()
            .filter(|asset| asset.tint() == Some(tint))
            .map(|asset| format!(".badge[data-asset=\"{}\"]", asset.symbol))
            .collect();
        write!(
            text,
            "\n{} {{\n  background: {tint};\n}}\n",
            badges.join(",\n")
        )
        .expect("a String takes every text");
    }
    keep("../../style/tints.css", &text);
}

#[test]
fn errors_md_is_what_the_table_says() {
    let mut text = String::from(
        "# Error codes\n\nWhat the proxy answers when it refuses or fails, in `error.code`; [its HTTP API](../../docs/API.md) says which call \
         refuses with which.\nMade from the table in \
         `src/refusal_code.rs`\nby a test; change that, then run `UPDATE_DOCS=1 cargo test -p checkout`.\n\n",
    );
    head(&mut text, &["code", "HTTP", "when"]);
    for code in RefusalCode::KNOWN {
        line(
            &mut text,
            &[
                &format!("`{code}`"),
                &code.http_status().to_string(),
                code.meaning(),
            ],
        );
    }
    keep("ERRORS.md", &text);
}

#[test]
fn phases_md_is_what_the_function_says() {
    let mut text = String::from(
        "# Phases\n\nWhich phase follows when the gateway's status on top is read of an invoice in the phase on the left. \
         Made from\n`src/phase/advance.rs` by a test; change that, then run `UPDATE_DOCS=1 cargo test -p checkout`.\n\n\
         A dot means that nothing changes. «a → b» means a before the invoice's expiry, b after it. PENDING_INTERVENTION \
         leads to\nunderpaid, overpaid or, if the gateway gives no reason we know, to intervention.\n\n",
    );
    let statuses = statuses();
    let titles: Vec<String> = statuses
        .iter()
        .map(|status| {
            if status.as_str() == "SETTLED" {
                String::from("unknown")
            } else {
                status.to_string()
            }
        })
        .collect();
    let mut columns = vec!["phase"];
    columns.extend(titles.iter().map(String::as_str));
    head(&mut text, &columns);
    let kinds = [
        Some(InterventionKind::Underpay),
        Some(InterventionKind::Overpay),
        None,
    ];
    for phase in Phase::ALL {
        let mut cells = vec![format!("**{phase}**")];
        for status in &statuses {
            let after = |past_expiry, intervention| {
                advance(
                    phase,
                    &Observation {
                        status,
                        intervention,
                        past_expiry,
                    },
                )
            };
            let (before, past) = (after(false, None), after(true, None));
            let mut answers = kinds
                .iter()
                .map(|kind| after(false, kind.as_ref()).as_str())
                .collect::<Vec<_>>();
            answers.dedup();
            let cell = match answers[..] {
                [_] if before != past => format!("{before} → {past}"),
                [_] if before == phase => String::from("·"),
                [one] => String::from(one),
                _ => answers.join(", "),
            };
            cells.push(cell);
        }
        line(
            &mut text,
            &cells.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    }
    keep("PHASES.md", &text);
}
