//! JSON Schema of what the proxy takes and answers.

use checkout::{CURRENCIES, RefusalCode};
use serde_json::{Map, Value, json};

use super::calls::Field;
use super::sources::{Member, Type};

/// Digits with at most one point.
const AMOUNT: &str = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$";
const TIME: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z$";

pub(crate) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn amount() -> Value {
    json!({"type": "string", "pattern": AMOUNT, "maxLength": 80})
}

fn time() -> Value {
    json!({"type": "string", "format": "date-time", "pattern": TIME})
}

/// What a field of a request may be, as far as JSON Schema can say it; the proxy says the rest.
pub(crate) fn field_schema(field: &Field) -> Value {
    let mut schema = match field.kind {
        "amount" => amount(),
        "time" => time(),
        "URL" => json!({"type": "string", "format": "uri", "maxLength": 2048}),
        "number" => json!({"type": "integer"}),
        "list of texts" => json!({"type": "array", "items": {"type": "string"}}),
        "true or false" => json!({"type": "boolean"}),
        _ => json!({"type": "string"}),
    };
    let more = match field.name {
        "id" if field.rules.contains("webhook-id") => {
            json!({"pattern": "^evt_[0-9a-f]{32}$"})
        }
        "id" => {
            json!({"format": "uuid", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"})
        }
        "kind" => json!({"enum": ["payment", "topup", "deposit"]}),
        "price.currency" => json!({"enum": ["EUR", "USD"]}),
        "price.amount" => json!({"maxLength": 15}),
        "customer" => json!({"minLength": 1, "maxLength": 128}),
        "description" => json!({"minLength": 1, "maxLength": 500}),
        "externalId" | "Idempotency-Key" => json!({"minLength": 1, "maxLength": 255}),
        "currencies" => {
            json!({"minItems": 1, "uniqueItems": true, "items": {"type": "string", "enum": codes()}})
        }
        "currency" => json!({"enum": codes()}),
        "Sign" => json!({"pattern": "^[0-9a-f]{128}$"}),
        _ => json!({}),
    };
    let more = more.as_object().cloned().unwrap_or_default();
    schema.as_object_mut().expect("an object").extend(more);
    schema
}

fn codes() -> Vec<&'static str> {
    CURRENCIES.iter().map(|currency| currency.code).collect()
}

/// A schema for each of these types.
pub(crate) fn of_types(types: &[Type]) -> Value {
    let mut schemas = Map::new();
    for known in types {
        let is_struct = known.members.iter().any(|member| !member.kind.is_empty());
        let mut schema = if is_struct {
            of_struct(known)
        } else {
            of_words(known)
        };
        schema["description"] = known.about.as_str().into();
        schemas.insert(known.name.clone(), schema);
    }
    let codes: Vec<&str> = RefusalCode::KNOWN.iter().map(RefusalCode::as_str).collect();
    let code = json!({"type": "string", "enum": codes, "description": "The name of a refusal."});
    schemas.insert("RefusalCode".to_owned(), code);
    schemas.into()
}

fn of_words(known: &Type) -> Value {
    let words: Vec<&str> = known.members.iter().map(|member| &*member.name).collect();
    if known.is_open {
        return json!({"type": "string", "examples": words});
    }
    json!({"type": "string", "enum": words})
}

fn of_struct(known: &Type) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    let mut flat = Vec::new();
    for member in &known.members {
        if member.is_flat {
            flat.push(of_kind(&member.kind));
            continue;
        }
        let mut schema = of_kind(&member.kind);
        schema["description"] = member.about.as_str().into();
        properties.insert(member.name.clone(), schema);
        if !member.is_optional {
            required.push(member.name.as_str());
        }
    }
    let own = json!({"type": "object", "properties": properties, "required": required});
    if flat.is_empty() {
        return own;
    }
    flat.push(own);
    json!({"allOf": flat})
}

/// The words of `sources` for the kind of a member.
fn of_kind(kind: &str) -> Value {
    if let Some(inner) = kind.strip_suffix(" or null") {
        return json!({"anyOf": [of_kind(inner), {"type": "null"}]});
    }
    if let Some(inner) = kind.strip_prefix("list of ") {
        return json!({"type": "array", "items": of_kind(inner)});
    }
    match kind {
        "text" => json!({"type": "string"}),
        "amount" => amount(),
        "time" => time(),
        "number" => json!({"type": "integer", "minimum": 0}),
        "true or false" => json!({"type": "boolean"}),
        "[state](#states)" => reference("Phase"),
        "[kind](#kind)" => reference("Kind"),
        link if link.contains("ERRORS.md") => reference("RefusalCode"),
        link => match link.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((name, _)) => reference(name),
            None => panic!("no schema for «{link}»"),
        },
    }
}

/// A member, for the tests of this file.
#[test]
fn each_kind_has_its_schema() {
    let member = |kind: &str, is_optional| Member {
        name: "m".to_owned(),
        kind: kind.to_owned(),
        about: String::new(),
        is_flat: false,
        is_optional,
    };
    let known = Type {
        name: "T".to_owned(),
        is_open: false,
        about: String::new(),
        members: vec![member("list of [X](#x) or null", true)],
    };
    let schema = of_struct(&known);
    assert_eq!(schema["required"], json!([]));
    assert_eq!(
        schema["properties"]["m"]["anyOf"],
        json!([{"type": "array", "items": reference("X")}, {"type": "null"}])
    );
}
