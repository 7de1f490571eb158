//! docs/OPERATING.md lists every field and message of the log and every meter. `UPDATE_DOCS=1 cargo test -p calypso-proxy --test it
//! operating::documented` rewrites its tables.

use std::fmt::Write as _;

use calypso_proxy::LOG_FIELDS;

use super::messages;
use super::scrape::{families, names};
use super::watched::Watched;

const DOCUMENT: &str = "../docs/OPERATING.md";

#[tokio::test]
async fn the_document_lists_what_there_is() {
    let proxy = Watched::start().await;
    proxy.paid("a").await;
    proxy
        .ask("POST", "/webhooks/calypso", &[], Some("{}"))
        .await
        .expect(401);
    let path = format!("{}/{DOCUMENT}", env!("CARGO_MANIFEST_DIR"));
    let written = std::fs::read_to_string(&path).unwrap();
    let mut text = written.clone();
    for (name, table) in [
        ("fields", fields()),
        ("messages", events()),
        ("meters", meters(&proxy.scrape().await)),
    ] {
        text = with_table(&text, name, &table);
    }
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &text).unwrap();
        return;
    }
    assert!(
        written == text,
        "docs/OPERATING.md is out of date; UPDATE_DOCS=1 cargo test -p calypso-proxy --test it operating::documented rewrites it"
    );
}

fn with_table(text: &str, name: &str, table: &str) -> String {
    let (begin, end) = (
        format!("<!-- {name}: made by a test -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let (before, rest) = text
        .split_once(&begin)
        .unwrap_or_else(|| panic!("no place for {name}"));
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{begin}\n{table}\n{end}{after}")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn fields() -> String {
    let mut table = "| field | says |\n| --- | --- |\n".to_owned();
    for field in LOG_FIELDS {
        writeln!(table, "| `{}` | {} |", field.name, cell(field.about)).unwrap();
    }
    table
}

fn events() -> String {
    let mut table = "| message | level | fields |\n| --- | --- | --- |\n".to_owned();
    for event in messages::all() {
        let fields: Vec<String> = event
            .fields
            .iter()
            .map(|field| format!("`{field}`"))
            .collect();
        writeln!(
            table,
            "| {} | {} | {} |",
            cell(&event.message),
            event.level,
            fields.join(", ")
        )
        .unwrap();
    }
    table
}

fn meters(scrape: &str) -> String {
    let mut table = "| meter | kind | labels | counts |\n| --- | --- | --- | --- |\n".to_owned();
    for (name, family) in families(scrape) {
        let labels: Vec<String> = family
            .labels
            .iter()
            .map(|label| format!("`{label}`"))
            .collect();
        let (kind, labels, help) = (family.kind, labels.join(", "), cell(&family.help));
        writeln!(table, "| `{name}` | {kind} | {labels} | {help} |").unwrap();
    }
    table
}

#[tokio::test]
async fn whatever_the_dashboard_and_the_alerts_ask_for_is_there_after_a_payment() {
    let proxy = Watched::start().await;
    proxy.paid("a").await;
    let there = names(&proxy.scrape().await);
    let mut asked = 0;
    for file in ["grafana/calypso-proxy.json", "prometheus/rules.yml"] {
        let path = format!("{}/../ops/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let words = text.split(|c: char| !(c.is_ascii_lowercase() || c == '_'));
        for name in
            words.filter(|word| word.starts_with("calypso_") || word.starts_with("process_"))
        {
            assert!(
                there.contains(name),
                "{file} asks for {name}, which no proxy has: {there:#?}"
            );
            asked += 1;
        }
    }
    assert!(asked > 40, "{asked}");
}
