//! docs/API.md is made from the routes, the types and calls that were really made. `UPDATE_DOCS=1 cargo test -p calypso-proxy
//! --test it api_reference` rewrites it.

pub(crate) mod calls;
mod openapi;
mod schemas;
mod sources;
mod story;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use calypso_proxy::Limits;
use checkout::{Phase, RefusalCode};

use crate::scopes::NEEDS;
use calls::{CALLS, Call, Field, OF_EVERY_CALL};
use sources::{Type, read};
use story::Example;

const DOCUMENT: &str = "../docs/API.md";
/// The file, and the directory beside it, whose public structs and enums are what is answered.
const ANSWERS: &str = "../crates/checkout/src/wire";
/// The files in which the fields of requests are read.
const READERS: [&str; 5] = [
    "src/http/order.rs",
    "src/http/invoice.rs",
    "src/http/decisions.rs",
    "src/http/refund_order.rs",
    "src/http/refunds.rs",
];

#[tokio::test]
async fn the_reference_says_what_the_proxy_does() {
    let text = document(&story::tell().await);
    let path = format!("{}/{DOCUMENT}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "docs/API.md is out of date; UPDATE_DOCS=1 cargo test -p calypso-proxy --test it api_reference rewrites it"
    );
}

#[test]
fn every_route_is_in_the_reference() {
    let routes = routes();
    let described: BTreeSet<(String, String)> = CALLS
        .iter()
        .map(|call| (call.method.to_owned(), call.path.to_owned()))
        .collect();
    assert_eq!(
        routes, described,
        "a row in api_reference/calls.rs for each route of http/router.rs"
    );
}

#[test]
fn every_field_of_a_request_is_in_the_reference() {
    let read: BTreeSet<String> = READERS
        .iter()
        .flat_map(|file| sources::read_fields(&read(file)))
        .collect();
    let described: BTreeSet<String> = CALLS
        .iter()
        .flat_map(|call| call.body)
        .map(|field| {
            field
                .name
                .rsplit('.')
                .next()
                .unwrap_or(field.name)
                .to_owned()
        })
        .collect();
    let missing: Vec<_> = read.difference(&described).collect();
    assert!(
        missing.is_empty(),
        "fields without a row in api_reference/calls.rs: {missing:?}"
    );
    let invented: Vec<_> = described.difference(&read).collect();
    assert!(
        invented.is_empty(),
        "fields that nobody reads: {invented:?}"
    );
}

#[test]
fn every_error_code_belongs_to_a_call() {
    for code in RefusalCode::KNOWN {
        let of_a_call = CALLS.iter().any(|call| call.refusals.contains(code));
        let known = of_a_call || OF_EVERY_CALL.contains(code);
        assert!(known, "{code} has no call in api_reference/calls.rs");
    }
}

/// Every route of the router, by method and path.
pub(crate) fn routes() -> BTreeSet<(String, String)> {
    sources::routes(&read("src/http/router.rs"))
}

/// The scope that a merchant's key needs for a call.
fn scope(call: &Call) -> String {
    let mut rows = NEEDS.iter();
    let row = rows.find(|(method, path, _)| *method == call.method && *path == call.path);
    match row {
        Some((_, _, scope)) if matches!(call.who, calls::Who::Merchant) => {
            format!(" The key's scope is `{scope}` or `all`.").replace("`all` or `all`", "`all`")
        }
        _ => String::new(),
    }
}

fn line(text: &mut String, cells: &[&str]) {
    writeln!(text, "| {} |", cells.join(" | ")).unwrap();
}

fn head(text: &mut String, titles: &[&str]) {
    line(text, titles);
    line(text, &vec!["---"; titles.len()]);
}

fn document(examples: &[Example]) -> String {
    let limits = Limits::default();
    let mut text = format!(
        "# The proxy's HTTP API\n\n\
         Made by a test from the routes, the types and calls that were made; change those, then run\n\
         `UPDATE_DOCS=1 cargo test -p calypso-proxy --test it api_reference`.\n\n\
         JSON in UTF-8, camelCase. An *amount* is a text of plain digits with at most one point, `\"25.00\"`, and never a number; a *time* is RFC 3339 in UTC\n\
         with `Z`. A body has at most {} bytes and no key twice; a field that a call does not know is refused, so that a misspelt one is noticed. Fields of\n\
         answers may be added: ignore those you do not know.\n\n\
         Every answer has `X-Request-Id`, by which the proxy's log names it. A refusal has one shape, `{{\"error\": {{\"code\", \"message\", \"requestId\"}}}}`;\n\
         [the codes](../crates/checkout/ERRORS.md) are for programs, the message is for developers. 429 and 503 come with `Retry-After` in seconds.\n\n\
         Pages may call from the origins that `allowed_origins` lists and from the proxy's own. Any call may end with {}.\n\n\
         ## Calls\n\n",
        limits.body_bytes,
        codes(OF_EVERY_CALL)
    );
    head(&mut text, &["call", "who", "does"]);
    for call in CALLS {
        let first = call
            .does
            .split(". ")
            .next()
            .unwrap_or(call.does)
            .trim_end_matches('.');
        line(
            &mut text,
            &[
                &format!("`{} {}`", call.method, call.path),
                call.who.words(),
                first,
            ],
        );
    }
    for call in CALLS {
        describe(&mut text, call, examples);
    }
    text.push_str(
        "\n## States\n\nOnly `paid` and `completed` mean paid. Nothing leads back from `paid`.\n\n",
    );
    head(&mut text, &["state", "means"]);
    let phases = sources::types(&read("../crates/checkout/src/phase.rs"));
    let phases = phases
        .iter()
        .find(|found| found.name == "Phase")
        .expect("the phases");
    assert_eq!(phases.members.len(), Phase::ALL.len());
    for phase in &phases.members {
        line(&mut text, &[&format!("`{}`", phase.name), &phase.about]);
    }
    text.push_str("\n## Answers\n");
    for file in answers() {
        for found in sources::types(&read(&file)) {
            describe_type(&mut text, &found);
        }
    }
    let kinds = sources::types(&read("../crates/checkout/src/kind.rs"));
    kinds
        .iter()
        .for_each(|found| describe_type(&mut text, found));
    text
}

/// The files that describe answers.
fn answers() -> Vec<String> {
    let directory = format!("{}/{ANSWERS}", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| format!("{ANSWERS}/{name}"))
        .collect();
    files.sort();
    files.insert(0, format!("{ANSWERS}.rs"));
    files
}

fn codes(codes: &[RefusalCode]) -> String {
    let all: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    all.join(", ")
}

fn describe(text: &mut String, call: &Call, examples: &[Example]) {
    let who = call.who.words();
    write!(
        text,
        "\n### `{} {}`\n\nBy {who}.{} {}\n",
        call.method,
        call.path,
        scope(call),
        call.does
    )
    .unwrap();
    for (title, fields) in [("takes", call.takes), ("field of the body", call.body)] {
        if !fields.is_empty() {
            text.push('\n');
            head(text, &[title, "kind", "needed", "rules"]);
            fields.iter().for_each(|field| describe_field(text, field));
        }
    }
    write!(text, "\nAnswers {}.", call.answers).unwrap();
    if !call.refusals.is_empty() {
        write!(text, " Refuses with {}.", codes(call.refusals)).unwrap();
    }
    text.push('\n');
    for name in call.examples {
        let example = examples
            .iter()
            .find(|example| example.name == *name)
            .unwrap_or_else(|| panic!("the story has no example «{name}»"));
        let run = "<!-- snippet: run by proxy/tests/it/api_reference/story.rs -->";
        write!(
            text,
            "\nExample, {name}:\n\n{run}\n```http\n{}```\n\n{run}\n```http\n{}```\n",
            example.request, example.answer
        )
        .unwrap();
    }
}

fn describe_field(text: &mut String, field: &Field) {
    line(
        text,
        &[
            &format!("`{}`", field.name),
            field.kind,
            field.needed,
            field.rules,
        ],
    );
}

fn describe_type(text: &mut String, found: &Type) {
    write!(text, "\n### {}\n\n{}\n\n", found.name, found.about).unwrap();
    let has_kinds = found.members.iter().any(|member| !member.kind.is_empty());
    if has_kinds {
        head(text, &["field", "kind", "is"]);
    } else {
        head(text, &["word", "means"]);
    }
    for member in &found.members {
        let name = format!("`{}`", member.name);
        if has_kinds {
            line(text, &[&name, &member.kind, &member.about]);
        } else {
            line(text, &[&name, &member.about]);
        }
    }
}
