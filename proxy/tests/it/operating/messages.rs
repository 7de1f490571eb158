//! Every line that the source can write: its level, its message and its fields, read from the text of the program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calypso_proxy::LOG_FIELDS;

/// What one call of a logging macro writes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Event {
    pub(super) level: String,
    pub(super) message: String,
    pub(super) fields: BTreeSet<String>,
}

/// Every event of the proxy, in the order of their messages; those with the same message are one.
pub(super) fn all() -> Vec<Event> {
    let mut events = BTreeMap::<String, Event>::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = sources(&root.join("src"));
    texts.extend(sources(&root.join("../crates/calypso/src")));
    for text in texts {
        for event in events_of(&text) {
            let known = events
                .entry(event.message.clone())
                .or_insert_with(|| event.clone());
            known.fields.extend(event.fields);
        }
    }
    events.into_values().collect()
}

fn sources(directory: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            texts.push(std::fs::read_to_string(&path).unwrap());
        }
    }
    texts
}

fn events_of(text: &str) -> Vec<Event> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let mut events = Vec::new();
    for level in ["error", "warn", "info", "debug", "trace"] {
        for call in code.split(&format!("tracing::{level}!(")).skip(1) {
            events.push(event(level, &arguments(call)));
        }
    }
    // The macro of `http/request_line.rs`: level, line, message, further fields; and the fields that all of them have.
    if let Some((_, line)) = code.split_once("macro_rules! line") {
        let shared = line.split_once("tracing::$level!(").unwrap().1;
        let shared: Vec<String> = arguments(shared)
            .into_iter()
            .filter(|one| one.contains(" = "))
            .collect();
        for call in code.split(" line!(").skip(1) {
            let arguments = arguments(call);
            let mut all = shared.clone();
            all.extend(arguments[3..].iter().cloned());
            all.push(arguments[2].clone());
            events.push(event(&arguments[0], &all));
        }
        events.retain(|event| !event.message.contains('$'));
    }
    events
}

/// What stands in the parentheses that have just been opened, at its commas.
fn arguments(call: &str) -> Vec<String> {
    let (mut parts, mut part, mut depth, mut quoted, mut escaped) =
        (Vec::new(), String::new(), 0, false, false);
    for c in call.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(std::mem::take(&mut part).trim().to_owned());
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
    parts.push(part.trim().to_owned());
    parts.retain(|part| !part.is_empty());
    parts
}

fn event(level: &str, arguments: &[String]) -> Event {
    let (message, fields) = arguments.split_last().unwrap();
    let fields = fields.iter().map(|field| {
        let name = field.split('=').next().unwrap().trim();
        name.trim_start_matches(['%', '?']).to_owned()
    });
    Event {
        level: level.to_uppercase(),
        message: message
            .trim_matches('"')
            .replace("\\\n", "")
            .replace("\\\"", "\""),
        fields: fields.collect(),
    }
}

#[test]
fn messages_are_the_same_words_each_time_and_their_fields_are_documented() {
    let events = all();
    assert!(events.len() > 40, "{}", events.len());
    let known: BTreeSet<&str> = LOG_FIELDS.iter().map(|field| field.name).collect();
    let mut used: BTreeSet<&str> = ["time", "level", "target", "message", "request_id"].into();
    for event in &events {
        assert!(
            !event.message.contains('{') && event.message.len() > 5,
            "what differs between lines is a field, or nobody can look for the line: {event:?}"
        );
        for field in &event.fields {
            assert!(
                known.contains(field.as_str()),
                "`{field}` is not in LOG_FIELDS: {event:?}"
            );
            used.insert(field);
        }
    }
    let unused: Vec<&&str> = known.difference(&used).collect();
    assert!(unused.is_empty(), "no line has them: {unused:?}");
}
