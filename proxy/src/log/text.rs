//! A line for people.

use serde_json::Value;

use super::collected::Collected;
use super::head::Head;
use crate::input::visible::is_hidden;

/// The line, without its end: when, how bad, where, what, and the fields. Whatever could move a terminal, end the line or turn the reading
/// direction stands there as its number.
pub(super) fn line(head: &Head<'_>, collected: &Collected) -> String {
    let mut line = format!(
        "{} {:>5} {}: {}",
        head.time,
        head.level.as_str(),
        head.target,
        collected.message
    );
    if let Some(request) = &head.request
        && !collected
            .fields
            .iter()
            .any(|(name, _)| *name == "request_id")
    {
        field(&mut line, "request_id", &request.as_str().into());
    }
    for (name, value) in &collected.fields {
        field(&mut line, name, value);
    }
    safe(line)
}

fn field(line: &mut String, name: &str, value: &Value) {
    let text = match value {
        Value::String(text) if is_word(text) => format!(" {name}={text}"),
        other => format!(" {name}={other}"),
    };
    line.push_str(&text);
}

/// Whether a text can be told from what stands beside it.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "._-:/{}()%".contains(c))
}

fn safe(line: String) -> String {
    if line.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return line;
    }
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if is_hidden(c) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use checkout::Timestamp;
    use tracing::Level;

    use super::line;
    use crate::log::collected::Collected;
    use crate::log::head::Head;

    #[test]
    fn strangers_texts_end_no_line_and_stay_behind_their_names() {
        let collected = Collected {
            message: "a request\nwas refused".to_owned(),
            fields: vec![
                ("code", "not_found".into()),
                ("said", "x\" level=ERROR\u{1b}[31m\u{202e}".into()),
                ("status", 404.into()),
            ],
            target: None,
        };
        let head = Head {
            time: Timestamp::from_millis(0),
            level: Level::INFO,
            target: "calypso_proxy",
            request: None,
        };
        assert_eq!(
            line(&head, &collected),
            "1970-01-01T00:00:00Z  INFO calypso_proxy: a request\\u{a}was refused code=not_found \
             said=\"x\\\" level=ERROR\\u001b[31m\\u{202e}\" status=404"
        );
    }
}
