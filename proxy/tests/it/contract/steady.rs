//! Replaces what is drawn at random in each run: ids keep one name each through a whole snapshot.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// The ids seen so far.
#[derive(Default)]
pub(super) struct Steady(Vec<Uuid>);

impl Steady {
    /// The text with `<id 1>`, `<id 2>` … in the places of its UUIDs.
    pub(super) fn ids(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let digits = |piece: &str| match piece.strip_prefix("evt_") {
                Some(digits) => Uuid::parse_str(digits).ok(),
                None => Uuid::parse_str(piece).ok(),
            };
            let id = rest.get(..36).and_then(digits);
            let length = match id {
                Some(id) => {
                    out.push_str(&format!("<id {}>", self.number(id)));
                    36
                }
                None => {
                    out.push(first);
                    first.len_utf8()
                }
            };
            rest = &rest[length..];
        }
        out
    }

    fn number(&mut self, id: Uuid) -> usize {
        let known = self.0.iter().position(|known| *known == id);
        known.unwrap_or_else(|| {
            self.0.push(id);
            self.0.len() - 1
        }) + 1
    }
}

/// The text with what is signed read: header and payload in their places, without the signature, which is another for each id.
pub(super) fn read(text: &str) -> String {
    let mut out = String::new();
    for (place, piece) in text.split('"').enumerate() {
        if place > 0 {
            out.push('"');
        }
        let parts: Vec<&str> = piece.split('.').collect();
        match parts[..] {
            [header, payload, signature] if header.starts_with("eyJ") => {
                let read = |part: &str| {
                    let bytes = URL_SAFE_NO_PAD.decode(part).unwrap();
                    String::from_utf8(bytes).unwrap().replace('"', "'")
                };
                assert_eq!(URL_SAFE_NO_PAD.decode(signature).unwrap().len(), 64);
                out.push_str(&format!("<signed> {} {}", read(header), read(payload)));
            }
            _ => out.push_str(piece),
        }
    }
    out
}

/// JSON with a line for each member and item. Order, digits and escapes stay those that were sent, which a parsed value would lose.
pub(super) fn lines(json: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut chars = json.chars().peekable();
    while let Some(c) = chars.next() {
        if in_text {
            out.push(c);
            in_text = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        let closes = matches!(chars.peek(), Some('}' | ']'));
        match c {
            '{' | '[' if closes => out.push(c),
            '{' | '[' => {
                depth += 1;
                out.push(c);
                line(&mut out, depth);
            }
            '}' | ']' if out.ends_with(['{', '[']) => out.push(c),
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c => {
                in_text = c == '"';
                out.push(c);
            }
        }
    }
    out
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[test]
fn json_gets_lines_and_keeps_everything_else() {
    let json = r#"{"a":"x,\"{:","b":[],"c":[1.10,{"d":{}}]}"#;
    let expected = "{\n  \"a\": \"x,\\\"{:\",\n  \"b\": [],\n  \"c\": [\n    1.10,\n    {\n      \"d\": {}\n    }\n  ]\n}";
    assert_eq!(lines(json), expected);
}
