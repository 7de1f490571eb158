//! A line as a JSON object.

use serde_json::{Map, Value};

use super::collected::Collected;
use super::head::Head;
use crate::input::visible::is_hidden;

/// The names that every line has of itself; a field that is called so gets a `_` behind its name.
const OWN: [&str; 5] = ["time", "level", "target", "request_id", "message"];

/// The line, without its end. Whatever could move a terminal or turn the reading direction stands there as an escape, which every JSON
/// parser gives back as it was.
pub(super) fn line(head: &Head<'_>, collected: &Collected) -> String {
    let mut object = Map::new();
    object.insert("time".to_owned(), head.time.to_string().into());
    object.insert("level".to_owned(), head.level.as_str().into());
    object.insert("target".to_owned(), head.target.into());
    if let Some(request) = &head.request {
        object.insert("request_id".to_owned(), request.as_str().into());
    }
    object.insert("message".to_owned(), collected.message.as_str().into());
    for (name, value) in &collected.fields {
        let is_the_request = *name == "request_id" && value.is_string();
        let name = match *name {
            name if is_the_request || !OWN.contains(&name) => name.to_owned(),
            name => format!("{name}_"),
        };
        object.insert(name, value.clone());
    }
    safe(&Value::Object(object).to_string())
}

fn safe(json: &str) -> String {
    if json.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return json.to_owned();
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii_graphic() || c == ' ' || !is_hidden(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use checkout::Timestamp;
    use serde_json::{Value, json};
    use tracing::Level;

    use super::line;
    use crate::log::collected::Collected;
    use crate::log::head::Head;
    use crate::request_id::RequestId;

    #[test]
    fn whatever_is_in_it_a_line_is_one_line_of_json_that_moves_no_terminal() {
        let evil = "a\nb\r\u{1b}[31m\u{9b}2J\u{7f}\u{202e}\u{2028}\u{0}\u{e0041}\"\\é";
        let head = Head {
            time: Timestamp::from_millis(0),
            level: Level::INFO,
            target: "calypso_proxy::http",
            request: RequestId::given(b"a-name-of-one"),
        };
        let collected = Collected {
            message: evil.to_owned(),
            fields: vec![
                ("code", evil.into()),
                ("time", 7.into()),
                ("status", 200.into()),
            ],
            target: None,
        };
        let line = line(&head, &collected);
        let is_plain = |c: char| c == 'é' || c == ' ' || c.is_ascii_graphic();
        assert!(line.chars().all(is_plain), "{line:?}");
        let read: Value = serde_json::from_str(&line).unwrap();
        let expected = json!({
            "time": "1970-01-01T00:00:00Z", "level": "INFO", "target": "calypso_proxy::http", "request_id": "a-name-of-one",
            "message": evil, "code": evil, "time_": 7, "status": 200,
        });
        assert_eq!(read, expected);
    }
}
