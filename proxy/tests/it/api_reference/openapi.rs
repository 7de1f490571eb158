//! `proxy/src/http/openapi.json`, which the proxy serves, is made from the rows of [`super::calls`] and the types of the answers.
//! `UPDATE_DOCS=1 cargo test -p calypso-proxy --test it api_reference` rewrites it.

use std::collections::BTreeMap;

use checkout::RefusalCode;
use serde_json::{Map, Value, json};

use super::answers;
use super::calls::{CALLS, Call, Field, OF_EVERY_CALL, Who};
use super::schemas::{field_schema, of_types, reference};
use super::sources::{Type, read, types};

const DOCUMENT: &str = "src/http/openapi.json";

#[test]
fn the_openapi_document_says_what_the_reference_says() {
    let mut text = serde_json::to_string_pretty(&document()).unwrap();
    text.push('\n');
    let path = format!("{}/{DOCUMENT}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == text,
        "proxy/{DOCUMENT} is out of date; UPDATE_DOCS=1 cargo test -p calypso-proxy --test it api_reference rewrites it"
    );
}

fn document() -> Value {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for call in CALLS {
        let operations = paths.entry(call.path).or_default();
        let method = call.method.to_lowercase();
        // What two kinds of callers may do with one path and method is two rows, and one operation.
        let rows: Vec<&Call> = CALLS
            .iter()
            .filter(|row| (row.method, row.path) == (call.method, call.path))
            .collect();
        operations.entry(method).or_insert_with(|| operation(&rows));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Calypso Pay signing proxy",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Amounts are texts of plain digits with at most one point, times RFC 3339 in UTC with `Z`. A field that a call does not \
                            know is refused. Fields of answers may be added: ignore those you do not know. docs/API.md has examples.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": of_types(&all_types()),
            "securitySchemes": {
                "merchantKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The merchant's key. It belongs on your server, never in a page.",
                },
            },
        },
    })
}

/// The types of all answers.
fn all_types() -> Vec<Type> {
    let mut all: Vec<Type> = answers()
        .iter()
        .flat_map(|file| types(&read(file)))
        .collect();
    for file in ["phase", "kind"] {
        all.extend(types(&read(&format!("../crates/checkout/src/{file}.rs"))));
    }
    all
}

fn operation(rows: &[&Call]) -> Value {
    let about: Vec<String> = rows
        .iter()
        .map(|row| format!("By {}. {}", row.who.words(), row.does))
        .collect();
    let mut operation = json!({
        "operationId": operation_id(rows[0]),
        "summary": rows[0].does.split(". ").next().unwrap_or_default().trim_end_matches('.'),
        "description": about.join("\n\n"),
        "parameters": parameters(rows),
        "responses": responses(rows),
        "security": security(rows),
    });
    if let Some(body) = body(rows) {
        operation["requestBody"] = body;
    }
    operation
}

/// A name for programs: `post_v1_checkouts_id_invoice`.
fn operation_id(call: &Call) -> String {
    let words = format!("{}{}", call.method.to_lowercase(), call.path);
    let words: Vec<&str> = words
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("_")
}

fn security(rows: &[&Call]) -> Value {
    let of_row = |row: &&Call| match row.who {
        Who::Merchant => json!({"merchantKey": []}),
        _ => json!({}),
    };
    rows.iter().map(of_row).collect()
}

fn parameters(rows: &[&Call]) -> Value {
    let mut found: BTreeMap<(&str, &str), Value> = BTreeMap::new();
    for field in rows.iter().flat_map(|row| row.takes) {
        let place = match field.kind {
            "in the path" => "path",
            "in the query" => "query",
            "header" => "header",
            other => panic!("{}: no place for «{other}»", field.name),
        };
        // OpenAPI says that by the security scheme.
        if field.name == "Authorization" {
            continue;
        }
        // Needed by all who may make this call, or by some.
        let needs = |row: &&&Call| {
            let mut takes = row.takes.iter();
            takes.any(|taken| taken.name == field.name && taken.needed == "yes")
        };
        let is_needed = rows.iter().filter(needs).count() == rows.len();
        found.insert(
            (place, field.name),
            json!({
                "name": field.name,
                "in": place,
                "required": is_needed,
                "description": field.rules,
                "schema": field_schema(field),
            }),
        );
    }
    found.into_values().collect()
}

fn body(rows: &[&Call]) -> Option<Value> {
    let mut bodies: Vec<Value> = rows
        .iter()
        .filter(|row| !row.body.is_empty())
        .map(|row| object(row.body, ""))
        .collect();
    let schema = match bodies.len() {
        0 => return None,
        1 => bodies.remove(0),
        _ => json!({"oneOf": bodies}),
    };
    Some(json!({"required": true, "content": {"application/json": {"schema": schema}}}))
}

/// The fields that stand directly below a prefix such as `price.`.
fn object(fields: &[Field], prefix: &str) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for field in fields {
        let Some(name) = field.name.strip_prefix(prefix) else {
            continue;
        };
        if name.is_empty() || name.contains('.') {
            continue;
        }
        let mut schema = match field.kind {
            "object" => object(fields, &format!("{}.", field.name)),
            _ => field_schema(field),
        };
        schema["description"] = field.rules.into();
        properties.insert(name.to_owned(), schema);
        let is_needed_with_its_object = !prefix.is_empty() && field.needed.starts_with("with ");
        if field.needed == "yes" || is_needed_with_its_object {
            required.push(name);
        }
    }
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn responses(rows: &[&Call]) -> Value {
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    for row in rows {
        for part in row.answers.split(", or ") {
            let status: String = part.chars().take_while(char::is_ascii_digit).collect();
            assert_eq!(status.len(), 3, "{}: no status in «{part}»", row.path);
            let mut response = json!({"description": part});
            if let Some((content, schema)) = content(part) {
                let kept = found
                    .get(&status)
                    .map(|known| known["content"][content]["schema"].clone());
                let schema = match kept.filter(|kept| !kept.is_null() && *kept != schema) {
                    Some(kept) => json!({"anyOf": [kept, schema]}),
                    None => schema,
                };
                response["content"] = json!({content: {"schema": schema}});
            }
            found.insert(status, response);
        }
    }
    let refusals = rows
        .iter()
        .flat_map(|row| row.refusals)
        .chain(OF_EVERY_CALL);
    let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for code in refusals {
        let codes = by_status.entry(code.http_status()).or_default();
        if !codes.contains(&code.as_str()) {
            codes.push(code.as_str());
        }
    }
    for (status, codes) in by_status {
        let named: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
        let schema = json!({"allOf": [
            reference("ErrorBody"),
            {"properties": {"error": {"properties": {"code": {"enum": codes}}}}},
        ]});
        let refused = json!({
            "description": format!("Refused: {}.", named.join(", ")),
            "content": {"application/json": {"schema": schema}},
        });
        // A page that says so in HTML stays beside it.
        let response = found.entry(status.to_string()).or_insert(refused.clone());
        if response
            .get("content")
            .is_none_or(|content| content.get("application/json").is_none())
        {
            response["content"]["application/json"] =
                refused["content"]["application/json"].clone();
        }
    }
    json!(found)
}

/// The type of an answer's body, and its schema; nothing where it has none.
fn content(answer: &str) -> Option<(&'static str, Value)> {
    if let Some((_, link)) = answer.split_once("(#") {
        let (name, _) = link.split_once(')').expect("a link has an end");
        let all = all_types();
        let named = all.iter().find(|known| known.name.to_lowercase() == name);
        let named = named.unwrap_or_else(|| panic!("no type of answers is called {name}"));
        return Some(("application/json", reference(&named.name)));
    }
    let text = json!({"type": "string"});
    let kinds = [
        ("text/event-stream", "text/event-stream"),
        ("HTML", "text/html"),
        ("a page", "text/html"),
        ("CSS", "text/css"),
        ("JavaScript", "text/javascript"),
        ("JSON", "application/json"),
        ("the file", "*/*"),
    ];
    let (_, kind) = kinds.iter().find(|(word, _)| answer.contains(word))?;
    let schema = match *kind {
        "application/json" => json!({"type": "object"}),
        "*/*" => json!({}),
        _ => text,
    };
    Some((kind, schema))
}

#[test]
fn every_code_has_a_status_of_its_own_kind() {
    for code in RefusalCode::KNOWN {
        assert!((400..600).contains(&code.http_status()), "{code}");
    }
}
